"""The objects that an act touched, for its page: what it did to each, and what is there now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from custode.guard import door
from custode.guard.door import Stands, Stood, Trail
from custode.guard.hanging import with_above
from custode.guard.models import Change
from custode.guard.owned import Guarded
from custode.guard.trashed import called
from custode.kernel import address
from custode.kernel.address import whole
from custode.people.models import User
from custode.web.security.things import PAGES
from custode.web.shell.words import actor_name

PAGE: Final = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filter in the address; unknown values are ignored.

    Args:
        kind: the name of one of the kinds that the act touched.
        stands: only objects in this state.
        words: part of an object's name.
        after: only objects with a larger number, for the next page.
    """

    kind: str = ""
    stands: str = ""
    words: str = ""
    after: int = 0

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """Return the filter in a request's parameters."""
        stands = query.get("stands", "")
        return cls(
            kind=query.get("kind", ""),
            stands=stands if stands in set(Stands) else "",
            words=address.words(query.get("q", "")),
            after=whole(query.get("after", "")),
        )

    @property
    def is_narrow(self) -> bool:
        """Tell whether the filter may exclude objects of the kind."""
        return bool(self.stands or self.words)


@dataclass(frozen=True, slots=True)
class Shown:
    """An object in its row.

    Args:
        url: its page; "" if it can no longer be seen.
        trash: the trash entry that contains it; 0 for none.
        before, after: the values before and after the act, in words; "" if they are obvious.
        now: the present value, if it is another one.
        who, at: who changed it last, and when.
        seen: the version shown, so that an undo overwrites no later change.
    """

    pk: int
    name: str
    url: str
    trash: int
    stands: Stands
    before: str
    after: str
    now: str
    who: str
    at: datetime | None
    seen: str

    @property
    def goes_back(self) -> bool:
        """Tell whether an undo reverts it unless it is deselected."""
        return self.stands == Stands.AS_LEFT

    @property
    def is_changed(self) -> bool:
        """Tell whether an undo would overwrite a later change."""
        return self.stands == Stands.CHANGED


@dataclass(frozen=True, slots=True)
class Table:
    """A page of the objects of one kind.

    Args:
        counts: the number of objects in each state; `total` for all.
        more: the object number after which the next page begins; 0 on the last page.
        elsewhere: how many objects on other pages are as the act left them.
    """

    trail: Trail
    rows: Sequence[Shown]
    counts: Mapping[Stands, int]
    more: int
    elsewhere: int

    @property
    def total(self) -> int:
        """Return how many of the objects still exist."""
        return sum(self.counts.values())

    @property
    def as_left(self) -> int:
        """Return how many objects an undo reverts."""
        return self.counts.get(Stands.AS_LEFT, 0)

    @property
    def changed(self) -> int:
        """Return how many have been changed since."""
        return self.counts.get(Stands.CHANGED, 0)

    @property
    def ticked(self) -> int:
        """Return how many objects an undo reverts if no check box is changed."""
        return self.elsewhere + sum(row.goes_back for row in self.rows)


def table(trail: Trail, wanted: Wanted) -> Table:
    """Return the page that the address asks for."""
    counts = trail.counts()
    rows = trail.rows.filter(pk__gt=wanted.after).order_by("pk")
    if wanted.stands:
        rows = rows.filter(stands=wanted.stands)
    if wanted.words:
        rows = rows.filter(called(trail.model, wanted.words))
    # Sort by number first: the state of the objects is determined for this page only.
    ids = list(rows.values_list("pk", flat=True)[: PAGE + 1])
    page = trail.rows.filter(pk__anyof=ids[:PAGE]).order_by("pk")
    shown = _shown(trail, list(with_above(page)))
    whole_act = not wanted.is_narrow and not wanted.after
    elsewhere = counts.get(Stands.AS_LEFT, 0) - sum(row.goes_back for row in shown)
    return Table(
        trail, shown, counts,
        more=ids[PAGE - 1] if len(ids) > PAGE else 0,
        elsewhere=elsewhere if whole_act else 0,
    )  # fmt: skip


