"""Import a file of prospects into a prospecting list.

The list is an existing one (--list, by title or number) or a new one (--new), which is yours.
Columns with the same name are matched, and the others are added to the list; --map changes that:
columns of the list and the file's columns for them, joined by `;`. With nothing after `=`, a column
of the list stays empty; `skip` names columns of the file to leave out, for example

  --map 'Company=ragione sociale;City=;skip=note+codice'

The rows are added at the end of the list, as one act that can be undone.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from custode.console.commands import bringing
from custode.exchange.importing import job, runs
from custode.exchange.importing.choices import NEW
from custode.exchange.importing.sheets import line
from custode.exchange.importing.sheets.plan import Fitted, Plan, chosen, fit
from custode.exchange.importing.sheets.trial import Trial
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.prospecting import columns, moves, queries
from custode.prospecting.models import Prospect


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    bringing.arguments(parser)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--list", metavar="NAME", help="a list's title or number")
    where.add_argument("--new", metavar="NAME", help="a new list's title")


def run(options: argparse.Namespace) -> int:
    """Import the file."""
    return bringing.run(options, Prospect.kind.name, _decide, _wish(options))


def _wish(options: argparse.Namespace) -> Callable[[Actor], dict[str, Any]]:
    def wish(actor: Actor) -> dict[str, Any]:
        """Return the choice of the list."""
        if options.new is not None:
            return {"into": NEW, "title": moves.read_title(options.new)}
        return {"into": str(_list_named(actor, options.list))}

    return wish


def _list_named(actor: Actor, name: str) -> int:
    lists = queries.visible(actor)
    found = list(lists.filter(title_folded=fold(name.strip())).order_by("pk"))
    if not found and name.isascii() and name.isdigit():
        found = list(lists.filter(pk=int(name)))
    if not found:
        raise Invalid(f"{actor.name} sees no prospecting list “{name}”. For a new one say --new.")
    if len(found) > 1:
        numbers = ", ".join(str(one.pk) for one in found)
        raise Invalid(f"Several lists are called “{name}”. Say which by its number: {numbers}.")
    return int(found[0].pk)


def _decide(brought: ImportRun, options: argparse.Namespace) -> tuple[int, int]:
    actor, told = job.actor_of(brought), Study.from_dict(brought.study)
    plan = Plan(**brought.choices)
    if options.map:
        one = chosen(actor, plan.into)
        plan = line.parsed(options.map, told.headers, plan, columns.of(one) if one else [])
    fitted = fit(actor, plan, told.headers)
    _print_plan(told, fitted)
    runs.decide(brought, {}, plan.as_dict())
    bringing.tried(brought)
    trial = Trial.from_dict(brought.forecast)
    where = f"the list “{fitted.one}”" if fitted.one else f"a new list “{plan.title}”"
    print(f"{trial.comes:,} prospects will be added to {where}, {trial.refused:,} rows refused.")
    return trial.comes, trial.refused


def _print_plan(told: Study, fitted: Fitted) -> None:
    print(f"{told.expected:,} rows, {len(told.headers)} columns. What they become:\n")
    names = line.names_of(fitted)
    width = min(30, max(len(header) for header in told.headers[:40]))
    for column in told.columns:
        name = names.get(column.name)
        shown = "-" if name is None else f"{name} (new)" if column.name in fitted.new else name
        print(f"  {column.name:<{width}}  {shown:<28}  {' | '.join(column.samples)[:60]}")
    print(f"\nAs --map: {line.written(fitted, told.headers)}\n")
