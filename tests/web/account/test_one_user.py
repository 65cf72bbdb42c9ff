"""The page of one user: name, second factor, what somebody did who has left."""

from __future__ import annotations

import pytest

from custode.kernel import scope
from custode.people.models import User
from custode.signin.factors import totp
from tests.web.signin.test_two_factor import secure

PAGE = "/admin-panel/users/"


def stored(user):
    with scope.account(user.account_id):
        return User.objects.get(pk=user.pk)


def test_an_admin_gives_somebody_another_name(people, come_in):
    anna, address = come_in(people.anna), f"{PAGE}{people.ugo.pk}/name/"
    page = anna.post(
        address, {"first_name": " Ugo  Maria ", "last_name": "Conti Sala"}, follow=True
    )
    assert "The name is now: Ugo Maria Conti Sala" in page.text
    assert stored(people.ugo).get_full_name() == "Ugo Maria Conti Sala"
    told = anna.get("/security/actions/").text
    assert "gave <b>Ugo Conti</b> the name <b>Ugo Maria Conti Sala</b>" in told


@pytest.mark.parametrize("first", ["", "  ", "x" * 61])
def test_a_name_that_does_not_fit_changes_nothing(people, come_in, first):
    given = {"first_name": first, "last_name": "Rota"}
    answer = come_in(people.anna).post(f"{PAGE}{people.ugo.pk}/name/", given)
    assert answer.status_code == 422
    assert 'value="Rota"' in answer.text
    assert stored(people.ugo).get_full_name() == "Ugo Conti"


def test_the_list_tells_who_has_a_second_factor(people, come_in):
    secure(people, people.ugo, totp.new_secret())
    page = come_in(people.anna).get(PAGE).text
    assert page.count("and a second factor") == 1
    assert page.count("no second factor") == 2


def test_the_page_of_who_was_disabled_still_leads_to_what_they_did(people, come_in):
    anna = come_in(people.anna)
    anna.post(f"{PAGE}{people.ugo.pk}/leaves/", {"heir": "stay"})
    assert not stored(people.ugo).is_active
    page = anna.get(f"{PAGE}{people.ugo.pk}/").text
    assert f"/security/sessions/?user={people.ugo.pk}" in page
    assert f"/security/actions/?who=user:{people.ugo.pk}" in page
