"""Leads changed, given away, copied and deleted by the API."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import override_settings

from custode.accounts import moves as account_moves
from custode.accounts.models import Account
from custode.api.v2 import leads
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, TrashEntry
from custode.kernel import clock, scope
from custode.leads import moves
from custode.leads.models import Lead, Tag
from tests.api.calling import Caller
from tests.api.conftest import Calling


@pytest.fixture
def key(app: Calling) -> Caller:
    """An application that may everything."""
    return app()


def test_a_change_leaves_alone_what_it_does_not_name(key, people):
    lead = people.lead(people.ugo, "Old", amount_minor=500, description="Kept")
    changed = key.put(f"/leads/{lead.pk}", {"title": "New", "tags": None}).json
    assert (changed["title"], changed["amount"], changed["description"]) == ("New", 5.0, "Kept")
    assert key.put(f"/leads/{lead.pk}", {"amount": None}).json["amount"] is None
    assert key.put(f"/leads/{lead.pk}", {"tags": ["a", "b"]}).json["tags"] == ["a", "b"]
    assert key.put(f"/leads/{lead.pk}", {"tags": []}).json["tags"] == []
    assert key.put(f"/leads/{lead.pk}", {}).status == 200
    assert key.put(f"/leads/{lead.pk}", {"status": "unheard"}).status == 422
    won = key.put(f"/leads/{lead.pk}", {"status": "won"}).json
    assert won["status"] == "won"
    assert won["closed_at"]


def test_another_currency_leaves_the_sum_as_it_reads(key, people):
    lead = people.lead(people.ugo, "L", amount_minor=1_234_00, currency="EUR")
    for currency in ("JPY", "KWD", "EUR"):
        changed = key.put(f"/leads/{lead.pk}", {"currency": currency}).json
        assert (changed["amount"], changed["currency"]) == (1234.0, currency)
    large = people.lead(people.ugo, "M", amount_minor=10**15 - 1, currency="JPY")
    for told in ({"currency": "KWD"}, {"currency": "EUR", "amount": 10**13}):
        refused = key.put(f"/leads/{large.pk}", told)
        assert (refused.status, refused.json["field"]) == (422, "amount")


def test_a_description_is_added_to_and_its_lines_are_set(key, people):
    lead = people.lead(people.ugo, "L", description="Phone: 1\nHello")
    path = f"/leads/{lead.pk}"
    assert key.put(path, {"append_desc": "More"}).json["description"] == "Phone: 1\nHello\nMore"
    changed = key.put(path, {"fields": {"phone": "2", "Email": "a@b.example"}}).json
    assert changed["description"] == "Phone: 2\nHello\nMore\nEmail: a@b.example"
    assert changed["extended_info"]["fields"] == {"phone": "2", "email": "a@b.example"}
    assert key.put(path, {"fields": {"Phone": ""}}).json["description"].startswith("Hello")
    both = key.put(path, {"fields": {"a": "b"}, "description": "x"})
    assert (both.status, both.json["field"]) == (422, "fields")


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({"append_desc": "More"}, "Phone: 1\nBruna's line\nMore"),
        ({"fields": {"Phone": "2"}}, "Phone: 2\nBruna's line"),
        ({"fields": {"Fax": "3"}}, "Phone: 1\nBruna's line\nFax: 3"),
    ],
)
def test_what_another_wrote_since_the_lead_was_looked_up_stays(
    key, people, monkeypatch, told, text
):
    lead, seen = people.lead(people.ugo, "L", description="Phone: 1"), leads.seen

    def written_then(actor, pk):
        found = seen(actor, pk)
        other = seen(actor, pk)
        moves.edit(people.actor(people.anna), other, description="Phone: 1\nBruna's line")
        return found

    monkeypatch.setattr(leads, "seen", written_then)
    assert key.put(f"/leads/{lead.pk}", told).json["description"] == text


def test_an_amount_keeps_its_sum_in_another_currency_when_it_was_changed_meanwhile(
    key, people, monkeypatch
):
    lead, seen = people.lead(people.ugo, "L", amount_minor=100_00, currency="EUR"), leads.seen

    def changed_then(actor, pk):
        found = seen(actor, pk)
        moves.edit(people.actor(people.anna), seen(actor, pk), amount_minor=250_00)
        return found

    monkeypatch.setattr(leads, "seen", changed_then)
    assert key.put(f"/leads/{lead.pk}", {"currency": "JPY"}).json["amount"] == 250


def test_a_deleted_lead_is_in_the_trash_and_its_answer_has_a_body(key, people):
    lead = people.lead(people.ugo, "Gone")
    answer = key.delete(f"/leads/{lead.pk}", {})
    assert (answer.status, answer.json) == (200, {"id": lead.pk})
    assert key.get(f"/leads/{lead.pk}").status == 404
    assert key.delete(f"/leads/{lead.pk}").status == 404
    with scope.account(people.ferri.account.pk):
        entry = LogEntry.objects.get(verb="delete")
        door.restore(people.actor(people.anna), TrashEntry.objects.get(seq=entry.seq))
    assert (entry.actor_kind, entry.entrance) == ("key", "api")
    assert key.get(f"/leads/{lead.pk}").status == 200


def test_several_are_deleted_by_one_act(key, people):
    leads = [people.lead(people.ugo, f"L{n}") for n in range(3)]
    foreign = 999999
    ids = [leads[0].pk, str(leads[1].pk), foreign]
    answer = key.delete("/leads/delete_multiple", {"ids": ids})
    assert answer.json == {"ids": [leads[0].pk, leads[1].pk], "count": 2}
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.get(verb="delete").count == 2
    assert key.delete("/leads/delete_multiple", {"ids": []}).kind == "missing_parameter"
    assert key.delete("/leads/delete_multiple").kind == "missing_parameter"


def test_of_more_than_a_thousand_at_once_none_is_deleted(key, people):
    lead = people.lead(people.ugo, "Scanner")
    many = [lead.pk, *range(10**6, 10**6 + 1000)]
    answer = key.delete("/leads/delete_multiple", {"ids": many})
    assert (answer.status, answer.json["field"]) == (422, "ids")
    assert answer.json["message"] == "At most 1000 can be named at once; these are 1001."
    mixed = key.delete("/leads/delete_multiple", {"ids": f"{lead.pk},12x"})
    assert (mixed.status, mixed.json["field"]) == (422, "ids")
    assert key.get(f"/leads/{lead.pk}").status == 200
    twice = key.delete("/leads/delete_multiple", {"ids": [*many[:1000], lead.pk]})
    assert twice.json == {"ids": [lead.pk], "count": 1}


def test_only_admins_delete_leads_binds_a_key_without_the_scope_admin(app, program, people):
    with scope.account(people.ferri.account.pk):
        account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    lead = people.lead(people.ugo, "L")
    for caller in (app("read", "write", "delete"), program(people.ugo)):
        answer = caller.delete(f"/leads/{lead.pk}")
        assert (answer.status, answer.kind) == (403, "refused_by_rule")
        assert answer.json["rule"] == "delete:lead"
        assert "Only admins can delete leads" in answer.json["message"]
    assert app("read", "delete", "admin").delete(f"/leads/{lead.pk}").status == 200


def test_assigning_answers_the_lead_with_its_new_owner(key, people, program):
    lead = people.lead(None, "L")
    given = key.post(f"/leads/{lead.pk}/assign", {"user_id": str(people.ugo.pk)})
    assert (given.status, given.json["user_id"]) == (200, people.ugo.pk)
    given = program(people.ugo).post(f"/leads/{lead.pk}/assign", {"user_id": people.bruna.email})
    assert given.json["user_id"] == people.bruna.pk
    assert key.post(f"/leads/{lead.pk}/assign", {"user_id": 999999}).status == 422
    assert key.post(f"/leads/{lead.pk}/assign").kind == "missing_parameter"


def test_a_user_changes_what_is_theirs_and_reads_what_they_see(program, people):
    lead = people.lead(people.ugo, "Ugo's")
    bruna = program(people.bruna)
    assert bruna.get(f"/leads/{lead.pk}").status == 200
    refused = bruna.put(f"/leads/{lead.pk}", {"title": "Mine"})
    assert (refused.status, refused.kind) == (403, "refused")
    assert "Ugo" in refused.json["message"]


def test_a_copy_is_a_new_lead_of_the_same_pipeline(key, people):
    lead = people.lead(people.ugo, "L", step=people.ferri.steps[2], amount_minor=100)
    made = key.post(f"/leads/{lead.pk}/duplicate_lead")
    assert (made.status, made.json["step_id"]) == (201, people.ferri.steps[0].pk)
    step = people.ferri.steps[1]
    made = key.post(f"/leads/{lead.pk}/duplicate_lead", {"step": str(step.pk)})
    assert (made.json["step_id"], made.json["amount"]) == (step.pk, 1.0)


def test_duplicates_have_the_same_title(key, people):
    lead = people.lead(people.ugo, "Twin")
    other = people.lead(people.bruna, "TWIN")
    people.lead(people.bruna, "Third")
    assert [one["id"] for one in key.get(f"/leads/{lead.pk}/duplicates").json] == [other.pk]


def test_a_post_with_the_same_word_is_done_once(key, people, app):
    first = key.post("/leads", {"title": "Once"}, **{"Idempotency-Key": "w1"})
    again = key.post("/leads", {"title": "Once"}, **{"Idempotency-Key": "w1"})
    assert (first.status, first.json["id"]) == (again.status, again.json["id"])
    assert again.headers["Idempotent-Replayed"] == "true"
    other = key.post("/leads", {"title": "Other"}, **{"Idempotency-Key": "w1"})
    assert (other.status, other.kind) == (422, "idempotency_key_reused")
    assert (
        app(name="Else").post("/leads", {"title": "Once"}, **{"Idempotency-Key": "w1"}).status
        == 201
    )
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.count() == 2
    with clock.at(clock.now() + timedelta(hours=25)):
        late = key.post("/leads", {"title": "Other"}, **{"Idempotency-Key": "w1"})
        assert late.status == 201


def test_a_no_is_not_kept_under_a_word(key):
    assert key.post("/leads", {"title": ""}, **{"Idempotency-Key": "w"}).status == 422
    assert key.post("/leads", {"title": "T"}, **{"Idempotency-Key": "w"}).status == 201


@override_settings(API_HOURLY=100_000, API_HOURLY_ACCOUNT=100_000)
def test_a_list_costs_the_same_few_queries_however_long(key, people, django_assert_max_num_queries):
    for n in range(30):
        people.lead(people.ugo, f"L{n}", remind_date=date(2030, 1, 1))
    key.get("/leads")
    with django_assert_max_num_queries(9):
        assert len(key.get("/leads").json) == 30


@pytest.mark.parametrize(
    ("currency", "minor"), [("JPY", 1500), ("KWD", 1_500_000), ("USD", 150_000)]
)
def test_an_amount_without_a_currency_is_in_the_accounts(key, people, currency, minor):
    account = people.ferri.account
    Account.objects.filter(pk=account.pk).update(currency=currency)
    made = key.post("/leads", {"title": "L", "amount": "1500"})
    assert made.status == 201
    assert (made.json["amount"], made.json["currency"]) == (1500.0, currency)
    changed = key.put(f"/leads/{made.json['id']}", {"amount": 1500})
    assert changed.json["amount"] == 1500.0
    with scope.account(account.pk):
        assert Lead.objects.get(pk=made.json["id"]).amount_minor == minor
        assert moves.create(people.actor(people.anna), title="M").currency == currency


def test_a_tag_is_created_only_with_the_change_that_it_is_for(key, people):
    lead = people.lead(people.bruna, "Hers", tags=["Kept"])
    long = "x" * 61
    for told in ({"tags": [long]}, {"tags": ["New"], "status": "unheard"}):
        refused = key.put(f"/leads/{lead.pk}", told)
        assert refused.status == 422
    assert key.put(f"/leads/{lead.pk}", {"tags": [long]}).json["field"] == "tags"
    assert key.post("/leads", {"title": "L", "tags": ["New", long]}).status == 422
    with scope.account(people.ferri.account.pk):
        assert [tag.name for tag in Tag.objects.all()] == ["Kept"]


def test_a_program_gives_a_lead_no_more_tags_than_a_person_does(key, people):
    lead, many = people.lead(people.ugo, "L"), [f"T{n}" for n in range(101)]
    for refused in (
        key.put(f"/leads/{lead.pk}", {"title": "New", "tags": many}),
        key.post("/leads", {"title": "New", "tags": ",".join(many)}),
        key.post("/spreadsheets", {"title": "New", "content": [["Name"]], "tags": many}),
    ):
        assert (refused.status, refused.json["field"]) == (422, "tags")
    with scope.account(people.ferri.account.pk):
        assert [one.title for one in Lead.objects.all()] == ["L"]
        assert not Tag.objects.exists()
