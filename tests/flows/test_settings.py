"""Settings: where they are read from, which wins, and that everything wrong is said at once."""

from pathlib import Path

import pytest

from flows.settings import SettingsError, load_settings

BARNET, BRENT, CAMDEN, HARROW = "E09000003", "E09000005", "E09000007", "E09000015"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in an empty folder, whose files the settings are read from."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_anything_set_the_home_is_in_the_working_folder(folder: Path) -> None:
    settings = load_settings()
    assert (settings.home, settings.area, settings.real) == (folder / "vawg-home", BARNET, None)
    assert not settings.home.exists()


def test_environment_wins_over_dotenv_and_that_over_toml(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "vawg.toml").write_text(f'area = "{BRENT}"\nhome = "from-toml"\n', encoding="utf-8")
    assert load_settings().area == BRENT
    (folder / ".env").write_text(f"VAWG_AREA={CAMDEN}\n", encoding="utf-8")
    assert load_settings().area == CAMDEN
    monkeypatch.setenv("VAWG_AREA", HARROW)
    settings = load_settings()
    assert (settings.area, settings.home) == (HARROW, folder / "from-toml")


def test_everything_wrong_is_said_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "file").touch()
    for name, value in {"HOME": "file", "AREA": "E09000001", "REAL": "nowhere", "HOUSE": "x"}.items():
        monkeypatch.setenv(f"VAWG_{name}", value)
    with pytest.raises(SettingsError) as wrong:
        load_settings()
    assert str(wrong.value).splitlines() == [
        "The settings are wrong:",
        "  - VAWG_HOUSE: there is no such setting",
        "  - VAWG_HOME: file is a file, not a folder",
        "  - VAWG_AREA: 'E09000001' is not the GSS code of a Metropolitan Police borough, such as E09000003",
        "  - VAWG_REAL: nowhere is not a folder",
    ]


@pytest.mark.parametrize(("given", "meant"), [("s3://council", "s3://council/"), ("s3://a.b-c/x/y", "s3://a.b-c/x/y/")])
def test_landing_on_s3_ends_in_a_slash(given: str, meant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_LANDING", given)
    assert load_settings().landing == meant


@pytest.mark.parametrize("given", ["landing", "s3:/council/", "s3://", "s3://Council/", "s3://council/archive/"])
def test_landing_that_cannot_be_used_is_said(given: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VAWG_LANDING", given)
    with pytest.raises(SettingsError, match=r"VAWG_LANDING: .*(written as s3://bucket/prefix/|Name another prefix)"):
        load_settings()


def test_setting_left_empty_is_not_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "AREA", "REAL"):
        monkeypatch.setenv(f"VAWG_{name}", "")
    settings = load_settings()
    assert (settings.home, settings.area, settings.real) == (folder / "vawg-home", BARNET, None)


@pytest.mark.parametrize(("name", "text"), [("vawg.toml", b"home = ["), (".env", b"VAWG_HOME=caf\xe9\n")])
def test_settings_file_that_cannot_be_read_is_said(name: str, text: bytes, folder: Path) -> None:
    (folder / name).write_bytes(text)
    with pytest.raises(SettingsError, match=r"vawg\.toml or \.env cannot be read"):
        load_settings()


def test_wrong_value_in_toml_is_said_too(folder: Path) -> None:
    (folder / "vawg.toml").write_text("home = 3\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="VAWG_HOME"):
        load_settings()
