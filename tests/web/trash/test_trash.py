"""The trash: who finds what, restoring, deleting for ever."""

from datetime import timedelta

import pytest
from django.utils import timezone

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, TrashEntry, TrashState
from custode.kernel import scope
from custode.leads.models import Lead

HTMX = {"HX-Request": "true"}


@pytest.fixture
def entry(people):
    """Seven leads that Ugo threw away."""
    leads = [people.lead(people.ugo, f"Pallet scanner {n}") for n in range(7)]
    return door.delete(people.actor(people.ugo), leads).entry


def text(answer):
    return answer.content.decode()


def state(people, entry):
    with scope.account(people.ferri.account.pk):
        return TrashEntry.objects.get(pk=entry.pk).state


def test_one_finds_what_one_threw_away(people, entry, come_in):
    page = text(come_in(people.ugo).get("/trash/"))
    assert "7 leads" in page
    assert "Pallet scanner" in page
    assert "and 4 more" in page
    assert "30 days left" in page


def test_another_user_does_not_find_it_and_an_admin_does(people, entry, come_in):
    assert "7 leads" not in text(come_in(people.bruna).get("/trash/"))
    assert "7 leads" in text(come_in(people.anna).get("/trash/"))


def test_an_empty_trash_says_what_it_is_for(people, come_in):
    assert "The trash is empty" in text(come_in(people.ugo).get("/trash/"))


@pytest.mark.parametrize("who", ["carla", "bruna"])
@pytest.mark.parametrize(
    ("method", "end"), [("get", ""), ("post", "restore/"), ("get", "purge/"), ("post", "purge/")]
)
def test_what_one_may_not_see_is_not_there(people, entry, come_in, who, method, end):
    answer = getattr(come_in(getattr(people, who)), method)(f"/trash/{entry.pk}/{end}")
    refused_as_no_admin = who == "bruna" and end == "purge/"
    assert answer.status_code == (403 if refused_as_no_admin else 404)
    assert state(people, entry) == TrashState.TRASHED


def test_an_entry_is_restored_whole(people, entry, come_in):
    answer = come_in(people.ugo).post(f"/trash/{entry.pk}/restore/", follow=True)
    assert "Restored: 7 leads" in text(answer)
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.count() == 7


def test_who_may_not_delete_any_more_sees_why_and_restores_nothing(people, entry, come_in):
    account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    client = come_in(people.ugo)
    for address in ("/trash/", f"/trash/{entry.pk}/"):
        page = text(client.get(address))
        assert "Only admins can delete leads. You can ask Anna Ferri." in page
        assert f'action="/trash/{entry.pk}/restore/"' not in page
    answer = client.post(f"/trash/{entry.pk}/restore/")
    assert answer.status_code == 403
    assert "Only admins can delete leads" in text(answer)
    assert state(people, entry) == TrashState.TRASHED
    assert f'action="/trash/{entry.pk}/restore/"' in text(come_in(people.anna).get("/trash/"))


def test_a_second_restoring_says_that_it_is_over(people, entry, come_in):
    client = come_in(people.ugo)
    client.post(f"/trash/{entry.pk}/restore/")
    answer = client.post(f"/trash/{entry.pk}/restore/")
    assert answer.status_code == 410
    assert "in the meantime" in text(answer)


def test_restoring_takes_a_post_with_the_forms_token(people, entry, come_in):
    address = f"/trash/{entry.pk}/restore/"
    assert come_in(people.ugo).get(address).status_code == 405
    assert come_in(people.ugo, strict=True).post(address).status_code == 403
    assert state(people, entry) == TrashState.TRASHED


def test_restoring_does_not_lead_to_a_foreign_page(people, entry, come_in):
    answer = come_in(people.ugo).post(
        f"/trash/{entry.pk}/restore/", {"next": "https://evil.example/"}
    )
    assert answer["Location"] == "/trash/"


def test_only_admins_delete_for_ever(people, entry, come_in):
    client = come_in(people.ugo)
    assert "Delete for ever" not in text(client.get("/trash/"))
    answer = client.post(f"/trash/{entry.pk}/purge/", {"reason": "Away"})
    assert answer.status_code == 403
    assert "Anna Ferri" in text(answer)
    assert state(people, entry) == TrashState.TRASHED


def test_the_dialog_says_how_many_and_asks_why(people, entry, come_in):
    page = text(come_in(people.anna).get(f"/trash/{entry.pk}/purge/", headers=HTMX))
    assert "Delete 7 leads for ever?" in page
    assert "Nobody can bring this back" in page
    assert "<html" not in page


@pytest.mark.parametrize("reason", ["", "   ", "\x00"])
def test_without_a_reason_nothing_is_deleted(people, entry, come_in, reason):
    answer = come_in(people.anna).post(f"/trash/{entry.pk}/purge/", {"reason": reason})
    assert answer.status_code == 422
    assert "Give a reason" in text(answer)
    assert state(people, entry) == TrashState.TRASHED


def test_with_a_reason_it_is_gone_and_the_log_knows_why(people, entry, come_in):
    client = come_in(people.anna)
    answer = client.post(f"/trash/{entry.pk}/purge/", {"reason": "Twice in the list"}, headers=HTMX)
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/trash/")
    assert "Deleted for ever: 7 leads" in text(client.get("/trash/"))
    with scope.account(people.ferri.account.pk):
        assert Lead.with_trashed.count() == 0
        assert LogEntry.objects.filter(verb="purge", count=7).exists()


