"""Files of comments and e-mails: stored, and typed by their content.

The file is stored before its row, and the row before the object that it is attached to is visible;
a file whose row was never written, or was purged, is removed by a job.
"""

from __future__ import annotations

import contextlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import puremagic
from django.conf import settings
from django.utils.translation import gettext as _

from custode.activities.attached import File
from custode.activities.models import Attachment, Comment, EmailFile, Version
from custode.guard.owned import Guarded
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.kernel.folders import Folder

MOST: Final = 10
"""The maximum number of files of one comment or e-mail."""
MODELS: Final[tuple[type[File], ...]] = (Attachment, EmailFile)
UNKNOWN: Final = "application/octet-stream"
_HEAD: Final = 8192


@dataclass(frozen=True, slots=True)
class Incoming:
    """An incoming file: the name given by the sender, and its bytes in pieces."""

    name: str
    size: int
    pieces: Iterable[bytes]


@dataclass(frozen=True, slots=True)
class Kept:
    """A stored file that has no row yet."""

    name: str
    size: int
    media_type: str
    token: str


def folder() -> Folder:
    """Return the folder of the files, which `custode backup` includes."""
    return Folder(Path(settings.MEDIA_ROOT) / "attachments")


def keep(incoming: Sequence[Incoming]) -> list[Kept]:
    """Store files; if one is not acceptable, none is stored.

    Raises:
        Invalid: there are too many, one is empty, or larger than the setting allows.
    """
    require_room(len(incoming))
    kept: list[Kept] = []
    try:
        for one in incoming:
            _require_fits(one)
            token, size = folder().keep(one.pieces)
            kept.append(Kept(name_of(one.name), size, media_type(token), token))
    except BaseException:
        forget(kept)
        raise
    return kept


def forget(kept: Iterable[Kept]) -> None:
    """Remove stored files that got no row."""
    for one in kept:
        folder().remove(one.token)


def require_room(count: int) -> None:
    """Raise `Invalid` when a comment cannot have so many files."""
    if count > MOST:
        raise Invalid(_("A comment has at most %(n)s files.") % {"n": MOST}, field="files")


def of(comment: Comment) -> list[Attachment]:
    """Return the present files of a comment, without those that an edit removed."""
    return list(Attachment.objects.filter(comment=comment, taken_in=None))


def attach(thing: Guarded, kept: Iterable[Kept], **values: Any) -> None:
    """Write the rows of attached files, within the caller's transaction.

    Args:
        values: further fields of the rows.
    """
    model = next(one for one in MODELS if one.part_of == thing.kind.name)
    model.objects.bulk_create(
        model(
            account_id=thing.account_id, name=one.name, size=one.size,
            media_type=one.media_type, token=one.token, **{model.part_of: thing}, **values,
        )
        for one in kept
    )  # fmt: skip


def bring_back(file: Attachment, since: Version) -> None:
    """Give a comment a removed file again, as one that was added after a version.

    The versions in between still show the comment without it: the removed row stays as it is.
    """
    try:
        token = folder().again(file.token)
    except FileNotFoundError:
        # A file that was lost is listed again all the same.
        Attachment.objects.filter(pk=file.pk).update(taken_in=None)
        return
    kept = Kept(file.name, file.size, file.media_type, token)
    attach(file.comment, [kept], added_in=since)


def _require_fits(one: Incoming) -> None:
    if one.size > settings.ATTACHMENT_BYTES:
        raise Invalid(
            _("“%(name)s” is larger than %(most)s MB.")
            % {"name": name_of(one.name), "most": settings.ATTACHMENT_BYTES // 2**20},
            field="files",
        )
    if not one.size:
        raise Invalid(_("“%(name)s” is empty.") % {"name": name_of(one.name)}, field="files")


def name_of(told: str) -> str:
    """Return a file's name without a path and unsuitable characters; the extension is kept."""
    base = told.replace("\\", "/").rpartition("/")[2]
    plain = "".join(c for c in base if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, ending = plain.rpartition(".")
    if len(plain) > 120 and dot and len(ending) <= 10:
        return f"{stem[: 119 - len(ending)]}.{ending}"
    return plain[:120] or "file"


def media_type(token: str) -> str:
    """Return a file's type by its content; its name does not matter."""
    with folder().path_of(token).open("rb") as file:
        head = file.read(_HEAD)
    with contextlib.suppress(puremagic.PureError, ValueError):
        return puremagic.from_string(head, mime=True) or UNKNOWN
    return UNKNOWN


def remove_orphans(_system: Actor) -> int:
    """Remove files that no row refers to, and half-written ones; return how many; for the job."""
    with scope.everywhere("the folder of attachments is everybody's"):
        return folder().clear(_named)


def _named(tokens: Sequence[str]) -> set[str]:
    return {
        token
        for model in MODELS
        for token in model.objects.filter(token__in=tokens).values_list("token", flat=True)
    }
