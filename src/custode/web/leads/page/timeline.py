"""One timeline of a lead: comments, e-mails and what was changed, the latest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.safestring import SafeString

from custode.activities import writing
from custode.activities.models import Attachment, Comment, Email, Version
from custode.guard import policy
from custode.guard.kinds import Verb
from custode.guard.policy import Decision
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.leads import moves
from custode.leads.models import Lead
from custode.web.leads.page import letters, story
from custode.web.leads.page.letters import ShownEmail
from custode.web.shell.story import Line

M = TypeVar("M", Comment, Email)
LENGTH: Final = 20
"""The most items at once."""
MOST_VERSIONS: Final = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment as it is shown.

    Args:
        html: its text.
        versions: how often it was edited.
        may_delete: whether a rule lets the person delete it, of those that are theirs.
    """

    it: Comment
    html: SafeString
    versions: int
    is_mine: bool
    may_pin: bool
    may_delete: Decision | None
    files: tuple[Attachment, ...] = ()

    @property
    def pk_text(self) -> str:
        """Its number, as part of an element's id."""
        return str(self.it.pk)

    @property
    def activity_text(self) -> str:
        """The number of its activity, as a form has it."""
        return str(self.it.activity_id or "")


@dataclass(frozen=True, slots=True)
class Before:
    """What a comment read until an edit, and the files it had then."""

    it: Version
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One of the three, and when it happened."""

    at: datetime
    line: Line | None = None
    comment: Shown | None = None
    email: ShownEmail | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """How far somebody has read: the last of each sort that are shown already."""

    change: int = 0
    comment: int = 0
    email: int = 0

    @classmethod
    def of(cls, query: QueryDict) -> Place:
        """What an address says."""
        return cls(*(whole(query.get(name, "")) for name in ("change", "comment", "email")))

    def __str__(self) -> str:
        return f"change={self.change}&comment={self.comment}&email={self.email}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """Some items, and the place after which there are more (None: there are not)."""

    items: list[Item]
    more: Place | None


def of(actor: Actor, lead: Lead, after: Place = Place()) -> Timeline:
    """The latest items of a lead, or those after a place; a constant number of queries.

    What is pinned stands above (`pinned`), and not here too.
    """
    lines = story.lines(actor, lead, after.change, LENGTH + 1)
    unpinned = commented().filter(lead=lead, pinned=False)
    comments = list(_after(unpinned, after.comment)[: LENGTH + 1])
    emails = list(_after(letters.written().filter(lead=lead), after.email)[: LENGTH + 1])
    items = [
        *(Item(line.at, line=line) for line in lines),
        *(Item(one.it.created_at, comment=one) for one in shown_of(actor, lead, comments)),
        *(Item(one.it.created_at, email=one) for one in letters.shown_of(actor, lead, emails)),
    ]
    items.sort(key=lambda item: item.at, reverse=True)
    taken = items[:LENGTH]
    more = _last(taken, after) if len(items) > LENGTH else None
    return Timeline(taken, more)


def pinned(actor: Actor, lead: Lead) -> list[Shown]:
    """The comments that stand above all, the latest first."""
    return shown_of(actor, lead, commented().filter(lead=lead, pinned=True)[:LENGTH])


def shown_of(actor: Actor, lead: Lead, comments: Iterable[Comment]) -> list[Shown]:
    """Comments of one lead, with what the person may do to them."""
    comments = list(comments)
    rule = policy.may(actor, Verb.DELETE, Comment.kind.name)
    edits = moves.may_edit(actor, lead)
    files: dict[int, list[Attachment]] = {}
    for file in Attachment.objects.filter(comment__in=[one.pk for one in comments], taken_in=None):
        files.setdefault(file.comment_id, []).append(file)
    return [
        Shown(
            it=one,
            html=writing.as_html(one.text),
            versions=getattr(one, "edits", 0),
            is_mine=_is_mine(actor, one),
            may_pin=edits or _is_mine(actor, one),
            may_delete=rule if actor.is_admin or _is_mine(actor, one) else None,
            files=tuple(files.get(one.pk, ())),
        )
        for one in comments
    ]


def before(comment: Comment) -> list[Before]:
    """What a comment was before it was edited, the latest first."""
    files = list(Attachment.objects.filter(comment=comment))
    return [
        Before(one, tuple(file for file in files if file.was_in(one)))
        for one in Version.objects.filter(comment=comment)[:MOST_VERSIONS]
    ]


def _is_mine(actor: Actor, one: Comment) -> bool:
    return one.author_id is not None and one.author_id == actor.user_id


def commented() -> QuerySet[Comment]:
    """Comments with who wrote them, their activity, and `edits`, the latest first."""
    edits = Version.objects.filter(comment=OuterRef("pk")).order_by().values("comment")
    counted = edits.annotate(n=Count("pk")).values("n")
    found: QuerySet[Comment] = Comment.objects.select_related("author", "activity")
    return found.annotate(edits=Coalesce(Subquery(counted), 0)).order_by("-created_at", "-id")


def _after(rows: QuerySet[M], pk: int) -> QuerySet[M]:
    """Those that are older than the one of this number, be that in the trash by now."""
    last = rows.model.with_trashed.filter(pk=pk).values_list("created_at", flat=True).first()
    if last is None:
        return rows
    return rows.filter(Q(created_at__lt=last) | Q(created_at=last, pk__lt=pk))


def _last(taken: Iterable[Item], before: Place) -> Place:
    change, comment, email = before.change, before.comment, before.email
    for item in taken:
        if item.line is not None:
            change = item.line.pk
        if item.comment is not None:
            comment = item.comment.it.pk
        if item.email is not None:
            email = item.email.it.pk
    return Place(change, comment, email)
