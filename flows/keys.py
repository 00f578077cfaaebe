"""Keys: one a supplier for pseudonyms and one for what lies at rest, from the environment or a private file."""

import hashlib
import hmac
import os
import re
import secrets
import stat
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from filelock import FileLock

STORAGE = "STORAGE"
#: The storage key before, as long as not everything is encrypted by the new one.
RETIRED = "STORAGE_RETIRED"
PREFIX = "VAWG_KEY_"
WAREHOUSE, FILES = "warehouse", "files"

HEADER = """\
# Keys of vawg. Whoever has them can find a person they know in the warehouse, and read all that is encrypted.
# Keep a copy in a safe place that is not the backup of the home folder. A lost key cannot be made again.
"""


class KeysWrong(Exception):
    """The keys cannot be used: the file is readable by others, or something in it or the environment is no key."""


class KeyMissing(Exception):
    """A key that is needed is not there."""


@dataclass(frozen=True)
class Keys:
    """The keys that there are; none of them is ever shown.

    Attributes:
        held: supplier, or `STORAGE` -> 32 bytes.
    """

    held: Mapping[str, bytes] = field(default_factory=dict, repr=False)

    def of(self, supplier_id: str) -> bytes:
        """Return the key that a supplier's references become pseudonyms by.

        Raises:
            KeyMissing: if there is none.
        """
        if supplier_id not in self.held:
            raise KeyMissing(
                f"There is no key for {supplier_id}, and a file about single people is not taken in without one. "
                f"Make one with `vawg keys new {supplier_id}`, or bring back the one that was used so far: a new key "
                "gives every person a new pseudonym."
            )
        return self.held[supplier_id]

    def at_rest(self, use: str, name: str = STORAGE) -> bytes | None:
        """Return the key for one use at rest, drawn from the storage key (or `RETIRED`); None where there is none."""
        storage = self.held.get(name)
        return hmac.digest(storage, use.encode(), "sha256") if storage else None

    def fingerprints(self) -> dict[str, str]:
        """Return a short fingerprint of each key, by which two copies can be compared."""
        return {name: hashlib.sha256(b"fingerprint" + key).hexdigest()[:8] for name, key in sorted(self.held.items())}


def load_keys(file: Path) -> Keys:
    """Return the keys of the environment (`VAWG_KEY_<SUPPLIER>`, `VAWG_KEY_STORAGE`) and of a key file, if it is there.

    Raises:
        KeysWrong: if the file can be read by others, if something is no key, or if the two do not agree.
    """
    stated: dict[str, tuple[str, object]] = {
        place: (place.removeprefix(PREFIX), text)
        for place, text in os.environ.items()
        if place.startswith(PREFIX) and text
    }
    stated |= {f"{name} in {file}": (name, text) for name, text in _in_file(file).items()}
    held: dict[str, bytes] = {}
    for place, (name, text) in stated.items():
        key = _key(place, text)
        if held.setdefault(name, key) != key:
            raise KeysWrong(
                f"The key of {name} in the environment is another one than that in {file}. Take the wrong one away."
            )
    if len(set(held.values())) < len(held):
        raise KeysWrong("Two suppliers have the same key. Each needs its own: make them with `vawg keys new`.")
    return Keys(held)


def new_keys(file: Path, names: Iterable[str]) -> list[str]:
    """Write a key for each name that has none yet, and return those names; a standing key is never touched.

    Raises:
        KeysWrong: as `load_keys`, or if a name is none.
    """
    wanted = list(dict.fromkeys(names))
    if wrong := [name for name in wanted if not re.fullmatch(r"[A-Z0-9_]+", name)]:
        raise KeysWrong(f"{', '.join(wrong)}: a supplier is named as in the declarations, such as HESTIA.")
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_name(f"{file.name}.lock")):
        held = load_keys(file).held
        made = [name for name in wanted if name not in held]
        if made:
            before = file.read_text(encoding="utf-8") if file.exists() else HEADER
            _write(file, before + "".join(f'{name} = "{secrets.token_hex(32)}"\n' for name in made))
    return made


def renew_storage_key(file: Path) -> None:
    """Write a new storage key, and keep the one before as `RETIRED`; where that stands there already, do nothing.

    Raises:
        KeysWrong: as `load_keys`, or if the storage key is not in the file.
    """
    with FileLock(file.with_name(f"{file.name}.lock")):
        if RETIRED in load_keys(file).held:
            return
        if STORAGE not in _in_file(file):
            raise KeysWrong(
                f"There is no storage key in {file} to be renewed. One that the environment gives is renewed there: "
                f"set {PREFIX}{RETIRED} to it and {PREFIX}{STORAGE} to a new one, then give `vawg keys encrypt`."
            )
        retired = re.sub(rf"^{STORAGE}\b", RETIRED, file.read_text(encoding="utf-8"), flags=re.MULTILINE)
        _write(file, f'{retired}{STORAGE} = "{secrets.token_hex(32)}"\n')


def forget_retired(file: Path) -> None:
    """Take the storage key before out of the file, once everything is encrypted by the new one."""
    with FileLock(file.with_name(f"{file.name}.lock")):
        if RETIRED in _in_file(file):
            _write(file, re.sub(rf"^{RETIRED}\b.*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE))


def _in_file(file: Path) -> dict[str, object]:
    """Return what a key file holds; nothing where there is none."""
    try:
        mode = file.stat().st_mode
    except FileNotFoundError:
        return {}
    # Windows keeps its rights elsewhere; a folder of the user's own is private there.
    if os.name != "nt" and stat.S_IMODE(mode) & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeysWrong(f"The keys in {file} can be read by others. Make the file private: chmod 600 {file}")
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        # Without the error's own text, which may hold a part of a key.
        raise KeysWrong(f'{file} cannot be read. It holds one line a key, such as HESTIA = "64 hex digits".') from None


def _key(place: str, text: object) -> bytes:
    """Return the key that a text is."""
    if not isinstance(text, str) or not re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()):
        raise KeysWrong(f"{place} is no key: it should be 64 hex digits, as `vawg keys new` makes them.")
    return bytes.fromhex(text.strip())


def _write(file: Path, text: str) -> None:
    """Put a private file in the place of another, all at once."""
    fresh = file.with_name(f"{file.name}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as lines:
        lines.write(text)
        lines.flush()
        os.fsync(lines.fileno())
    fresh.replace(file)
