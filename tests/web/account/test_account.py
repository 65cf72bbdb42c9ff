"""Account management: what the account has, and how long it keeps its trash."""

import pytest

from custode.accounts import moves
from custode.accounts.models import Account
from custode.signin.factors import totp
from tests.web.signin.test_two_factor import secure

PAGE = "/admin-panel/account/"


def days(people):
    return Account.objects.get(pk=people.ferri.account.pk).trash_days


def test_the_page_says_which_edition_and_what_it_has(people, come_in):
    page = come_in(people.anna).get(PAGE).content.decode()
    assert "Ferri S.p.A." in page
    assert "Dream Team" in page
    assert "(not in this edition)" not in page
    page = come_in(people.carla).get(PAGE).content.decode()
    assert "Sales Essentials" in page
    assert page.count("(not in this edition)") == 4


def test_the_admin_panel_begins_with_the_account(people, come_in):
    assert come_in(people.anna).get("/admin-panel/", follow=True).redirect_chain[-1][0] == PAGE


def test_days_in_the_trash_are_set(people, come_in):
    assert come_in(people.anna).post(PAGE, {"trash_days": " 60 "}).status_code == 302
    assert days(people) == 60


@pytest.mark.parametrize("wrong", ["", "0", "-1", "3651", "1.5", "x", "9" * 40, "\x00", "٣٠"])
def test_wrong_days_are_told_beside_the_field(people, come_in, wrong):
    answer = come_in(people.anna).post(PAGE, {"trash_days": wrong})
    assert answer.status_code == 422
    assert 'id="trash_days-mistake"' in answer.content.decode()
    assert days(people) == 30


def test_a_user_changes_nothing(people, come_in):
    client = come_in(people.ugo)
    for answer in (client.get(PAGE), client.post(PAGE, {"trash_days": "60"}),
                   client.post(PAGE, {"trash_days": "30"})):  # fmt: skip
        assert answer.status_code == 403
    assert days(people) == 30


def test_the_edition_is_not_taken_from_the_form(people, come_in):
    come_in(people.carla).post(PAGE, {"trash_days": "30", "edition": "dream_team"})
    assert Account.objects.get(pk=people.lodi.account.pk).edition == "sales_essentials"


# ---- sessions and two-factor authentication

SESSIONS, TWO_FACTOR = f"{PAGE}sessions/", f"{PAGE}two-factor/"
HOURS = {"idle_hours": "24", "session_days": "14", "sessions_kept_months": "6"}


def account(people):
    return Account.objects.get(pk=people.ferri.account.pk)


