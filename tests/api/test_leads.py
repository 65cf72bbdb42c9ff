"""Leads by the API: as the reference has them, and as programs rely on them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from custode.guard.models import Change
from custode.kernel import clock, scope
from custode.leads import moves, tagging
from custode.leads.models import Lead
from tests.api.calling import Caller
from tests.api.conftest import Calling

FIELDS = {
    "id", "title", "pipeline", "step", "step_id", "status", "amount", "probability", "currency",
    "starred", "remind_date", "remind_time", "next_action_at", "created_at",
    "estimated_closing_date", "updated_at", "description", "html_description", "tags",
    "created_from", "closed_at", "attachment_count", "created_by_id", "user_id",
    "client_folder_id", "client_folder_name", "team_id", "team_name", "amount_percentage",
    "probalized_amount",
}  # fmt: skip


@pytest.fixture
def key(app: Calling) -> Caller:
    """An application that may everything."""
    return app()


def titles(answer):
    return [one["title"] for one in answer.json]


def test_a_lead_has_the_fields_of_the_reference(key, people):
    lead = people.lead(people.ugo, "Scanner", amount_minor=123450, probability=40)
    (listed,) = key.get("/leads").json
    assert listed.keys() >= FIELDS
    full = key.get(f"/leads/{lead.pk}").json
    assert full.keys() - listed.keys() == {"extended_info"}
    assert (full["amount"], full["probalized_amount"]) == (1234.5, 493.8)
    assert (full["step"], full["pipeline"]) == (lead.step.name, lead.step.pipeline.name)
    assert full["step_id"] == lead.step_id
    assert (full["user_id"], full["created_by_id"]) == (people.ugo.pk, people.ugo.pk)
    assert full["created_from"] == "manual"
    assert full["created_at"] == lead.created_at.strftime("%Y-%m-%dT%H:%M:%S.") + (
        f"{lead.created_at.microsecond // 1000:03d}Z"
    )


def test_a_lead_of_an_application_belongs_to_nobody_and_names_it_in_its_history(key, people):
    made = key.post("/leads", {"title": "From afar"})
    assert made.status == 201
    assert (made.json["user_id"], made.json["created_by_id"]) == (None, None)
    assert made.json["created_from"] == "api"
    assert titles(key.get("/leads/unassigned")) == ["From afar"]
    with scope.account(people.ferri.account.pk):
        line = Change.objects.get(kind="lead", object_id=made.json["id"], field="created")
    assert (line.actor_kind, line.actor_name) == ("key", "Zapp")


def test_a_lead_of_a_users_program_is_their_own(program, people):
    made = program(people.ugo).post("/leads", {"title": "Mine"})
    assert (made.json["user_id"], made.json["created_by_id"]) == (people.ugo.pk, people.ugo.pk)


def test_everything_that_is_named_is_kept(key, people):
    step = people.ferri.steps[1]
    day = (clock.now() + timedelta(days=9)).date().isoformat()
    text = "Email: ada@engine.example\nCittà: Milano 🚀\n\nLine"
    made = key.post("/leads", {
        "title": "All", "description": text, "user_id": people.ugo.email.upper(),
        "tags": ["Hot", "fair"], "created_at": "2026-01-02 03:04:05", "step": step.name,
        "amount": "1200,50", "probability": "30", "remind_date": day, "remind_time": "09:30",
        "status": "standby", "estimated_closing_date": "2027-01-31", "starred": "true",
        "unknown": {"a": 1},
    }).json  # fmt: skip
    assert made["description"] == text
    assert made["extended_info"]["fields"] == {"email": "ada@engine.example", "city": "Milano 🚀"}
    assert made["extended_info"]["fields_by_name"]["Città"] == "Milano 🚀"
    assert (made["user_id"], sorted(made["tags"])) == (people.ugo.pk, ["Hot", "fair"])
    assert made["created_at"] == "2026-01-02T02:04:05.000Z"
    assert (made["step_id"], made["amount"], made["probability"]) == (step.pk, 1200.5, 30)
    assert (made["status"], made["remind_date"], made["remind_time"]) == ("standby", day, "09:30")
    assert made["next_action_at"].startswith(day)
    assert (made["estimated_closing_date"], made["starred"]) == ("2027-01-31", True)


@pytest.mark.parametrize(
    ("given", "kept"),
    [(None, []), ([], []), ("Hot", ["Hot"]), ("Hot, Fair", ["Fair", "Hot"]), (["Hot"], ["Hot"])],
)
def test_tags_come_as_a_list_a_text_or_nothing(key, given, kept):
    assert key.post("/leads", {"title": "T", "tags": given}).json["tags"] == kept


def test_an_unknown_status_of_a_new_lead_is_passed_over(key):
    assert key.post("/leads", {"title": "T", "status": "new"}).json["status"] == "todo"


@pytest.mark.parametrize("told", ["2026-03-04T05:06:07.890Z", "2026-03-04T06:06:07.890+01:00"])
def test_a_moment_is_taken_as_iso(key, told):
    made = key.post("/leads", {"title": "T", "created_at": told}).json
    assert made["created_at"] == "2026-03-04T05:06:07.890Z"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "T", "user_id": 999999}, "user_id"),
        ({"title": "T", "user_id": "nobody@nowhere.example"}, "user_id"),
        ({"title": "T", "step": "Nowhere"}, "step"),
        ({"title": "T", "created_at": "yesterday"}, "created_at"),
        ({"title": "T", "created_at": "0000-13-45"}, "created_at"),
        ({"title": "T", "created_at": "2999-01-01T00:00:00Z"}, "created_at"),
        ({"title": "T", "amount": "much"}, "amount"),
        ({"title": "T", "amount": "NaN"}, "amount"),
        ({"title": "T", "amount": 1e300}, "amount"),
        ({"title": "T", "probability": 101}, "probability"),
        ({"title": "T", "status": "standby"}, "remind_date"),
        ({"title": "T", "remind_time": "noon"}, "remind_time"),
        ({"title": "x" * 201}, "title"),
        ({"title": "T", "description": "x" * 50_001}, "description"),
    ],
)
def test_what_cannot_be_taken_is_named_and_nothing_is_made(key, people, body, field):
    answer = key.post("/leads", body)
    assert (answer.status, answer.json["field"]) == (422, field), answer.content
    with scope.account(people.ferri.account.pk):
        assert not Lead.objects.exists()


def test_a_program_cannot_name_another_owner(program, people):
    one = program(people.ugo)
    for who in (people.bruna.pk, str(people.bruna.pk), people.bruna.email, 999999):
        assert one.post("/leads", {"title": "T", "user_id": who}).kind == "not_api_key"
    assert one.post("/leads", {"title": "T", "user_id": people.ugo.pk}).status == 201


def test_leads_come_by_number_the_latest_first_in_pages(key, people):
    for n in range(5):
        people.lead(people.ugo, f"L{n}")
    assert titles(key.get("/leads")) == ["L4", "L3", "L2", "L1", "L0"]
    assert titles(key.get("/leads", direction="asc", order="nonsense")) == [
        f"L{n}" for n in range(5)
    ]
    page = key.get("/leads", limit="2", offset="2")
    assert (titles(page), page.headers["X-TOTAL-COUNT"]) == (["L2", "L1"], "5")
    assert titles(key.get("/leads", limit=2, offset=5)) == []
    for odd in ("0", "-1", "many", "", "9" * 30):
        assert len(key.get("/leads", limit=odd).json) == 5
    assert titles(key.get("/leads", offset="x", limit=1)) == ["L4"]
    assert titles(key.get("/leads", offset="9" * 30)) == []


def test_without_a_limit_there_are_a_hundred(key, people):
    with scope.account(people.ferri.account.pk):
        for n in range(101):
            moves.create(people.actor(people.anna), title=f"L{n}")
    assert len(key.get("/leads").json) == 100
    assert len(key.get("/leads", limit=1000).json) == 101


def test_leads_are_found_by_what_the_reference_names(key, people):
    ugos = people.lead(people.ugo, "Ugo's", step=people.ferri.steps[1], amount_minor=500)
    brunas = people.lead(people.bruna, "Bruna's", starred=True, amount_minor=900)
    people.lead(None, "Nobody's", description="Email: ada@engine.example")
    with scope.account(people.ferri.account.pk):
        actor = people.actor(people.anna)
        moves.set_tags(actor, ugos, tagging.tags_named(actor, ["hot", "big"]))
        moves.set_tags(actor, brunas, tagging.tags_named(actor, ["hot"]))
        moves.close(actor, brunas, "won")
    step = people.ferri.steps[1]
    for query, wanted in (
        ({"status": "won"}, {"Bruna's"}),
        ({"status": "todo,won"}, {"Ugo's", "Bruna's", "Nobody's"}),
        ({"status": "unheard"}, set()),
        ({"step": step.pk}, {"Ugo's"}),
        ({"step": step.name.upper()}, {"Ugo's"}),
        ({"step": f"{step.pk},{people.ferri.steps[0].pk}"}, {"Ugo's", "Bruna's", "Nobody's"}),
        ({"step": "Nowhere"}, set()),
        ({"step_id": step.pk}, {"Ugo's"}),
        ({"step_id": "999999"}, set()),
        ({"starred": "true"}, {"Bruna's"}),
        ({"user_id": people.ugo.pk}, {"Ugo's"}),
        ({"user_id": people.ugo.email}, {"Ugo's"}),
        ({"user_id": people.ugo.pk, "include_unassigned": "true"}, {"Ugo's", "Nobody's"}),
        ({"user_id": "nobody@nowhere.example"}, set()),
        ({"email": "ada@engine.example"}, {"Nobody's"}),
        ({"tags": "hot"}, {"Ugo's", "Bruna's"}),
        ({"tags": "hot,big"}, {"Ugo's"}),
        ({"tags[]": ["hot", "big"]}, {"Ugo's"}),
        ({"tags": "unheard"}, set()),
        ({"field_key": "VAT", "field_value": "1"}, set()),
        ({"colour": "red"}, {"Ugo's", "Bruna's", "Nobody's"}),
        ({"status": ""}, {"Ugo's", "Bruna's", "Nobody's"}),
    ):
        answer = key.get("/leads", **query)
        assert set(titles(answer)) == wanted, query
        assert answer.headers["X-TOTAL-COUNT"] == str(len(wanted)), query
    assert titles(key.get("/leads", order="amount")) == ["Bruna's", "Ugo's", "Nobody's"]
    assert titles(key.get("/leads", order="alphabetically", direction="asc")) == [
        "Bruna's", "Nobody's", "Ugo's",
    ]  # fmt: skip


def test_what_changed_since_is_found_by_its_very_moment(key, people):
    first, second = people.lead(people.ugo, "First"), people.lead(people.ugo, "Second")
    moment = datetime(2026, 6, 1, 12, 0, 0, 5000, UTC)
    with scope.account(people.ferri.account.pk):
        Lead.objects.filter(pk=first.pk).update(updated_at=moment)
        Lead.objects.filter(pk=second.pk).update(updated_at=moment - timedelta(seconds=1))
    since = "2026-06-01T12:00:00.005Z"
    found = key.get("/leads", updated_after=since, order="last_update", direction="asc")
    assert titles(found) == ["First"]
    assert key.get("/leads", updated_after="never").status == 422
    both = key.get(
        "/leads", start_date="2026-06-01", end_date="2026-06-01", date_range_type="update"
    )
    assert set(titles(both)) == {"First", "Second"}
