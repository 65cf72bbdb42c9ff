"""Collect the static files in the data folder, under names that contain their digests.

Repeated only when a file has changed, so that a second start is quick.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command

from custode.kernel.errors import Invalid

BUILT = "vendor/tabler.min.css"
STAMP = "gathered"


def gather() -> bool:
    """Collect the static files if necessary; return whether it was.

    Raises:
        Invalid: the interface's assets have not been built.
    """
    if finders.find(BUILT) is None:
        raise Invalid(
            "The interface's files have not been built. From the source, run `make demo` once, or"
            " `python -m tools.build_assets`."
        )
    root = Path(settings.STATIC_ROOT)
    stamp, now = root / STAMP, _digest()
    if stamp.is_file() and stamp.read_text(encoding="ascii") == now:
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now, encoding="ascii")
    return True


def _digest() -> str:
    """Return a digest of the files' names, sizes and times: reading them would take longer."""
    told = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda pair: pair[0]):
            found = Path(storage.path(name)).stat()
            told.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return told.hexdigest()
