"""A plan on a command line: `Company=ragione sociale;City=;skip=note+codice`.

Each entry names a column of the list, which is created if missing, and the file's column for it;
nothing after `=` removes the column from the proposal. Quotes as in a mapping of leads.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from custode.exchange.importing.choices import NEW
from custode.exchange.importing.sheets.plan import SKIP, Fitted, Plan
from custode.exchange.reading.mapline import bare, quote, split
from custode.exchange.reading.mapping import unknown_column
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.prospecting.models import ListColumn


def parsed(line: str, headers: Sequence[str], base: Plan, standing: Sequence[ListColumn]) -> Plan:
    """Return a proposal changed by the line; raise `Invalid` for what is wrong in it."""
    places = dict(base.places)
    there = {fold(column.name): str(column.pk) for column in standing}
    for entry in filter(str.strip, split(line, ";")):
        name, *rest = split(entry, "=")
        if len(rest) != 1:
            raise Invalid(f"“{entry.strip()}” is not of the form column=column of the file.")
        name = bare(name)
        if name == SKIP:
            places |= {_header(bare(one), headers): SKIP for one in split(rest[0], "+")}
            continue
        place = there.get(fold(name), "")
        header = _header(bare(rest[0]), headers) if rest[0].strip() else ""
        places = {h: SKIP if place and p == place else p for h, p in places.items()}
        if header:
            places[header] = place or _new(name, header)
    return replace(base, places=places)


def written(fitted: Fitted, headers: Sequence[str]) -> str:
    """Return the line from which `parsed` returns this plan."""
    names = {header: column.name for header, column in fitted.there.items()} | fitted.new
    entries = [f"{quote(names[header])}={quote(header)}" for header in fitted.headers]
    skipped = "+".join(quote(header) for header in headers if header not in names)
    return ";".join([*entries, *([f"skip={skipped}"] if skipped else [])])


def names_of(fitted: Fitted) -> Mapping[str, str]:
    """Return a column of the file -> the name of the list's column for it."""
    return {header: column.name for header, column in fitted.there.items()} | fitted.new


def _new(name: str, header: str) -> str:
    if fold(name) != fold(header):
        raise Invalid(
            f"The list has no column “{name}”. A new one is called as in the file, “{header}”:"
            " write it so, and rename it afterwards."
        )
    return NEW


def _header(name: str, headers: Sequence[str]) -> str:
    if name in headers:
        return name
    alike = [header for header in headers if header.casefold() == name.casefold()]
    if len(alike) != 1:
        raise Invalid(unknown_column(name, headers))
    return alike[0]
