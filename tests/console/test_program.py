"""The `custode` program: what it lists, what it refuses, and that no error is a traceback."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from custode.accounts.models import Account
from custode.console.main import main
from custode.console.registry import COMMANDS, DJANGO
from custode.kernel import scope
from custode.people.models import User
from tests.cast import Cast
from tests.console import installations
from tests.console.installations import Installation
from tools.paths import ROOT

pytestmark = pytest.mark.slow
FORBIDDEN = (
    "dumpdata", "loaddata", "flush", "sqlflush", "dbshell", "clearsessions", "createsuperuser",
    "changepassword", "runserver", "test", "testserver", "inspectdb", "diffsettings",
    "db_worker", "prune_db_task_results", "remove_stale_contenttypes", "startproject",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation with an account, Ferri."""
    made = installations.migrated(tmp_path_factory.mktemp("place"))
    done = made.custode(
        "createaccount", "Ferri", "--edition", "dream_team", "--admin", "Anna@Ferri.example",
        "--language", "it",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert re.search(r"^http://localhost:8000/password/[\w-]+/$", done.stdout, re.MULTILINE)
    return made


@pytest.mark.once
def test_help_lists_every_command_without_starting_django() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "custode", "help"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert "django" not in done.stderr
    for name in [*(command.name for command in COMMANDS), *DJANGO]:
        assert re.search(rf"^  {name} ", done.stdout, re.MULTILINE), name


@pytest.mark.once
def test_every_command_is_documented_and_no_other() -> None:
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    told = set(re.findall(r"^## `custode ([a-z -]+?)`", page, re.MULTILINE))
    assert told == {command.name for command in COMMANDS}
    for name in DJANGO:
        assert f"`{name}`" in page


@pytest.mark.once
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_tells_how_it_is_used(command, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["help", *command.name.split()])
    assert end.value.code == 0
    assert capsys.readouterr().out.startswith(f"usage: custode {command.name}")


@pytest.mark.once
@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_goes_past_the_door_is_no_command(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([name]) == 2
    assert capsys.readouterr().err.startswith(f"custode: There is no command “{name}”.")


@pytest.mark.parametrize(
    "words",
    [
        ("createaccount", "Ferri S.p.A.", "--edition", "dream_team", "--admin", "b@ferri.example"),
        ("createaccount", "Neu", "--edition", "dream_team", "--admin", "anna@ferri.example"),
        ("createaccount", "Neu", "--edition", "dream_team", "--admin", "nobody"),
        ("createaccount", "Neu", "--edition", "dream_team", "--admin", ""),
        ("createaccount", " ", "--edition", "dream_team", "--admin", "c@ferri.example"),
        ("createaccount", "x" * 121, "--edition", "dream_team", "--admin", "c@ferri.example"),
        ("createaccount", "Neu", "--edition", "gold", "--admin", "c@ferri.example"),
        ("createaccount", "Neu", "--edition", "dream_team", "--admin", "c@ferri.example",
         "--time-zone", "Mars/Base"),
        ("createaccount", "Neu", "--edition", "dream_team", "--admin", "c@ferri.example",
         "--currency", "EURO"),
        ("createaccount", "Neu", "--edition", "dream_team", "--admin", "c@ferri.example",
         "--language", "xx"),
        ("createuser", "Nowhere", "--email", "c@f.example", "--first-name", "C", "--role", "user"),
        ("createuser", "Ferri S.p.A.", "--email", " ", "--first-name", "C", "--role", "user"),
        ("createuser", "Ferri S.p.A.", "--email", "c@f.example", "--first-name", " ", "--role",
         "user"),
        ("setedition", "Nowhere", "dream_team"),
        ("verify-log", "--account", "Nowhere"),
        ("nonsense",),
        ("help", "nonsense"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_a_sentence_and_nothing_is_half_done(
    people: Cast, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(words)
    except SystemExit as end:  # argparse's own way
        code = int(end.code or 0)
    assert code == 2
    assert capsys.readouterr().err.strip()
    with scope.everywhere("the test counts"):
        assert (Account.objects.count(), User.objects.count()) == (2, 4)


def test_users_are_made_and_editions_set(place: Installation) -> None:
    done = place.custode(
        "createuser",
        "Ferri",
        "--email",
        "ugo@ferri.example",
        "--first-name",
        "Ugo",
        "--role",
        "user",
    )
    assert done.returncode == 0, done.stderr
    assert "/password/" in done.stdout
    assert place.custode("setedition", "Ferri", "sales_essentials").returncode == 0
    told = place.python(
        "from custode.accounts.models import Account\nfrom custode.people.models import User\n"
        "from custode.leads.models import Pipeline\nfrom custode.kernel import scope\n"
        "from custode.guard.models import LogEntry\n"
        "with scope.everywhere('test'):\n"
        "    print(Account.objects.get().edition, Pipeline.objects.get().steps.count())\n"
        "    for u in User.objects.order_by('pk'): print(u.email, u.role, u.language)\n"
        "    print(*LogEntry.objects.filter(verb='users').order_by('seq')"
        ".values_list('details', flat=True))"
    )
    assert told.splitlines() == [
        "sales_essentials 5", "anna@ferri.example admin it", "ugo@ferri.example user it",
        '{"created":"admin","first":true} {"link":1} {"created":"user"} {"link":2}',
    ]  # fmt: skip


def test_verify_log_finds_what_was_changed(tmp_path: Path) -> None:
    made = installations.migrated(tmp_path)
    made.custode("createaccount", "F", "--edition", "dream_team", "--admin", "a@f.example")
    made.python(
        "from custode.guard import lock_installation\nfrom django.db import connection\n"
        "with lock_installation.lifted(), connection.cursor() as cursor:\n"
        "    cursor.execute('UPDATE guard_logentry SET count = 99 WHERE seq = 1')"
    )
    done = made.custode("verify-log")
    assert done.returncode == 1
    assert "F: entry 1: changed, or not in its place" in done.stdout


def test_a_database_of_another_form_is_told(tmp_path: Path) -> None:
    made = installations.new(tmp_path)
    done = made.custode("verify-log")
    assert done.returncode == 2
    assert "custode migrate" in done.stderr


@pytest.mark.once
def test_a_database_that_is_not_there_is_told(place: Installation) -> None:
    nowhere = "postgresql://a:b@127.0.0.1:9/none"
    done = place.custode("verify-log", CUSTODE_DATABASE_URL=nowhere)
    assert done.returncode == 2
    assert done.stderr.startswith("custode: The database cannot be used")
    assert "Traceback" not in done.stderr


@pytest.mark.once
def test_a_wrong_setting_is_told(place: Installation) -> None:
    done = place.custode("check", CUSTODE_PORT="many")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "custode: CUSTODE_PORT must be a whole number from 1 to 65535, not “many”.\n"
    )


@pytest.mark.once
def test_the_shell_says_what_it_cannot_guard(place: Installation) -> None:
    done = place.custode("shell", "-c", "print('in')")
    assert done.returncode == 0
    assert "cannot guard" in done.stderr


def test_the_shell_begins_as_it_says(place: Installation) -> None:
    said = place.custode("shell", "-c", "").stderr
    line = re.search(r'^Begin with:  (account\("[^"]+"\))$', said, re.MULTILINE)
    assert line is not None
    typed = re.sub('".*"', '"Ferri"', line[1])
    done = place.custode(
        "shell", "-c", f"{typed}\nimport gc\ngc.collect()\nprint(User.objects.earliest('pk').email)"
    )
    assert (done.stdout.split()[-1:], done.returncode) == (["anna@ferri.example"], 0), done.stderr
    wrong = place.custode("shell", "-c", 'account("Nowhere")')
    assert wrong.returncode == 2
    assert "There is no account “Nowhere”. There are: “Ferri”." in wrong.stderr


def test_one_account_follows_another_in_the_shell(place: Installation) -> None:
    place.custode("createaccount", "Lodi", "--edition", "dream_team", "--admin", "c@lodi.example")
    code = (
        'for name in ("Ferri", "Lodi", "Ferri"):\n'
        "    account(name)\n"
        "    print(User.objects.earliest('pk').email)"
    )
    said = place.custode("shell", "-c", code).stdout.split()
    assert said[-3:] == ["anna@ferri.example", "c@lodi.example", "anna@ferri.example"]
