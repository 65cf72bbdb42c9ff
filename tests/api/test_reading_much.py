"""Reading much through the API within an hour is exporting: counted, told, and by the rule."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import connections

from custode.accounts import moves as account_moves
from custode.clients.models import ClientFolder
from custode.guard import door, object_log, scraping
from custode.guard.alerts.models import Alert
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, ReadWindow
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from tests.alerts.judged import judge
from tests.api.calling import Caller
from tests.cast import Cast
from tests.prospecting.sheets import a_list

MANY = 100
LATER = timedelta(hours=1)
HOUR = clock.now().replace(minute=10)
needs_processes = pytest.mark.skipif(
    "sqlite" in django_settings.DATABASES["default"]["ENGINE"],
    reason="A test's SQLite database is of one connection.",
)


@pytest.fixture(autouse=True)
def _one_hour() -> Iterator[None]:
    """An hour that does not end in the middle of a test."""
    with clock.at(HOUR):
        yield


@pytest.fixture
def many(people: Cast) -> Iterator[Cast]:
    """Ferri, which calls more than a hundred many, with 120 leads and 120 folders of Ugo's."""
    with scope.account(people.ferri.account.pk):
        account_moves.set_numbers(people.actor(people.anna), {"many_read": MANY})
        step, ugo = people.ferri.steps[0], people.ugo
        arrived(people, [Lead(title=f"Lead {n}", step=step, owner=ugo) for n in range(120)])
        arrived(people, [ClientFolder(name=f"Folder {n}", owner=ugo) for n in range(120)])
        yield people


def arrived(people: Cast, rows: list[Any]) -> None:
    """Rows that came in at once."""
    boss = Actor.operator(people.ferri.account.pk)
    for row in rows:
        row.derive()
    entry = door.begin_import(boss, rows[0].kind.name, details={}, labels=["a file"])
    with door.import_chunk(boss, entry):
        door.save_imported(entry, rows)
    door.finish_import(boss, entry, details={})


def entries() -> list[LogEntry]:
    """What the log has of reading much."""
    return list(LogEntry.objects.filter(details__contains='"read":').order_by("seq"))


def outcomes() -> list[tuple[str, str, int]]:
    """The same in short: of which kind, how it ended, and how many."""
    return [(one.kind, one.outcome, one.count) for one in entries()]


def pages(caller: Caller, path: str, first: int = 0, upto: int = 120) -> list[int]:
    """A thing read page by page: the statuses."""
    return [caller.get(path, limit=20, offset=start).status for start in range(first, upto, 20)]


def ruled(many: Cast, kind: str = "lead") -> None:
    """Anna ticks that only admins export."""
    account_moves.set_privacy(many.actor(many.anna), Verb.EXPORT, kind, True)


@pytest.mark.parametrize(("path", "kind"), [("/leads", "lead"), ("/clients", "client_folder")])
def test_a_program_that_reads_more_than_many_is_in_the_log_once(many, program, path, kind):
    ugos = program(many.ugo)
    assert pages(ugos, path, upto=100) == [200] * 5
    assert entries() == []
    assert pages(ugos, path) == [200] * 6
    assert pages(ugos, path) == [200] * 6
    (entry,) = entries()
    assert (entry.verb, entry.kind, entry.outcome, entry.count) == ("export", kind, "done", 120)
    assert (entry.actor_id, entry.entrance) == (many.ugo.pk, "api")


def test_each_lead_tells_who_read_it(many, app):
    pages(app(), "/leads")
    (entry,) = entries()
    read = Lead.objects.order_by("pk")[:3]
    assert [entry.seq in object_log.acts_on(f"lead:{lead.pk}") for lead in read] == [True] * 3


def test_who_goes_on_in_the_next_hour_is_in_the_log_again(many, app):
    zapp = app()
    pages(zapp, "/leads")
    with clock.at(HOUR + LATER):
        pages(zapp, "/leads")
    assert outcomes() == [("lead", "done", 120)] * 2


