"""Serve Custode: the pages, the static files and, unless CUSTODE_WORKER=no, the jobs.

It is configured by settings only; see docs/settings.md and docs/operate.md. SIGTERM or Ctrl-C stops
it.
"""

from __future__ import annotations

import argparse
import sys

from django.conf import settings

from custode.console import installation_keys
from custode.console.backup import holding
from custode.console.serving import assets, conditions, running


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare no arguments: a server is configured by settings."""


def run(options: argparse.Namespace) -> None:
    """Check the preconditions, and serve."""
    told = settings.OPTIONS
    conditions.is_safe(told)
    conditions.set_up_is_sound()
    conditions.database_is_ready()
    installation_keys.secrets_can_be_read()
    conditions.no_demo_inside()
    conditions.port_is_free(told["BIND"], told["PORT"])
    holding.hold(settings.DATA)
    assets.gather()
    if note := installation_keys.note(told):
        print(note, file=sys.stderr)
    running.serve(told, started=lambda: print(f"Custode serves {settings.URL}", flush=True))
