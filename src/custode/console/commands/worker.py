"""Run jobs on a host that does not serve; otherwise `custode serve` runs them itself.

Any number of workers may run, on any number of hosts with one PostgreSQL. SIGTERM or Ctrl-C stops
it.
"""

from __future__ import annotations

import argparse
import os
import sys

from django.conf import settings

from custode.console import installation_keys
from custode.console.backup import holding
from custode.console.serving import conditions


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments: a worker is configured by settings."""


def run(options: argparse.Namespace) -> None:
    """Check the preconditions, and become the worker."""
    conditions.set_up_is_sound()
    conditions.database_is_ready()
    installation_keys.secrets_can_be_read()
    holding.hold(settings.DATA)
    if note := installation_keys.note(settings.OPTIONS):
        print(note, file=sys.stderr)
    # Jobs are an entrance of their own, which the console does not import.
    os.execv(sys.executable, [sys.executable, "-m", "custode.jobs"])  # noqa: S606 (ourselves)
