"""The objects that an act touched, for its page: what it did to each, and what is there now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from custode.guard import door
from custode.guard.door import ObjectState, UndoPreview, UndoStatus
from custode.guard.hanging import with_above
from custode.guard.models import Change
from custode.guard.owned import Guarded
from custode.guard.trashed import called
from custode.kernel import address
from custode.kernel.address import whole
from custode.people.models import User
from custode.web.security.object_links import PAGES
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
            stands=stands if stands in set(UndoStatus) else "",
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
    stands: UndoStatus
    before: str
    after: str
    now: str
    who: str
    at: datetime | None
    seen: str

    @property
    def goes_back(self) -> bool:
        """Tell whether an undo reverts it unless it is deselected."""
        return self.stands == UndoStatus.AS_LEFT

    @property
    def is_changed(self) -> bool:
        """Tell whether an undo would overwrite a later change."""
        return self.stands == UndoStatus.CHANGED


@dataclass(frozen=True, slots=True)
class Table:
    """A page of the objects of one kind.

    Args:
        counts: the number of objects in each state; `total` for all.
        more: the object number after which the next page begins; 0 on the last page.
        elsewhere: how many objects on other pages are as the act left them.
    """

    preview: UndoPreview
    rows: Sequence[Shown]
    counts: Mapping[UndoStatus, int]
    more: int
    elsewhere: int

    @property
    def total(self) -> int:
        """Return how many of the objects still exist."""
        return sum(self.counts.values())

    @property
    def as_left(self) -> int:
        """Return how many objects an undo reverts."""
        return self.counts.get(UndoStatus.AS_LEFT, 0)

    @property
    def changed(self) -> int:
        """Return how many have been changed since."""
        return self.counts.get(UndoStatus.CHANGED, 0)

    @property
    def ticked(self) -> int:
        """Return how many objects an undo reverts if no check box is changed."""
        return self.elsewhere + sum(row.goes_back for row in self.rows)


def table(preview: UndoPreview, wanted: Wanted) -> Table:
    """Return the page that the address asks for."""
    counts = preview.counts()
    rows = preview.rows.filter(pk__gt=wanted.after).order_by("pk")
    if wanted.stands:
        rows = rows.filter(stands=wanted.stands)
    if wanted.words:
        rows = rows.filter(called(preview.model, wanted.words))
    # Sort by number first: the state of the objects is determined for this page only.
    ids = list(rows.values_list("pk", flat=True)[: PAGE + 1])
    page = preview.rows.filter(pk__anyof=ids[:PAGE]).order_by("pk")
    shown = _shown(preview, list(with_above(page)))
    whole_act = not wanted.is_narrow and not wanted.after
    elsewhere = counts.get(UndoStatus.AS_LEFT, 0) - sum(row.goes_back for row in shown)
    return Table(
        preview, shown, counts,
        more=ids[PAGE - 1] if len(ids) > PAGE else 0,
        elsewhere=elsewhere if whole_act else 0,
    )  # fmt: skip


def _shown(preview: UndoPreview, page: Sequence[Any]) -> list[Shown]:
    """Return the objects with their values by name; a page takes as many queries as one object."""
    latest = Change.objects.in_bulk(list(filter(None, map(preview.last_of, page))))
    names, labels = _names(preview, page), _labels(preview, page)
    return [
        _one(preview, row, latest.get(preview.last_of(row) or 0), names, labels) for row in page
    ]


def _one(
    preview: UndoPreview, row: Any, latest: Change | None, names: Mapping[str, str],
    labels: Mapping[int, str],
) -> Shown:  # fmt: skip
    stood = (
        preview.states[row.pk]
        if preview.states is not None
        else ObjectState(row.pk, row.stands, row.seen)
    )
    stands = UndoStatus(stood.stands)
    before, after, now = stood.before, labels.get(row.pk, stood.after), stood.now
    if _is_plain(preview):
        before, after, now = (_value(preview, names, one) for one in (before, after, now))
        now = "" if stands == UndoStatus.AS_LEFT else now
    hand = latest if stands in {UndoStatus.CHANGED, UndoStatus.SETTLED} else None
    return Shown(
        pk=row.pk,
        name=stood.name or str(getattr(row, preview.model.kind.label)),
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


def _is_plain(preview: UndoPreview) -> bool:
    """Tell whether the act set a field to a value, rather than labels, a deletion or an import."""
    return preview.bulk is not None and not preview.bulk.through


def _value(preview: UndoPreview, names: Mapping[str, str], value: str) -> str:
    """Return a field's value by name."""
    if not value:
        return _("Unassigned") if preview.values is User else _("nothing")
    return names.get(value) or _("something that is not there any more")


def _names(preview: UndoPreview, page: Sequence[Any]) -> dict[str, str]:
    """Return the names of all values on a page, by their numbers as text."""
    if not _is_plain(preview) or preview.states is None:
        return {}
    stood = (preview.states[row.pk] for row in page)
    return _named(preview, {value for one in stood for value in one.values if value})


def _labels(preview: UndoPreview, page: Sequence[Any]) -> dict[int, str]:
    """Return the labels that the act added to and removed from each object: "+ Hot, − Cold"."""
    if preview.lines is None or preview.bulk is None or not preview.bulk.through:
        return {}
    lines = list(preview.lines.filter(object_id__in=[row.pk for row in page]).order_by("pk"))
    names = _named(preview, {line.new or line.old for line in lines})
    found: dict[int, str] = {}
    for line in lines:
        mark = "+" if line.new else "−"
        told = f"{mark} {names.get(line.new or line.old or '', '?')}"
        before = found.get(line.object_id)
        found[line.object_id] = f"{before}, {told}" if before else told
    return found


def _named(preview: UndoPreview, ids: set[Any]) -> dict[str, str]:
    rows = preview.values._base_manager.filter(pk__in=[int(one) for one in ids])
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


def chosen(sent: Mapping[str, Any], *, lists: Any) -> door.UndoPart:
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
        return door.UndoPart(kind, only=ids, over=over)
    shown = frozenset(whole(text) for text in lists("shown"))
    return door.UndoPart(kind, but=shown - ids, over=over)
