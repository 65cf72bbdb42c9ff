"""Every command and job × who × edition × rule: how it ends, and the entries in the log."""

from __future__ import annotations

import shlex
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from custode.accounts import anchoring
from custode.console.main import main
from custode.exchange import exporting, tasks
from custode.exchange.evidence import checking
from custode.exchange.importing import runs
from custode.exchange.orders import Order
from custode.fields import tasks as field_tasks
from custode.guard import door, emptying, ports, scraping
from custode.guard.alerts import judging
from custode.guard.models import LogEntry
from custode.kernel import clock, schedule, scope
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.errors import Refused
from custode.leads import moves
from custode.leads.models import Lead
from custode.people import moves as people_moves
from custode.signin import leaving
from custode.signin.models import Session
from tests.cast import Cast
from tests.exchange import bringing
from tests.fields.made import a_field
from tests.guard.emptied import LONG
from tests.house.tally import Tally
from tests.proof.matrix.commands import COMMANDS, ROUNDS, TASKS, WATCHES, Line
from tests.proof.matrix.world import (
    EDITIONS,
    RULES,
    People,
    entries_since,
    gathered,
    last_entry,
    settle,
    taken_back,
)
from tests.signin.sessions.making import a_session

pytestmark = [pytest.mark.proof, pytest.mark.dealt, pytest.mark.django_db]


@pytest.fixture
def people(ferri: Cast, tmp_path: Path, settings: Any) -> People:
    settings.DATA = settings.MEDIA_ROOT = tmp_path
    return gathered(ferri)


def files(tmp_path: Path) -> dict[str, Any]:
    """The files that commands name."""
    texts = {"leads": "title\nPress\nOven\n", "owner": "title,owner\nPress,Mara Gallo\n"}
    found: dict[str, Any] = {}
    for name, text in texts.items():
        found[name] = tmp_path / f"{name}.csv"
        found[name].write_text(text, encoding="utf-8")
    return found


def numbers(people: People) -> dict[str, Any]:
    """The acts and people that commands name: a change and a deletion of Bruna's, and Gino."""
    cast, bruna, anna = people.cast, people.actor("owner"), people.actor("admin")
    lead = cast.lead(cast.bruna, "Trashed")
    gino = people_moves.create(anna, first_name="Gino", email="gino@rossi.example")
    leaving.disable(anna, gino)
    return {
        "change": door.change(
            bruna, [cast.lead(cast.bruna, "Moved")], "step", cast.ferri.steps[2]
        ).seq,
        "deleted": lead.pk, "deletion": door.delete(bruna, [lead]).seq, "disabled": gino.pk,
    }  # fmt: skip


def actors(seq: int) -> set[tuple[str, str, int | None]]:
    """By whom, and by which entrance, the entries since are."""
    rows = LogEntry.objects.filter(seq__gt=seq)
    return set(rows.values_list("actor_kind", "entrance", "actor_id"))