def test_what_is_read_on_within_the_hour_is_in_the_log_with_each_lead(many, program):
    ugos = program(many.ugo)
    pages(ugos, "/leads")
    step = many.ferri.steps[0]
    arrived(many, [Lead(title=f"More {n}", step=step, owner=many.ugo) for n in range(2 * MANY)])
    for _time in range(2):
        # As by two processes, of which neither knows what the other told.
        scraping.forget()
        assert pages(ugos, "/leads", upto=320) == [200] * 16
    assert outcomes() == [("lead", "done", 120), ("lead", "done", MANY), ("lead", "done", MANY)]
    told = {entry.seq for entry in entries()}
    for lead in Lead.objects.all():
        assert told.intersection(object_log.acts_on(f"lead:{lead.pk}"))
    judge(many)
    assert Alert.objects.filter(rule="exports").count() == 1


@pytest.mark.parametrize("by_the_job", [True, False])
def test_the_rest_is_in_the_log_when_the_hour_is_over(many, program, by_the_job):
    ugos = program(many.ugo)
    pages(ugos, "/leads")
    last = many.lead(many.ugo, "The last")
    ugos.get("/leads", limit=1)
    system = Actor.system(many.ferri.account.pk, "sum of reading")
    assert (scraping.close_hours(system), len(entries())) == (0, 1)
    with clock.at(HOUR + LATER):
        if by_the_job:
            assert [scraping.close_hours(system) for _time in range(2)] == [1, 0]
        else:
            pages(ugos, "/leads", upto=60)
        first, rest = entries()
    assert (rest.count, rest.actor_id, rest.entrance) == (1, many.ugo.pk, "api")
    assert object_log.acts_on(f"lead:{last.pk}") == [rest.seq]
    assert first.seq < rest.seq


def test_what_was_read_in_the_hour_before_does_not_count(many, app):
    zapp = app()
    pages(zapp, "/leads", upto=80)
    with clock.at(HOUR + LATER):
        pages(zapp, "/leads", first=80)
    assert entries() == []


def test_a_program_that_reads_the_same_again_and_again_writes_nothing(many, app):
    zapp = app()
    for _time in range(9):
        pages(zapp, "/leads", upto=40)
    assert not ReadWindow.objects.exists()
    assert entries() == []


def test_two_programs_are_counted_each_by_itself(many, app, program):
    pages(app(), "/leads", upto=80)
    pages(app(name="Other"), "/leads", first=80)
    pages(program(many.ugo), "/leads", upto=80)
    assert entries() == []


def test_reading_one_by_one_is_reading_too(many, app):
    zapp = app()
    for pk in Lead.objects.values_list("pk", flat=True):
        zapp.get(f"/leads/{pk}")
    assert outcomes() == [("lead", "done", MANY + 1)]


def test_reading_what_is_said_of_each_lead_is_reading_the_leads(many, app):
    zapp = app()
    for pk in Lead.objects.values_list("pk", flat=True):
        zapp.get(f"/leads/{pk}/comments")
    assert outcomes() == [("lead", "done", MANY + 1)]


def test_the_rows_of_a_list_are_read_by_the_rule_on_lists(many, program):
    one = a_list(many.actor(many.ugo), rows=[(f"Firm {n}", "Roma", "") for n in range(120)])
    ruled(many, "prospecting_list")
    refused = program(many.ugo).get(f"/spreadsheets/{one.pk}")
    assert (refused.status, refused.json["rule"]) == (403, "export:prospecting_list")
    assert outcomes() == [("prospect", "refused", 120)]


def test_where_only_admins_export_nobody_else_reads_more_than_many(many, program):
    ruled(many)
    ugos = program(many.ugo)
    assert pages(ugos, "/leads") == [200] * 5 + [403]
    refused = ugos.get("/leads", limit=20, offset=100)
    assert refused.json["rule"] == "export:lead"
    assert refused.json["message"] == (
        "Reading more than 100 leads within an hour is exporting."
        " Only admins can export leads. You can ask Anna Ferri."
    )
    # What it was told before it works with as before; and folders have a rule of their own.
    assert pages(ugos, "/leads", upto=100) == [200] * 5
    assert pages(ugos, "/clients") == [200] * 6
    assert outcomes() == [("lead", "refused", 120), ("client_folder", "done", 120)]


