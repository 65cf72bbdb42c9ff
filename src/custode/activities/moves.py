"""What may happen to comments. Deleting and restoring them is the door's."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from custode.activities import files, search
from custode.activities.files import Incoming, Kept
from custode.activities.models import ActivityType, Attachment, Comment, Version
from custode.guard import history, kinds
from custode.guard.owned import Guarded
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from custode.kernel.text import is_blank

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
            search.keep(comment)
            touch(about)
    except BaseException:
        files.forget(kept)
        raise
    return comment


def edit(
    actor: Actor,
    comment: Comment,
    text: str,
    activity: ActivityType | None,
    *,
    was: int | None,
    attached: Sequence[Incoming] = (),
    without: Collection[int] = (),
) -> None:
    """Change the text and the files of one's own comment; what it was before is kept.

    Args:
        was: how many versions there were when the person began to write; None asks nothing.
        attached: files that it shall have besides.
        without: the numbers of files that it shall have no more. They stay with the version.

    Raises:
        Refused: it is somebody else's. Not even an admin puts words into their mouth.
        Invalid: it is empty or too long, a file does not fit, or it was changed meanwhile.
        Gone: it has been moved to the trash in the meantime.
    """
    if actor.user_id is None or comment.author_id != actor.user_id:
        raise Refused(_("Only whoever wrote a comment can change it."))
    kept = files.keep(attached)
    try:
        with transaction.atomic():
            history.hold(comment)
            if was is not None and was != versions(comment):
                raise Invalid(
                    _(
                        "You have changed this comment elsewhere meanwhile."
                        " Save again to replace it."
                    ),
                    field="text",
                )
            _change(comment, text, kept, without)
            comment.activity, comment.updated_at = activity, clock.now()
            comment.save()
            search.keep(comment)
    except BaseException:
        files.forget(kept)
        raise


def _change(comment: Comment, text: str, added: Sequence[Kept], without: Collection[int]) -> None:
    """Give the comment its new text and files, and keep what it was as a version."""
    there = files.of(comment)
    gone = [one for one in there if one.pk in without]
    names = [*(one.name for one in there if one not in gone), *(one.name for one in added)]
    files.require_room(len(names))
    text = _read(text, may_be_empty=bool(names))
    if comment.text == text and not gone and not added:
        return
    before = Version(account_id=comment.account_id, comment=comment, text=comment.text)
    before.save()
    Attachment.objects.filter(pk__in=[one.pk for one in gone]).update(taken_in=before)
    files.attach(comment, added, added_in=before)
    comment.text, comment.edited_at = text, clock.now()
    if not text:
        comment.excerpt = names[0]


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
            raise Refused(
                _("Only whoever wrote it, or may edit what it is about, can pin a comment.")
            )
        comment.pinned = on
        comment.save(update_fields=["pinned"])


def _read(text: str, *, may_be_empty: bool = False) -> str:
    text = text.replace("\x00", "").replace("\r\n", "\n").strip()
    if is_blank(text) and not may_be_empty:
        raise Invalid(_("A comment cannot be empty. Write something."), field="text")
    if len(text) > LONGEST:
        raise Invalid(_("A comment has at most 20,000 characters."), field="text")
    return text


def _require_seen(actor: Actor, about: Guarded) -> None:
    if not about.lives:
        raise Gone(_("This has been moved to the trash in the meantime."))
    seen = about.kind.sees(actor)
    if seen and not type(about).objects.filter(seen, pk=about.pk).exists():
        raise Gone(_("This does not exist."))


def _may_edit_parent(actor: Actor, comment: Comment) -> bool:
    parent = comment.hangs_on
    return parent is not None and may_edit(actor, parent)


def may_edit(actor: Actor, about: Guarded) -> bool:
    """Whether the actor may edit what a comment is about."""
    edits = about.kind.edits(actor)
    return not edits or type(about).objects.filter(edits, pk=about.pk).exists()


def touch(about: Guarded) -> None:
    """What is spoken of is the latest."""
    now = clock.now()
    type(about).objects.filter(pk=about.pk, updated_at__lt=now).update(updated_at=now)
