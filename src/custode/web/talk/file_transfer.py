"""Take files from a form, and send them so that nothing in them runs in our origin."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.utils.translation import gettext as _

from custode.activities import files
from custode.activities.attached import File
from custode.activities.files import Incoming
from custode.kernel.errors import Gone


def incoming(request: HttpRequest) -> list[Incoming]:
    """Return a form's files; browsers send an empty field as a file without a name."""
    return [
        Incoming(one.name, one.size or 0, one.chunks())
        for one in request.FILES.getlist("files")
        if one.name
    ]


def hand_out(request: HttpRequest, found: File) -> FileResponse:
    """Return a file as a download; an image may also be shown inline (`show`).

    Its type is none that a browser would open, and its own policy forbids everything.

    Raises:
        Gone: the file no longer exists.
    """
    path = files.folder().path_of(found.token)
    if not path.is_file():
        raise Gone(_("This file is not here any more."))
    shown = "show" in request.GET and found.is_shown
    answer = FileResponse(path.open("rb"), as_attachment=not shown, filename=found.name)
    answer.headers["Content-Type"] = found.media_type if shown else files.UNKNOWN
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
