"""A bucket of S3 as a landing place, in AWS or wherever else S3 is spoken."""

from base64 import b64encode
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from hashlib import file_digest
from pathlib import Path, PurePosixPath
from shutil import copyfileobj
from typing import Any, BinaryIO

from flows.landing.place import Lying, NotThere, StillWritten, is_table, shown
from flows.landing.s3 import in_words, s3

SCHEME = "s3://"
BLOCK = 1 << 20
# A key may be longer than what a file system takes as a name, to which ours add.
LONGEST_NAME = 200
# What S3 calls the version of an object that has none.
UNVERSIONED = "null"


@dataclass(frozen=True)
class S3Object:
    """An object of a bucket, in one version.

    Attributes:
        bucket: the bucket's name.
        key: its key; whoever may write to the bucket chose it.
        version: which version it is; None where the bucket keeps none.
        etag: what tells it from another of the same key; None where nobody has looked, and whichever is there is meant.
        size: how long it is, in bytes; 0 where nobody has looked.
        withdrawn: whether its sender has deleted it since.
    """

    bucket: str
    key: str
    version: str | None = None
    etag: str | None = None
    size: int = 0
    withdrawn: bool = False

    @property
    def name(self) -> str:
        """The end of its key, as one line that can be shown and be the name of a file."""
        name = shown(self.key.rpartition("/")[2])
        return name.encode()[-LONGEST_NAME:].decode(errors="ignore")

    @property
    def address(self) -> str:
        """Where it lies."""
        return f"{SCHEME}{self.bucket}/{self.key}"

    def identity(self) -> str:
        """Return its version, which never changes: S3 shows an object whole, and from one moment to the next."""
        return f"{self.version} {self.etag}"

    def fetch(self, copy: BinaryIO) -> None:
        """Download it; the length and, where it has one, the checksum are compared as it comes."""
        with in_words(self.address), closing(s3().get_object(**self._this, ChecksumMode="ENABLED")["Body"]) as body:
            copyfileobj(body, copy, BLOCK)

    def let_go(self) -> None:
        """Remove this very version, for good."""
        with suppress(FileNotFoundError, StillWritten), in_words(self.address):
            if self.version:
                s3().delete_object(**self._this)
                return
            # Not every store that speaks S3 heeds the condition of a deletion; of a look, they all do.
            s3().head_object(**self._this)
            if s3().delete_object(**self._this).get("DeleteMarker"):
                # It was put there before its bucket began to keep versions, and would stay, hidden by that mark.
                s3().delete_object(**replace(self, version=UNVERSIONED)._this)

    @property
    def _this(self) -> dict[str, str]:
        """What names this version to S3, or makes it refuse if there is another."""
        which = {"VersionId": self.version} if self.version else {"IfMatch": self.etag} if self.etag else {}
        return {"Bucket": self.bucket, "Key": self.key, **which}


