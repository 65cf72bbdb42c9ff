"""Operations on comments. Deleting and restoring them is the door's."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from custode.activities import cutting, files, search, sight
from custode.activities.files import Incoming, Kept
from custode.activities.models import ActivityType, Attachment, Comment, Version
from custode.guard import door, history, kinds, news, policy, reach
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.guard.owned import Guarded
from custode.kernel import clock
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.errors import Gone, Invalid, Overtaken, Refused
from custode.kernel.text import is_blank
from custode.people.models import User

LONGEST = 20_000
"""The maximum number of characters of a comment."""
MOST_PINNED = 20
"""How many comments may be pinned on one object: all of them stand on the first page."""
REWRITTEN = "rewritten"
"""In a comment's history: an application changed its text or its files."""


def write(
    actor: Actor,
    about: Guarded,
    text: str,
    activity: ActivityType | None = None,
    attached: Sequence[Incoming] = (),
    *,
    author: User | None = None,
    **values: Any,
) -> Comment:
    """Create a comment; for anybody who sees what it is about.

    Args:
        author: the user whose activity an application reports; its history names the application.
        values: further columns: `created_at`, `pinned`.

    Raises:
        Invalid: it is empty or too long, a file is not acceptable, or it is to be pinned where many
            are. Nothing is stored.
        Refused: the actor's key lacks the scope, or an author is given, but the actor is no
            application.
        Gone: what it is about has been moved to the trash, or is no longer visible to the actor.
    """
    policy.require_change(actor)
    by_key = actor.kind is ActorKind.KEY
    if author is not None and not by_key:
        raise Refused(_("You cannot write as another user."))
    text = _read(text, may_be_empty=bool(attached))
    kept = files.keep(attached)
    comment = Comment(
        account_id=actor.account_id,
        author_id=author.pk if author else actor.user_id,
        activity=activity,
        text=text,
        excerpt=kept[0].name if kept else "",
        **values,
        **{kinds.link(Comment, type(about)): about},
    )
    try:
        with transaction.atomic():
            history.hold(about)
            _require_seen(actor, about)
            if comment.pinned:
                _require_room_for_a_pin(about)
            comment.save()
            if actor.scopes is not None:
                history.write([history.line(actor, comment, history.CREATED, None, None)])
            files.attach(comment, kept)
            search.keep(comment)
            touch(about)
            news.fact(actor.account_id, f"{about.kind.name}.commented", [about.pk])
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
    """Change the text and the files of one's own comment; its earlier state is kept.

    Args:
        was: the number of versions when the user started editing; None to skip the check.
        attached: files to add.
        without: the numbers of files to remove. They stay with the version.

    A comment of which little would be left, or that loses files, is "cut down": this is equivalent
    to deleting, is subject to the rule for deleting comments, and is an act that can be undone
    (`cutting`).

    Raises:
        Refused: it is somebody else's (not even an admin may put words into their mouth); or it is
            cut down, and only admins may delete comments.
        Invalid: it is empty or too long, or a file is not acceptable.
        Overtaken: it was changed meanwhile.
        Gone: it has been moved to the trash in the meantime.
    """
    taken = sum(one.pk in without for one in files.of(comment)) if without else 0
    lost = cutting.lost_lately(comment, text)
    if not wrote(actor, comment):
        why = _("Only whoever wrote a comment can change it.")
        if lost or taken:
            tried = _cut(comment, lost, taken)
            door.refuse(actor, Verb.DELETE, Comment.kind.name, why, tried=tried)
        raise Refused(why)
    kept = files.keep(attached)
    try:
        with _cutting_down(actor, comment, lost, taken) as begin:
            read = comment.text
            history.hold(comment)
            unseen = comment.text != read and not lost and cutting.gone(comment.text, text)
            if (was is not None and was != versions(comment)) or unseen:
                raise Overtaken(
                    _(
                        "You have changed this comment elsewhere meanwhile."
                        " Save again to replace it."
                    ),
                    field="text",
                )
            begin()
            if _change(comment, text, kept, without) and actor.kind is ActorKind.KEY:
                history.write([history.line(actor, comment, REWRITTEN, None, None)])
            comment.activity, comment.updated_at = activity, clock.now()
            comment.save()
            search.keep(comment)
    except BaseException:
        files.forget(kept)
        raise


