"""New entries appear on an open page of the log by themselves, within the filters it has."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.guard import door
from custode.guard.models import LogHead
from custode.kernel import clock, scope
from custode.leads.models import Lead
from custode.signin.models import Session
from tests.web.security.telling import PAGE, told

HTMX = {"HX-Request": "true", "X-Custode-Poll": "1"}


def news(client, query="", after=None):
    return client.get(f"{PAGE}?after={after}{query}", headers=HTMX)


@pytest.fixture
def anna(people, come_in):
    return come_in(people.anna)


def head(people):
    with scope.account(people.ferri.account.pk):
        return LogHead.objects.get().seq


def deleted(people, who):
    return door.delete(people.actor(who), [people.lead(who)]).seq


def test_an_open_page_knows_how_far_it_is(people, anna):
    seq = deleted(people, people.ugo)
    assert f'data-latest="{seq}"' in anna.get(PAGE).text
    # An older page stands still.
    assert "data-latest" not in anna.get(f"{PAGE}?before={seq}").text


def test_what_is_new_comes_and_nothing_else(people, anna):
    upto = head(people)
    assert news(anna, after=upto).status_code == 204
    first, second = deleted(people, people.ugo), deleted(people, people.bruna)
    answer = news(anna, after=upto)
    assert [entry for entry, _colour in told(answer)] == [
        "Bruna Sala deleted 1 lead.",
        "Ugo Conti deleted 1 lead.",
    ]
    assert "<html" not in answer.text
    assert f'data-latest="{second}"' in answer.text
    assert 'data-said="New: Bruna Sala deleted 1 lead. And 1 more action."' in answer.text
    assert len(told(news(anna, after=first))) == 1
    assert news(anna, after=second).status_code == 204


def test_filters_hold_for_what_is_new(people, anna):
    upto = head(people)
    deleted(people, people.ugo)
    later = deleted(people, people.bruna)
    answer = news(anna, f"&who=user:{people.ugo.pk}", upto)
    assert [entry for entry, _colour in told(answer)] == ["Ugo Conti deleted 1 lead."]
    nothing = news(anna, "&verb=export", upto)
    # The page learns how far the log is all the same, so that it asks for less the next time.
    assert told(nothing) == []
    assert f'data-latest="{later}"' in nothing.text


def test_what_an_undo_changes_further_down_comes_too(people, anna):
    act = deleted(people, people.ugo)
    door.undo(people.actor(people.anna), act)
    answer = news(anna, "&verb=delete", after=act)
    assert told(answer) == []
    (again,) = answer.context["again"]
    assert (again["it"].seq, again["undoable"], again["colour"]) == (act, False, "undone")


def test_the_end_of_an_export_takes_the_place_of_its_beginning(people, anna):
    people.lead(people.ugo)
    with scope.account(people.ferri.account.pk):
        leads = door.export(people.actor(people.ugo), Lead.objects.all(), format="csv")
        list(leads.rows())
    assert f'data-instead="{leads.seq}"' in news(anna, after=leads.seq).text


def test_more_than_a_page_is_not_put_in_but_told(people, anna):
    upto = head(people)
    for _ in range(51):
        deleted(people, people.ugo)
    answer = news(anna, after=upto)
    assert answer.status_code == 204
    assert answer.headers["X-Custode-Many"] == "1"


def test_an_undo_on_what_came_leads_back_to_the_page_itself(people, anna):
    upto = head(people)
    seq = deleted(people, people.ugo)
    page = news(anna, "&verb=delete", upto).text
    assert f'value="{PAGE}?verb=delete#act-{seq}"' in page


def test_a_page_that_is_left_open_keeps_no_session_alive(people, anna):
    anna.get(PAGE)
    with scope.account(people.ferri.account.pk):
        seen = Session.objects.get(user=people.anna).seen_at
        with clock.at(clock.now() + timedelta(minutes=5)):
            news(anna, after=0)
            assert Session.objects.get(user=people.anna).seen_at == seen
            # Nobody hides by saying so of anything else.
            for path, more in ((PAGE, ""), ("/leads/", "?after=1")):
                anna.get(f"{path}{more}", headers=HTMX)
                moved = Session.objects.get(user=people.anna)
                assert moved.seen_at > seen
                Session.objects.filter(pk=moved.pk).update(seen_at=seen)


@pytest.mark.parametrize("who", ["ugo", "carla"])
def test_who_may_not_see_the_log_gets_no_news(people, come_in, who):
    deleted(people, people.ugo)
    answer = news(come_in(getattr(people, who)), after=0)
    assert "deleted 1 lead" not in answer.text