def test_an_admins_program_is_not_refused_but_told(many, program, app):
    ruled(many)
    assert pages(program(many.anna), "/leads") == [200] * 6
    assert pages(app(), "/leads") == [200] * 6
    assert outcomes() == [("lead", "done", 120)] * 2


def test_a_key_that_is_no_admins_is_held_by_the_rule_as_by_that_on_files(many, app):
    ruled(many)
    assert pages(app("read", "export"), "/leads") == [200] * 5 + [403]


def test_a_rule_holds_at_once_for_who_reads_much_already(many, program):
    ugos = program(many.ugo)
    assert pages(ugos, "/leads") == [200] * 6
    many.lead(many.ugo, "The last")
    ruled(many)
    assert ugos.get("/leads", limit=1).status == 403
    assert ugos.get("/leads", limit=20, offset=1).status == 200


def test_what_was_changed_is_told_no_more_by_who_has_read_too_much(many, program):
    ruled(many)
    ugos = program(many.ugo)
    pages(ugos, "/leads")
    first = Lead.objects.earliest("pk")
    changed = ugos.put(f"/leads/{first.pk}", {"title": "Now"})
    assert (changed.status, changed.json) == (200, {"id": first.pk})
    first.refresh_from_db()
    assert first.title == "Now"


def test_a_word_gives_back_no_more_than_went_out_the_first_time(many, program):
    ruled(many)
    ugos, last = program(many.ugo), Lead.objects.earliest("pk")
    pages(ugos, "/leads")
    path, word = f"/leads/{last.pk}/assign", {"Idempotency-Key": "w"}
    answers = [ugos.post(path, {"user_id": many.ugo.pk}, **word) for _time in range(2)]
    assert [(one.status, one.json) for one in answers] == [(200, {"id": last.pk})] * 2
    assert answers[1].headers["Idempotent-Replayed"] == "true"


def test_what_one_process_told_the_others_know(many, program):
    ruled(many)
    ugos = program(many.ugo)
    seen = []
    for start in (0, 60):
        scraping.forget()
        seen.append(ugos.get("/leads", limit=60, offset=start).status)
    assert seen == [200, 403]


def test_an_application_does_not_begin_anew_with_each_user(many, app):
    zapp = app()
    for who, start in ((many.ugo, 0), (many.anna, 60)):
        token = zapp.get("/auth/log_as", user_id=who.pk).json["token"]
        pages(Caller(token=token), "/leads", first=start, upto=start + 60)
    (entry,) = entries()
    assert (entry.kind, entry.count, entry.actor_id) == ("lead", 120, many.anna.pk)


def test_reading_much_is_an_alert(many, program):
    pages(program(many.ugo), "/leads")
    judge(many)
    assert Alert.objects.filter(rule="exports").count() == 1


def test_how_many_are_many_is_the_accounts_setting_and_for_admins(many, program):
    with pytest.raises(Refused):
        account_moves.set_numbers(many.actor(many.ugo), {"many_read": 1_000_000})
    account_moves.set_numbers(many.actor(many.anna), {"many_read": 119})
    pages(program(many.ugo), "/leads")
    assert outcomes() == [("lead", "done", 120)]


@needs_processes
@pytest.mark.django_db(transaction=True)
def test_two_that_read_at_the_same_moment_are_one_act(many):
    ids = list(Lead.objects.values_list("pk", flat=True))
    actor = many.actor(many.ugo)

    def read(part: list[int]) -> None:
        with clock.at(HOUR), scope.account(actor.account_id), scraping.watching(actor):
            scraping.tell("lead", part)
        connections.close_all()

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(read, ids[:110]), both.submit(read, ids[10:])]:
            done.result()
    assert [kind for kind, _outcome, _count in outcomes()] == ["lead"]
