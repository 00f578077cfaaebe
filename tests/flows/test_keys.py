"""Keys: where they come from, that nobody else can read them, and that none is ever shown or overwritten."""

import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from flows.cli import app
from flows.keys import KeyMissing, KeysWrong, forget_retired, load_keys, new_keys, renew_storage_key
from tests.flows.people import declare

ONE, TWO = "11" * 32, "22" * 32


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return where the keys are."""
    return tmp_path / "keys.toml"


def private(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    file.chmod(0o600)
    return file


def test_key_is_taken_from_the_file(file: Path) -> None:
    assert load_keys(private(file, f'HESTIA = "{ONE}"\n')).of("HESTIA") == bytes.fromhex(ONE)


def test_key_is_taken_from_the_environment(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_KEY_HESTIA", TWO)
    assert load_keys(file).of("HESTIA") == bytes.fromhex(TWO)


def test_key_left_empty_in_the_environment_is_not_there(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_KEY_HESTIA", "")
    with pytest.raises(KeyMissing):
        load_keys(file).of("HESTIA")


def test_two_different_keys_for_one_supplier_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_KEY_HESTIA", TWO)
    with pytest.raises(KeysWrong, match="The key of HESTIA in the environment is another one than that in"):
        load_keys(private(file, f'HESTIA = "{ONE}"\n'))


def test_same_key_in_both_places_is_one_key(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_KEY_HESTIA", ONE)
    assert load_keys(private(file, f'HESTIA = "{ONE}"\n')).of("HESTIA") == bytes.fromhex(ONE)


def test_one_key_for_two_suppliers_is_refused(file: Path) -> None:
    with pytest.raises(KeysWrong, match="Two suppliers have the same key"):
        load_keys(private(file, f'HESTIA = "{ONE}"\nSOLACE = "{ONE}"\n'))


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps its rights elsewhere")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_key_file_that_others_can_read_is_refused(mode: int, file: Path) -> None:
    private(file, f'HESTIA = "{ONE}"\n').chmod(mode)
    with pytest.raises(KeysWrong, match=r"can be read by others\. Make the file private: chmod 600"):
        load_keys(file)


@pytest.mark.parametrize(
    "text", ['HESTIA = "{}', 'HESTIA = "{}0"', "HESTIA = 1{}", '[HESTIA]\nkey = "{}"', "HESTIA={}"]
)
def test_what_is_no_key_is_refused_without_showing_it(text: str, file: Path) -> None:
    secret = "ab" * 32
    with pytest.raises(KeysWrong) as wrong:
        load_keys(private(file, text.replace("{}", secret)))
    assert "keys.toml" in str(wrong.value)
    assert "64 hex digits" in str(wrong.value)
    assert secret[:8] not in str(wrong.value)


def test_missing_key_is_said_with_what_to_do(file: Path) -> None:
    with pytest.raises(KeyMissing, match=r"There is no key for HESTIA.*`vawg keys new HESTIA`"):
        load_keys(file).of("HESTIA")


def test_key_never_shows_in_what_a_program_prints_of_it(file: Path) -> None:
    assert ONE[:8] not in repr(load_keys(private(file, f'HESTIA = "{ONE}"\n')))
    assert "\\x11" not in repr(load_keys(file))


def test_new_keys_are_private_and_all_different(file: Path) -> None:
    assert new_keys(file, ["HESTIA", "SOLACE", "STORAGE"]) == ["HESTIA", "SOLACE", "STORAGE"]
    held = load_keys(file).held
    assert {len(key) for key in held.values()} == {32}
    assert len(set(held.values())) == 3
    if os.name != "nt":
        assert file.stat().st_mode & 0o777 == 0o600


def test_standing_key_is_never_overwritten(file: Path) -> None:
    before = private(file, f'# ours\nHESTIA = "{ONE}"\n').read_text(encoding="utf-8")
    assert new_keys(file, ["HESTIA", "SOLACE"]) == ["SOLACE"]
    assert file.read_text(encoding="utf-8").startswith(before)
    assert load_keys(file).of("HESTIA") == bytes.fromhex(ONE)
    assert new_keys(file, ["HESTIA", "SOLACE"]) == []


def test_key_of_the_environment_is_not_made_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_KEY_HESTIA", ONE)
    assert new_keys(file, ["HESTIA", "STORAGE"]) == ["STORAGE"]


def test_supplier_is_named_as_in_the_declarations(file: Path) -> None:
    with pytest.raises(KeysWrong, match="hestia: a supplier is named as in the declarations, such as HESTIA"):
        new_keys(file, ["hestia"])
    assert not file.exists()


def test_storage_key_is_renewed_once_and_the_one_before_is_kept_until_it_is_forgotten(file: Path) -> None:
    private(file, f'# ours\nHESTIA = "{ONE}"\nSTORAGE = "{TWO}"\n')
    for _ in range(2):  # the second time carries on with the first
        renew_storage_key(file)
        held = load_keys(file).held
        assert held["STORAGE_RETIRED"] == bytes.fromhex(TWO)
        assert held["STORAGE"] != bytes.fromhex(TWO)
    forget_retired(file)
    assert load_keys(file).held == {"HESTIA": bytes.fromhex(ONE), "STORAGE": held["STORAGE"]}
    assert file.read_text(encoding="utf-8").startswith(f'# ours\nHESTIA = "{ONE}"\n')


def test_storage_key_of_the_environment_is_renewed_there(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_KEY_STORAGE", TWO)
    with pytest.raises(KeysWrong, match="set VAWG_KEY_STORAGE_RETIRED to it and VAWG_KEY_STORAGE to a new one"):
        renew_storage_key(file)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """Return what runs commands in an empty folder, with one supplier of rows about people."""
    monkeypatch.chdir(tmp_path)
    declare(monkeypatch)
    return CliRunner()


def test_keys_new_makes_a_key_for_each_supplier_of_rows_about_people_and_one_for_storage(run: CliRunner) -> None:
    said = run.invoke(app, ["keys", "new"]).stdout
    assert "HESTIA" in said
    assert "STORAGE" in said
    assert "METROPOLITAN_POLICE" not in said
    assert "Copy that file to a safe place" in said


def test_keys_list_shows_names_and_fingerprints_and_no_key(run: CliRunner) -> None:
    run.invoke(app, ["keys", "new"])
    said = run.invoke(app, ["keys", "list"]).stdout
    held = load_keys(Path("vawg-home/keys.toml"))
    assert all(name in said and fingerprint in said for name, fingerprint in held.fingerprints().items())
    assert len(held.fingerprints()) >= 2
    assert not any(key.hex()[:8] in said for key in held.held.values())


def test_key_file_can_be_elsewhere(run: CliRunner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_KEYS", str(tmp_path / "safe" / "ours.toml"))
    run.invoke(app, ["keys", "new", "SOLACE"])
    assert set(load_keys(tmp_path / "safe" / "ours.toml").held) == {"SOLACE"}


def test_storage_key_of_a_plain_warehouse_says_what_must_follow(run: CliRunner) -> None:
    assert run.invoke(app, ["keys", "new", "HESTIA"]).exit_code == 0
    assert run.invoke(app, ["status"]).exit_code == 0
    said = run.invoke(app, ["keys", "new"]).stdout
    assert "Now type `vawg keys encrypt`" in said
    assert run.invoke(app, ["keys", "encrypt"]).exit_code == 0
    assert run.invoke(app, ["status"]).exit_code == 0


def test_key_of_a_supplier_that_sends_no_such_rows_is_not_made(run: CliRunner) -> None:
    result = run.invoke(app, ["keys", "new", "HESTA"])
    assert (result.exit_code, "HESTIA, RISE, SOLACE" in result.stderr) == (1, True)
    assert "HESTA" not in run.invoke(app, ["keys", "list"]).stdout


def test_key_in_the_environment_is_a_setting_that_is_known(run: CliRunner, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_KEY_HESTIA", ONE)
    result = run.invoke(app, ["keys", "list"])
    assert (result.exit_code, "HESTIA" in result.stdout) == (0, True)
