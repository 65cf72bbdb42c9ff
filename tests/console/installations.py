"""Whole installations for the tests of the `custode` program: a data folder and a database each."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psycopg
from django.db import connection

from tools.paths import ROOT


@dataclass(frozen=True)
class Installation:
    """One, on the kind of database that the tests run on."""

    data: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables that its commands see."""
        kept = {name: text for name, text in os.environ.items() if not name.startswith("CUSTODE_")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        return {**kept, "CUSTODE_DATA": str(self.data), "CUSTODE_DATABASE_URL": self.url}

    def custode(self, *words: str | Path, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run the program with these words; `settings` are further variables."""
        return subprocess.run(
            [sys.executable, "-m", "custode", *map(str, words)],
            env={**self.environment, **settings},
            cwd=self.data.parent,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def python(self, code: str) -> str:
        """What a few lines print, with Django started."""
        start = "from custode.console import starting; starting.django()\n"
        done = subprocess.run(
            [sys.executable, "-c", start + code],
            env=self.environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()


def new(folder: Path) -> Installation:
    """An installation without a database's tables, below `folder`."""
    data = folder / secrets.token_hex(4)
    data.mkdir()
    return Installation(data, _new_database())


def migrated(folder: Path) -> Installation:
    """An installation with a database's tables and nothing in them, below `folder`."""
    return copy_of(_first_migrated(), folder)


def copy_of(made: Installation, folder: Path) -> Installation:
    """Another of which nothing runs, with the same data, files and keys, below `folder`."""
    data = folder / secrets.token_hex(4)
    shutil.copytree(made.data, data)
    return Installation(data, _new_database(made.url.rpartition("/")[2]))


@cache
def _first_migrated() -> Installation:
    """The one that the others are copied from: one migration for all tests of a process."""
    _FOLDERS.append(tempfile.TemporaryDirectory(prefix="custode-tests-"))
    made = new(Path(_FOLDERS[0].name))
    done = made.custode("migrate")
    assert done.returncode == 0, done.stderr
    return made


_FOLDERS: list[tempfile.TemporaryDirectory[str]] = []
"""They go when the process ends."""


def _new_database(like: str = "template1") -> str:
    if connection.vendor == "sqlite":
        return ""
    told = connection.settings_dict
    name = f"custode_{secrets.token_hex(6)}"
    who = f"{told['USER']}:{told['PASSWORD']}"
    server = f"postgresql://{who}@{told['HOST'] or 'localhost'}:{told['PORT']}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as db:
        db.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    return f"{server}/{name}"
