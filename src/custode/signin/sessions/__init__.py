"""Sessions: Custode's own engine below Django's, in which a session ends and is never deleted."""

from typing import Final

IN_ENVIRON: Final = "custode.session"
"""Where the WSGI environment tells the server whose a request is."""

Whose = tuple[int, int]
"""An account and one of its sessions, by number."""
