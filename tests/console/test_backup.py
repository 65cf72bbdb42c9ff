"""Backups: made while others write, restored wholly or not at all."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from custode.console import forming
from tests.console import installations
from tests.console.installations import Installation

pytestmark = pytest.mark.slow
COUNT = """
from custode.kernel import scope
from custode.leads.models import Lead
with scope.everywhere("the test counts"):
    print(Lead.objects.count(), Lead.with_trashed.count())
"""
FILL = """
from custode.accounts.models import Account
from custode.guard import door
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead
account = Account.objects.get()
actor = Actor.operator(account.pk)
with scope.account(account.pk):
    title = "È\\t\\\\ ; 'x'"
    leads = [moves.create(actor, title=f"{title} {n}", description="a\\nb") for n in range(20)]
    door.delete(actor, leads[:3])
"""
WRITE_ON = """
import sys, time
from custode.accounts.models import Account
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads import moves
account = Account.objects.get()
print("writing", flush=True)
with scope.account(account.pk):
    for n in range(100_000):  # until it is killed
        moves.create(Actor.operator(account.pk), title=f"Meanwhile {n}")
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with an account, 20 leads of which 3 are in the trash, and a file."""
    made = installations.migrated(tmp_path_factory.mktemp("first"))
    done = made.custode(
        "createaccount", "Ferri", "--edition", "dream_team", "--admin", "anna@ferri.example"
    )
    assert done.returncode == 0, done.stderr
    made.python(FILL)
    for name in ("files", "exports", "imports"):
        (made.data / name).mkdir(exist_ok=True)
        (made.data / name / "offer.pdf").write_bytes(b"an offer")
    return made


@pytest.fixture
def filled(first: Installation, tmp_path: Path) -> Installation:
    """Its like, which the test may change."""
    return installations.copy_of(first, tmp_path)


@pytest.fixture(scope="module")
def untouched(first: Installation, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Its like with a backup, `one.tar.gz`, beside it; its tests leave it as it is."""
    made = installations.copy_of(first, tmp_path_factory.mktemp("untouched"))
    done = made.custode("backup", backup_of(made))
    assert done.returncode == 0, done.stderr
    return made


def backup_of(made: Installation) -> Path:
    return made.data.parent / "one.tar.gz"


def test_it_comes_back_in_an_empty_place(untouched: Installation, tmp_path: Path) -> None:
    file = backup_of(untouched)
    assert file.stat().st_mode & 0o077 == 0
    other = installations.new(tmp_path)
    done = other.custode("restore-backup", file)
    assert done.returncode == 0, done.stderr
    assert "the chain holds" in done.stdout
    assert other.python(COUNT) == "17 20"
    assert (other.data / "files" / "offer.pdf").read_bytes() == b"an offer"
    assert not list(other.data.glob("exports/*")), "what can be made again is left out"
    assert not list(other.data.glob("imports/*")), "what has not come in is left out"
    key = (untouched.data / "secret_key").read_bytes()
    assert (other.data / "secret_key").read_bytes() == key
    assert not list(other.data.glob("replaced-*"))
    # The new place works: it counts on where the old one stopped, and its locks stand.
    other.python(FILL)
    assert other.python(COUNT) == "34 40"
    assert other.custode("verify-log").returncode == 0


def test_it_is_in_the_log(filled: Installation, tmp_path: Path) -> None:
    file = tmp_path / "one.tar.gz"
    filled.custode("backup", file)
    filled.custode("restore-backup", file, "--replace")
    told = filled.python(
        "import json\nfrom custode.guard.models import LogEntry\n"
        "from custode.kernel import scope\n"
        "with scope.everywhere('test'):\n"
        "    for e in LogEntry.objects.filter(verb='backup').order_by('seq'):\n"
        "        print(e.actor_kind, json.loads(e.details)['backup'])"
    )
    assert told.splitlines() == ["operator made", "operator restored"]


def test_it_is_of_one_moment_while_others_write(filled: Installation, tmp_path: Path) -> None:
    start = "from custode.console import starting; starting.django()\n"
    writer = subprocess.Popen(
        [sys.executable, "-c", start + WRITE_ON], env=filled.environment, stdout=subprocess.PIPE
    )
    try:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"writing\n"
        for number in range(3):
            file = tmp_path / f"{number}.tar.gz"
            assert filled.custode("backup", file).returncode == 0
        assert writer.poll() is None, "it wrote too little to show anything"
    finally:
        writer.kill()
        writer.wait()
    other = installations.new(tmp_path)
    done = other.custode("restore-backup", file)
    assert done.returncode == 0, done.stderr
    # Every lead has the line of history that was written with it.
    same = other.python(
        "from custode.guard.models import Change\nfrom custode.leads.models import Lead\n"
        "from custode.kernel import scope\n"
        "with scope.everywhere('test'):\n"
        "    created = Change.objects.filter(field='created').count()\n"
        "    print(Lead.with_trashed.count() == created > 20)"
    )
    assert same == "True"


