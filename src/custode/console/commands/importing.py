"""Bring a file of leads into an account.

Reads the file, proposes what each column becomes as the screen does, tries it over the whole file,
says what will happen, and lets the rows in as one act that can be undone. --map changes the
proposal: places and their columns, joined by `;`, for example

  --map 'title=account+product;created_at=engage_date:mdy;status.Won=won'

An admin's import makes people without sign-in, steps and tags that the file names and the account
lacks; with --make-nothing, or for who is no admin, such leads are unassigned and go to the
pipeline's first step (closed ones to its last). A name that fits several people is asked: answer
with --owner, as often as there are names, for example

  --owner 'Mario Rossi=mario@example.com' --owner 'Mara Gallo=none'
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from django.utils import translation

from custode.console.commands import common, import_owners
from custode.exchange.importing import job, runs
from custode.exchange.importing.choices import NONE, Choices
from custode.exchange.importing.deciding import Decided, decide
from custode.exchange.importing.forecast import Forecast
from custode.exchange.importing.names import Names
from custode.exchange.importing.needs import needs
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.exchange.reading import format_map, from_dict, parse_map
from custode.kernel import scope
from custode.kernel.actor import Entrance
from custode.kernel.errors import Invalid
from custode.people.models import User

_PIECE: Final = 2**20
_SHOWN: Final = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may stand on the line."""
    parser.add_argument("file", type=Path, help="a CSV file or an Excel workbook (XLSX)")
    parser.add_argument("--account", required=True, help="the account's name")
    parser.add_argument("--as", required=True, dest="user", metavar="E-MAIL", help="who imports")
    parser.add_argument("--map", default="", help="changes to the proposed mapping")
    parser.add_argument("--pipeline", default="", help="its name; else the account's usual one")
    parser.add_argument("--currency", type=common.currency, help="of amounts that name none")
    parser.add_argument(
        "--owner", action="append", default=[], metavar="NAME=WHO",
        help="whom a name in the file means: an e-mail address, a user's number, new or none",
    )  # fmt: skip
    parser.add_argument("--make-nothing", action="store_true", help="make no people and no steps")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")


def run(options: argparse.Namespace) -> int:
    """Bring the file."""
    account = common.account_named(options.account)
    user = common.user_with_email(account, options.user)
    if not user.is_active:
        raise Invalid(f"{user} has been disabled and cannot import.")
    # Commands speak English, whatever their user reads on screens.
    with scope.account(account.pk), translation.override("en"):
        brought = _bring(options.file, user)
        try:
            _decide(brought, options)
        except BaseException:
            _forget(brought)
            raise
        if options.dry_run:
            told = Forecast.from_dict(brought.forecast)
            _forget(brought)
            print(f"Dry run: {told.leads:,} would be imported, {told.refused:,} refused")
            return 0
        return _let_in(brought)


def _bring(path: Path, user: User) -> ImportRun:
    actor = user.actor(Entrance.CONSOLE)
    try:
        with path.open("rb") as file:
            pieces: Iterator[bytes] = iter(lambda: file.read(_PIECE), b"")
            brought = runs.bring(user, actor, path.name, pieces, Entrance.CONSOLE)
    except OSError as error:
        raise Invalid(f"{path} cannot be opened: {error.strerror}.") from error
    return _worked(brought, RunState.MAPPING)


def _worked(
    brought: ImportRun, wanted: RunState, progress: job.Progress = lambda _: None
) -> ImportRun:
    job.work(brought.account_id, brought.pk, progress=progress)
    brought.refresh_from_db()
    if brought.state != wanted:
        raise Invalid(brought.why)
    return brought


