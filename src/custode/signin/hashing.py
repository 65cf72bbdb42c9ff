"""Password hashing: Argon2id, with bounded memory and a bounded number of simultaneous runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.utils.translation import gettext as _

from custode.kernel.errors import TooMany

AT_ONCE: Final = 2
"""How many passwords one process hashes at once: 92 MB, however many users sign in."""
PATIENCE: Final = 8.0
"""Seconds that a sign-in waits for its turn before it is told to come back later."""

_seats = threading.BoundedSemaphore(AT_ONCE)


class Argon2(Argon2PasswordHasher):
    """Argon2id with 46 MiB in one pass, as OWASP's Password Storage Cheat Sheet recommends."""

    time_cost = 1
    memory_cost = 47_104
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Encode as Django does, when a slot is free."""
        with _seat():
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Verify as Django does, when a slot is free."""
        with _seat():
            return bool(super().verify(password, encoded))

    def harden_runtime(self, *_args: Any) -> None:
        """Do nothing: the cost is the same for every password."""


@contextmanager
def _seat() -> Iterator[None]:
    if not _seats.acquire(timeout=PATIENCE):
        raise TooMany(_("Many people are signing in just now. Try again in a moment."), wait=5)
    try:
        yield
    finally:
        _seats.release()