def test_a_full_place_is_replaced_only_when_told(filled: Installation, tmp_path: Path) -> None:
    file = tmp_path / "one.tar.gz"
    filled.custode("backup", file)
    filled.python(FILL)
    refused = filled.custode("restore-backup", file)
    assert refused.returncode == 2
    assert "--replace" in refused.stderr
    assert filled.python(COUNT) == "34 40"
    done = filled.custode("restore-backup", file, "--replace")
    assert done.returncode == 0, done.stderr
    assert filled.python(COUNT) == "17 20"
    aside = next(filled.data.glob("replaced-*"))
    assert (aside / "files" / "offer.pdf").exists()


def _without(file: Path, name: str) -> None:
    _rewritten(file, lambda entry, body: None if entry.name == name else body)


def _changed(file: Path) -> None:
    _rewritten(file, lambda entry, body: b"another" if entry.name.startswith("files/") else body)


def _cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2000])


def _no_tar(file: Path) -> None:
    file.write_bytes(gzip.compress(b"nothing"))


def _escaping(file: Path) -> None:
    _rewritten(file, lambda entry, body: body, extra="../outside")


def _rotten(file: Path) -> None:
    """What the manifest vouches for, and no database takes."""
    rot = b"rotten\n" * 1000

    def change(entry: tarfile.TarInfo, body: bytes) -> bytes:
        if entry.name in {"database.sqlite3", "tables/leads_lead.copy"}:
            return rot
        if entry.name != "manifest.json":
            return body
        told = json.loads(body)
        for name in told["parts"].keys() & {"database.sqlite3", "tables/leads_lead.copy"}:
            told["parts"][name] = [len(rot), hashlib.sha256(rot).hexdigest()]
        return json.dumps(told).encode()

    _rewritten(file, change)


def _rewritten(file: Path, change: object, extra: str = "") -> None:
    assert callable(change)
    with tarfile.open(file) as tar:
        parts = [(e, tar.extractfile(e).read()) for e in tar]  # type: ignore[union-attr]  # files only
    with tarfile.open(file, "w:gz") as tar:
        for entry, body in [*parts, *([(tarfile.TarInfo(extra), b"x")] if extra else [])]:
            new = change(entry, body)
            if new is not None:
                entry.size = len(new)
                tar.addfile(entry, io.BytesIO(new))


def _told_otherwise(file: Path, change: Callable[[dict[str, Any]], None]) -> None:
    def manifest(entry: tarfile.TarInfo, body: bytes) -> bytes:
        if entry.name != "manifest.json":
            return body
        change(told := json.loads(body))
        return json.dumps(told).encode()

    _rewritten(file, manifest)


def test_one_whose_steps_have_since_been_made_one_comes_back(
    untouched: Installation, tmp_path: Path
) -> None:
    file = Path(shutil.copy(backup_of(untouched), tmp_path))
    _told_otherwise(file, lambda told: told["migrations"].extend(sorted(forming.BEFORE)))
    other = installations.new(tmp_path)
    assert other.custode("restore-backup", file).returncode == 0
    assert other.python(COUNT) == "17 20"


@pytest.mark.dealt
@pytest.mark.parametrize(
    "damage",
    [
        _cut,
        _no_tar,
        _changed,
        _escaping,
        _rotten,
        lambda file: _without(file, "manifest.json"),
        lambda file: _without(file, "secret_key"),
        lambda file: file.unlink(),
    ],
    ids=[
        "cut", "no tar", "changed", "escaping", "rotten", "no manifest", "part missing", "no file",
    ],
)  # fmt: skip
def test_a_damaged_backup_changes_nothing(
    untouched: Installation, tmp_path: Path, damage: object
) -> None:
    file = Path(shutil.copy(backup_of(untouched), tmp_path))
    assert callable(damage)
    damage(file)
    done = untouched.custode("restore-backup", file, "--replace")
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("custode: ")
    assert untouched.python(COUNT) == "17 20"
    assert not list(untouched.data.glob("replaced-*"))
    assert not (tmp_path / "outside").exists()


def test_nothing_is_restored_under_a_running_server(untouched: Installation) -> None:
    serving = (
        "from pathlib import Path; from custode.console.backup import holding\n"
        f"holding.hold(Path({str(untouched.data)!r})); print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", serving], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as server:
        assert server.stdout is not None
        assert server.stdout.readline() == b"held\n"
        done = untouched.custode("restore-backup", backup_of(untouched), "--replace")
        server.kill()
    assert done.returncode == 2
    assert "running" in done.stderr


def test_a_backup_does_not_overwrite_a_file(untouched: Installation, tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_text("mine", encoding="utf-8")
    assert untouched.custode("backup", file).returncode == 2
    assert file.read_text(encoding="utf-8") == "mine"


def test_a_backup_of_the_other_database_is_refused(untouched: Installation, tmp_path: Path) -> None:
    file = Path(shutil.copy(backup_of(untouched), tmp_path))

    _told_otherwise(file, lambda told: told.update(database="other"))
    done = untouched.custode("restore-backup", file, "--replace")
    assert done.returncode == 2
    assert "CUSTODE_DATABASE_URL" in done.stderr
