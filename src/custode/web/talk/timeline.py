"""The timeline of an object: comments, e-mails and changes together, newest first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.utils.safestring import SafeString

from custode.activities import moves, sight, writing
from custode.activities.models import Attachment, Comment, Email, Version
from custode.guard import kinds, policy
from custode.guard.kinds import Verb
from custode.guard.owned import Guarded
from custode.guard.policy import Decision
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.leads.models import Lead
from custode.web.shell.story import Line
from custode.web.talk import letters
from custode.web.talk.letters import ShownEmail
from custode.web.talk.subjects import subject_of

M = TypeVar("M", Comment, Email)
LENGTH: Final = 20
"""The maximum number of items at once."""
MOST_VERSIONS: Final = 50


@dataclass(frozen=True, slots=True)
class Shown:
    """A comment as it is shown.

    Args:
        html: its text as HTML.
        versions: how often it was edited.
        may_delete: whether the rules allow deleting it, if it is the person's own.
        at: the lead that it belongs to, if it is shown elsewhere.
    """

    it: Comment
    html: SafeString
    versions: int
    is_mine: bool = False
    may_pin: bool = False
    may_delete: Decision | None = None
    files: tuple[Attachment, ...] = ()
    at: Lead | None = None

    @property
    def pk_text(self) -> str:
        """Return its number as text, for an element's id."""
        return str(self.it.pk)

    @property
    def activity_text(self) -> str:
        """Return the number of its activity type, as a form has it."""
        return str(self.it.activity_id or "")


