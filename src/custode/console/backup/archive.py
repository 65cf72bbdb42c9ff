"""The format of a backup: a compressed tar with a manifest of all parts and their digests."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

from custode.kernel.errors import Invalid

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
KEYS: Final = ("secret_key", "encryption_keys")
"""Files in the data folder that a backup contains as they are."""
BLOCK: Final = 1024 * 1024


@dataclass(slots=True)
class Manifest:
    """The description of a backup.

    Args:
        format: the version of the archive's format.
        version: the version of Custode that made it.
        made_at: when it was made, in ISO 8601.
        database: `sqlite` or `postgresql`.
        migrations: the database's applied migrations, as (app, name).
        tables: for PostgreSQL, the columns of each table's part.
        parts: size in bytes and hexadecimal SHA-256 of each part, by its name in the archive.
    """

    version: str
    made_at: str
    database: str
    migrations: list[tuple[str, str]]
    format: int = FORMAT
    tables: dict[str, list[str]] = field(default_factory=dict)
    parts: dict[str, tuple[int, str]] = field(default_factory=dict)


class Writer:
    """Writes a backup, which gets its final name only when it is complete."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        self._path = path
        self._draft = path.with_name(f"{path.name}.partial")
        self._manifest = manifest
        self._tar: tarfile.TarFile | None = None

    def __enter__(self) -> Writer:
        descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w:gz", compresslevel=6)
        return self

    def add(self, name: str, source: Path) -> None:
        """Add a file as a part; skip one that has just been removed."""
        assert self._tar is not None  # noqa: S101 (for mypy: we are inside `with`)
        try:
            file = source.open("rb")
        except FileNotFoundError:
            return
        with file:
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode = os.fstat(file.fileno()).st_size, 0o600
            reader = _Digesting(file)
            self._tar.addfile(entry, reader)
        self._manifest.parts[name] = (entry.size, reader.digest.hexdigest())

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        assert self._tar is not None  # noqa: S101 (for mypy: we are inside `with`)
        try:
            if kind is None:
                told = json.dumps(asdict(self._manifest), indent=1).encode()
                entry = tarfile.TarInfo(MANIFEST)
                entry.size, entry.mode = len(told), 0o600
                self._tar.addfile(entry, io.BytesIO(told))
            self._tar.close()
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            if kind is None:
                self._draft.rename(self._path)
        finally:
            self._file.close()
            self._draft.unlink(missing_ok=True)


class _Digesting:
    """Reads a file and computes the digest of what it reads."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Return the next bytes."""
        found: bytes = self._file.read(size)
        self.digest.update(found)
        return found


def unpack(path: Path, into: Path) -> Manifest:
    """Unpack a backup and check every part against its digest.

    Raises:
        Invalid: it is not a backup, is damaged, or was made by a later version.
    """
    try:
        with tarfile.open(path, mode="r:gz") as tar:
            for entry in tar:
                if not entry.isfile():
                    raise Invalid(f"{path} is not a backup of Custode: it holds {entry.name}.")
                target = into / _safe(entry.name, path)
                target.parent.mkdir(parents=True, exist_ok=True)
                source = tar.extractfile(entry)
                assert source is not None  # noqa: S101 (for mypy: it is a file)
                with source, target.open("xb") as out:
                    shutil.copyfileobj(source, out, BLOCK)
    except (tarfile.TarError, EOFError, OSError) as error:
        if isinstance(error, FileNotFoundError) and not path.exists():
            raise Invalid(f"There is no file {path}.") from error
        raise Invalid(f"{path} cannot be read as a backup: {error}.") from error
    return _checked(path, into)


def _safe(name: str, path: Path) -> PurePosixPath:
    found = PurePosixPath(name)
    if found.is_absolute() or ".." in found.parts or not found.parts:
        raise Invalid(f"{path} is not a backup of Custode: it holds {name}.")
    return found


def _checked(path: Path, into: Path) -> Manifest:
    try:
        told = json.loads((into / MANIFEST).read_text(encoding="utf-8"))
        if told["format"] > FORMAT:
            raise Invalid(f"{path} was made by Custode {told['version']}; restore it with that.")
        manifest = Manifest(**told)
        parts = {name: (int(size), str(digest)) for name, (size, digest) in told["parts"].items()}
        manifest.migrations = [(str(app), str(name)) for app, name in told["migrations"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Invalid(
            f"{path} is not a whole backup of Custode: its manifest is missing."
        ) from error
    manifest.parts = parts
    found = {p.relative_to(into).as_posix() for p in into.rglob("*") if p.is_file()} - {MANIFEST}
    wrong = sorted(found ^ parts.keys()) + [
        name for name in found & parts.keys() if _digest(into / name) != parts[name]
    ]
    if wrong:
        raise Invalid(f"{path} is damaged: {wrong[0]} is not what the manifest says.")
    return manifest


def _digest(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()
