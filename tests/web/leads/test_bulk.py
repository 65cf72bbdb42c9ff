"""Bulk acts: what is chosen is found again by the server, and all goes through the door."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, TrashEntry
from custode.kernel import scope
from custode.leads import moves, tagging
from custode.leads.models import Lead
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


def post(client: Client, query: str = "", **data: Any) -> Any:
    """One bulk act, as htmx sends it."""
    return client.post(f"/leads/bulk/{query}", data, headers=HTMX)


def test_a_step_is_set_for_these_and_can_be_undone(ferri: Cast, anna: Client) -> None:
    leads = [ferri.lead(ferri.ugo, f"L{i}") for i in range(3)]
    step = ferri.ferri.steps[2]
    answer = post(anna, ids=[leads[0].pk, leads[1].pk], step=step.pk)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert "2 leads moved to “Meeting”." in page
    seq = LogEntry.objects.get(verb="change").seq
    assert f'action="/undo/{seq}/"' in page
    assert Lead.objects.filter(step=step).count() == 2
    anna.post(f"/undo/{seq}/")
    assert not Lead.objects.filter(step=step).exists()


def test_an_owner_and_tags(ferri: Cast, anna: Client) -> None:
    leads = [ferri.lead(ferri.ugo, f"L{i}") for i in range(2)]
    ids = [lead.pk for lead in leads]
    assert "belong to Bruna Sala now" in post(anna, ids=ids, owner=ferri.bruna.pk).content.decode()
    assert "unassigned now" in post(anna, ids=ids, owner="none").content.decode()
    assert "have the tag “Hot”" in post(anna, ids=ids, tag="Hot", tag_on="1").content.decode()
    assert {tag.name for tag in leads[0].tags.all()} == {"Hot"}
    assert "taken off 2 leads" in post(anna, ids=ids, tag="hot", tag_off="1").content.decode()
    assert not leads[0].tags.exists()
    assert post(anna, ids=ids, tag="nothing", tag_off="1").status_code == 400
    assert post(anna, ids=ids, tag=" ", tag_on="1").status_code == 400


def tags_of(lead: Lead) -> set[str]:
    """The names of a lead's tags."""
    return set(lead.tags.values_list("name", flat=True))


def test_several_tags_are_put_on_many_leads_at_once(ferri: Cast, anna: Client) -> None:
    leads = [ferri.lead(ferri.ugo, f"L{n}") for n in range(2)]
    actor = ferri.actor(ferri.anna)
    moves.set_tags(actor, leads[0], tagging.tags_named(actor, ["Due"]))
    data: dict[str, Any] = {"ids": [lead.pk for lead in leads]}
    page = post(anna, **data, tag="bulk, tag,due", tag_on="1").content.decode()
    assert "2 leads have the tags “bulk”, “tag” and “Due” now." in page
    assert tags_of(leads[0]) == {"bulk", "tag", "Due"}
    assert tags_of(leads[1]) == {"bulk", "tag", "Due"}
    page = post(anna, **data, tag="tag, bulk", tag_off="1").content.decode()
    assert "The tags “tag” and “bulk” were taken off 2 leads." in page
    assert tags_of(leads[0]) == {"Due"}
    anna.post(f"/undo/{LogEntry.objects.latest('seq').seq}/")
    assert tags_of(leads[1]) == {"bulk", "tag", "Due"}


@pytest.mark.parametrize(
    ("way", "tag"),
    [("tag_on", ""), ("tag_on", " , "), ("tag_on", "x" * 61), ("tag_on", f"Hot, {'x' * 61}"),
     ("tag_off", ""), ("tag_off", "Hot, nothing"), ("tag_off", "nothing")],
)  # fmt: skip
def test_a_wrong_name_among_several_changes_nothing(
    ferri: Cast, anna: Client, way: str, tag: str
) -> None:
    lead, actor = ferri.lead(ferri.ugo), ferri.actor(ferri.anna)
    moves.set_tags(actor, lead, tagging.tags_named(actor, ["Hot"]))
    assert post(anna, ids=[lead.pk], tag=tag, **{way: "1"}).status_code == 400
    assert tags_of(lead) == {"Hot"}


def test_few_go_to_the_trash_at_once_with_undo(ferri: Cast, anna: Client) -> None:
    leads = [ferri.lead(ferri.ugo, f"L{i}") for i in range(10)]
    page = post(anna, ids=[lead.pk for lead in leads], delete="1").content.decode()
    assert "10 leads moved to the trash." in page
    assert "/undo/" in page
    assert not Lead.objects.exists()
    assert TrashEntry.objects.get().count == 10


def test_many_are_asked_about_once(ferri: Cast, anna: Client) -> None:
    ids = [ferri.lead(ferri.ugo, f"L{i}").pk for i in range(11)]
    answer = post(anna, ids=ids, delete="1")
    assert answer["HX-Retarget"] == "#dialog"
    page = answer.content.decode()
    assert "Delete 11 leads?" in page
    assert "restored for 30 days" in page
    assert Lead.objects.count() == 11
    assert 'name="confirmed" value="11"' in page
    post(anna, ids=ids, delete="1", confirmed="11")
    assert not Lead.objects.exists()


