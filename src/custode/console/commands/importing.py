"""Import a file of leads into an account.

Reads the file, proposes a mapping of its columns as the screen does, tries it on the whole file,
says what will happen, and imports the rows as one act that can be undone. --map changes the
proposal: destinations and their columns, joined by `;`, for example

  --map 'title=account+product;created_at=engage_date:mdy;status.Won=won'

An admin's import creates people (without a sign-in), steps and tags that the file names and the
account lacks; with --make-nothing, or for a user who is not an admin, such leads are unassigned and
go to the pipeline's first step (closed ones to its last). If a name fits several people, say who is
meant with --owner, once for each name, for example

  --owner 'Mario Rossi=mario@example.com' --owner 'Mara Gallo=none'
"""

from __future__ import annotations

import argparse
from dataclasses import replace

from custode.console.commands import bringing, common, import_owners
from custode.exchange.importing import job, runs
from custode.exchange.importing.choices import NONE, Choices
from custode.exchange.importing.deciding import Decided, decide
from custode.exchange.importing.forecast import Forecast
from custode.exchange.importing.names import Names
from custode.exchange.importing.needs import needs
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun, RunState
from custode.exchange.reading import format_map, from_dict, parse_map
from custode.kernel.errors import Invalid
from custode.leads.models import Lead


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    bringing.arguments(parser)
    parser.add_argument(
        "--pipeline",
        default="",
        help="the pipeline's name; by default the account's default pipeline",
    )
    parser.add_argument(
        "--currency", type=common.currency, help="the currency of amounts that name none"
    )
    parser.add_argument(
        "--owner", action="append", default=[], metavar="NAME=WHO",
        help="who is meant by a name in the file: an e-mail address, a user's number, new or none",
    )  # fmt: skip
    parser.add_argument("--make-nothing", action="store_true", help="create no people and no steps")


def run(options: argparse.Namespace) -> int:
    """Import the file."""
    return bringing.run(options, Lead.kind.name, _decide)


def _decide(brought: ImportRun, options: argparse.Namespace) -> tuple[int, int]:
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
    forecast = Forecast.from_dict(brought.forecast)
    _print_forecast(forecast, names, choices)
    return forecast.leads, forecast.refused


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