def _decide(brought: ImportRun, options: argparse.Namespace) -> None:
    told, names = Study.from_dict(brought.study), Names.load(job.actor_of(brought))
    choices = _choices(brought, options, names)
    mapping = from_dict(brought.mapping, told.headers)
    if options.map:
        mapping = parse_map(options.map, told.headers, mapping)
    decided = decide(mapping, told, names, choices)
    _print_mapping(told, decided)
    if decided.questions:
        sentences = "\n".join(question.sentence for question in decided.questions)
        raise Invalid(f"{sentences}\nAnswer with --map, for example --map 'created_at=date:dmy'.")
    runs.set_mapping(brought, decided.mapping, choices)
    job.work(brought.account_id, brought.pk)
    brought.refresh_from_db()
    import_owners.require_answers(brought, names, choices)
    if brought.state != RunState.CHECKED:
        raise Invalid(brought.why)
    _print_forecast(Forecast.from_dict(brought.forecast), names, choices)


def _choices(brought: ImportRun, options: argparse.Namespace, names: Names) -> Choices:
    choices = Choices(**brought.choices)
    if options.make_nothing:
        choices = replace(choices, others=NONE, new_steps=False)
    if options.currency:
        choices = replace(choices, currency=options.currency)
    if options.pipeline:
        found = names.pipeline_named(options.pipeline)
        if found is None:
            there = ", ".join(f"“{one.name}”" for one in names.pipelines)
            raise Invalid(f"There is no pipeline “{options.pipeline}”. There are: {there}.")
        choices = replace(choices, pipeline=str(found.pk))
    return replace(choices, owners=import_owners.read(options.owner, names))


def _print_mapping(told: Study, decided: Decided) -> None:
    print(f"{told.expected:,} rows, {len(told.headers)} columns. What they become:\n")
    places = decided.mapping.places(told.headers)
    width = max(len(header) for header in told.headers[:40])
    for column in told.columns:
        own = decided.mapping.own_of(column.name)
        what = ", ".join([*(place.value for place in places[column.name]), *filter(None, [own])])
        way = decided.mapping.ways.get(column.name, "")
        shown = f"{what} ({way})" if way else what
        print(f"  {column.name:<{min(width, 30)}}  {shown:<28}  {' | '.join(column.samples)[:60]}")
    for value in decided.values:
        step, status = value.step or "-", value.status.value if value.status else "-"
        print(f"  “{value.value}”: step {step}, status {status} ({value.rows:,} rows)")
    print(f"\nAs --map: {format_map(decided.mapping)}\n")


def _print_forecast(told: Forecast, names: Names, choices: Choices) -> None:
    needed = needs(told, names, choices)
    print(f"{told.leads:,} leads will be created, {told.refused:,} rows refused.")
    for count, what in (
        (len(needed.people), "people without sign-in"),
        (len(needed.pipelines), "pipelines"),
        (len(needed.steps), "steps"),
        (len(needed.tags), "tags"),
    ):
        if count:
            print(f"{count:,} {what} will be made.")
    for owner in needed.people:
        if owner.other_spellings:
            print(f"“{owner}” is also written {', '.join(owner.other_spellings)}.")
    if needed.unassigned:
        print(
            f"{sum(needed.unassigned.values()):,} leads will be unassigned;"
            " their owners' names are kept in the descriptions."
        )
    if needed.elsewhere:
        steps = ", ".join(needed.elsewhere)
        print(f"Steps that are not there, whose leads go to the pipeline's ends: {steps}.")


def _let_in(brought: ImportRun) -> int:
    runs.start(brought, job.actor_of(brought))
    _worked(brought, RunState.DONE, _tell)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    for row in RefusedRow.objects.filter(run=brought).order_by("pk")[:_SHOWN]:
        column = f" column “{row.column}”:" if row.column else ""
        print(f"line {row.line}:{column} {row.reason}", file=sys.stderr)
    if brought.refused > _SHOWN:
        print("The list of all is on the screen Import.", file=sys.stderr)
    print(f"{brought.imported:,} imported, {brought.refused:,} refused")
    return 0


def _tell(brought: ImportRun) -> None:
    if sys.stderr.isatty():
        print(f"\r{brought.read:,} of {brought.expected:,}", end="", file=sys.stderr, flush=True)


def _forget(brought: ImportRun) -> None:
    brought.refresh_from_db()
    if not brought.is_under_way:
        runs.discard(brought)