@pytest.mark.parametrize(("mine", "hers"), [(12, 1), (2, 3)])
def test_what_belongs_to_others_is_said_before_and_only_ones_own_offered(
    ferri: Cast, ugo: Client, mine: int, hers: int
) -> None:
    ids = [ferri.lead(ferri.ugo, f"Mine {i}").pk for i in range(mine)]
    ids += [ferri.lead(ferri.bruna, f"Hers {i}").pk for i in range(hers)]
    for data in ({"ids": ids}, {"all": "1"}):
        answer = post(ugo, delete="1", **data)
        assert (answer.status_code, answer["HX-Retarget"]) == (200, "#dialog")
        page = answer.content.decode()
        assert f"Delete {mine} of these {mine + hers} leads?" in page
        assert f"Delete only {mine} leads" in page
        assert ("belongs" if hers == 1 else "belong") + " to somebody else" in page
        assert 'name="mine" value="1"' in page
    assert Lead.objects.count() == mine + hers
    said = post(ugo, ids=ids, delete="1", mine="1", confirmed=mine).content.decode()
    assert f"{mine} leads moved to the trash." in said
    assert [lead.owner for lead in Lead.objects.all()] == [ferri.bruna] * hers


def test_nothing_is_offered_when_all_belong_to_others(ferri: Cast, ugo: Client) -> None:
    ids = [ferri.lead(ferri.bruna, f"Hers {i}").pk for i in range(12)]
    answer = post(ugo, ids=ids, delete="1")
    assert answer.status_code == 403
    assert "12 of these 12 leads" in answer.content.decode()
    assert LogEntry.objects.get(outcome="refused").verb == "delete"
    assert post(ugo, ids=ids, delete="1", mine="1", confirmed="1").status_code == 410


def test_a_forged_confirmation_deletes_nothing_of_others(ferri: Cast, ugo: Client) -> None:
    ids = [ferri.lead(who, "L").pk for who in (ferri.ugo, ferri.bruna)]
    assert "Delete only 1 lead" in post(ugo, ids=ids, delete="1", confirmed="1").content.decode()
    assert post(ugo, ids=ids, delete="1", confirmed="2").status_code == 403
    assert Lead.objects.count() == 2


def test_all_that_match_is_found_again_by_the_server(ferri: Cast, anna: Client) -> None:
    for i in range(12):
        ferri.lead(ferri.ugo, f"Ugo {i}")
    ferri.lead(ferri.bruna, "Bruna's")
    query = f"?owner={ferri.ugo.pk}&page=2&size=25"
    step = ferri.ferri.steps[3]
    page = post(anna, query, all="1", ids=[1, 2, 3], step=step.pk).content.decode()
    assert "12 leads moved" in page
    assert Lead.objects.filter(step=step).count() == 12
    assert "Delete 12 leads?" in post(anna, query, all="1", delete="1").content.decode()
    post(anna, query, all="1", delete="1", confirmed="12")
    assert [lead.title for lead in Lead.objects.all()] == ["Bruna's"]


