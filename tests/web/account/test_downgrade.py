"""On a downgrade rules keep protecting until an admin confirms; an upgrade brings all back."""

from datetime import timedelta

import pytest

from custode.accounts import downgrade
from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.accounts.models import Account
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused
from custode.leads.models import Lead
from custode.signin.models import Session
from tests.web.security.telling import told

PAGE = "/admin-panel/account/edition/"
PRIVACY = "/admin-panel/account/privacy/"
RULES = {"delete:lead", "export:client_folder"}
WAITING = "2 privacy settings go on protecting until an admin confirms what will change."


@pytest.fixture
def moved(people):
    """Ferri had two rules ticked, and has Sales Essentials now."""
    anna = people.actor(people.anna)
    account_moves.set_privacy(anna, Verb.DELETE, "lead", True)
    account_moves.set_privacy(anna, Verb.EXPORT, "client_folder", True)
    edition(people, Edition.SALES_ESSENTIALS)
    return people


def edition(people, wanted):
    account_moves.set_edition(Actor.operator(people.ferri.account.pk), wanted)
    people.ferri.account.refresh_from_db()


def refused(people):
    """Whether Ugo is refused when he deletes a lead of his own."""
    with scope.account(people.ferri.account.pk):
        try:
            door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
        except Refused:
            return True
        return False


def confirm(people):
    with scope.account(people.ferri.account.pk):
        return downgrade.confirm(people.actor(people.anna), RULES)


# What happens to an account with a ticked rule, in this order -> whether the rule holds.
HOLDS = [
    ([], True),
    (["down"], True),
    (["down", "confirm"], False),
    (["down", "confirm", "up"], True),
    (["down", "confirm", "up", "down"], True),
    (["down", "confirm", "up", "down", "confirm"], False),
    (["down", "confirm", "down"], False),
    (["down", "up"], True),
    (["up"], True),
]


@pytest.mark.parametrize(("happens", "holds"), HOLDS)
def test_when_a_rule_holds(people, happens, holds):
    anna = people.actor(people.anna)
    account_moves.set_privacy(anna, Verb.DELETE, "lead", True)
    account_moves.set_privacy(anna, Verb.EXPORT, "client_folder", True)
    acts = {
        "down": lambda: edition(people, Edition.SALES_ESSENTIALS),
        "up": lambda: edition(people, Edition.DREAM_TEAM),
        "confirm": lambda: confirm(people),
    }
    for act in happens:
        acts[act]()
    assert refused(people) is holds


def test_each_page_of_the_admin_panel_tells_until_it_is_decided(moved, come_in):
    client = come_in(moved.anna)
    for address in (
        "/admin-panel/account/", PRIVACY, "/admin-panel/users/", "/security/", "/security/actions/",
        "/security/sessions/", "/security/alerts/", "/security/alerts/rules/",
        "/security/log-check/", "/security/whose-export/",
    ):  # fmt: skip
        assert WAITING in client.get(address).text
    assert WAITING not in client.get("/leads/").text
    confirm(moved)
    assert WAITING not in client.get(PRIVACY).text


def test_pages_of_the_other_edition_explain_themselves(moved, come_in):
    client = come_in(moved.anna)
    for address, title, does in (
        ("/security/log-check/", "Check of the log", "in the database itself"),
        ("/security/whose-export/", "Whose export is this file?", "who exported its rows"),
    ):
        page = client.get(address).text
        assert "This is part of the Dream Team edition" in page
        assert page.count(title) == 2
        assert does in page


def test_nobody_is_told_where_there_is_nothing_to_decide(people, come_in):
    account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    assert "until an admin confirms" not in come_in(people.anna).get(PRIVACY).text
    page = come_in(people.anna).get(PAGE).text
    assert "There is nothing to confirm" in page
    assert "This edition has everything." in page
    page = come_in(people.carla).get(PAGE).text
    assert "No privacy setting is ticked." in page
    assert "User sessions: who is in, and how to disconnect them" in page


def test_the_page_says_which_rules_stop_for_whom_and_what_the_edition_lacks(moved, come_in):
    page = come_in(moved.anna).get(PAGE).text
    for words in (
        "Only admins can delete leads",
        "Only admins can export client folders",
        "2 users who are not admins may do what the rules reserve to admins.",
        "Let 2 rules stop",
        "Let them go on holding",
        "Sensitive actions: who did what, when, from where; with alerts, undo, the check",
        "Teams and their managers",
    ):
        assert words in page


