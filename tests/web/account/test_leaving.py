"""“Ugo has left”: one screen, one confirmation, and no device of his is in."""

from datetime import timedelta

import pytest

from custode.clients import moves as folders
from custode.clients.models import ClientFolder
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.leads.models import Lead
from custode.people import moves
from custode.people.models import Role
from custode.postsales import moves as task_moves
from custode.postsales.models import State, Task
from custode.prospecting.models import ProspectingList
from custode.signin import links
from custode.signin.models import Session
from tests.cast import PASSWORD
from tests.postsales.processes import a_task, won
from tests.prospecting.sheets import a_list
from tests.signin.posting import again, token_in

PAGE = "/admin-panel/users/"


def text(answer):
    return answer.content.decode()


def page_of(user, end="leaves/"):
    return f"{PAGE}{user.pk}/{end}"


@pytest.fixture
def leads(people):
    """Three leads, a client folder and a prospecting list of Ugo's."""
    with scope.account(people.ferri.account.pk):
        folders.create(people.actor(people.ugo), "Rossi", owner=people.ugo)
        a_list(people.actor(people.ugo))
        one = a_task(people, won(people, people.bruna), people.ugo)
        done = a_task(people, won(people, people.bruna), people.ugo, "Done already")
        task_moves.set_state(people.actor(people.ugo), done, State.DONE)
    assert one.assignee == people.ugo
    return [people.lead(people.ugo, f"Scanner {n}") for n in range(3)]


def assignees(people):
    """Whose the task is that is to be done, and whose the one that is done."""
    with scope.account(people.ferri.account.pk):
        tasks = Task.objects.order_by("pk").select_related("assignee")
        return [str(task.assignee) for task in tasks]


def owners(people):
    """Whose all this is."""
    with scope.account(people.ferri.account.pk):
        return sorted(
            {
                str(one.owner)
                for model in (Lead, ClientFolder, ProspectingList)
                for one in model.objects.select_related("owner")
            }
        )


def test_the_screen_says_what_will_happen(people, come_in, leads):
    come_in(people.ugo)
    client = come_in(people.anna)
    assert page_of(people.ugo) in text(client.get(page_of(people.ugo, "")))
    page = text(client.get(page_of(people.ugo)))
    assert "1 device is signed in; it is signed out at once." in page
    assert "3 leads" in page
    assert "1 prospecting list" in page
    assert "1 post-sales task" in page
    assert "goes to Bruna Sala" in page
    assert "goes to Carla" not in page
    assert again(people.ugo).is_active


def test_the_very_next_request_of_every_device_is_refused(people, come_in, leads):
    devices = [come_in(people.ugo) for _ in range(3)]
    come_in(people.anna).post(page_of(people.ugo))
    assert [device.get("/leads/").status_code for device in devices] == [302] * 3
    signed = come_in().post("/sign-in/", {"email": "ugo@conti.example", "password": PASSWORD})
    assert signed.status_code == 422


@pytest.mark.parametrize(
    ("told", "owner", "says"),
    [
        ("stay", "Ugo Conti", "Ugo Conti is disabled"),
        ("none", "None", "3 leads: owner is nobody now."),
        ("bruna", "Bruna Sala", "3 leads: owner is Bruna Sala now."),
    ],
)
def test_the_leads_go_where_it_was_said_and_can_be_called_back(
    people, come_in, leads, told, owner, says
):
    client = come_in(people.anna)
    wanted = str(getattr(people, told).pk) if hasattr(people, told) else told
    page = text(client.post(page_of(people.ugo), {"heir": wanted}, follow=True))
    assert says in page
    assert owners(people) == sorted({owner, "Bruna Sala"})
    assert assignees(people) == [owner, "Ugo Conti"]
    assert not again(people.ugo).is_active
    assert ("/undo/" in page) == (told != "stay")


@pytest.mark.parametrize("told", ["", "x", "999999", "carla", "ugo"])
def test_a_forged_heir_changes_nothing(people, come_in, leads, told):
    wanted = str(getattr(people, told).pk) if hasattr(people, told) else told
    answer = come_in(people.anna).post(page_of(people.ugo), {"heir": wanted})
    assert answer.status_code == 422
    assert owners(people) == ["Bruna Sala", "Ugo Conti"]
    assert again(people.ugo).is_active


def test_who_does_not_sign_in_gets_nothing(people, come_in, leads):
    named = moves.create_named(people.actor(people.anna), ["Nora Neri"])["Nora Neri"]
    client = come_in(people.anna)
    page = text(client.get(page_of(people.ugo)))
    assert f'<option value="{people.bruna.pk}"' in page
    assert f'<option value="{named.pk}"' not in page
    assert client.post(page_of(people.ugo), {"heir": str(named.pk)}).status_code == 422
    assert owners(people) == ["Bruna Sala", "Ugo Conti"]
    assert again(people.ugo).is_active


def test_nobody_disables_themselves(people, come_in):
    moves.set_role(people.actor(people.anna), people.bruna, Role.ADMIN)
    client = come_in(people.anna)
    assert page_of(people.anna) not in text(client.get(page_of(people.anna, "")))
    assert client.get(page_of(people.anna)).status_code == 400
    assert client.post(page_of(people.anna)).status_code == 422
    assert again(people.anna).is_active
    assert client.get("/profile/").status_code == 200


def test_enabled_again_the_password_works_and_nothing_else_from_before(people, come_in):
    old = come_in(people.ugo)
    token = token_in(links.password_link(again(people.ugo)))
    client = come_in(people.anna)
    client.post(page_of(people.ugo))
    page = text(client.get(page_of(people.ugo, "")))
    assert "Disabled" in page
    assert client.post(page_of(people.ugo, "link/")).status_code == 400
    assert client.post(page_of(people.ugo, "enable/")).status_code == 302
    assert old.get("/profile/").status_code == 302
    assert come_in().get(f"/password/{token}/").status_code == 404
    signed = come_in().post("/sign-in/", {"email": "ugo@conti.example", "password": PASSWORD})
    assert signed.status_code == 302


def test_without_a_proof_neither_the_user_nor_the_leads_move(people, come_in, leads):
    client = come_in(people.anna)
    client.raise_request_exception = False
    with scope.account(people.anna.account_id):
        past = clock.now() - timedelta(minutes=11)
        Session.objects.filter(user=people.anna).update(proved_at=past)
    answer = client.post(page_of(people.ugo), {"heir": str(people.bruna.pk)})
    assert answer.status_code >= 400
    assert owners(people) == ["Bruna Sala", "Ugo Conti"]
    assert again(people.ugo).is_active


def test_the_log_tells_it(people, come_in):
    client = come_in(people.anna)
    client.post(page_of(people.ugo))
    client.post(page_of(people.ugo, "enable/"))
    page = text(client.get("/security/actions/"))
    assert "disabled <b>Ugo Conti</b> and signed them out everywhere" in page
    assert "enabled <b>Ugo Conti</b> again" in page
    with scope.account(people.ugo.account_id):
        assert LogEntry.objects.filter(verb="users", outcome="done").exists()