@pytest.mark.parametrize(
    "query",
    [
        "amount_from=lots", "amount_to=1,5", "step=x", "status=done", "owner=somebody", "tag=-1",
        "created_from=yesterday", "pipeline=0", "import=x", "reminder=soon", "q=L&closed_to=32",
        "starred=perhaps", "q=" + "L" * 201, "&".join(f"tag={n}" for n in range(1, 102)),
    ],
    ids=lambda query: query[:20],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_touches_nothing(
    ferri: Cast, anna: Client, query: str
) -> None:
    hot = tagging.tags_named(ferri.actor(ferri.anna), ["Hot"])
    leads = [ferri.lead(ferri.ugo, f"L{i}", tags=hot) for i in range(12)]
    before, entries = list(Lead.objects.order_by("pk").values()), LogEntry.objects.count()
    for act in ({"delete": "1"}, {"delete": "1", "confirmed": "12"}, {"owner": "none"},
                {"step": ferri.ferri.steps[2].pk}, {"tag": "x", "tag_on": "1"},
                {"tag": "Hot", "tag_off": "1"}):  # fmt: skip
        answer = post(anna, f"?{query}", all="1", **act)
        assert answer.status_code == 400
        assert "so nothing was changed" in answer.content.decode()
    assert list(Lead.objects.order_by("pk").values()) == before
    assert leads[0].tags.count() == 1
    assert LogEntry.objects.count() == entries


@pytest.mark.parametrize("confirmed", ["11", "13", "1", "x", "-12", "9" * 30, ""])
def test_who_confirmed_another_number_is_asked_again(
    ferri: Cast, anna: Client, confirmed: str
) -> None:
    ids = [ferri.lead(ferri.ugo, f"L{i}").pk for i in range(12)]
    for chosen in ({"all": "1"}, {"ids": ids}):
        answer = post(anna, delete="1", confirmed=confirmed, **chosen)
        assert answer["HX-Retarget"] == "#dialog"
        page = answer.content.decode()
        assert "Delete 12 leads?" in page
        assert 'name="confirmed" value="12"' in page
        assert ("it was 13 then" in page) == (confirmed == "13")
    assert Lead.objects.count() == 12


def test_fewer_than_were_confirmed_are_asked_about_however_few_they_are(
    ferri: Cast, anna: Client
) -> None:
    leads = [ferri.lead(ferri.ugo, f"L{i}") for i in range(11)]
    door.delete(ferri.actor(ferri.ugo), leads[3:])
    answer = post(anna, ids=[lead.pk for lead in leads], delete="1", confirmed="11")
    assert "Delete 3 leads?" in answer.content.decode()
    assert Lead.objects.count() == 3


def test_what_begins_to_match_after_the_question_stays(
    ferri: Cast, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lead comes while the others are on their way to the trash: nobody confirmed it."""
    for i in range(11):
        ferri.lead(ferri.ugo, f"L{i}")
    delete = door.delete

    def after_another(*what: Any) -> door.Act:
        ferri.lead(ferri.ugo, "Late")
        return delete(*what)

    monkeypatch.setattr(door, "delete", after_another)
    post(anna, all="1", delete="1", confirmed="11")
    assert [lead.title for lead in Lead.objects.all()] == ["Late"]


def test_a_rule_holds_for_a_forged_form(ferri: Cast, ugo: Client) -> None:
    ids = [ferri.lead(ferri.ugo, f"L{i}").pk for i in range(11)]
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    for data in ({"ids": ids[:1]}, {"ids": ids}, {"all": "1"}, {"ids": ids, "confirmed": "11"}):
        answer = post(ugo, delete="1", **data)
        assert answer.status_code == 403
        assert "Only admins can delete leads" in answer.content.decode()
    assert Lead.objects.count() == 11


@pytest.mark.parametrize("act", [{"delete": "1"}, {"owner": "none"}, {"tag": "x", "tag_on": "1"}])
def test_foreign_numbers_do_not_exist(ferri: Cast, carla: Client, act: dict[str, str]) -> None:
    lead = ferri.lead(ferri.ugo, "Ferri's")
    with scope.account(ferri.lodi.account.pk):
        own = moves.create(ferri.actor(ferri.carla), title="Lodi's")
    assert post(carla, ids=[lead.pk], **act).status_code == 410
    post(carla, ids=[lead.pk, own.pk], **act)
    post(carla, all="1", confirmed="1", **act)
    kept = Lead.objects.get()
    assert (kept.title, kept.owner, kept.tags.count()) == ("Ferri's", ferri.ugo, 0)


def test_foreign_steps_and_owners_cannot_be_set(ferri: Cast, anna: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    assert post(anna, ids=[lead.pk], step=ferri.lodi.steps[0].pk).status_code == 400
    assert post(anna, ids=[lead.pk], owner=ferri.carla.pk).status_code == 400
    assert post(anna, ids=[lead.pk], step="x").status_code == 400
    assert post(anna, ids=["x", "-1", "9" * 30], owner="none").status_code == 410
    assert post(anna, ids=[lead.pk], nothing="1").status_code == 404
    assert post(anna, ids=range(1, 1200), owner="none").status_code == 400
    assert anna.get("/leads/bulk/").status_code == 405
    lead.refresh_from_db()
    assert (lead.step, lead.owner) == (ferri.ferri.steps[0], ferri.ugo)


def test_where_nothing_is_ticked_it_says_so(ferri: Cast, anna: Client) -> None:
    """Not that it is gone: nobody chose it."""
    lead = ferri.lead(ferri.ugo)
    for act in ({"delete": "1"}, {"owner": "none"}, {"tag": "Hot", "tag_on": "1"}):
        answer = post(anna, **act)
        assert answer.status_code == 400
        assert "Tick something in the list first." in answer.content.decode()
    lead.refresh_from_db()
    assert (lead.owner, lead.tags.count()) == (ferri.ugo, 0)


def test_what_is_in_the_trash_is_passed_over(ferri: Cast, anna: Client) -> None:
    gone, here = ferri.lead(ferri.ugo, "Gone"), ferri.lead(ferri.ugo, "Here")
    door.delete(ferri.actor(ferri.anna), [gone])
    assert "1 lead moved" in post(anna, ids=[gone.pk, here.pk], delete="1").content.decode()
    assert post(anna, ids=[gone.pk], delete="1").status_code == 410


def test_without_scripts_the_forms_work_too(ferri: Cast, anna: Client) -> None:
    ids = [ferri.lead(ferri.ugo, f"L{i}").pk for i in range(11)]
    answer = anna.post("/leads/bulk/?q=l", {"ids": ids[:2], "owner": "none"})
    assert (answer.status_code, answer["Location"]) == (302, "/leads/?q=l")
    page = anna.post("/leads/bulk/", {"ids": ids, "delete": "1"})
    assert "Delete 11 leads?" in page.content.decode()
    page = anna.post("/leads/bulk/", {"ids": ids, "delete": "1", "confirmed": "12"})
    assert "it was 12 then" in page.content.decode()
    anna.post("/leads/bulk/", {"ids": ids, "delete": "1", "confirmed": "11"})
    assert not Lead.objects.exists()
