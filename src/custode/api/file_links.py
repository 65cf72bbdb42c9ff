"""Download links for files: they need no key and expire after three minutes."""

from __future__ import annotations

from typing import Final

from django.core import signing
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _

from custode.activities import files
from custode.activities.models import Attachment
from custode.kernel import scope
from custode.kernel.errors import Gone

FILES: Final = "/api/v2/files/"
SECONDS: Final = 180
_SALT: Final = "custode.api.files"


def address_of(file: Attachment) -> str:
    """Return a link to one file; whoever has the link can download the file for three minutes."""
    told = signing.dumps([file.account_id, file.pk], salt=_SALT)
    return f"{FILES}{told}"


def hand_out(told: str) -> FileResponse:
    """Return the file to which a link refers, never as a type that a browser would open.

    Raises:
        Http404: the link has expired or is forged, or the file is now in the trash.
        Gone: the file no longer exists.
    """
    try:
        account_id, pk = signing.loads(told, salt=_SALT, max_age=SECONDS)
    except signing.BadSignature as error:
        raise Http404 from error
    with scope.account(account_id):
        found = Attachment.objects.filter(pk=pk, taken_in=None).select_related("comment").first()
        if found is None or not found.comment.lives:
            raise Http404
    path = files.folder().path_of(found.token)
    if not path.is_file():
        raise Gone(_("This file is not here any more."))
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=found.name)
    answer.headers["Content-Type"] = files.UNKNOWN
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
