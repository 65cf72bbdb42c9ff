"""Lock a data folder while it is being served, so that no restore replaces it under a server."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from custode.kernel.errors import Invalid

NAME = "in_use"


def hold(data: Path) -> None:
    """Mark the folder as in use for as long as this process, or one that it has started, lives."""
    descriptor = _open(data)
    os.set_inheritable(descriptor, True)
    fcntl.flock(descriptor, fcntl.LOCK_SH)


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Ensure that nobody serves this folder within the block; raise `Invalid` if somebody does."""
    descriptor = _open(data)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        raise Invalid(f"Custode is running on {data}. Stop it first.") from error
    finally:
        os.close(descriptor)


def _open(data: Path) -> int:
    data.mkdir(parents=True, exist_ok=True)
    return os.open(data / NAME, os.O_RDWR | os.O_CREAT, 0o600)
