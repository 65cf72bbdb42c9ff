"""The module that granian loads in its worker: Django behind the bridge."""

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
"""The maximum bytes of a form, not counting the file that it uploads."""


def _over(sessions: Collection[Whose]) -> set[Whose]:
    """Return the ended sessions; runs in a thread without requests, so it closes its connection."""
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
