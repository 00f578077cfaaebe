"""Sealing: what was encrypted comes back to the byte, and nothing of it is changed, moved or cut off unnoticed."""

from io import BytesIO
from pathlib import Path
from random import Random

import pytest

from flows.sealing import CHUNK, MARK, SALT, TAG, CannotUnseal, seal, unseal

KEY, OTHER = b"k" * 32, b"o" * 32
HEAD = len(MARK) + SALT


def sealed(tmp_path: Path, content: bytes) -> Path:
    plain = tmp_path / "plain"
    plain.write_bytes(content)
    seal(plain, tmp_path / "plain.encrypted", KEY)
    plain.unlink()
    return tmp_path / "plain.encrypted"


def unsealed(path: Path, key: bytes = KEY) -> bytes:
    found = BytesIO()
    unseal(path, found, key)
    return found.getvalue()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5])
def test_file_comes_back_to_the_byte(size: int, tmp_path: Path) -> None:
    content = Random(size).randbytes(size)
    path = sealed(tmp_path, content)
    assert unsealed(path) == content
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_nothing_of_the_file_can_be_read_and_twice_the_same_is_not_the_same(tmp_path: Path) -> None:
    content = b"Robin Canary, 12 Acacia Avenue " * 1000
    first = sealed(tmp_path, content).read_bytes()
    assert b"Canary" not in first
    assert sealed(tmp_path, content).read_bytes()[HEAD:] != first[HEAD:]


def test_another_key_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(CannotUnseal, match="another storage key, or is damaged"):
        unsealed(sealed(tmp_path, b"content"), OTHER)


def test_file_that_was_never_encrypted_is_said(tmp_path: Path) -> None:
    path = tmp_path / "plain.encrypted"
    path.write_bytes(b"Month,Count\n")
    with pytest.raises(CannotUnseal, match="is not a file that was encrypted here"):
        unsealed(path)


def whole(content: bytes) -> list[bytes]:
    """Return the chunks of a sealed file."""
    return [content[place : place + CHUNK + TAG] for place in range(HEAD, len(content), CHUNK + TAG)]


def flipped(byte: bytes) -> bytes:
    """Return another byte: one that is simply replaced is the same once in 256 times."""
    return bytes([byte[0] ^ 1])


@pytest.mark.parametrize(
    "damage",
    [
        lambda head, chunks: head + chunks[0] + chunks[1],  # cut off between chunks
        lambda head, chunks: head + b"".join(chunks)[:-1],  # cut off
        lambda head, chunks: head + chunks[1] + chunks[0] + chunks[2],  # in another order
        lambda head, chunks: head + b"".join(chunks) + chunks[2],  # something added
        lambda head, chunks: head + flipped(chunks[0][:1]) + b"".join(chunks)[1:],  # changed
        lambda head, chunks: head[:-1] + flipped(head[-1:]) + b"".join(chunks),  # another file's head
        lambda head, _: head,
    ],
)
def test_damage_is_noticed(damage: object, tmp_path: Path) -> None:
    path = sealed(tmp_path, Random(1).randbytes(2 * CHUNK + 7))
    content = path.read_bytes()
    path.write_bytes(damage(content[:HEAD], whole(content)))  # type: ignore[operator]
    with pytest.raises(CannotUnseal):
        unsealed(path)