def test_the_search_finds_the_last_of_many_by_a_part_of_its_name(people, come_in):
    leads = [people.lead(people.ugo, f"Scaffale {n}") for n in range(8)]
    leads.append(people.lead(people.ugo, "Caffè alla Città"))
    door.delete(people.actor(people.ugo), leads)
    door.delete(people.actor(people.ugo), [people.lead(people.ugo, "Other")])
    client = come_in(people.anna)
    page = text(client.get("/trash/?q=CAFFE alla citta"))
    assert "9 leads" in page
    assert "Other" not in page
    assert "Nothing in the trash matches" in text(client.get("/trash/?q=nothing like it"))


def test_the_filter_by_person(people, entry, come_in):
    door.delete(people.actor(people.anna), [people.lead(None, "Hers")])
    page = text(come_in(people.anna).get(f"/trash/?who=user:{people.anna.pk}"))
    assert "Hers" in page
    assert "Pallet" not in page


def test_the_filter_by_when(people, entry, come_in):
    client, today = come_in(people.anna), timezone.localdate()
    before = today - timedelta(days=1)
    for query, there in {
        f"since={today}": True,
        f"until={today}": True,
        f"since={today}&until={today}": True,
        f"until={before}": False,
        f"since={today + timedelta(days=1)}": False,
    }.items():
        assert ("Pallet" in text(client.get(f"/trash/?{query}"))) is there, query


@pytest.mark.parametrize(
    "query",
    ["since=x", "until=2026-13-45", "since=%00",
     "before=x", "before=-1", "before=" + "9" * 40, "kind=%00", "who=user:x", "who=%00", "q=%00",
     "q=%25_\\", "before=%D9%A3"],
)  # fmt: skip
def test_a_nonsense_address_is_still_a_page(people, entry, come_in, query):
    assert come_in(people.anna).get(f"/trash/?{query}").status_code == 200


@pytest.mark.parametrize("number", ["0", "99999999999999999999999", "1" * 30])
def test_a_nonsense_number_is_not_there(people, come_in, number):
    assert come_in(people.anna).get(f"/trash/{number}/").status_code == 404


def test_the_contents_come_page_by_page(people, come_in):
    leads = [people.lead(people.ugo, f"Pallet {n:03}") for n in range(120)]
    entry = door.delete(people.actor(people.ugo), leads).entry
    assert entry is not None
    client = come_in(people.ugo)
    seen, address = [], f"/trash/{entry.pk}/"
    while address:
        answer = client.get(address)
        seen += [row["name"] for row in answer.context["rows"]]
        more = answer.context["more"]
        address = f"/trash/{entry.pk}/?after={more}" if more else ""
    assert seen == [f"Pallet {n:03}" for n in range(120)]


def test_older_entries_are_a_page_away(people, come_in):
    for n in range(53):
        door.delete(people.actor(people.ugo), [people.lead(people.ugo, f"Single {n:02}")])
    client = come_in(people.ugo)
    answer = client.get("/trash/")
    assert len(answer.context["entries"]) == 50
    rest = client.get(f"/trash/?before={answer.context['more']}")
    assert [e["labels"] for e in rest.context["entries"]] == [
        ["Single 02"], ["Single 01"], ["Single 00"],
    ]  # fmt: skip


@pytest.mark.parametrize(("who", "most"), [("anna", 8), ("ugo", 10)])
def test_the_number_of_queries_does_not_grow_with_the_entries(
    people, come_in, django_assert_max_num_queries, who, most
):
    client = come_in(getattr(people, who))
    for n in range(30):
        door.delete(people.actor(people.ugo), [people.lead(people.ugo, f"Single {n}")])
    account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    with django_assert_max_num_queries(most):
        client.get("/trash/")


def test_names_are_text_not_markup(people, come_in):
    door.delete(people.actor(people.ugo), [people.lead(people.ugo, "<script>alert(1)</script>")])
    assert "<script>alert" not in text(come_in(people.anna).get("/trash/"))


def test_a_part_of_an_entry_is_restored_from_its_page(people, entry, come_in):
    client = come_in(people.ugo)
    page = text(client.get(f"/trash/{entry.pk}/?q=scanner 3"))
    assert page.count('name="ids"') == 1
    with scope.account(people.ferri.account.pk):
        wanted = Lead.with_trashed.filter(title__in=["Pallet scanner 3", "Pallet scanner 5"])
        ids = list(wanted.values_list("pk", flat=True))
    sent = {"chosen": "1", "ids": ids}
    answer = client.post(f"/trash/{entry.pk}/restore/", sent, follow=True)
    assert "Restored: 2 leads" in text(answer)
    assert answer.request["PATH_INFO"] == f"/trash/{entry.pk}/"
    assert "5 leads" in text(client.get("/trash/"))
    assert client.post(f"/trash/{entry.pk}/restore/", sent).status_code == 410
    assert client.post(f"/trash/{entry.pk}/restore/", {"chosen": "1"}).status_code == 400
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.count() == 2


def test_the_log_offers_what_is_left_of_an_act(people, entry, come_in):
    with scope.account(people.ferri.account.pk):
        one = Lead.with_trashed.filter(trash_id=entry.pk).earliest("pk")
    door.restore(people.actor(people.ugo), entry, only=[one.pk])
    page = text(come_in(people.anna).get("/security/actions/?verb=delete"))
    assert f'action="/undo/{entry.seq}/"' in page
