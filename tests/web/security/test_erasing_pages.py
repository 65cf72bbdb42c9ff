"""The pages on which personal data are erased from the log, and what the log reads like then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.models import LogEntry, LogPerson
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.prospecting import moves as list_moves
from custode.signin import leaving
from custode.signin.models import Session
from tests.prospecting.sheets import a_list
from tests.web.security.telling import PAGE, facts, told

ERASE = "/security/actions/erase/"


@pytest.fixture
def anna(people, come_in):
    return come_in(people.anna)


@pytest.fixture
def gone(people):
    """Ugo deleted a lead, which Bruna restored no more, and has left."""
    act = door.delete(people.actor(people.ugo), [people.lead(people.ugo, "Pallet")])
    with scope.account(people.ferri.account.pk):
        leaving.disable(people.actor(people.anna), people.ugo)
    return act.seq


def has_person(people, seq):
    return has_person_of(people.ferri, seq)


def has_person_of(company, seq):
    with scope.account(company.account.pk):
        return LogPerson.objects.filter(seq=seq).exists()


def test_the_page_of_a_user_who_has_left_offers_it(people, anna, gone):
    way = f"/admin-panel/users/{people.ugo.pk}/erase/"
    assert way in anna.get(f"/admin-panel/users/{people.ugo.pk}/").text
    assert "/erase/" not in anna.get(f"/admin-panel/users/{people.bruna.pk}/").text
    page = anna.get(way).text
    assert "Erase Ugo Conti from the log?" in page
    assert "1 entry of what they did still has personal data" in page
    assert "What is lost, for good" in page


def test_what_was_erased_reads_so(people, anna, gone):
    answer = anna.post(f"/admin-panel/users/{people.ugo.pk}/erase/", follow=True)
    assert "The personal data of" in answer.text
    page = anna.get(PAGE)
    assert told(page)[0] == (
        "Anna Ferri erased the personal data of somebody who had left from 3 entries of the log.",
        "done",
    )  # fmt: skip
    sentences = [words for words, _colour in told(page)]
    assert "An erased person deleted 1 lead." in sentences
    # Anna acted in what concerned him: her name goes with his, and she is known by her number.
    assert "Anna Ferri disabled somebody and signed them out everywhere." in sentences
    assert facts(page, "An erased person deleted")["erased"]
    entries = page.text.split('id="news"')[1]
    assert "Ugo" not in entries
    assert "Pallet" not in entries
    assert not has_person(people, gone)


def test_one_entry_is_shown_before_and_erased_after(people, anna, gone):
    page = anna.get(f"{ERASE}?entry={gone}").text
    assert "deleted <b>1 lead</b>" in page
    answer = anna.post(ERASE, {"entry": str(gone), "reason": "Asked for"}, follow=True)
    assert "The personal data of 1 entry of the log were erased." in answer.text
    assert not has_person(people, gone)
    assert "erased before" in anna.get(f"{ERASE}?entry={gone}").text
    page = anna.get(PAGE)
    # Ugo himself was not erased: the entry lost its names, and its number still says who.
    assert "Ugo Conti deleted 1 lead." in [words for words, _colour in told(page)]
    assert facts(page, "Anna Ferri erased")["reason"] == "Asked for"


@pytest.mark.parametrize("number", ["", "x", "0", "999999", "9" * 40, "٣"])
def test_a_number_of_no_entry_erases_nothing(people, anna, gone, number):
    with scope.account(people.ferri.account.pk):
        before = LogEntry.objects.count()
    answer = anna.post(ERASE, {"entry": number})
    assert answer.status_code == 422
    assert "There is no such act" in answer.text
    assert anna.get(f"{ERASE}?entry={number}").status_code == 200
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.count() == before


def test_somebody_who_has_not_left_stays(people, anna, gone):
    answer = anna.post(f"/admin-panel/users/{people.bruna.pk}/erase/")
    assert answer.status_code == 422
    assert "Bruna Sala has not left" in answer.text


def test_proof_is_asked_for(people, anna, gone):
    with scope.account(people.ferri.account.pk):
        Session.objects.update(proved_at=clock.now() - timedelta(minutes=11))
    for path, sent in (
        (ERASE, {"entry": str(gone)}), (f"/admin-panel/users/{people.ugo.pk}/erase/", {}),
    ):  # fmt: skip
        assert "Prove that it is you" in anna.post(path, sent).text
    assert has_person(people, gone)


def test_who_is_no_admin_erases_nobody(people, come_in, gone):
    bruna = come_in(people.bruna)
    for path, sent in (
        (ERASE, {"entry": str(gone)}), (f"/admin-panel/users/{people.ugo.pk}/erase/", {}),
    ):  # fmt: skip
        assert bruna.get(path).status_code == 403
        assert bruna.post(path, sent).status_code == 403
    assert has_person(people, gone)


def test_another_accounts_log_is_out_of_reach(people, come_in, gone):
    carla = come_in(people.carla)
    assert carla.post(f"/admin-panel/users/{people.ugo.pk}/erase/").status_code == 404
    with scope.account(people.ferri.account.pk):
        last = LogEntry.objects.latest("seq").seq
    # The other edition has no log to be looked at, nor an entry to be erased by its number.
    looked, sent = carla.get(f"{ERASE}?entry=1"), carla.post(ERASE, {"entry": "1"})
    assert (looked.status_code, sent.status_code) == (200, 403)
    for answer in (looked, sent):
        assert "part of the Dream Team edition" in answer.text
    assert has_person_of(people.lodi, 1)
    account_moves.set_edition(Actor.operator(people.lodi.account.pk), "dream_team")
    assert carla.post(ERASE, {"entry": str(last)}).status_code == 422
    assert has_person(people, last)
    assert has_person(people, gone)


def test_the_number_of_queries_does_not_grow_with_what_was_erased(
    people, anna, gone, django_assert_max_num_queries
):
    for _ in range(20):
        door.delete(people.actor(people.bruna), [people.lead(people.bruna)])
    with scope.account(people.ferri.account.pk):
        seqs = list(LogEntry.objects.filter(verb="delete").values_list("seq", flat=True))
    for seq in seqs:
        door.erase_entry(people.actor(people.anna), seq)
    with django_assert_max_num_queries(15):
        anna.get(PAGE)


def test_where_the_name_of_a_thing_stood_one_reads_that_it_was_erased(people, anna):
    with scope.account(people.ferri.account.pk):
        ugo = people.actor(people.ugo)
        list_moves.share(ugo, a_list(ugo, "Fair"), True)
        leaving.disable(people.actor(people.anna), people.ugo)
    before = anna.get(PAGE)
    assert "Fair" in before.text
    assert f'value="user:{people.ugo.pk}"' in before.text
    anna.post(f"/admin-panel/users/{people.ugo.pk}/erase/")
    after = anna.get(PAGE)
    shared = "An erased person shared the prospecting list (name erased) with everybody."
    assert shared in [sentence for sentence, _colour in told(after)]
    assert "Ugo Conti" not in after.text
    assert f'value="user:{people.ugo.pk}"' not in after.text


def test_a_filter_on_somebody_erased_still_says_that_it_is_one(people, anna, gone):
    anna.post(f"/admin-panel/users/{people.ugo.pk}/erase/")
    page = anna.get(f"{PAGE}?who=user:{people.ugo.pk}")
    assert f'<option value="user:{people.ugo.pk}" selected>An erased person</option>' in page.text
    assert "Ugo" not in page.text