@contextmanager
def _cutting_down(
    actor: Actor, comment: Comment, lost: int, taken: int
) -> Iterator[Callable[[], None]]:
    """Open a transaction, through the door if the comment is cut down; yield what logs the act.

    Args:
        lost: how many characters it loses.
        taken: how many files it loses.
    """
    if not lost and not taken:
        with transaction.atomic():
            yield lambda: None
        return
    tried = _cut(comment, lost, taken)
    with door.undoable_act(actor, Verb.DELETE, Comment.kind.name, cutting.WAY, tried) as note:

        def begin() -> None:
            """Write the log entry of the act."""
            told = {**tried.details, "comment": comment.pk, "version": versions(comment)}
            note(1, labels=[comment.excerpt], details=told)

        yield begin


def _cut(comment: Comment, lost: int, taken: int) -> Attempt:
    """Return the description of cutting a comment down, for the log of a refusal."""
    return Attempt(1, {"cut": {"lost": lost, "files": taken}}, [comment.excerpt])


def _change(comment: Comment, text: str, added: Sequence[Kept], without: Collection[int]) -> bool:
    """Set the comment's text and files, and keep the earlier state as a version, if they differ."""
    there = files.of(comment)
    gone = [one for one in there if one.pk in without]
    names = [*(one.name for one in there if one not in gone), *(one.name for one in added)]
    files.require_room(len(names))
    text = _read(text, may_be_empty=bool(names))
    if comment.text == text and not gone and not added:
        return False
    before = Version(account_id=comment.account_id, comment=comment, text=comment.text)
    before.save()
    Attachment.objects.filter(pk__in=[one.pk for one in gone]).update(taken_in=before)
    files.attach(comment, added, added_in=before)
    comment.text, comment.edited_at = text, clock.now()
    if not text:
        comment.excerpt = names[0]
    return True


def wrote(actor: Actor, comment: Comment) -> bool:
    """Return whether a comment is the actor's own: a user's, or an application's.

    What an application wrote on a user's behalf it may correct until the user has changed it: from
    then on the words are the user's own.
    """
    if actor.kind is not ActorKind.KEY:
        return actor.user_id is not None and comment.author_id == actor.user_id
    if not Comment.with_trashed.filter(sight.written_by_key(actor), pk=comment.pk).exists():
        return False
    return comment.author_id is None or versions(comment) == _corrections(actor, comment)


def _corrections(actor: Actor, comment: Comment) -> int:
    """Return how often this application has changed a comment."""
    return Change.objects.filter(
        kind=Comment.kind.name, object_id=comment.pk, field=REWRITTEN,
        actor_kind=actor.kind.value, actor_id=actor.id,
    ).count()  # fmt: skip


def versions(comment: Comment) -> int:
    """Return how often a comment was edited."""
    return Version.objects.filter(comment=comment).count()


def pin(actor: Actor, comment: Comment, on: bool) -> None:
    """Pin a comment to the top, or unpin it.

    Raises:
        Refused: the actor neither wrote it nor may edit what it is about.
        Invalid: many are pinned there already.
    """
    with transaction.atomic():
        history.hold(comment)
        policy.require_change(actor)
        if not wrote(actor, comment) and not _may_edit_parent(actor, comment):
            raise Refused(
                _("Only whoever wrote it, or may edit what it is about, can pin a comment.")
            )
        about = comment.hangs_on
        if on and not comment.pinned and about is not None:
            _require_room_for_a_pin(about)
        comment.pinned = on
        comment.save(update_fields=["pinned"])


def _require_room_for_a_pin(about: Guarded) -> None:
    beside = Comment.objects.filter(pinned=True, **{kinds.link(Comment, type(about)): about})
    if beside.count() >= MOST_PINNED:
        words = _("At most %(n)s comments can be pinned here. Unpin another one first.")
        raise Invalid(words % {"n": MOST_PINNED})


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
    if not reach.sees(actor, about):
        raise Gone(_("This does not exist."))


def _may_edit_parent(actor: Actor, comment: Comment) -> bool:
    parent = comment.hangs_on
    return parent is not None and may_edit(actor, parent)


def may_edit(actor: Actor, about: Guarded) -> bool:
    """Return whether the actor may edit what a comment is about."""
    return reach.edits(actor, about)


def touch(about: Guarded) -> None:
    """Mark the subject of a comment as just updated."""
    now = clock.now()
    type(about).objects.filter(pk=about.pk, updated_at__lt=now).update(updated_at=now)
