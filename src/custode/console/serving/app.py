"""What granian loads in its worker: Django behind the bridge."""

from __future__ import annotations

from collections.abc import Collection

from django.conf import settings
from django.db import close_old_connections

from custode.conf.wsgi import application
from custode.console.serving.bridge import Bridge
from custode.console.serving.turning_away import Pages
from custode.signin.sessions import Whose
from custode.signin.sessions.answers import over_among

FORM = 1024 * 1024
"""Bytes that a form may have beside the file it brings."""


def _over(sessions: Collection[Whose]) -> set[Whose]:
    """In a thread that serves no request, and so looks after its connection by itself."""
    close_old_connections()
    try:
        return over_among(sessions)
    finally:
        close_old_connections()


app = Bridge(
    application,
    threads=settings.OPTIONS["THREADS"],
    longest=settings.UPLOAD_BYTES + FORM,
    over=_over,
    turned_away=Pages(),
)
