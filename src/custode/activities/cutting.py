"""A comment of which little is left after an edit: deleting by another name, and its way back."""

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
from custode.guard import door, remains
from custode.guard.door import Giving, Going, Stands, Stood, Way
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel import clock
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.text import pieces

WAY: Final = "cut"
"""What the log calls the act."""
LATELY: Final = timedelta(hours=1)
"""For how long what a comment read counts with what is written next."""
FEW: Final = 20
"""So many characters can go in any edit that leaves something."""
_TOLD: Final = 120
"""Characters of a comment that a preview tells."""


def gone(before: str, after: str) -> int:
    """How many characters of a text an edit takes away, about; 0 when most of them stay.

    Of a short text, such as a telephone number, only when next to nothing is left.
    """
    had = pieces(before)
    lost = (had - pieces(after)).total()
    is_much = lost >= FEW or remains.leaves_little(before, after)
    return lost if is_much and 2 * lost > had.total() else 0


def lost_lately(comment: Comment, text: str) -> int:
    """How many characters an edit takes away, of the text as it is or as it was an hour ago.

    So that a comment is not cut down by halves. What a cut took away was told then.
    """
    told = [comment.text]
    lately = Version.objects.filter(comment=comment, at__gte=clock.now() - LATELY)
    if texts := list(lately.order_by("pk").values_list("pk", "text")):
        after = _cut_at(comment)
        told += [one for pk, one in texts if pk > after][:1]
    return max(gone(one, text) for one in told)


def _cut_at(comment: Comment) -> int:
    """The version that the latest cut within the hour, or its undo, left behind; 0 for none."""
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


def _look(entry: LogEntry) -> Sequence[Stood]:
    """How the comment stands: edited once more, its writer has changed it since."""
    comment = _comments(entry).first()
    if comment is None:
        return []
    told = _versions(comment)
    at = int(json.loads(entry.details)["version"])
    stands = Stands.AS_LEFT if len(told) == at + 1 else Stands.CHANGED
    if _is_undone(entry):
        stands = Stands.SETTLED
    if not comment.lives:
        stands = Stands.TRASHED
    left = [*(one.text for one in told), comment.text][at + 1]
    now = _words(comment.text) if stands == Stands.CHANGED else ""
    return [
        Stood(comment.pk, stands, seen=str(len(told)),
              before=_words(told[at].text), after=_words(left), now=now,
              name=excerpt(told[at].text, _TOLD))
    ]  # fmt: skip


def _words(text: str) -> str:
    return excerpt(text, _TOLD) or _("no text")


def _give(_actor: Actor, entry: LogEntry, _going: Going) -> Giving:
    """The comment reads again as it did, with the files that it had."""
    comment = _comments(entry).get()
    before = _versions(comment)[int(json.loads(entry.details)["version"])]
    name = excerpt(before.text, _TOLD) or comment.excerpt
    return Giving(lambda _seq: _put_back(comment, before), labels=[name])


def _put_back(comment: Comment, before: Version) -> None:
    now = Version(account_id=comment.account_id, comment=comment, text=comment.text)
    now.save()
    # What the cut put in their place goes: a comment has no more files than it had.
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
    list(_comments(entry).select_for_update(of=("self",)).values_list("pk"))


door.way_back(WAY, Way(_look, _give, _hold))
