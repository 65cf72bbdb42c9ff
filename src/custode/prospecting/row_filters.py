"""Parses a URL's search for rows of lists, and reports what is invalid."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from custode.kernel.address import whole
from custode.prospecting.models import Outcome
from custode.prospecting.queries import Wanted

LONGEST: Final = 200
"""The maximum number of characters in a search text."""
MOST_LISTS: Final = 200
_IN: Final = re.compile(r"in-(\d{1,18})")
_SORT: Final = re.compile(r"(-?)c(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Asked:
    """The search in a URL, and messages about what could not be read."""

    lists: tuple[int, ...]
    wanted: Wanted
    complaints: tuple[str, ...] = ()


def read(query: QueryDict) -> Asked:
    """Return the lists and rows that a URL asks for: `list=3&q=rossi&outcome=left&in-7=roma`."""
    complaints: list[str] = []

    def text(name: str) -> str:
        """Return the text of a parameter, cut with a complaint if too long."""
        found = query.get(name, "").replace("\x00", "").strip()
        if len(found) > LONGEST:
            # Part of a search would match more rows: it must never be cut silently.
            complaints.append(_("The search is too long. A part of it was left out."))
        return found[:LONGEST]

    outcome = text("outcome")
    if outcome not in {"", *Outcome.values}:
        complaints.append(
            _("The filter has no choice “%(value)s”. This part of it was left out.")
            % {"value": outcome[:60]}
        )
        outcome = ""
    within = {int(found[1]): text(name) for name in query if (found := _IN.fullmatch(name))}
    sort = _SORT.fullmatch(query.get("sort", ""))
    # Anything but a number becomes 0, which no list has: dropping it would mean all lists.
    lists = tuple(dict.fromkeys(whole(value) for value in query.getlist("list")))
    if len(lists) > MOST_LISTS:
        complaints.append(_("Choose at most %(n)s lists.") % {"n": MOST_LISTS})
    return Asked(
        lists[:MOST_LISTS],
        Wanted(
            q=text("q"),
            outcome=outcome,
            columns={column: words for column, words in within.items() if words},
            sort=int(sort[2]) if sort else 0,
            down=bool(sort and sort[1]),
        ),
        tuple(complaints),
    )