@dataclass(frozen=True, slots=True)
class Before:
    """A comment's text until an edit, and its files at that time."""

    it: Version
    files: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class Item:
    """A comment, an e-mail or a change, and when it happened."""

    at: datetime
    line: Line | None = None
    comment: Shown | None = None
    email: ShownEmail | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A reading position: the last item of each kind already shown."""

    change: int = 0
    comment: int = 0
    email: int = 0

    @classmethod
    def of(cls, query: QueryDict) -> Place:
        """Return the place in an address."""
        return cls(*(whole(query.get(name, "")) for name in ("change", "comment", "email")))

    def __str__(self) -> str:
        return f"change={self.change}&comment={self.comment}&email={self.email}"


@dataclass(frozen=True, slots=True)
class Timeline:
    """A part of a timeline, and the place after which there are more items (None: no more)."""

    items: list[Item]
    more: Place | None


def of(actor: Actor, about: Guarded, after: Place = Place()) -> Timeline:
    """Return the newest items of an object, or those after a place.

    In a constant number of queries.

    Pinned items are shown at the top (`pinned`), and are not repeated here.
    """
    lines = subject_of(about).lines(actor, about, after.change, LENGTH + 1)
    items = [Item(line.at, line=line) for line in lines]
    items += [Item(one.it.created_at, comment=one) for one in _comments(actor, about, after)]
    items += [Item(one.it.created_at, email=one) for one in _emails(actor, about, after)]
    items.sort(key=lambda item: item.at, reverse=True)
    taken = items[:LENGTH]
    more = _last(taken, after) if len(items) > LENGTH else None
    return Timeline(taken, more)


def words(actor: Actor, about: Guarded, query: QueryDict | None = None) -> dict[str, Any]:
    """Return the context of a timeline's templates.

    Args:
        query: may name a comment or an e-mail (`comment=7`), shown at the top if it is not
            among the newest.
    """
    told, top = of(actor, about), pinned(actor, about)
    sought = None if query is None else _sought(actor, about, Place.of(query), told, top)
    return {
        "about": about,
        "subject": subject_of(about),
        "timeline": told,
        "pinned": top,
        "sought": sought,
    }


def _sought(
    actor: Actor, about: Guarded, wanted: Place, told: Timeline, top: list[Shown]
) -> Item | None:
    there = {one.it.pk for one in top} | {i.comment.it.pk for i in told.items if i.comment}
    if wanted.comment and wanted.comment not in there:
        rows = commented().filter(_on(Comment, about), pk=wanted.comment)
        for one in shown_of(actor, about, rows):
            return Item(one.it.created_at, comment=one)
    there = {item.email.it.pk for item in told.items if item.email}
    if wanted.email and wanted.email not in there and _has_emails(about):
        letter = letters.written().filter(_on(Email, about), pk=wanted.email)
        for mail in letters.shown_of(actor, about, letter):
            return Item(mail.it.created_at, email=mail)
    return None


def _comments(actor: Actor, about: Guarded, after: Place) -> list[Shown]:
    """Return the comments on the object itself, and those on the leads in its timeline."""
    own = commented().filter(_on(Comment, about), pinned=False)
    found = shown_of(actor, about, _after(own, after.comment)[: LENGTH + 1])
    leads = _leads(actor, about)
    if leads is None:
        return found
    theirs = _with_lead(_after(commented().filter(lead__in=leads), after.comment))
    return [*found, *_shown_elsewhere(theirs[: LENGTH + 1])]


def _emails(actor: Actor, about: Guarded, after: Place) -> list[ShownEmail]:
    leads = _leads(actor, about)
    if leads is not None:
        theirs = _after(letters.written().filter(lead__in=leads), after.email)
        return letters.shown_elsewhere(_with_lead(theirs)[: LENGTH + 1])
    if not _has_emails(about):
        return []
    own = letters.written().filter(_on(Email, about))
    return letters.shown_of(actor, about, _after(own, after.email)[: LENGTH + 1])


def _leads(actor: Actor, about: Guarded) -> QuerySet[Any, Any] | None:
    leads = subject_of(about).leads
    return None if leads is None else leads(actor, about).order_by().values("pk")


def _has_emails(about: Guarded) -> bool:
    return type(about) in kinds.parents_of(Email).values()


def _with_lead(rows: QuerySet[M]) -> QuerySet[M]:
    return rows.select_related("lead").defer("lead__description", "lead__searched")


def _on(model: type[Guarded], about: Guarded) -> Q:
    return Q(**{kinds.link(model, type(about)): about})


def pinned(actor: Actor, about: Guarded) -> list[Shown]:
    """Return the pinned comments, which are shown at the top, newest first; all, as nowhere else.

    Restored ones may make them a few more than can be pinned.
    """
    return shown_of(actor, about, commented().filter(_on(Comment, about), pinned=True))


def shown_of(actor: Actor, about: Guarded, comments: Iterable[Comment]) -> list[Shown]:
    """Return comments on one object, with what the person may do to them."""
    comments = list(comments)
    rule = policy.may(actor, Verb.DELETE, Comment.kind.name)
    edits = moves.may_edit(actor, about)
    files = _files(comments)
    return [
        Shown(
            it=one,
            html=writing.as_html(one.text),
            versions=getattr(one, "edits", 0),
            is_mine=_is_mine(actor, one),
            may_pin=edits or _is_mine(actor, one),
            may_delete=rule if actor.is_admin or _is_mine(actor, one) else None,
            files=files.get(one.pk, ()),
        )
        for one in comments
    ]


def _shown_elsewhere(comments: Iterable[Comment]) -> list[Shown]:
    """Return read-only comments, each with the lead on whose page it can be acted on."""
    comments = list(comments)
    files = _files(comments)
    return [
        Shown(
            it=one, html=writing.as_html(one.text), versions=getattr(one, "edits", 0),
            files=files.get(one.pk, ()), at=one.lead,
        )
        for one in comments
    ]  # fmt: skip


def _files(comments: Iterable[Comment]) -> dict[int, tuple[Attachment, ...]]:
    """Return the present files of each comment, in one query."""
    found: dict[int, tuple[Attachment, ...]] = {}
    for file in Attachment.objects.filter(comment__in=[one.pk for one in comments], taken_in=None):
        found[file.comment_id] = (*found.get(file.comment_id, ()), file)
    return found


def before(comment: Comment) -> list[Before]:
    """Return a comment's former versions, newest first."""
    files = list(Attachment.objects.filter(comment=comment))
    return [
        Before(one, tuple(file for file in files if file.was_in(one)))
        for one in Version.objects.filter(comment=comment)[:MOST_VERSIONS]
    ]


def _is_mine(actor: Actor, one: Comment) -> bool:
    return one.author_id is not None and one.author_id == actor.user_id


def commented() -> QuerySet[Comment]:
    """Return comments with author, activity type, `edits` and `program`, newest first.

    `program` is the name of the application that wrote one, even in a user's name; otherwise None.
    """
    edits = Version.objects.filter(comment=OuterRef("pk")).order_by().values("comment")
    counted = edits.annotate(n=Count("pk")).values("n")
    found: QuerySet[Comment] = Comment.objects.select_related("author", "activity").annotate(
        edits=Coalesce(Subquery(counted), 0), program=sight.program(Comment.kind.name)
    )
    return found.order_by("-created_at", "-id")


def _after(rows: QuerySet[M], pk: int) -> QuerySet[M]:
    """Return the rows older than the one with this number, even if that is in the trash by now."""
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
