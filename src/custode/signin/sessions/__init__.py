"""Custode's own session engine below Django's: sessions end and are never deleted."""

from typing import Final

IN_ENVIRON: Final = "custode.session"
"""The key in the WSGI environment that tells the server whose session a request is."""

Whose = tuple[int, int]
"""An account and one of its sessions, by number."""
