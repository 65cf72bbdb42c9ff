"""Which lists and prospects an actor sees: everything that shows them starts here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Count, F, FloatField, Q, QuerySet, TextField
from django.db.models.expressions import OrderBy, Value
from django.db.models.fields.json import KT, KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Collate

from custode.activities.models import Comment
from custode.guard.search_texts import saying
from custode.kernel.actor import Actor
from custode.kernel.text import fold, line, whole_address
from custode.leads.models import Lead
from custode.prospecting import sight
from custode.prospecting.cells import LONGEST, clean, key_of
from custode.prospecting.models import ListColumn, ListTag, Outcome, Prospect, ProspectingList

Lists = QuerySet[ProspectingList, ProspectingList]
Prospects = QuerySet[Prospect, Prospect]


@dataclass(frozen=True, slots=True)
class Wanted:
    """The requested rows of a list, and their order. Empty means all, by position.

    Args:
        q: words that must all occur.
        outcome: one of `Outcome`, or "".
        columns: column number -> a text that must occur in it.
        sort: the number of the column to sort by; 0 for the position.
        down: in descending order.
    """

    q: str = ""
    outcome: str = ""
    columns: Mapping[int, str] = field(default_factory=dict)
    sort: int = 0
    down: bool = False


@dataclass(frozen=True, slots=True)
class Figures:
    """How many prospects a list has, and how many are left to qualify."""

    total: int = 0
    left: int = 0
    leads: int = 0


def visible(actor: Actor) -> Lists:
    """Return the living lists of the account that the actor sees."""
    return ProspectingList.objects.filter(sight.lists(actor))


def prospects(actor: Actor) -> Prospects:
    """Return the living prospects, of living lists, that the actor sees."""
    return Prospect.objects.filter(in_list__in=visible(actor).values("pk"))


def titled(actor: Actor, title: str) -> Lists:
    """Return the lists with this title, or if there are none, those with its words in the title.

    Programs look up a list by its title and write into the first one found.
    """
    rows, words = visible(actor), fold(title.replace("\x00", "")).split()
    if any(len(word) > LONGEST for word in words):
        return rows.none()
    called = rows.filter(title_folded=" ".join(words)[:400])
    if words and called.exists():
        return called
    for word in words:
        rows = rows.filter(title_folded__contains=word)
    return rows


def found_lists(actor: Actor, q: str, *, archived: bool | None, tag: int = 0) -> Lists:
    """Return the lists whose title or tags contain these words, the latest first.

    Args:
        archived: archived lists, or those in use; None for both.
    """
    rows = visible(actor)
    if archived is not None:
        rows = rows.filter(archived_at__isnull=not archived)
    for word in fold(q).split():
        tagged = ListTag.objects.filter(tag__folded__contains=word, tag__retired_at=None)
        rows = rows.filter(Q(title_folded__contains=word) | Q(pk__in=tagged.values("in_list")))
    if tag:
        rows = rows.filter(pk__in=ListTag.objects.filter(tag=tag).values("in_list"))
    return rows.select_related("owner").order_by("-updated_at", "-pk")


def found_prospects(actor: Actor, q: str) -> Prospects:
    """Return the prospects of all lists that contain these words, those left to qualify first."""
    rows = prospects(actor)
    for word in fold(q).split():
        rows = rows.filter(saying(word))
    return rows.select_related("in_list").order_by("-updated_at", "-pk")


def with_address(actor: Actor, email: str) -> Prospects:
    """Return the prospects of all lists that contain this whole e-mail address."""
    told = fold(email.replace("\x00", "").strip())
    if not told or len(told) > LONGEST:
        return Prospect.objects.none()
    whole = whole_address(told)
    rows = prospects(actor).filter(searched__contains=told, searched__regex=whole)
    return rows.order_by("pk")


def having(actor: Actor, name: str, text: str) -> Prospects:
    """Return the prospects of all lists that have this text in a column of this name."""
    wanted, folded = fold(line(name)), fold(clean(text))
    standing = ListColumn.objects.filter(in_list__in=visible(actor).values("pk"), retired_at=None)
    keys = {
        in_list: key_of(pk)
        for pk, in_list, called in standing.values_list("pk", "in_list", "name").order_by()
        if fold(called) == wanted
    }
    # The database would not find longer ones; folding sometimes makes a text longer.
    if not keys or not folded or len(folded) > 4 * LONGEST:
        return Prospect.objects.none()
    # The database finds the text anywhere; which column it must be in depends on the list.
    rows = prospects(actor).filter(searched__contains=folded)
    found = [
        pk
        for pk, in_list, held in rows.values_list("pk", "in_list", "cells").iterator()
        if fold(held.get(keys.get(in_list, ""), "")) == folded
    ]
    return prospects(actor).filter(pk__anyof=found).order_by("pk")


def matching(lists: Lists, wanted: Wanted) -> Prospects:
    """Return the matching rows of some visible lists, in the requested order."""
    rows: Prospects = Prospect.objects.filter(in_list__in=lists.values("pk"))
    for word in fold(wanted.q).split():
        rows = rows.filter(saying(word))
    if wanted.outcome:
        rows = rows.filter(outcome=wanted.outcome)
    for column, text in wanted.columns.items():
        holding = Coalesce(KeyTextTransform(key_of(column), "folded"), Value("", TextField()))
        for n, word in enumerate(fold(text).split()):
            name = f"held_{column}_{n}"
            rows = rows.alias(**{name: holding}).filter(**{f"{name}__contains": word})
    return rows.order_by(*_order(wanted))


def rows(one: ProspectingList) -> Prospects:
    """Return all rows of a list, in their order, for display."""
    found = Prospect.objects.filter(in_list=one).order_by("place", "pk")
    return found.defer(*Prospect.follows)


def chosen(one: ProspectingList, ids: Sequence[int]) -> list[Prospect]:
    """Return the rows of a list with these numbers, in this order; missing ones are skipped."""
    # By number alone: filtered by list too, a planner that does not know yet how long it
    # has become reads all of it.
    rows = Prospect.objects.filter(pk__anyof=ids)
    rows = rows.defer("folded", "numbers", "searched", "name_folded")
    found = {row.pk: row for row in rows if row.in_list_id == one.pk}
    return [found[pk] for pk in ids if pk in found]


def changed(one: ProspectingList, since: datetime) -> QuerySet[Prospect, int]:
    """Return the numbers of a list's rows that were edited since then."""
    rows = Prospect.objects.filter(in_list=one, updated_at__gte=since)
    return rows.order_by("place", "pk").values_list("pk", flat=True)


