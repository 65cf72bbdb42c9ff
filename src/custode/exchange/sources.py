"""The kinds that can be exported to files: the rows of an order, and their words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from custode.clients import queries as folders
from custode.clients.models import ClientFolder
from custode.clients.queries import Wanted as FoldersWanted
from custode.exchange import logs
from custode.fields.values import told_filter
from custode.guard import door, kinds
from custode.guard.kinds import Column, Kind
from custode.kernel.actor import Actor
from custode.leads import filters, sorting, words
from custode.leads import queries as leads
from custode.leads.models import Lead
from custode.people.models import User
from custode.prospecting import queries as prospecting
from custode.prospecting import row_filters
from custode.prospecting.models import Outcome, Prospect

Rows = QuerySet[Any]


@dataclass(frozen=True, slots=True)
class Source:
    """A kind that can be exported to files.

    Args:
        kind: its declaration.
        rows: returns the visible objects that a URL asks for, or those with these numbers; in
            order.
        words: returns what a URL asks for, in words; "" for everything.
        complaints: returns what in a URL cannot be read.
        chosen: returns the words for a number of objects chosen one by one.
        columns: returns the columns of these rows that may be exported.
        at_once: whether a short file is sent at once rather than made by a job.
    """

    kind: Kind
    rows: Callable[[Actor, QueryDict, Sequence[int]], Rows]
    words: Callable[[Actor, QueryDict], str]
    complaints: Callable[[QueryDict], Sequence[str]]
    chosen: Callable[[int], str]
    columns: Callable[[Actor, Rows], tuple[Column, ...]] = door.exportable
    at_once: bool = True


def _leads(actor: Actor, query: QueryDict, ids: Sequence[int]) -> Rows:
    order = sorting.read(query.get("sort", "")).order()
    if ids:
        return leads.visible(actor).filter(pk__anyof=ids).order_by(*order)
    return leads.matching(actor, filters.read(query).filter).order_by(*order)


def _chosen_leads(n: int) -> str:
    return ngettext("%(n)s chosen lead", "%(n)s chosen leads", n) % {"n": n}


def _folders(actor: Actor, query: QueryDict, ids: Sequence[int]) -> Rows:
    rows = folders.matching(actor, FoldersWanted.of(query))
    if not ids:
        return rows
    return folders.visible(actor).filter(pk__anyof=ids).order_by(*rows.query.order_by)


def _folders_words(_actor: Actor, query: QueryDict) -> str:
    wanted = FoldersWanted.of(query)
    states = {"active": "", "deactivated": _("deactivated"), "all": _("deactivated ones too")}
    owners = {"": "", folders.MINE: _("my own"), folders.NOBODY: _("unassigned")}
    parts = [
        f"“{wanted.q}”" if wanted.q else "",
        str(states[wanted.state]),
        str(owners.get(wanted.owner, "")) or _owner_words(wanted.owner),
        *(told for _pair, told in told_filter(ClientFolder.kind.name, wanted.own)),
    ]
    return ", ".join(filter(None, parts))


def _owner_words(pk: str) -> str:
    user = User.objects.filter(pk=int(pk)).first() if pk.isdigit() else None
    return gettext("of %(name)s") % {"name": user.get_full_name()} if user else ""


def _folders_complaints(query: QueryDict) -> Sequence[str]:
    if FoldersWanted.of(query).is_odd:
        return [gettext("A part of the filter could not be read and was left out.")]
    return []


def _chosen_folders(n: int) -> str:
    return ngettext("%(n)s chosen client folder", "%(n)s chosen client folders", n) % {"n": n}


def _prospects(actor: Actor, query: QueryDict, ids: Sequence[int]) -> Rows:
    asked = row_filters.read(query)
    lists = prospecting.visible(actor)
    if asked.lists:
        lists = lists.filter(pk__in=asked.lists)
    rows = prospecting.matching(lists, asked.wanted)
    if ids:
        return rows.filter(pk__anyof=ids)
    return rows


def _prospects_words(actor: Actor, query: QueryDict) -> str:
    asked = row_filters.read(query)
    titles = prospecting.titles(actor, asked.lists)
    parts = [", ".join(f"“{title}”" for title in titles)] if titles else []
    if asked.wanted.q:
        parts.append(f"“{asked.wanted.q}”")
    if asked.wanted.outcome:
        parts.append(str(Outcome(asked.wanted.outcome).label))
    parts += [f"“{words}”" for words in asked.wanted.columns.values()]
    return " · ".join(parts)


def _chosen_prospects(n: int) -> str:
    return ngettext("%(n)s chosen prospect", "%(n)s chosen prospects", n) % {"n": n}


SOURCES: Final = {
    source.kind.name: source
    for source in (
        Source(
            Lead.kind, _leads,
            words=lambda _actor, query: words.describe(filters.read(query).filter),
            complaints=lambda query: filters.read(query).complaints,
            chosen=_chosen_leads,
        ),
        Source(
            ClientFolder.kind, _folders,
            words=_folders_words,
            complaints=_folders_complaints,
            chosen=_chosen_folders,
        ),
        Source(
            Prospect.kind, _prospects,
            words=_prospects_words,
            complaints=lambda query: row_filters.read(query).complaints,
            chosen=_chosen_prospects,
        ),
        Source(
            kinds.LOG, logs.rows, logs.words, logs.complaints, logs.chosen,
            columns=lambda _actor, _rows: door.LOG_COLUMNS,
            at_once=False,
        ),
    )
}  # fmt: skip
