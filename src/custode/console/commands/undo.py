"""Undo an act by its number in the log, wholly or in part.

The act is a deletion, an import, a change of many at once, or the deletion of a step, tag or field.
Objects that were changed since stay as they are, unless --overwrite names them; --dry-run lists
them without changing anything. For example

  custode undo 512 --account "Rossi Forniture" --as rita@example.com --dry-run
  custode undo 512 --account "Rossi Forniture" --as rita@example.com --overwrite 31,37
"""

from __future__ import annotations

import argparse
from typing import Final

from django.utils import translation

from custode.console.commands import common
from custode.guard import door
from custode.guard.display_names import display_name
from custode.guard.door import UndoPart, UndoPreview, UndoStatus
from custode.guard.models import Change, LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor, Entrance
from custode.kernel.errors import Gone, Invalid, Refused

_ALL: Final = "all"
_LARGEST: Final = 2**63 - 1
_SHOWN: Final = 1000
_WORDS: Final = {
    UndoStatus.AS_LEFT: "as the act left them: taken back",
    UndoStatus.CHANGED: "changed since: left as they are, unless overwritten",
    UndoStatus.SETTLED: "taken back before, or as they were before the act",
    UndoStatus.TRASHED: "in the trash: left there",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("number", type=int, help="the act's number in the log")
    parser.add_argument("--account", required=True, help="the account's name")
    parser.add_argument(
        "--as",
        required=True,
        dest="user",
        metavar="E-MAIL",
        help="the user who undoes, by e-mail address",
    )
    parser.add_argument("--kind", default="", help="for an act on several kinds: only this one")
    parser.add_argument(
        "--only", type=_numbers, metavar="NUMBERS", help="only these objects, for example 31,37"
    )
    parser.add_argument(
        "--overwrite", default="", metavar="NUMBERS",
        help="these objects too, although they were changed since; `all` for all of them",
    )  # fmt: skip
    parser.add_argument("--dry-run", action="store_true", help="only say what would happen")


def run(options: argparse.Namespace) -> int:
    """Undo the act, or say what an undo would do."""
    account = common.account_named(options.account)
    user = common.user_with_email(account, options.user)
    if not user.is_active:
        raise Invalid(f"{user} has been disabled and cannot undo.")
    # Commands speak English, whatever language their user has on screens.
    with scope.account(account.pk), translation.override("en"):
        actor = user.actor(Entrance.CONSOLE)
        previews = _previews(actor, options)
        if options.dry_run:
            for preview in previews:
                _print(actor, preview)
            return 0
        act = door.undo(actor, options.number, _part(previews, options))
        print(f"{act.count:,} taken back, {act.stayed:,} left as they are")
    return 0


def _numbers(text: str) -> frozenset[int]:
    """Parse comma-separated numbers of objects, for argparse's `type=`."""
    try:
        found = frozenset(int(one) for one in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"“{text}” are no numbers; write them as 31,37") from error
    if not all(0 < one <= _LARGEST for one in found):
        raise argparse.ArgumentTypeError(f"“{text}” are no numbers of objects")
    return found


def _previews(actor: Actor, options: argparse.Namespace) -> list[UndoPreview]:
    """Return the objects that the act touched, of the requested kind.

    Raises:
        Gone: there is no such act.
        Refused: the act is somebody else's, and the actor is not an admin, who may not even
            preview it.
        Invalid: the act touched no objects of this kind.
    """
    # A number that no column holds would be an error of the database.
    is_a_number = 0 < options.number <= _LARGEST
    entry = LogEntry.objects.filter(seq=options.number).first() if is_a_number else None
    if entry is None:
        raise Gone("There is no such act.")
    if options.dry_run and not door.may_undo(actor, entry):
        raise Refused("Only whoever did this, or an admin, can undo it.")
    found = door.undo_previews(actor, entry)
    names = {preview.model.kind.name for preview in found}
    if options.kind and options.kind not in names:
        there = ", ".join(sorted(names)) or "none"
        raise Invalid(f"The act touched no “{options.kind}”. Its kinds: {there}.")
    return [preview for preview in found if options.kind in {"", preview.model.kind.name}]


def _part(previews: list[UndoPreview], options: argparse.Namespace) -> UndoPart:
    """Return the part of the act that the command line asks for."""
    over: dict[int, str] = {}
    if options.overwrite:
        if len(previews) != 1:
            raise Invalid("Say with --kind whose objects are to be overwritten.")
        preview = previews[0]
        changed = preview.changed()
        if options.overwrite != _ALL:
            changed = changed.filter(pk__anyof=_named(options.overwrite))
        over = preview.seen_of(changed)
    return UndoPart(options.kind, only=options.only, over=over)


def _named(text: str) -> frozenset[int]:
    try:
        return _numbers(text)
    except argparse.ArgumentTypeError as error:
        raise Invalid(f"--overwrite: {error}.") from error


def _print(actor: Actor, preview: UndoPreview) -> None:
    """Print what an undo would do to the objects of a kind; those changed since one by one."""
    counts = preview.counts()
    print(f"{sum(counts.values()):,} {preview.model.kind.plural}:")
    for stands, words in _WORDS.items():
        if count := counts.get(stands):
            print(f"  {count:,} {words}")
    seen = preview.changed().filter(preview.model.kind.sees(actor))
    changed = list(seen.order_by("pk")[:_SHOWN])
    latest = Change.objects.in_bulk(list(filter(None, map(preview.last_of, changed))))
    for row in changed:
        last = latest.get(preview.last_of(row) or 0)
        by = f", by {display_name(last.actor_name)}" if last else ""
        print(f"  number {row.pk}, “{getattr(row, preview.model.kind.label)}”: changed{by}")
