"""The common part of the import commands: read a file, decide about it, and import it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.utils import translation

from custode.console.commands import common
from custode.exchange.importing import job, runs
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.kernel import scope
from custode.kernel.actor import Actor, Entrance
from custode.kernel.errors import Invalid
from custode.people.models import User

_PIECE: Final = 2**20
_SHOWN: Final = 20

Decide = Callable[[ImportRun, argparse.Namespace], tuple[int, int]]
"""A function that decides about a file and has it tried; returns the accepted and refused rows."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments that every import command has."""
    parser.add_argument("file", type=Path, help="a CSV file or an Excel workbook (XLSX)")
    parser.add_argument("--account", required=True, help="the account's name")
    parser.add_argument(
        "--as",
        required=True,
        dest="user",
        metavar="E-MAIL",
        help="the user who imports, by e-mail address",
    )
    parser.add_argument("--map", default="", help="changes to the proposed mapping")
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")


def run(
    options: argparse.Namespace, kind: str, decide: Decide,
    wish: Callable[[Actor], Mapping[str, Any]] = lambda _: {},
) -> int:  # fmt: skip
    """Import the file.

    Args:
        kind: the kind of object that its rows become.
        wish: the choices made on the command line, before the file is read.
    """
    account = common.account_named(options.account)
    user = common.user_with_email(account, options.user)
    if not user.is_active:
        raise Invalid(f"{user} has been disabled and cannot import.")
    # Commands speak English, whatever language their user has on screens.
    with scope.account(account.pk), translation.override("en"):
        wished = wish(user.actor(Entrance.CONSOLE))
        brought = _bring(options.file, user, kind, wished)
        try:
            come, refused = decide(brought, options)
        except BaseException:
            _forget(brought)
            raise
        if options.dry_run:
            _forget(brought)
            print(f"Dry run: {come:,} would be imported, {refused:,} refused")
            return 0
        return _let_in(brought)


def tried(brought: ImportRun) -> None:
    """Have the whole file tried; raise `Invalid` with the reason if it cannot be imported."""
    _worked(brought, RunState.CHECKED)


def _bring(path: Path, user: User, kind: str, wish: Mapping[str, Any]) -> ImportRun:
    actor = user.actor(Entrance.CONSOLE)
    try:
        with path.open("rb") as file:
            pieces: Iterator[bytes] = iter(lambda: file.read(_PIECE), b"")
            brought = runs.bring(
                user, actor, path.name, pieces, Entrance.CONSOLE, kind=kind, wish=wish
            )
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
