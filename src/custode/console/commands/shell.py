"""Open Python with Custode's models, for looking and for repairs.

The locks in the database hold here too; what a shell can do all the same is said at its start.
"""

from __future__ import annotations

import argparse
import sys

from django.core.management import call_command

WHAT_IS_NOT_GUARDED = """\
Custode's shell. Deleting, restoring and exporting go through custode.guard.door, here too, and the
database refuses other ways. What it cannot guard from you, who hold the machine:
- reading: any query or program shows what it likes, and no log tells of it;
- ordinary fields: an edit past the moves leaves no line in a lead's history;
- the locks themselves: who may alter tables can drop them (`custode serve` then refuses to start,
  and `custode verify-log` finds what was changed in the log).
Begin with:  from custode.kernel import scope; scope.account(1).__enter__()
"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What may stand on the line."""
    parser.add_argument("-c", "--command", help="run this line and leave")


def run(options: argparse.Namespace) -> None:
    """Warn, and open the shell."""
    print(WHAT_IS_NOT_GUARDED, file=sys.stderr)
    call_command("shell", command=options.command)
