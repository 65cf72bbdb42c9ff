"""Every host that works on one database needs the same keys, and is told so."""

from __future__ import annotations

import dataclasses
import secrets
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from custode.console import installation_keys
from custode.guard import door
from custode.guard.kinds import Verb
from custode.signin import sealing
from custode.signin.models import Totp
from tests.cast import Cast
from tests.console import installations
from tests.console.installations import Installation
from tools.throwaway_postgres import free_port

SHARED = connection.vendor == "postgresql"
"""Whether several hosts can work on one database; with SQLite each has its own."""
ACCOUNT = ("createaccount", "F", "--edition", "dream_team", "--admin", "a@f.example")


@pytest.fixture
def first(tmp_path: Path) -> Installation:
    """The first host, in use; its key was made for it."""
    made = installations.migrated(tmp_path)
    assert made.custode(*ACCOUNT).returncode == 0
    assert (made.data / "secret_key").is_file()
    return made


@pytest.fixture
def second(first: Installation, tmp_path: Path) -> Installation:
    """Another host on the same database, with a data folder of its own."""
    folder = tmp_path / "second"
    folder.mkdir()
    return dataclasses.replace(first, data=folder)


@pytest.mark.slow
@pytest.mark.dealt
def test_a_further_host_does_not_make_a_key_of_its_own(second: Installation) -> None:
    for words in (("check",), ("verify-log",), ("migrate",), ("worker",), ("serve",), ("serve",)):
        if not SHARED and words[0] in {"worker", "serve"}:
            continue
        done = second.custode(*words)
        made = (second.data / "secret_key").exists()
        assert made is not SHARED
        if SHARED:
            assert done.returncode == 2
            assert "CUSTODE_SECRET_KEY" in done.stderr
            assert str(second.data) in done.stderr


@pytest.mark.slow
@pytest.mark.dealt
def test_a_further_host_with_the_same_key_goes_on(
    first: Installation, second: Installation
) -> None:
    told = secrets.token_urlsafe(64)
    assert second.custode("check", CUSTODE_SECRET_KEY=told).returncode == 0
    assert not (second.data / "secret_key").exists()
    shutil.copy(first.data / "secret_key", second.data)
    assert second.custode("check").returncode == 0


@pytest.mark.slow
@pytest.mark.dealt
def test_a_lost_data_folder_comes_back_with_its_key(
    first: Installation, second: Installation
) -> None:
    file = first.data.parent / "backup.tar.gz"
    assert first.custode("backup", file).returncode == 0
    key = (first.data / "secret_key").read_bytes()
    done = second.custode("restore-backup", file, "--replace")
    assert done.returncode == 0, done.stderr
    assert (second.data / "secret_key").read_bytes() == key


def test_a_key_leaves_no_trace_where_the_database_cannot_be_asked(tmp_path: Path) -> None:
    nowhere = Installation(tmp_path, "postgresql://a:b@127.0.0.1:9/none")
    assert nowhere.custode("check").returncode == 0
    assert not (tmp_path / "secret_key").exists()


@pytest.mark.slow
@pytest.mark.dealt
def test_serve_says_that_its_keys_are_its_own(first: Installation) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "custode", "serve"], cwd=first.data.parent,
        env={**first.environment, "CUSTODE_PORT": str(free_port()), "CUSTODE_WORKER": "no"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline().startswith("Custode serves")
    process.send_signal(signal.SIGTERM)
    said = process.communicate(timeout=20)[1]
    assert ("CUSTODE_SECRET_KEY and CUSTODE_ENCRYPTION_KEYS" in said) is SHARED


@pytest.mark.once
@pytest.mark.parametrize(
    ("missing", "named"),
    [
        (("SECRET_KEY", "ENCRYPTION_KEYS"), "CUSTODE_SECRET_KEY and CUSTODE_ENCRYPTION_KEYS would"),
        (("SECRET_KEY",), "CUSTODE_SECRET_KEY would"),
        (("ENCRYPTION_KEYS",), "CUSTODE_ENCRYPTION_KEYS would"),
        ((), ""),
    ],
)
def test_only_what_is_not_set_is_named(missing: tuple[str, ...], named: str) -> None:
    told = {"DATABASE_URL": "postgresql://db/x", "SECRET_KEY": "k", "ENCRYPTION_KEYS": ["k"]}
    told |= dict.fromkeys(missing, "")
    said = installation_keys.note(told)
    assert (f"that {named} set" in said) if named else said == ""
    assert installation_keys.note({**told, "DATABASE_URL": ""}) == ""


def test_secrets_that_these_keys_cannot_read_stop_the_start(
    people: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path / "first")
    (tmp_path / "first").mkdir()
    installation_keys.secrets_can_be_read()
    with door.sensitive_act(people.actor(people.ugo), Verb.TWO_FACTOR):
        Totp.objects.create(user=people.ugo, secret=sealing.seal("secret"))
    installation_keys.secrets_can_be_read()
    (tmp_path / "second").mkdir()
    monkeypatch.setattr(settings, "DATA", tmp_path / "second")
    with pytest.raises(sealing.Sealed, match="CUSTODE_ENCRYPTION_KEYS"):
        installation_keys.secrets_can_be_read()
