"""Which lists and prospects an actor gets to see: everything that shows them begins here."""

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
from custode.guard.words import saying
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
    """Which rows of a list are asked for, and in which order. Empty asks for all, in place.

    Args:
        q: words that must all occur.
        outcome: one of `Outcome`, or "".
        columns: the number of a column -> what must occur in it.
        sort: the number of the column by which they are sorted; 0 for their place.
        down: from the end.
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
    """The living lists of the account that the actor sees."""
    return ProspectingList.objects.filter(sight.lists(actor))


def prospects(actor: Actor) -> Prospects:
    """The living prospects, of living lists, that the actor sees."""
    return Prospect.objects.filter(in_list__in=visible(actor).values("pk"))


def titled(actor: Actor, title: str) -> Lists:
    """The lists of this title; where none is called so, those in whose titles its words occur.

    Programs look for a list by its title and write into the first one that they find.
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
    """The lists whose title or tags have these words, the latest first.

    Args:
        archived: those put aside, or those in work; None for both.
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
    """The prospects of all lists that have these words, those left to qualify first."""
    rows = prospects(actor)
    for word in fold(q).split():
        rows = rows.filter(saying(word))
    return rows.select_related("in_list").order_by("-updated_at", "-pk")


def with_address(actor: Actor, email: str) -> Prospects:
    """The prospects of all lists in which this e-mail address stands, and not only as a part."""
    told = fold(email.replace("\x00", "").strip())
    if not told or len(told) > LONGEST:
        return Prospect.objects.none()
    whole = whole_address(told)
    rows = prospects(actor).filter(searched__contains=told, searched__regex=whole)
    return rows.order_by("pk")


def having(actor: Actor, name: str, text: str) -> Prospects:
    """The prospects of all lists that have this text in a column of this name."""
    wanted, folded = fold(line(name)), fold(clean(text))
    standing = ListColumn.objects.filter(in_list__in=visible(actor).values("pk"), retired_at=None)
    keys = {
        in_list: key_of(pk)
        for pk, in_list, called in standing.values_list("pk", "in_list", "name").order_by()
        if fold(called) == wanted
    }
    # Longer ones the database would not look for; folding makes a text longer at times.
    if not keys or not folded or len(folded) > 4 * LONGEST:
        return Prospect.objects.none()
    # The database finds who has it anywhere; in which column it stands depends on the list.
    rows = prospects(actor).filter(searched__contains=folded)
    found = [
        pk
        for pk, in_list, held in rows.values_list("pk", "in_list", "cells").iterator()
        if fold(held.get(keys.get(in_list, ""), "")) == folded
    ]
    return prospects(actor).filter(pk__anyof=found).order_by("pk")


def matching(lists: Lists, wanted: Wanted) -> Prospects:
    """The rows of some lists (of `visible` ones) that fit, in the order asked for."""
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
    """All rows of a list, in their order, to be shown."""
    found = Prospect.objects.filter(in_list=one).order_by("place", "pk")
    return found.defer(*Prospect.follows)


def chosen(one: ProspectingList, ids: Sequence[int]) -> list[Prospect]:
    """The rows of a list with these numbers, in this order; those that are gone are passed over."""
    # By their numbers alone: asked for the list too, a planner that does not know yet how long it
    # has become reads all of it.
    rows = Prospect.objects.filter(pk__anyof=ids)
    rows = rows.defer("folded", "numbers", "searched", "name_folded")
    found = {row.pk: row for row in rows if row.in_list_id == one.pk}
    return [found[pk] for pk in ids if pk in found]


def changed(one: ProspectingList, since: datetime) -> QuerySet[Prospect, int]:
    """The numbers of the rows of a list that were written in since then."""
    rows = Prospect.objects.filter(in_list=one, updated_at__gte=since)
    return rows.order_by("place", "pk").values_list("pk", flat=True)


def _order(wanted: Wanted) -> list[OrderBy]:
    """Numbers by their size, then texts by their letters, then what is empty; in place within."""
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
    """How many prospects each list has, and how many are left to qualify: one query."""
    rows = Prospect.objects.filter(in_list__in=[one.pk for one in lists]).order_by()
    counted = rows.values("in_list").annotate(
        total=Count("pk"),
        left=Count("pk", filter=Q(outcome=Outcome.LEFT)),
        leads=Count("pk", filter=Q(outcome=Outcome.LEAD)),
    )
    return {row["in_list"]: Figures(row["total"], row["left"], row["leads"]) for row in counted}


def tags(lists: Iterable[ProspectingList]) -> dict[int, list[str]]:
    """The names of each list's tags: one query."""
    found: dict[int, list[str]] = {}
    marks = ListTag.objects.filter(in_list__in=[one.pk for one in lists], tag__retired_at=None)
    marks = marks.order_by("tag__folded")
    for pk, name in marks.values_list("in_list", "tag__name"):
        found.setdefault(pk, []).append(name)
    return found


def seen_leads(actor: Actor, rows: Sequence[Prospect]) -> set[int]:
    """Of the leads that these prospects became, those that live and the actor sees."""
    ids = [row.lead_id for row in rows if row.lead_id]
    if not ids:
        return set()
    leads = Lead.objects.filter(Lead.kind.sees(actor), pk__anyof=ids)
    return set(leads.values_list("pk", flat=True))


def comments(rows: Sequence[Prospect]) -> dict[int, int]:
    """How many comments each of some prospects has, which the actor sees: one query."""
    found = Comment.objects.filter(prospect__in=[row.pk for row in rows]).order_by()
    return dict(found.values("prospect").annotate(n=Count("pk")).values_list("prospect", "n"))


def titles(actor: Actor, lists: Sequence[int]) -> list[str]:
    """What those of some lists are called that the actor sees, for the words of an export."""
    rows = visible(actor).filter(pk__in=lists).order_by("title_folded")
    return list(rows.values_list("title", flat=True))


def of_lead(actor: Actor, lead: Lead) -> Prospect | None:
    """The prospect that this lead was, if the actor sees it."""
    return prospects(actor).filter(lead=lead).select_related("in_list").first()