def test_how_long_sessions_last_is_set_and_told(people, come_in):
    client = come_in(people.anna)
    assert client.post(SESSIONS, HOURS).status_code == 302
    found = account(people)
    assert (found.idle_hours, found.session_days, found.sessions_kept_months) == (24, 14, 6)
    page = client.get("/security/actions/").content.decode()
    assert "set the hours after which an unused session ends from <b>168</b> to <b>24</b>" in page
    assert "set the days that a session lasts at most from <b>30</b> to <b>14</b>" in page
    assert "past sessions are kept from <b>12</b> to <b>6</b>" in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("idle_hours", "0"), ("idle_hours", "2161"), ("idle_hours", "x"), ("idle_hours", ""),
        ("session_days", "0"), ("session_days", "366"), ("session_days", "-1"),
        ("sessions_kept_months", "0"), ("sessions_kept_months", "121"),
        ("sessions_kept_months", "1.5"),
    ],
)  # fmt: skip
def test_what_is_out_of_bounds_names_its_field_and_changes_nothing(people, come_in, name, value):
    answer = come_in(people.anna).post(SESSIONS, {**HOURS, name: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="{name}-mistake"' in page
    assert page.count('-mistake" role') == 1
    assert 'value="14"' in page or name == "session_days"
    found = account(people)
    assert (found.idle_hours, found.session_days, found.sessions_kept_months) == (168, 30, 12)


@pytest.mark.parametrize(
    ("required_of", "sentence"),
    [
        ("admins", "requires two-factor authentication of admins, with <b>3</b> days of grace"),
        ("all", "requires two-factor authentication of everybody, with <b>3</b> days of grace"),
    ],
)
def test_two_factor_authentication_is_required(people, come_in, required_of, sentence):
    client = come_in(people.anna)
    given = {"two_factor_for": required_of, "two_factor_grace_days": "3"}
    assert client.post(TWO_FACTOR, given).status_code == 302
    found = account(people)
    assert (found.two_factor_for, found.two_factor_grace_days) == (required_of, 3)
    assert found.two_factor_since is not None
    assert sentence in client.get("/security/actions/").content.decode()


def test_the_days_of_grace_begin_anew_when_more_people_are_meant(people):
    anna, since = people.actor(people.anna), []
    for required_of, days in (
        ("admins", 7),
        ("admins", 3),
        ("all", 3),
        ("admins", 3),
        ("nobody", 3),
    ):
        moves.set_two_factor(anna, required_of, days)
        since.append(account(people).two_factor_since)
    assert since[0] == since[1]
    assert since[2] > since[1]
    assert since[3] == since[2]
    assert since[4] is None


@pytest.mark.parametrize(
    ("given", "at"),
    [
        ({"two_factor_for": "some", "two_factor_grace_days": "3"}, "two_factor_for"),
        ({"two_factor_grace_days": "3"}, "two_factor_for"),
        ({"two_factor_for": "all", "two_factor_grace_days": "91"}, "two_factor_grace_days"),
        ({"two_factor_for": "all", "two_factor_grace_days": ""}, "two_factor_grace_days"),
    ],
)
def test_a_wrong_requirement_names_its_field(people, come_in, given, at):
    answer = come_in(people.anna).post(TWO_FACTOR, given)
    assert answer.status_code == 422
    assert f'id="{at}-mistake"' in answer.content.decode()
    assert account(people).two_factor_for == "nobody"


@pytest.mark.parametrize("path", [PAGE, SESSIONS, TWO_FACTOR])
def test_no_form_is_taken_from_a_user_or_without_its_token(people, come_in, path):
    given = {**HOURS, "trash_days": "60", "two_factor_for": "all", "two_factor_grace_days": "0"}
    for client in (come_in(people.ugo), come_in(people.anna, strict=True)):
        assert client.post(path, given).status_code == 403
    found = account(people)
    assert (found.trash_days, found.idle_hours, found.two_factor_for) == (30, 168, "nobody")


def test_a_setting_that_stays_as_it_is_is_no_entry(people, come_in):
    moves.set_numbers(people.actor(people.anna), {"idle_hours": 168, "session_days": 30})
    moves.set_two_factor(people.actor(people.anna), "nobody", 7)
    page = come_in(people.anna).get("/security/actions/").content.decode()
    assert "hours after which" not in page
    assert "two-factor authentication of anybody" not in page


@pytest.mark.parametrize("required_of", ["admins", "all"])
def test_nobody_shuts_themselves_out_by_requiring_at_once_what_they_lack(
    people, come_in, required_of
):
    client = come_in(people.anna)
    given = {"two_factor_for": required_of, "two_factor_grace_days": "0"}
    answer = client.post(TWO_FACTOR, given)
    assert answer.status_code == 422
    assert "You have no second factor yourself" in answer.text
    assert account(people).two_factor_for == "nobody"
    secure(people, people.anna, totp.new_secret())
    assert come_in(people.anna).post(TWO_FACTOR, given).status_code == 302
    assert account(people).two_factor_for == required_of


def test_the_page_says_how_many_lack_a_second_factor(people, come_in):
    assert "3 users have no second factor yet." in come_in(people.anna).get(PAGE).text
    secure(people, people.ugo, totp.new_secret())
    assert "2 users have no second factor yet." in come_in(people.anna).get(PAGE).text
