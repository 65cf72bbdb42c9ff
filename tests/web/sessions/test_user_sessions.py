"""The admin's page: who is in and was, filters in the address, and disconnecting by the door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Entrance
from custode.kernel.errors import ProofNeeded
from custode.people import moves as people_moves
from custode.signin.models import Ended, Session
from custode.signin.sessions import moves
from tests.cast import Cast
from tests.signin.sessions.making import a_session, days_ago

PAGE = "/security/sessions/"
MANY = f"{PAGE}disconnect/"
ComeIn = Callable[..., Client]


@pytest.fixture
def rows(people: Cast) -> dict[str, Session]:
    """Sessions by name: two of Ugo's, one of Bruna's, Anna's telephone, one that has ended."""
    return {
        "desk": a_session(people.ugo),
        "phone": a_session(people.ugo, browser="Safari", system="iPhone", form="phone"),
        "bruna": a_session(people.bruna, browser="Firefox", ip="203.0.113.4"),
        "anna": a_session(people.anna, browser="Edge"),
        "past": a_session(people.ugo, ended_at=days_ago(1), ended_why=Ended.IDLE),
    }


def current(people: Cast, rows: dict[str, Session]) -> set[str]:
    """The names of those that have not ended."""
    with scope.account(people.ferri.account.pk):
        going_on = set(Session.objects.filter(ended_at=None).values_list("pk", flat=True))
    return {name for name, row in rows.items() if row.pk in going_on}


def shown(answer: Any, rows: dict[str, Session]) -> list[str]:
    """The names of the rows of a page, `this` for the one that looks."""
    known = {row.pk: name for name, row in rows.items()}
    return [known.get(one.it.pk, "this") for one in answer.context["rows"]]


def log_of(people: Cast) -> list[tuple[str, str, int]]:
    """What the log says of sessions: outcome, what was chosen, how many."""
    with scope.account(people.ferri.account.pk):
        entries = LogEntry.objects.filter(verb=Verb.SESSIONS).order_by("seq")
        return [
            (one.outcome, one.details.partition('"chosen":"')[2].partition('"')[0], one.count)
            for one in entries
        ]


# The address -> the rows, the latest first.
ASKED = {
    "": ["this", "anna", "bruna", "phone", "desk"],
    "state=past": ["past"],
    "state=all": ["this", "past", "anna", "bruna", "phone", "desk"],
    "user={ugo}": ["phone", "desk"],
    "user={ugo}&state=all": ["past", "phone", "desk"],
    "user={carla}&state=all": [],
    "device=firefox": ["bruna"],
    "device=safari+on+iphone": ["phone"],
    "ip=203.0.113.": ["bruna"],
    "since=2000-01-01&until=2000-01-02": [],
    "session={past}": ["past"],
}


@pytest.mark.parametrize("query", ASKED)
def test_the_list_shows_what_the_address_asks_for(
    people: Cast, come_in: ComeIn, rows: dict[str, Session], query: str
) -> None:
    numbers = {"ugo": people.ugo.pk, "carla": people.carla.pk, "past": rows["past"].pk}
    answer = come_in(people.anna).get(f"{PAGE}?{query.format(**numbers)}")
    assert shown(answer, rows) == ASKED[query]


