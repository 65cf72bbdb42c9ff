"""Account management: what the account has, and how long it keeps its trash."""

import pytest

from custode.accounts.models import Account

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
    assert page.count("(not in this edition)") == 2


def test_the_admin_panel_begins_with_the_account(people, come_in):
    assert come_in(people.anna).get("/admin-panel/", follow=True).redirect_chain[-1][0] == PAGE


def test_days_in_the_trash_are_set(people, come_in):
    assert come_in(people.anna).post(PAGE, {"trash_days": " 60 "}).status_code == 302
    assert days(people) == 60


@pytest.mark.parametrize("wrong", ["", "0", "-1", "3651", "1.5", "x", "9" * 40, "\x00", "٣٠"])
def test_wrong_days_are_told_beside_the_field(people, come_in, wrong):
    answer = come_in(people.anna).post(PAGE, {"trash_days": wrong})
    assert answer.status_code == 422
    assert 'id="trash-days-mistake"' in answer.content.decode()
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
