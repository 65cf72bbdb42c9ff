"""Who reaches the sensitive actions and their undo, and that names are shown as text."""

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.kernel import scope
from custode.kernel.actor import Actor, Entrance
from custode.leads.models import Lead
from custode.people import moves as people_moves

PAGE = "/security/actions/"


@pytest.fixture
def ugo(people):
    return people.actor(people.ugo)


def test_who_is_no_admin_is_told_whom_to_ask(people, come_in):
    answer = come_in(people.ugo).get(PAGE)
    assert answer.status_code == 403
    assert "Anna Ferri" in answer.content.decode()


def test_another_edition_is_explained(people, come_in):
    page = come_in(people.carla).get(PAGE).content.decode()
    assert "part of the Dream Team edition" in page
    assert "Sales Essentials" in page


def test_nothing_of_another_account_shows(people, come_in, ugo):
    door.delete(ugo, [people.lead(people.ugo, "Secret deal")])
    account_moves.set_edition(Actor.operator(people.lodi.account.pk), "dream_team")
    page = come_in(people.carla).get(PAGE).content.decode()
    assert "Secret deal" not in page
    assert "Ugo Conti" not in page
    assert "Ferri" not in page


def test_another_accounts_act_cannot_be_undone(people, come_in, ugo):
    act = door.delete(ugo, [people.lead(people.ugo)])
    assert come_in(people.carla).post(f"/undo/{act.seq}/").status_code in {400, 410}
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.count() == 0


def test_somebody_elses_act_is_undone_by_admins_only(people, come_in, ugo):
    act = door.delete(ugo, [people.lead(people.ugo)])
    answer = come_in(people.bruna).post(f"/undo/{act.seq}/")
    assert answer.status_code == 403
    assert "Ugo Conti" in answer.content.decode()


@pytest.mark.parametrize("seq", [0, 999999, 10**30])
def test_an_invented_act_cannot_be_undone(people, come_in, seq):
    assert come_in(people.anna).post(f"/undo/{seq}/").status_code in {404, 410}


def test_undoing_takes_a_post_with_the_forms_token(people, come_in, ugo):
    act = door.delete(ugo, [people.lead(people.ugo)])
    assert come_in(people.ugo).get(f"/undo/{act.seq}/").status_code == 405
    assert come_in(people.ugo, strict=True).post(f"/undo/{act.seq}/").status_code == 403


def test_names_are_text_not_markup(people, come_in):
    eve = people_moves.create(
        Actor.operator(people.ferri.account.pk), first_name="<img src=x>", last_name="%(who)s"
    )
    door.delete(eve.actor(Entrance.WEB), [people.lead(eve, "<script>1</script>")])
    page = come_in(people.anna).get(PAGE).content.decode()
    assert "<img src=x>" not in page
    assert "<script>1" not in page
    assert "&lt;img src=x&gt; %(who)s</b> deleted" in page
