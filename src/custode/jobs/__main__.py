"""`python -m custode.jobs`: the process that runs jobs."""

from __future__ import annotations

import argparse
import importlib
import os
import sys

import django

from custode.conf.options import WrongSetting


def main() -> int:
    """Start Django, and work until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m custode.jobs", description=__doc__)
    parser.add_argument("--with", dest="parent", type=int, help="end when this process ends")
    parser.add_argument(
        "--lease",
        type=float,
        default=20.0,
        help="seconds of silence after which a worker counts as dead (20)",
    )
    parser.add_argument("--poll", type=float, default=1.0, help="seconds between polls (1)")
    told = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custode.conf.settings")
    try:
        django.setup()
    except WrongSetting as error:
        sys.exit(f"custode: {error}")
    # Models can be imported only now.
    importlib.import_module("custode.jobs.worker").work(told.lease, told.parent, told.poll)
    return 0


if __name__ == "__main__":
    sys.exit(main())