def _order(wanted: Wanted) -> list[OrderBy]:
    """Return the order: numbers by size, then texts, then empty cells; otherwise by position."""
    way = "desc" if wanted.down else "asc"
    if not wanted.sort:
        return [getattr(F(name), way)() for name in ("in_list_id", "place", "pk")]
    key = key_of(wanted.sort)
    number: Any = Cast(KeyTextTransform(key, "numbers"), FloatField())
    text: Any = KT(f"folded__{key}")
    if connection.vendor == "postgresql":
        text = Collate(text, "C")
    return [
        getattr(number, way)(nulls_last=True),
        getattr(text, way)(nulls_last=True),
        F("place").asc(),
        F("pk").asc(),
    ]


def figures(lists: Iterable[ProspectingList]) -> dict[int, Figures]:
    """Return how many prospects each list has, and how many are left to qualify: one query."""
    rows = Prospect.objects.filter(in_list__in=[one.pk for one in lists]).order_by()
    counted = rows.values("in_list").annotate(
        total=Count("pk"),
        left=Count("pk", filter=Q(outcome=Outcome.LEFT)),
        leads=Count("pk", filter=Q(outcome=Outcome.LEAD)),
    )
    return {row["in_list"]: Figures(row["total"], row["left"], row["leads"]) for row in counted}


def tags(lists: Iterable[ProspectingList]) -> dict[int, list[str]]:
    """Return the names of each list's tags: one query."""
    found: dict[int, list[str]] = {}
    marks = ListTag.objects.filter(in_list__in=[one.pk for one in lists], tag__retired_at=None)
    marks = marks.order_by("tag__folded")
    for pk, name in marks.values_list("in_list", "tag__name"):
        found.setdefault(pk, []).append(name)
    return found


def seen_leads(actor: Actor, rows: Sequence[Prospect]) -> set[int]:
    """Return those leads of these prospects that are living and that the actor sees."""
    ids = [row.lead_id for row in rows if row.lead_id]
    if not ids:
        return set()
    leads = Lead.objects.filter(Lead.kind.sees(actor), pk__anyof=ids)
    return set(leads.values_list("pk", flat=True))


def comments(rows: Sequence[Prospect]) -> dict[int, int]:
    """Return how many comments visible to the actor each prospect has: one query."""
    found = Comment.objects.filter(prospect__in=[row.pk for row in rows]).order_by()
    return dict(found.values("prospect").annotate(n=Count("pk")).values_list("prospect", "n"))


def titles(actor: Actor, lists: Sequence[int]) -> list[str]:
    """Return the titles of those lists that the actor sees, for the words of an export."""
    rows = visible(actor).filter(pk__in=lists).order_by("title_folded")
    return list(rows.values_list("title", flat=True))


def of_lead(actor: Actor, lead: Lead) -> Prospect | None:
    """Return the prospect that became this lead, if the actor sees it."""
    return prospects(actor).filter(lead=lead).select_related("in_list").first()
