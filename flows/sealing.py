"""Sealing: raw files encrypted at rest, in chunks of AES-GCM, so that a long file takes little memory.

A key of its own for each file; each chunk is numbered and the last one marked, so that none can be changed, moved or
cut off unnoticed.
"""

import os
import secrets
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SUFFIX = ".encrypted"
MARK = b"vawg encrypted 1\n"
SALT, TAG = 32, 16
CHUNK = 1 << 20
PRIVATE = 0o600


class CannotUnseal(Exception):
    """An encrypted file is not opened by this key, or is damaged."""


def seal(plain: Path, sealed: Path, key: bytes) -> None:
    """Write a file encrypted, secured on disk and all at once; the plain one stays.

    Args:
        plain: the file.
        sealed: where the encrypted one goes.
        key: 32 bytes.
    """
    part = sealed.with_name(f"{sealed.name}.part")
    salt = secrets.token_bytes(SALT)
    cipher = _cipher(key, salt)
    part.touch(PRIVATE)
    with plain.open("rb") as source, part.open("wb") as target:
        target.write(MARK + salt)
        number, chunk = 0, source.read(CHUNK)
        while True:
            following = source.read(CHUNK)
            target.write(cipher.encrypt(_nonce(number, last=not following), chunk, MARK))
            if not following:
                break
            number, chunk = number + 1, following
        target.flush()
        os.fsync(target.fileno())
    part.replace(sealed)


def unseal(sealed: Path, plain: BinaryIO, key: bytes) -> None:
    """Write what a sealed file holds.

    Raises:
        CannotUnseal: if it was sealed with another key, or is damaged; what was written by then is not to be used.
    """
    with sealed.open("rb") as source:
        head = source.read(len(MARK) + SALT)
        if not head.startswith(MARK):
            raise CannotUnseal("It is not a file that was encrypted here.")
        cipher = _cipher(key, head[len(MARK) :])
        number, chunk = 0, source.read(CHUNK + TAG)
        while True:
            following = source.read(CHUNK + TAG)
            try:
                plain.write(cipher.decrypt(_nonce(number, last=not following), chunk, MARK))
            except InvalidTag:
                raise CannotUnseal(
                    "It cannot be decrypted: it was encrypted with another storage key, or is damaged. "
                    "Bring back the key that was used (`vawg keys list` shows which one is set)."
                ) from None
            if not following:
                return
            number, chunk = number + 1, following


def is_sealed(path: Path) -> bool:
    """Return whether a file was encrypted here, or in another home."""
    with path.open("rb") as file:
        return file.read(len(MARK)) == MARK


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    """Return the cipher of one file."""
    return AESGCM(HKDF(SHA256(), length=32, salt=salt, info=MARK).derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
