"""Paths in the source tree, and fingerprints of files."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PACKAGE = ROOT / "src" / "custode"


def fingerprint(files: Iterable[Path]) -> str:
    """Return one hex digest of the given files' names and contents, whatever their order."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(file.name.encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