def test_a_row_tells_all_there_is_to_know(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    page = come_in(people.anna).get(f"{PAGE}?state=all&user={people.ugo.pk}").content.decode()
    for words in ("Ugo Conti", "Safari on iPhone", "192.0.2.7", "Password", "1 day ago",
                  "Signed in", "Not used for too long"):  # fmt: skip
        assert words in page
    assert f'href="/security/actions/?session={rows["desk"].pk}"' in page


def test_this_device_cannot_be_ticked_or_disconnected(people: Cast, come_in: ComeIn) -> None:
    answer = come_in(people.anna).get(PAGE)
    this = answer.context["rows"][0]
    page = answer.content.decode()
    assert this.is_this
    assert "This device" in page
    assert f"{PAGE}{this.it.pk}/disconnect/" not in page
    assert 'name="ids"' not in page


def test_every_form_asks_for_a_proof(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    client = come_in(people.anna)
    page = client.get(PAGE).content.decode()
    assert page.count("data-proof") == 1 + len(rows) - 1
    for query in ("others=1", f"user={people.ugo.pk}"):
        assert "data-proof" in client.get(f"{MANY}?{query}").content.decode()


def test_one_is_disconnected_at_once(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    client = come_in(people.anna)
    back = f"{PAGE}?device=safari"
    answer = client.post(f"{PAGE}{rows['phone'].pk}/disconnect/", {"next": back})
    assert answer["Location"] == back
    assert "Disconnected: Safari on iPhone of Ugo Conti" in client.get(back).content.decode()
    assert current(people, rows) == {"desk", "bruna", "anna"}
    assert log_of(people) == [("done", "one", 1)]
    client.post(f"{PAGE}{rows['phone'].pk}/disconnect/")
    assert log_of(people) == [("done", "one", 1)]
    with scope.account(people.ferri.account.pk):
        row = Session.objects.get(pk=rows["phone"].pk)
    assert (row.ended_why, row.ended_by) == (Ended.DISCONNECTED, "Anna Ferri")


def test_a_few_chosen_are_disconnected_at_once(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    client = come_in(people.anna)
    ids = [rows[name].pk for name in ("phone", "bruna", "past")]
    answer = client.post(MANY, {"ids": ids}, follow=True)
    assert "2 devices were disconnected." in answer.content.decode()
    assert current(people, rows) == {"desk", "anna"}
    assert log_of(people) == [("done", "chosen", 2)]


def test_many_chosen_are_asked_about_first(people: Cast, come_in: ComeIn) -> None:
    made = {str(n): a_session(people.ugo) for n in range(11)}
    client = come_in(people.anna)
    ids = [row.pk for row in made.values()]
    asked = client.post(MANY, {"ids": ids})
    page = asked.content.decode()
    assert "Disconnect 11 devices?" in page
    assert "and 6 more" in page
    assert current(people, made) == set(made)
    assert all(f'name="ids" value="{pk}"' in page for pk in ids)
    client.post(MANY, {"ids": ids, "sure": "1"})
    assert current(people, made) == set()


def test_from_ugo_has_left_to_no_device_of_his_is_in(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    client = come_in(people.anna)
    screen = f"{PAGE}?user={people.ugo.pk}"
    assert "Disconnect all devices of Ugo Conti" in client.get(screen).content.decode()
    asked = client.get(f"{MANY}?user={people.ugo.pk}", headers={"HX-Request": "true"})
    page = asked.content.decode()
    assert "Disconnect all devices of Ugo Conti?" in page
    assert "2 devices are signed out" in page
    answer = client.post(MANY, {"user": people.ugo.pk, "sure": "1", "next": screen}, follow=True)
    page = answer.content.decode()
    assert "2 devices of Ugo Conti were disconnected." in page
    assert "No device of Ugo Conti is signed in" in page
    assert "Disconnect all devices of Ugo Conti" not in page
    assert current(people, rows) == {"bruna", "anna"}
    assert log_of(people) == [("done", "user", 2)]


def test_everybody_else_is_everything_but_this_device(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    theirs = {"carla": a_session(people.carla)}
    client = come_in(people.anna)
    page = client.get(f"{MANY}?others=1").content.decode()
    assert "4 devices of 3 users are signed out" in page
    assert "One of them is yours" in page
    assert current(people, rows) == {"desk", "phone", "bruna", "anna"}
    # Without the confirmation a form is only asked about.
    assert "Disconnect everybody else?" in client.post(MANY, {"others": "1"}).content.decode()
    assert current(people, rows) == {"desk", "phone", "bruna", "anna"}
    answer = client.post(MANY, {"others": "1", "sure": "1"}, follow=True)
    assert "4 devices were disconnected." in answer.content.decode()
    assert answer.status_code == 200
    assert current(people, rows) == set()
    assert log_of(people) == [("done", "others", 4)]
    with scope.account(people.lodi.account.pk):
        assert Session.objects.get(pk=theirs["carla"].pk).ended_at is None


def test_all_of_oneself_leaves_this_device_in(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    client = come_in(people.anna)
    page = client.get(f"{PAGE}?user={people.anna.pk}").content.decode()
    assert "Disconnect all my other devices" in page
    client.post(MANY, {"user": people.anna.pk, "sure": "1"})
    assert client.get(PAGE).status_code == 200
    assert current(people, rows) == {"desk", "phone", "bruna"}


def test_what_is_over_by_now_is_told_and_not_logged(people: Cast, come_in: ComeIn) -> None:
    client = come_in(people.anna)
    asked = client.get(f"{MANY}?user={people.ugo.pk}").content.decode()
    assert "There is nothing to disconnect." in asked
    assert "btn-danger" not in asked
    answer = client.post(MANY, {"user": people.ugo.pk, "sure": "1"}, follow=True)
    assert "No device was signed in any more." in answer.content.decode()
    assert log_of(people) == []


def test_nothing_ticked_is_told(people: Cast, come_in: ComeIn) -> None:
    answer = come_in(people.anna).post(MANY, {})
    assert answer.status_code == 400
    assert "Tick the devices" in answer.content.decode()


def test_the_log_tells_it_as_a_sentence_and_leads_back(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    client = come_in(people.anna)
    client.post(MANY, {"user": people.ugo.pk, "sure": "1"})
    client.post(MANY, {"others": "1", "sure": "1"})
    page = client.get("/security/actions/").content.decode()
    assert "<b>Anna Ferri</b> disconnected <b>2</b> devices of <b>Ugo Conti</b>." in page
    assert "disconnected everybody else: <b>2</b> devices." in page
    this = client.get(PAGE).context["rows"][0].it.pk
    assert f'href="/security/sessions/?session={this}"' in page


def test_what_a_session_did_is_a_filter_of_the_log(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    anna, ugo = come_in(people.anna), come_in(people.ugo)
    lead = people.lead(people.ugo)
    ugo.post("/leads/bulk/", {"delete": "1", "ids": lead.pk})
    people_moves.create(people.actor(people.anna), first_name="Dino")
    with scope.account(people.ferri.account.pk):
        his = Session.objects.filter(user=people.ugo).latest("pk")
    answer = anna.get(f"/security/actions/?session={his.pk}")
    entries = [entry["it"].verb for _day, day in answer.context["days"] for entry in day]
    assert entries == [Verb.DELETE]
    page = answer.content.decode()
    assert "Done on" in page
    assert "of Ugo Conti, since" in page
    # Another filter keeps this one; the mark takes it away.
    assert f'name="session" value="{his.pk}"' in page
    assert 'href="/security/actions/"' in page
    nothing = anna.get(f"/security/actions/?session={rows['past'].pk}")
    assert "No action matches" in nothing.content.decode()


def test_the_number_of_queries_does_not_grow_with_the_sessions(
    people: Cast, come_in: ComeIn, django_assert_max_num_queries: Any
) -> None:
    for _ in range(40):
        a_session(people.ugo)
        a_session(people.bruna, ended_at=days_ago(1), ended_why=Ended.IDLE)
    client = come_in(people.anna)
    with django_assert_max_num_queries(7):  # one is of the side bar
        client.get(f"{PAGE}?state=all&user={people.ugo.pk}")


def test_names_are_text_and_not_markup(people: Cast, come_in: ComeIn) -> None:
    eve = people_moves.create(
        people.actor(people.anna), first_name="<img src=x>", last_name="%(name)s"
    )
    a_session(eve, browser="<script>1")
    client = come_in(people.anna)
    for path in (PAGE, f"{MANY}?user={eve.pk}", f"{MANY}?others=1"):
        page = client.get(path).content.decode()
        assert "<img src=x>" not in page
        assert "<script>1" not in page


def test_a_foreign_goal_is_not_gone_to(
    people: Cast, come_in: ComeIn, rows: dict[str, Session]
) -> None:
    sent = {"next": "https://evil.example/", "ids": rows["desk"].pk}
    assert come_in(people.anna).post(MANY, sent)["Location"] == PAGE


def test_a_proof_that_is_too_old_lets_nothing_through(
    people: Cast, rows: dict[str, Session]
) -> None:
    stale = people.anna.actor(Entrance.WEB)
    with scope.account(people.ferri.account.pk), pytest.raises(ProofNeeded):
        moves.disconnect(stale, Session.objects.all())
    assert current(people, rows) == {"desk", "phone", "bruna", "anna"}