def _shown(trail: Trail, page: Sequence[Any]) -> list[Shown]:
    """Return the objects with their values by name; a page takes as many queries as one object."""
    latest = Change.objects.in_bulk(list(filter(None, map(trail.last_of, page))))
    names, labels = _names(trail, page), _labels(trail, page)
    return [_one(trail, row, latest.get(trail.last_of(row) or 0), names, labels) for row in page]


def _one(
    trail: Trail, row: Any, latest: Change | None, names: Mapping[str, str],
    labels: Mapping[int, str],
) -> Shown:  # fmt: skip
    stood = trail.stood[row.pk] if trail.stood is not None else Stood(row.pk, row.stands, row.seen)
    stands = Stands(stood.stands)
    before, after, now = stood.before, labels.get(row.pk, stood.after), stood.now
    if _is_plain(trail):
        before, after, now = (_value(trail, names, one) for one in (before, after, now))
        now = "" if stands == Stands.AS_LEFT else now
    hand = latest if stands in {Stands.CHANGED, Stands.SETTLED} else None
    return Shown(
        pk=row.pk,
        name=stood.name or str(getattr(row, trail.model.kind.label)),
        url=page_of(row),
        trash=row.trash_id or 0,
        stands=stands,
        before=before,
        after=after,
        now=now,
        who=actor_name(hand.actor_kind, hand.actor_name) if hand else "",
        at=hand.at if hand else None,
        seen=stood.seen,
    )


def _is_plain(trail: Trail) -> bool:
    """Tell whether the act set a field to a value, rather than labels, a deletion or an import."""
    return trail.bulk is not None and not trail.bulk.through


def _value(trail: Trail, names: Mapping[str, str], value: str) -> str:
    """Return a field's value by name."""
    if not value:
        return _("Unassigned") if trail.values is User else _("nothing")
    return names.get(value) or _("something that is not there any more")


def _names(trail: Trail, page: Sequence[Any]) -> dict[str, str]:
    """Return the names of all values on a page, by their numbers as text."""
    if not _is_plain(trail) or trail.stood is None:
        return {}
    stood = (trail.stood[row.pk] for row in page)
    return _named(trail, {value for one in stood for value in one.values if value})


def _labels(trail: Trail, page: Sequence[Any]) -> dict[int, str]:
    """Return the labels that the act added to and removed from each object: "+ Hot, − Cold"."""
    if trail.lines is None or trail.bulk is None or not trail.bulk.through:
        return {}
    lines = list(trail.lines.filter(object_id__in=[row.pk for row in page]).order_by("pk"))
    names = _named(trail, {line.new or line.old for line in lines})
    found: dict[int, str] = {}
    for line in lines:
        mark = "+" if line.new else "−"
        told = f"{mark} {names.get(line.new or line.old or '', '?')}"
        before = found.get(line.object_id)
        found[line.object_id] = f"{before}, {told}" if before else told
    return found


def _named(trail: Trail, ids: set[Any]) -> dict[str, str]:
    rows = trail.values._base_manager.filter(pk__in=[int(one) for one in ids])
    return {str(row.pk): str(row) for row in rows}


def page_of(row: Guarded) -> str:
    """Return where an object is shown: its own page or its parent's; "" for none."""
    if not row.lives:
        return ""
    above: Guarded | None = row
    while above is not None:
        if page := PAGES.get(above.kind.name):
            return reverse(page, args=[above.pk])
        above = above.hangs_on
    return ""


def chosen(sent: Mapping[str, Any], *, lists: Any) -> door.Part:
    """Return the part of an act that a form asks to undo.

    Args:
        sent: the form.
        lists: returns all of its values under a name.
    """
    ids = frozenset(whole(text) for text in lists("ids"))
    over: dict[int, str] = {}
    for text in lists("over"):
        pk, _colon, seen = str(text).partition(":")
        over[whole(pk)] = seen
    kind = str(sent.get("kind", ""))
    if not sent.get("rest"):
        return door.Part(kind, only=ids, over=over)
    shown = frozenset(whole(text) for text in lists("shown"))
    return door.Part(kind, but=shown - ids, over=over)
