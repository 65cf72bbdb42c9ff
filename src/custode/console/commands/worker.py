"""Work on jobs, on a host that does not serve; `custode serve` does it itself otherwise.

Any number of these may run, on any number of hosts, with one PostgreSQL. Stops at SIGTERM or
Ctrl-C.
"""

from __future__ import annotations

import argparse
import os
import sys

from django.conf import settings

from custode.console import keys
from custode.console.backup import holding
from custode.console.serving import conditions


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing: a worker is set up by settings."""


def run(options: argparse.Namespace) -> None:
    """Check what must hold, and become the worker."""
    conditions.set_up_is_sound()
    conditions.database_is_ready()
    keys.secrets_can_be_read()
    holding.hold(settings.DATA)
    if note := keys.note(settings.OPTIONS):
        print(note, file=sys.stderr)
    # Jobs are an entrance of their own, which the console does not import.
    os.execv(sys.executable, [sys.executable, "-m", "custode.jobs"])  # noqa: S606 (ourselves)
