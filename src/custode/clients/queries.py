"""Which client folders an actor sees: everything that shows folders starts here."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from django.db.models import F, Q, QuerySet, TextField, Value
from django.http import QueryDict

from custode.clients import sight
from custode.clients.models import ClientFolder
from custode.fields import values
from custode.guard.search_texts import saying
from custode.kernel.actor import Actor
from custode.kernel.address import whole, words
from custode.kernel.text import fold

Folders = QuerySet[ClientFolder, ClientFolder]

STATES: Final = ("active", "deactivated", "all")
MINE: Final = "me"
NOBODY: Final = "none"
LONGEST: Final = 200
"""The maximum number of characters in a search text."""
_OWN: Final = re.compile(r"own-(\d{1,18})")
SORTS: Final = {"name": ("name_folded", "pk"), "-updated": ("-updated_at", "-pk")}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search for folders, as requested in a URL; invalid values are ignored.

    Args:
        q: words that must all occur in name, description or contacts.
        state: one of `STATES`.
        owner: `me`, `none`, a user's number, or "" for everybody's.
        sort: one of `SORTS`.
        own: default fields and the beginnings of their values, all of which must match; for a
            choice, its number.
        is_odd: whether a part of the URL could not be read, so that more may match than was meant.
    """

    q: str = ""
    state: str = "active"
    owner: str = ""
    sort: str = "name"
    own: tuple[tuple[int, str], ...] = ()
    is_odd: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> Wanted:
        """Return the search that a URL describes."""
        state, sort, owner = (query.get(name, "") for name in ("state", "sort", "owner"))
        known = owner in {MINE, NOBODY} or whole(owner)
        named = [name for name in query if name.startswith("own-") and query.get(name, "").strip()]
        own = {int(found[1]): name for name in named if (found := _OWN.fullmatch(name))}
        return cls(
            q=words(query.get("q", ""), LONGEST),
            state=state if state in STATES else "active",
            owner=owner if known else "",
            sort=sort if sort in SORTS else "name",
            own=tuple(
                (pk, text)
                for pk, name in sorted(own.items())
                if (text := words(query.get(name, ""), LONGEST))
            ),
            is_odd=bool(
                len(own) < len(named)
                or (owner and not known)
                or (state and state not in STATES)
                or any(len(query[name]) > LONGEST for name in ("q", *own.values()) if name in query)
            ),
        )

    def to_query(self) -> QueryDict:
        """Return the same as a URL's query, without defaults."""
        query, usual = QueryDict(mutable=True), Wanted()
        for name in ("q", "state", "owner", "sort"):
            if getattr(self, name) != getattr(usual, name):
                query[name] = getattr(self, name)
        for pk, text in self.own:
            query[f"own-{pk}"] = text
        return query

    def without(self, pair: tuple[int, str]) -> Wanted:
        """Return the same without the condition on one default field."""
        return replace(self, own=tuple(one for one in self.own if one != pair))

    @property
    def is_narrow(self) -> bool:
        """Whether it asks for less than all folders in use."""
        return (self.q, self.state, self.owner, self.own) != ("", "active", "", ())


def visible(actor: Actor) -> Folders:
    """Return the living folders of the account that the actor sees."""
    return ClientFolder.objects.filter(sight.sees(actor))


def matching(actor: Actor, wanted: Wanted) -> Folders:
    """Return the matching folders that an actor sees, in the requested order."""
    rows = visible(actor).filter(_state(wanted.state), _owner(actor, wanted.owner))
    for word in fold(wanted.q).split():
        rows = rows.filter(saying(word))
    if wanted.own:
        rows = rows.filter(values.having(ClientFolder.kind.name, wanted.own))
    return rows.order_by(*SORTS[wanted.sort])


def likely(folders: Folders, title: str, client: str) -> Folders:
    """Return those of some folders that may belong to a lead's client.

    Args:
        title: the lead's title, in which a folder's name may occur.
        client: the presumed client, with which a folder's name may begin ("Rossi" S.r.l.).
    """
    told = folders.annotate(told=Value(fold(title), TextField()))
    begins = Q(name_folded__startswith=fold(client)) if client else Q()
    return told.filter(Q(told__contains=F("name_folded")) | begins)


def _state(state: str) -> Q:
    return Q() if state == "all" else Q(deactivated_at__isnull=state == "active")


def _owner(actor: Actor, owner: str) -> Q:
    if owner == MINE:
        return Q(owner=actor.user_id)
    return Q(owner=None) if owner == NOBODY else Q(owner=int(owner)) if owner else Q()