@dataclass(frozen=True)
class Bucket:
    """The landing prefix of a bucket.

    Attributes:
        name: the bucket's.
        prefix: what the keys of landed objects begin with: ends in `/`, or is empty.
        kms_key: the key of AWS KMS by which S3 encrypts what is kept; empty for a key of S3's own.
    """

    name: str
    prefix: str = ""
    kms_key: str = ""

    @classmethod
    def at(cls, address: str, kms_key: str = "") -> "Bucket":
        """Return the bucket at `s3://bucket/prefix`."""
        name, _, prefix = address.removeprefix(SCHEME).partition("/")
        return cls(name, prefix if not prefix or prefix.endswith("/") else f"{prefix}/", kms_key)

    @property
    def address(self) -> str:
        """Where it is."""
        return f"{SCHEME}{self.name}/{self.prefix}"

    def waiting(self) -> list[Lying]:
        """Return the tables below the prefix, in order of key, of each key every version, the oldest first."""
        return self.named(self.address)

    def named(self, address: str) -> list[Lying]:
        """Return the versions of the object at an address, or the tables below it."""
        key = self._key(address)
        below = key if not key or key.endswith("/") else f"{key}/"
        # What is kept is taken in again only where it is asked for.
        passed = () if key.startswith(self._keeping) else self._keeping
        listed = [one for one in self._listed(key) if not one.withdrawn]
        found = [one for one in listed if one.key == key] or [
            one for one in listed if one.key.startswith(below) and not one.key.startswith(passed) and is_table(one.name)
        ]
        if not found and key != below:
            raise NotThere(f"Nothing that could be taken in lies at {address}.")
        return list(found)

    def holds(self, lying: Lying) -> bool:
        """Return whether an object lies below the prefix, and is not kept."""
        is_here = isinstance(lying, S3Object) and lying.bucket == self.name and lying.key.startswith(self.prefix)
        return is_here and not self._key(lying.address).startswith(self._keeping)

    def kept_as(self, place: PurePosixPath) -> str:
        """Return the address of a place beside the prefix."""
        return f"{SCHEME}{self.name}/{self._beside}{place}"

    def keep(self, file: Path, kept_as: str) -> None:
        """Upload a file; S3 compares the hash of what has arrived, and encrypts it."""
        with file.open("rb") as body, in_words(kept_as):
            sha256 = b64encode(file_digest(body, "sha256").digest()).decode()
            body.seek(0)
            s3().put_object(
                Bucket=self.name, Key=self._key(kept_as), Body=body, ChecksumSHA256=sha256, **self._encryption
            )

    def kept(self, kept_as: str) -> S3Object:
        """Return a kept object."""
        return S3Object(self.name, self._key(kept_as))

    def remove(self, kept_as: str) -> None:
        """Remove every version of a kept object."""
        for one in self._versions(kept_as):
            one.let_go()

    def forget_earlier(self, kept_as: str) -> None:
        """Remove every version of a kept object but the latest."""
        for one in self._versions(kept_as)[:-1]:
            one.let_go()

    def _versions(self, kept_as: str) -> list[S3Object]:
        """Return the versions of a kept object, the oldest first."""
        key = self._key(kept_as)
        return [one for one in self._listed(key) if one.key == key]

    def _listed(self, prefix: str) -> list[S3Object]:
        """Return the objects whose keys begin with a prefix, in order of key; versions of one, the oldest first."""
        versions: list[dict[str, Any]] = []
        deleted: dict[str, Any] = {}
        with in_words(f"{SCHEME}{self.name}/{prefix}"):
            for page in s3().get_paginator("list_object_versions").paginate(Bucket=self.name, Prefix=prefix):
                versions += page.get("Versions", ())
                for one in page.get("DeleteMarkers", ()):
                    deleted[one["Key"]] = max(one["LastModified"], deleted.get(one["Key"], one["LastModified"]))
        versions.reverse()  # S3 gives the newest version of a key first
        return [
            S3Object(
                self.name,
                one["Key"],
                None if one["VersionId"] == UNVERSIONED and one["IsLatest"] else one["VersionId"],
                one["ETag"],
                one["Size"],
                withdrawn=not one["IsLatest"] and one["Key"] in deleted and one["LastModified"] <= deleted[one["Key"]],
            )
            for one in sorted(versions, key=lambda one: str(one["Key"]))
            if not one["Key"].endswith("/")  # a folder, as consoles make it
        ]

    def _key(self, address: str) -> str:
        return address.removeprefix(f"{SCHEME}{self.name}").removeprefix("/")

    @property
    def _beside(self) -> str:
        """What the keys of everything beside the prefix begin with."""
        parent, slash, _ = self.prefix.removesuffix("/").rpartition("/")
        return parent + slash

    @property
    def _keeping(self) -> tuple[str, ...]:
        return f"{self._beside}archive/", f"{self._beside}quarantine/"

    @property
    def _encryption(self) -> dict[str, str]:
        if self.kms_key:
            return {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": self.kms_key}
        return {"ServerSideEncryption": "AES256"}