def test_confirming_lets_the_rules_rest_and_loses_none(moved, come_in):
    client = come_in(moved.anna)
    answer = client.post(PAGE, {"rule": sorted(RULES)}, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "These rules rest" in answer.text
    assert "Only admins can delete leads" in answer.text
    assert not refused(moved)
    page = client.get(PRIVACY).text
    assert page.count("Rests: it is ticked") == 2
    assert "checked>" not in page.split("Who sees what")[0]
    assert page.count("Untick: Only admins") == 2
    client.post(f"{PRIVACY}export/client_folder/")
    assert client.get(PRIVACY).text.count("Rests: it is ticked") == 1
    edition(moved, Edition.DREAM_TEAM)
    assert refused(moved)
    assert "Rests: it is ticked" not in client.get(PRIVACY).text


# What a form sends of the rules -> it must name just those that hold.
FORGED = [
    [],
    ["delete:lead"],
    ["delete:lead", "export:client_folder", "delete:comment"],
    ["delete:lead", "nothing"],
]


@pytest.mark.parametrize("names", FORGED)
def test_only_what_was_read_is_confirmed(moved, come_in, names):
    answer = come_in(moved.anna).post(PAGE, {"rule": names})
    assert answer.status_code == 422
    assert "Read again what would stop." in answer.text
    assert refused(moved)


def test_a_rule_ticked_off_meanwhile_makes_one_read_again(moved, come_in):
    client = come_in(moved.anna)
    client.post(f"{PRIVACY}export/client_folder/")
    assert client.post(PAGE, {"rule": sorted(RULES)}).status_code == 422
    assert client.post(PAGE, {"rule": ["delete:lead"]}).status_code == 302
    assert not refused(moved)


def test_in_dream_team_there_is_nothing_to_confirm(people, come_in):
    account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    assert come_in(people.anna).post(PAGE, {"rule": "delete:lead"}).status_code == 422
    assert refused(people)


def test_a_user_neither_reads_nor_confirms_it(moved, come_in):
    client = come_in(moved.ugo)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"rule": sorted(RULES)}).status_code == 403
    with scope.account(moved.ferri.account.pk):
        assert LogEntry.objects.filter(verb="account", outcome="refused").count() == 1
        with pytest.raises(Refused):
            downgrade.confirm(moved.actor(moved.ugo), RULES)
    assert refused(moved)


def test_the_other_account_decides_nothing_here(moved, come_in):
    answer = come_in(moved.carla).post(PAGE, {"rule": sorted(RULES)})
    assert answer.status_code == 422
    assert refused(moved)


def test_a_proof_of_identity_is_asked(moved, come_in):
    client = come_in(moved.anna)
    with scope.account(moved.ferri.account.pk):
        Session.objects.update(proved_at=clock.now() - timedelta(minutes=11))
    answer = client.post(PAGE, {"rule": sorted(RULES)})
    assert answer.status_code == 403
    assert "Is it you?" in answer.text
    assert refused(moved)


def test_what_can_be_done_when_a_rule_rests_is_logged_as_before(moved):
    confirm(moved)
    with scope.account(moved.ferri.account.pk):
        act = door.delete(moved.actor(moved.ugo), [moved.lead(moved.ugo)])
        assert LogEntry.objects.get(seq=act.seq).verb == "delete"
        assert not Lead.objects.exists()


def test_the_log_tells_the_change_the_answer_and_the_return(moved, come_in):
    confirm(moved)
    edition(moved, Edition.DREAM_TEAM)
    sentences = [one for one, _colour in told(come_in(moved.anna).get("/security/actions/"))]
    rules = "Only admins can delete leads; Only admins can export client folders"
    assert sentences[:3] == [
        "The operator of this installation moved the account from Sales Essentials to Dream Team."
        f" These rules hold again: {rules}.",
        f"Anna Ferri confirmed that these rules stop, which the edition does not have: {rules}.",
        "The operator of this installation moved the account from Dream Team to Sales Essentials.",
    ]


def test_an_unknown_edition_changes_nothing(people):
    with pytest.raises(Invalid):
        edition(people, "gold")
    assert Account.objects.get(pk=people.ferri.account.pk).edition == "dream_team"
