"""The throw-away server: it serves, it is not root, and nothing of it stays behind."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tools import throwaway_postgres
from tools.paths import ROOT

pytestmark = pytest.mark.slow

RUN = [sys.executable, "-m", "tools.throwaway_postgres", "--"]
TELL = "import os; print(os.environ['CUSTODE_DATABASE_URL'], flush=True)"


def answers(url: str) -> bool:
    """Tell whether something listens at the address."""
    where = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(where.hostname), int(where.port or 0))) == 0


def folder_of(url: str) -> Path:
    """Return the folder that holds the server's data and nothing else's."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    return Path(row[0]).parent


def test_it_serves_and_is_gone_afterwards():
    with throwaway_postgres.server() as url:
        folder = folder_of(url)
        with psycopg.connect(url) as connection:
            row = connection.execute("SHOW server_encoding").fetchone()
        assert row == ("UTF8",)
        assert folder.stat().st_uid != 0
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(url.replace(str(urlsplit(url).password), "wrong"))
    assert not answers(url)
    assert not folder.exists()


def test_the_commands_exit_code_comes_back():
    done = subprocess.run([*RUN, sys.executable, "-c", "raise SystemExit(7)"], cwd=ROOT)
    assert done.returncode == 7


def test_it_is_gone_after_an_interruption():
    command = [*RUN, sys.executable, "-c", f"{TELL}; import time; time.sleep(60)"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        folder = folder_of(url)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 128 + signal.SIGTERM
    assert not answers(url)
    assert not folder.exists()


@pytest.mark.skipif(
    sys.platform != "linux", reason="only Linux tells a process of its parent's end"
)
def test_the_server_ends_even_if_the_wrapper_is_killed():
    command = [*RUN, sys.executable, "-c", f"{TELL}; import time; time.sleep(5)"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        assert answers(url)
        folder = folder_of(url)
        process.kill()
        deadline = time.monotonic() + 20
        while answers(url) and time.monotonic() < deadline:
            time.sleep(0.1)
    shutil.rmtree(folder)
    assert not answers(url)


def test_without_server_programs_it_says_what_to_install(monkeypatch, capsys):
    monkeypatch.setattr(throwaway_postgres, "find_binaries", lambda: None)
    monkeypatch.setattr(sys, "argv", ["throwaway_postgres", "--", "true"])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    assert throwaway_postgres.main() == 1
    assert "apt-get install postgresql" in capsys.readouterr().err


def test_root_becomes_somebody_else():
    user = throwaway_postgres.unprivileged()
    assert (user is None) == (os.geteuid() != 0)
    assert user is None or user.pw_uid != 0
