"""What may happen to comments. Deleting and restoring them is the door's."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from custode.activities import files
from custode.activities.files import Incoming
from custode.activities.models import ActivityType, Attachment, Comment, Version
from custode.guard import history, kinds
from custode.guard.owned import Guarded
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused

LONGEST = 20_000
"""Characters of a comment."""


def write(
    actor: Actor,
    about: Guarded,
    text: str,
    activity: ActivityType | None = None,
    attached: Sequence[Incoming] = (),
) -> Comment:
    """A new comment, by anybody who sees what it is about.

    Raises:
        Invalid: it is empty or too long, or a file does not fit. Nothing is kept.
        Gone: what it is about has been moved to the trash, or is not the actor's to see any more.
    """
    text = _read(text, may_be_empty=bool(attached))
    kept = files.keep(attached)
    comment = Comment(
        account_id=actor.account_id,
        author_id=actor.user_id,
        activity=activity,
        text=text,
        excerpt=kept[0].name if kept else "",
        **{kinds.link(Comment, type(about)): about},
    )
    try:
        with transaction.atomic():
            history.hold(about)
            _require_seen(actor, about)
            comment.save()
            files.attach(comment, kept)
            touch(about)
    except BaseException:
        files.forget(kept)
        raise
    return comment


def edit(
    actor: Actor, comment: Comment, text: str, activity: ActivityType | None, *, was: int | None
) -> None:
    """Change the text of one's own comment; what it read before is kept.

    Args:
        was: how many versions there were when the person began to write; None asks nothing.

    Raises:
        Refused: it is somebody else's. Not even an admin puts words into their mouth.
        Invalid: it is empty or too long, or was changed meanwhile.
        Gone: it has been moved to the trash in the meantime.
    """
    has_files = Attachment.objects.filter(comment=comment).exists()
    text = _read(text, may_be_empty=has_files)
    with transaction.atomic():
        history.hold(comment)
        if actor.user_id is None or comment.author_id != actor.user_id:
            raise Refused(_("Only whoever wrote a comment can change it."))
        if was is not None and was != versions(comment):
            raise Invalid(
                _("You have changed this comment elsewhere meanwhile. Save again to replace it."),
                field="text",
            )
        if comment.text != text:
            Version(account_id=comment.account_id, comment=comment, text=comment.text).save()
            comment.edited_at = clock.now()
        comment.text, comment.activity, comment.updated_at = text, activity, clock.now()
        comment.save()


def versions(comment: Comment) -> int:
    """How often a comment was edited."""
    return Version.objects.filter(comment=comment).count()


def pin(actor: Actor, comment: Comment, on: bool) -> None:
    """Keep a comment at the top, or let it back into its place.

    Raises:
        Refused: the actor neither wrote it nor may edit what it is about.
    """
    with transaction.atomic():
        history.hold(comment)
        if comment.author_id != actor.user_id and not _may_edit_parent(actor, comment):
            raise Refused(_("Only whoever wrote it, or may edit the lead, can pin a comment."))
        comment.pinned = on
        comment.save(update_fields=["pinned"])


def _read(text: str, *, may_be_empty: bool = False) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if not text and not may_be_empty:
        raise Invalid(_("Write something, or delete the comment."), field="text")
    if len(text) > LONGEST:
        raise Invalid(_("A comment has at most 20,000 characters."), field="text")
    return text


def _require_seen(actor: Actor, about: Guarded) -> None:
    seen = about.kind.sees(actor)
    if seen and not type(about).objects.filter(seen, pk=about.pk).exists():
        raise Gone(_("This does not exist."))


def _may_edit_parent(actor: Actor, comment: Comment) -> bool:
    parent = comment.hangs_on
    if parent is None:
        return False
    edits = parent.kind.edits(actor)
    return not edits or type(parent).objects.filter(edits, pk=parent.pk).exists()


def touch(about: Guarded) -> None:
    """What is spoken of is the latest."""
    now = clock.now()
    type(about).objects.filter(pk=about.pk, updated_at__lt=now).update(updated_at=now)
