"""Privacy settings: tick boxes that hold at once, and what each tells."""

import pytest

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused

PAGE = "/admin-panel/account/privacy/"
DELETE = f"{PAGE}delete/lead/"
HTMX = {"HX-Request": "true"}


def ticked(people, verb=Verb.DELETE, where="ferri"):
    account = getattr(people, where).account.pk
    with scope.account(account):
        return policy.holds(account, verb, "lead")


def text(answer):
    return answer.content.decode()


def test_the_boxes_have_the_products_own_sentences_in_its_own_order(people, come_in):
    page = text(come_in(people.anna).get(PAGE))
    sentences = (
        "Only admins can export prospecting lists",
        "Only admins can export leads",
        "Only admins can export client folders",
        "Only admins can delete prospecting lists",
        "Only admins can delete leads",
        "Only admins can delete client folders",
        "Only admins can delete comments or e-mails",
        "Only admins can delete post-sales processes and tasks",
    )
    places = [page.index(sentence) for sentence in sentences]
    assert places == sorted(places)
    assert page.count('type="checkbox" name="ticked"') == 8


def test_ticking_holds_at_once_and_unticking_too(people, come_in):
    client, ugo = come_in(people.anna), people.actor(people.ugo)
    answer = client.post(DELETE, {"ticked": "on"}, headers=HTMX)
    assert answer.status_code == 200
    assert "checked" in text(answer)
    assert ticked(people)
    with pytest.raises(Refused):
        door.delete(ugo, [people.lead(people.ugo)])
    client.post(DELETE, headers=HTMX)
    assert not ticked(people)
    assert door.delete(ugo, [people.lead(people.ugo)]).count == 1


def test_without_scripts_the_form_does_the_same(people, come_in):
    answer = come_in(people.anna).post(DELETE, {"ticked": "on"}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Switched on: Only admins can delete leads" in text(answer)
    assert ticked(people)


def test_each_box_tells_how_many_it_touches_and_how_often_it_said_no(people, come_in):
    come_in(people.anna).post(DELETE, {"ticked": "on"})
    for _ in range(3):
        with pytest.raises(Refused):
            door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
    page = text(come_in(people.anna).get(PAGE))
    assert "Applies to 2 users." in page
    assert "Refused 1 time in the last 30 days" in page


def test_the_rules_on_exports_are_said_to_hold_for_programs_that_read_much(people, come_in):
    assert "read more than 1,000 within an hour" in come_in(people.anna).get(PAGE).text


def test_a_change_is_an_entry_of_the_log(people, come_in):
    client = come_in(people.anna)
    client.post(DELETE, {"ticked": "on"})
    client.post(DELETE, {"ticked": "on"})
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.filter(verb="privacy").count() == 1


def test_a_user_sees_whom_to_ask_and_changes_nothing(people, come_in):
    client = come_in(people.ugo)
    for answer in (client.get(PAGE), client.post(DELETE, {"ticked": "on"}), client.post(DELETE)):
        assert answer.status_code == 403
        assert "Anna Ferri" in text(answer)
    assert not ticked(people)
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.filter(verb="privacy", outcome="refused").count() == 2


def test_a_form_without_its_token_changes_nothing(people, come_in):
    assert come_in(people.anna, strict=True).post(DELETE, {"ticked": "on"}).status_code == 403
    assert not ticked(people)


@pytest.mark.parametrize("end", ["purge/lead/", "delete/user/", "delete/nothing/", "x/lead/"])
def test_a_rule_that_there_is_not_is_not_there(people, come_in, end):
    assert come_in(people.anna).post(f"{PAGE}{end}", {"ticked": "on"}).status_code == 404


def test_the_other_account_is_not_touched(people, come_in):
    come_in(people.anna).post(DELETE, {"ticked": "on"})
    assert not ticked(people, where="lodi")


def test_sales_essentials_explains_itself_and_does_not_tick(people, come_in):
    client = come_in(people.carla)
    assert "part of the Dream Team edition" in text(client.get(PAGE))
    answer = client.post(DELETE, {"ticked": "on"}, headers=HTMX)
    assert answer.status_code == 403
    assert answer["X-Custode-Problem"] == "1"
    assert not ticked(people, where="lodi")


def test_a_rule_ticked_before_goes_on_holding_and_can_be_unticked(people, come_in):
    operator = Actor.operator(people.lodi.account.pk)
    account_moves.set_edition(operator, Edition.DREAM_TEAM)
    account_moves.set_privacy(people.actor(people.carla), Verb.DELETE, "lead", True)
    account_moves.set_edition(operator, Edition.SALES_ESSENTIALS)
    assert ticked(people, where="lodi")
    assert come_in(people.carla).post(DELETE).status_code == 302
    assert not ticked(people, where="lodi")
