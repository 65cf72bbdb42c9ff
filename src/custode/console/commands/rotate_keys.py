"""Encrypt the secrets of two-factor authentication and of mail servers with a new key.

Keys in the data folder: a new one is created, every secret is encrypted with it, then the old ones
are deleted. Keys in CUSTODE_ENCRYPTION_KEYS: put a new one at the front of the list and restart
Custode first; this command then says which ones can be removed. Custode may be running meanwhile;
if the command is interrupted, run it again.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from django.conf import settings
from django.db import connection

from custode.signin import rotating, sealing


def arguments(_parser: argparse.ArgumentParser) -> None:
    """Declare no arguments."""


def run(_options: argparse.Namespace) -> None:
    """Rotate the keys."""
    count = rotating.rotate()
    keys = settings.OPTIONS["ENCRYPTION_KEYS"]
    if not keys:
        print(f"{count:,} secrets are encrypted with a new key; the old ones are gone.")
        if connection.vendor == "postgresql":
            print(f"Other hosts need this host's file now: {Path(settings.DATA) / sealing.FILE}.")
        return
    print(f"{count:,} secrets are encrypted with the first key of CUSTODE_ENCRYPTION_KEYS.")
    if len(keys) > 1:
        which = "the second" if len(keys) == 2 else f"the second to the last ({len(keys) - 1})"
        print(f"Of its {len(keys)} keys {which} may go, once every host has the new list.")
