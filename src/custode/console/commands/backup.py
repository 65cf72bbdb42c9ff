"""Write everything into one file: the database, the attachments and the secret key.

Custode may be running meanwhile: the backup is a snapshot. Whoever has the file has all the data
and can sign as this installation, so keep it as safe as the server. The log of each account records
the backup.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings

from custode.console.backup import making
from custode.console.serving import conditions


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", type=Path, help="for example custode-monday.tar.gz")


def run(options: argparse.Namespace) -> None:
    """Make the backup."""
    conditions.database_is_ready()
    size = making.make(options.file)
    print(f"{options.file}: {max(1, size // 1024):,} KB, as of now.")
    if settings.OPTIONS["SECRET_KEY"]:
        print("The secret key is set by CUSTODE_SECRET_KEY and is not inside: keep it as well.")
