"""Tell which export a file came from: a CSV file or a workbook, complete or only some rows.

The cells decide, not the file's name. Exits with 1 if no export matches.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from django.utils import timezone, translation

from custode.accounts.models import Account
from custode.console.commands import common
from custode.exchange.comparing import Match
from custode.exchange.export_origin import MOST_ROWS, Answer, find_exports
from custode.guard import kinds
from custode.guard.display_names import display_name
from custode.guard.kinds import Verb
from custode.guard.logbook import filter_of
from custode.guard.models import LogEntry, LogPerson, Outcome
from custode.kernel import scope
from custode.kernel.errors import Invalid

_SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, help="a CSV file or an Excel workbook (XLSX)")
    parser.add_argument("--account", metavar="NAME", help="only this account; by default all")


def run(options: argparse.Namespace) -> int:
    """Compare the file with the exports of each account, and report."""
    accounts = (
        [common.account_named(options.account)]
        if options.account
        else list(Account.objects.order_by("name"))
    )
    if not options.file.is_file():
        raise Invalid(f"{options.file} is not there. Write the path of a CSV or XLSX file.")
    fits = False
    for account in accounts:
        with scope.account(account.pk), translation.override("en"):
            answer = find_exports(account.pk, str(options.file), options.file.name)
            fits = _told(account, answer) or fits
    return 0 if fits else 1


def _told(account: Account, answer: Answer) -> bool:
    """Print what was found in one account; return whether anything was."""
    many = f"the first {MOST_ROWS:,}" if answer.more else f"{answer.rows:,}"
    found = len(answer.matches)
    print(
        f"{account}: {many} rows compared with {answer.compared:,} exports;"
        f" {f'{found:,} fit, the best first' if found else 'none fits'}."
    )
    for match in answer.matches[:_SHOWN]:
        print(f"  {_line(match, answer)}")
    if found > _SHOWN:
        print(f"  … and {found - _SHOWN:,} more.")
    if len(answer.tied) > 1:
        print(
            f"  The first {len(answer.tied)} fit alike: only the file's name and form put the first"
            " ahead."
        )
    for match in answer.alike[:_SHOWN]:
        print(f"  Alike, by one text of each row, which may be chance: {_line(match, answer)}")
    if answer.says:
        print(f"  The file itself names entry {answer.says}; anybody can change that.")
    if answer.elsewhere:
        print(
            f"  {answer.elsewhere:,} exports were noted under another secret key and cannot be"
            " compared."
        )
    return bool(found)


def _from(told: dict[str, str], *, erased: bool) -> str:
    """Return where an export was requested from; a command's own exports have no address."""
    return "an erased address" if erased else str(told.get("ip") or "here")


def _line(match: Match, answer: Answer) -> str:
    begun = LogEntry.objects.get(seq=match.seq)
    ended = LogEntry.objects.filter(
        about=match.seq, verb=Verb.EXPORT, outcome__in=[Outcome.DONE, Outcome.BROKEN_OFF]
    ).first()
    person = LogPerson.objects.filter(seq=match.seq).first()
    told = json.loads(person.data) if person else {}
    kind, went = kinds.named(match.kind), ended.count if ended else 0
    where = _from(told, erased=person is None)
    asked = f", filter {words}" if (words := filter_of(told)) else ""
    return (
        f"entry {match.seq}, {timezone.localtime(begun.at):%Y-%m-%d %H:%M}:"
        f" {display_name(told.get('actor') or '') or 'somebody whose name was erased'} exported"
        f" {went:,} {kind.singular if went == 1 else kind.plural}{asked}, from {where}."
        f" {match.rows:,} of {answer.rows:,} rows are from it, {match.same:,} the same in all of"
        f" {match.columns} columns."
    )
