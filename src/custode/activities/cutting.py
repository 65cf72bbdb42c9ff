"""Editing a comment down to little is equivalent to deleting it; it can be undone."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.activities import files, search
from custode.activities.models import Attachment, Comment, Version
from custode.activities.writing import excerpt
from custode.guard import content_loss, door, policy
from custode.guard.door import ObjectState, PreparedUndo, UndoHandler, UndoStatus, UndoTargets
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel import clock
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.text import pieces

WAY: Final = "cut"
"""The name of the act in the log."""
LATELY: Final = timedelta(hours=1)
"""How long an earlier text of a comment counts when the next edit is judged."""
FEW: Final = 20
"""How many characters any edit may remove that leaves something."""
_TOLD: Final = 120
"""The maximum number of a comment's characters that a preview shows."""


def gone(before: str, after: str) -> int:
    """Return about how many characters of a text an edit removes; 0 when most of them stay.

    For a short text, such as a telephone number, only when next to nothing is left.
    """
    had = pieces(before)
    lost = (had - pieces(after)).total()
    is_much = lost >= FEW or content_loss.leaves_little(before, after)
    return lost if is_much and 2 * lost > had.total() else 0


def lost_lately(comment: Comment, text: str) -> int:
    """Return how many characters an edit removes from the text as it is or was an hour ago.

    So a comment cannot be cut down in steps. What an earlier cut removed was logged then. Nor can
    it drown in what is added first: of older texts, the first that is still there whole counts.
    """
    told, versions = [comment.text], _versions(comment)
    lately = clock.now() - LATELY
    if any(one.at >= lately for one in versions):
        after = _cut_at(comment)
        told += [one.text for one in versions if one.at >= lately and one.pk > after][:1]
    older = (one.text for one in versions if one.at < lately and one.text)
    told += [one for one in older if content_loss.only_adds(one, comment.text)][:1]
    return max(gone(one, text) for one in told)


def _cut_at(comment: Comment) -> int:
    """Return the version that the latest cut within the hour, or its undo, left; 0 for none."""
    acts = LogEntry.objects.filter(
        verb=Verb.DELETE, kind=Comment.kind.name, outcome=Outcome.DONE,
        actor_kind=ActorKind.USER, actor_id=comment.author_id, at__gte=clock.now() - LATELY,
    )  # fmt: skip
    for entry in acts.order_by("-seq"):
        facts = json.loads(entry.details)
        if facts.get("way") == WAY and facts.get("comment") == comment.pk:
            versions = Version.objects.filter(comment=comment).order_by("pk")
            # Its undo left what the cut had made of it behind: that is no text to be cut down.
            at = int(facts["version"]) + _is_undone(entry)
            return versions.values_list("pk", flat=True)[at : at + 1].first() or 0
    return 0


def _is_undone(entry: LogEntry) -> bool:
    undos = LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO, outcome=Outcome.DONE)
    return undos.exists()


def _comments(entry: LogEntry) -> QuerySet[Comment]:
    return Comment.with_trashed.filter(pk=json.loads(entry.details)["comment"])


def _versions(comment: Comment) -> list[Version]:
    return list(Version.objects.filter(comment=comment).order_by("pk"))


def _look(entry: LogEntry) -> Sequence[ObjectState]:
    """Return the comment's state: changed, if its author has edited it since."""
    comment = _comments(entry).first()
    if comment is None:
        return []
    told = _versions(comment)
    at = int(json.loads(entry.details)["version"])
    stands = UndoStatus.AS_LEFT if len(told) == at + 1 else UndoStatus.CHANGED
    if _is_undone(entry):
        stands = UndoStatus.SETTLED
    if not comment.lives:
        stands = UndoStatus.TRASHED
    left = [*(one.text for one in told), comment.text][at + 1]
    now = _words(comment.text) if stands == UndoStatus.CHANGED else ""
    return [
        ObjectState(comment.pk, stands, seen=str(len(told)),
              before=_words(told[at].text), after=_words(left), now=now,
              name=excerpt(told[at].text, _TOLD))
    ]  # fmt: skip


def _words(text: str) -> str:
    return excerpt(text, _TOLD) or _("no text")


def _give(actor: Actor, entry: LogEntry, _going: UndoTargets) -> PreparedUndo:
    """Prepare to restore the comment's text, and the files that it had.

    Raises:
        Refused: that removes most of what was written there since, or files, which is deleting.
    """
    comment = _comments(entry).get()
    before = _versions(comment)[int(json.loads(entry.details)["version"])]
    if gone(comment.text, before.text) or any(not one.was_in(before) for one in files.of(comment)):
        policy.require(actor, Verb.DELETE, Comment.kind.name)
    name = excerpt(before.text, _TOLD) or comment.excerpt
    return PreparedUndo(lambda _seq: _put_back(comment, before), labels=[name])


def _put_back(comment: Comment, before: Version) -> None:
    now = Version(account_id=comment.account_id, comment=comment, text=comment.text)
    now.save()
    # Files added by the cut are removed: the comment then has no more files than before.
    for file in Attachment.objects.filter(comment=comment):
        had = file.was_in(before)
        if had and file.taken_in_id is not None:
            files.bring_back(file, now)
        elif not had and file.taken_in_id is None:
            Attachment.objects.filter(pk=file.pk).update(taken_in=now)
    comment.text, comment.edited_at = before.text, clock.now()
    comment.updated_at = comment.edited_at
    if not comment.text:
        comment.excerpt = files.of(comment)[0].name
    comment.save()
    search.keep(comment)


def _hold(entry: LogEntry) -> None:
    door.locked(_comments(entry))


door.register_undo_handler(WAY, UndoHandler(_look, _give, _hold))