def typed(people: People, line: Line, places: dict[str, Any], *, ruled: bool) -> str:
    """Type it; "" when it ends, and is told, as the table says.

    Args:
        ruled: whether all rules are ticked.
    """
    wanted = (line.ends, line.told)
    if ruled and line.ruled is not None:
        wanted = (2, line.ruled)
    words = [word.format(**places) for word in shlex.split(line.line)]
    before = last_entry()
    with scope.everywhere("an operator's command"):
        try:
            ends = main(words)
        except SystemExit as end:
            ends = int(end.code or 0)
    told = entries_since(before)
    who: set[tuple[str, str, int | None]] = {("operator", "console", None)}
    if "--as" in words:
        named = {
            "anna@ferri.example": "admin", "ugo@conti.example": "manager",
            "bruna@sala.example": "owner",
        }  # fmt: skip
        user = people.by_role.get(named.get(words[words.index("--as") + 1], ""))
        who = {("user", "console", user.pk if user else None)}
    by = actors(before)
    if (ends, tuple(told)) == wanted and by in (who, set()):
        return ""
    return f"{line.line}: {wanted}, but was {ends} {told} by {by}"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_does_what_the_table_says(
    people: People, tmp_path: Path, matrix: Tally, command: str,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    places, found = {**files(tmp_path), **numbers(people)}, []
    for edition in EDITIONS:
        for rules in ((), RULES):
            for line in COMMANDS[command]:
                with taken_back():
                    settle(people, edition, rules)
                    wrong = typed(people, line, places, ruled=bool(rules))
                    found.append(f"{edition} × {rules}: {wrong}" if wrong else "")
    capsys.readouterr()
    wrong_ones = [one for one in found if one]
    matrix.count(len(found), len(wrong_ones))
    assert not wrong_ones, "\n".join(wrong_ones)


def asked_for(people: People, task: str, who: str) -> tuple[Any, int, int]:
    """A task that somebody has asked for: it, and the numbers it is called with."""
    role = "owner" if who == "disabled" else who
    user, account = people.user(role), people.cast.ferri.account.pk
    if task == "make_export":
        people.cast.lead(user, "To leave")
        file = exporting.file_for(user, people.actor(role), Order("csv", query="q=to+leave"))
        return tasks.make_export, account, file.pk
    if task == "check_log":
        return tasks.check_log, account, checking.begin(user, None).pk
    if task == "note_keys":
        return field_tasks.note_keys, account, a_field(people.cast, "Number").pk
    run = bringing.checked(people.cast, user, bringing.many(2))
    runs.start(run, people.actor(role))
    return tasks.work_on_import, account, run.pk


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", TASKS)
def test_a_job_does_what_its_person_may_when_it_runs(
    people: People, matrix: Tally, name: str, edition: str
) -> None:
    wrong = []
    for (who, rule), told in TASKS[name].items():
        with taken_back():
            task, account, pk = asked_for(people, name, who)
            settle(people, edition, (rule,) if rule else ())
            if who == "disabled":
                leaving.disable(people.actor("admin"), people.user("owner"))
            before = last_entry()
            task.func(account, pk)
            found = tuple(entries_since(before))
            user = people.by_role["admin" if who == "admin" else "owner"]
            if found != told or {one[2] for one in actors(before)} - {user.pk}:
                wrong.append(f"{name} × {who} × {edition} × {rule}: {told}, but was {found}")
    matrix.count(len(TASKS[name]), len(wrong))
    assert not wrong, "\n".join(wrong)


def emptied_and_cut_off(people: People) -> None:
    """Many fields were emptied, and the process died before that was an act."""
    leads = [people.cast.lead(people.cast.bruna, description=LONG) for _ in range(11)]
    with clock.at(clock.now() - timedelta(minutes=5)), pytest.MonkeyPatch.context() as dying:
        dying.setattr(emptying, "settle", lambda actor: None)
        for lead in leads:
            moves.edit(people.actor("owner"), lead, description="")


def something_to_do(people: People) -> int:
    """What has come due for every round; gives the last entry of the log so far."""
    cast, bruna = people.cast, people.actor("owner")
    anchoring.change(people.actor("admin"), "admins")
    with clock.at(clock.now() - timedelta(days=400)):
        door.delete(bruna, [cast.lead(cast.bruna, "Long gone")])
        old = a_session(cast.bruna)
        door.begin_import(bruna, "lead", details={"run": 0}, labels=["lost.csv"])
        for _ in range(3):
            with pytest.raises(Refused):
                door.delete(people.actor("colleague"), Lead.objects.filter(owner=cast.bruna))
    emptied_and_cut_off(people)
    read_much(people)
    with clock.at(clock.now() - timedelta(minutes=10)):
        for n in range(11):
            moves.edit(bruna, cast.lead(cast.bruna, f"Well known {n}"), title="Qwrt plk mnb")
    ended = clock.now() - timedelta(days=390)
    Session.objects.filter(pk=old.pk).update(ended_at=ended, ended_why="own")
    cast.lead(cast.bruna, "Waits", status="standby", remind_date=clock.now().date())
    return last_entry()


def read_much(people: People) -> None:
    """What Bruna's programs read hours ago, and one lead more."""
    bruna, many = people.actor("owner"), ports.many_read(people.cast.ferri.account.pk)
    with clock.at(clock.now() - timedelta(hours=3)):
        for ids in (range(1, many + 2), [many + 2]):
            with scraping.watching(bruna):
                scraping.tell("lead", ids)
    scraping.forget()


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", ROUNDS)
def test_what_comes_round_does_what_the_table_says(
    people: People, matrix: Tally, name: str, edition: str, settings: Any
) -> None:
    settings.HAS_MAIL = True
    people.cast.lead(people.cast.bruna, "Stays")
    account, wrong = people.cast.ferri.account.pk, []
    for rules in ((), RULES):
        with taken_back():
            something_to_do(people)
            settle(people, edition, rules)
            before = last_entry()
            periodic = schedule.named(name)
            assert periodic is not None
            periodic.work(Actor.system(account, name))
            found = tuple(entries_since(before))
            kinds = {one[0] for one in actors(before)}
            # Told in the name of whom it was refused, and of who emptied it or wrote over it.
            theirs = name in {
                "sum of refusals", "sum of reading", "what was emptied", "what was written over",
            }  # fmt: skip
            by = ActorKind.USER if theirs else ActorKind.SYSTEM
            if found != ROUNDS[name] or kinds not in ({by.value}, set()):
                wrong.append(f"{name} × {edition} × {rules}: was {found} by {kinds}")
    matrix.count(2, len(wrong))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", sorted(WATCHES))
def test_what_is_looked_for_all_the_time_leaves_the_log_as_it_is(
    people: People, matrix: Tally, name: str
) -> None:
    entry = door.delete(people.actor("owner"), [people.cast.lead(people.cast.bruna)]).entry
    door.purge(people.actor("admin"), entry.pk if entry else 0, reason="for good")
    judging.judge(people.cast.ferri.account.pk)
    wrong = 0
    for edition in EDITIONS:
        with taken_back():
            settle(people, edition, RULES)
            before = last_entry()
            schedule.watches()[name]()
            wrong += bool(entries_since(before))
    matrix.count(2, wrong)
    assert not wrong
