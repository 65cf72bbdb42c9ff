"""A field becomes a key of many objects: the latest are noted at once, the rest by a job."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.fields import key_fields, moves, tasks
from custode.fields.models import DefaultField
from custode.guard import door
from custode.kernel import scope
from custode.leads import moves as lead_moves
from custode.leads.models import Lead, LeadKey
from tests.cast import Cast
from tests.fields.made import a_field

HELD = "01234567897"


@pytest.fixture
def field(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> DefaultField:
    """A field that five leads have, one of them in the trash; two are noted at a time."""
    monkeypatch.setattr(key_fields, "CHUNK", 2)
    made = a_field(ferri, "Partita IVA")
    leads = [ferri.lead(ferri.ugo, f"Lead {n}", own={made.pk: HELD}) for n in range(5)]
    door.delete(ferri.actor(ferri.anna), [leads[1]])
    return made


def become(ferri: Cast, field: DefaultField, *, is_key: bool = True) -> DefaultField:
    moves.change(ferri.actor(ferri.anna), field, field.name, is_key=is_key)
    field.refresh_from_db()
    return field


def job(field: DefaultField) -> None:
    tasks.note_keys.func(field.account_id, field.pk)


def noted() -> list[str]:
    found = LeadKey.objects.values_list("lead", flat=True)
    return sorted(Lead.with_trashed.filter(pk__in=found).values_list("title", flat=True))


def test_the_latest_are_noted_at_once_and_the_rest_by_the_job(
    ferri: Cast, field: DefaultField
) -> None:
    become(ferri, field)
    assert noted() == ["Lead 3", "Lead 4"]
    assert field.keys_noted is not None
    job(field)
    field.refresh_from_db()
    assert noted() == [f"Lead {n}" for n in range(5)]
    assert field.keys_noted is None
    job(field)
    assert LeadKey.objects.count() == 5


def test_what_was_edited_meanwhile_is_noted_once_as_it_is_now(
    ferri: Cast, field: DefaultField
) -> None:
    become(ferri, field)
    ugo = ferri.actor(ferri.ugo)
    lead_moves.edit(ugo, Lead.objects.get(title="Lead 0"), own={field.pk: "99999999990"})
    lead_moves.edit(ugo, Lead.objects.get(title="Lead 2"), own={field.pk: None})
    ferri.lead(ferri.ugo, "Lead 5", own={field.pk: HELD})
    job(field)
    assert noted() == ["Lead 0", "Lead 1", "Lead 3", "Lead 4", "Lead 5"]
    assert LeadKey.objects.get(lead__title="Lead 0").key == "99999999990"


def test_a_field_that_is_no_key_any_more_is_left_alone(ferri: Cast, field: DefaultField) -> None:
    become(ferri, field)
    become(ferri, field, is_key=False)
    job(field)
    assert noted() == []
    assert field.keys_noted is None


def test_where_there_is_little_nothing_is_left_to_a_job(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = a_field(ferri, "PEC")
    ferri.lead(ferri.ugo, "One", own={made.pk: "a@b.example"})
    assert become(ferri, made).keys_noted is None
    assert noted() == ["One"]


def test_becoming_a_key_takes_as_many_statements_however_many_there_are(
    ferri: Cast, field: DefaultField
) -> None:
    with CaptureQueriesContext(connection) as few:
        become(ferri, field)
    become(ferri, field, is_key=False)
    for n in range(5, 15):
        ferri.lead(ferri.ugo, f"Lead {n}", own={field.pk: HELD})
    with CaptureQueriesContext(connection) as many:
        become(ferri, field)
    assert len(few) == len(many)


def test_the_page_tells_how_far_it_is(ferri: Cast, field: DefaultField, client: Client) -> None:
    become(ferri, field)
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    page = client.get("/admin-panel/fields/leads/").text
    assert f"{field.keys_noted} per cent" in page
    job(field)
    assert "per cent" not in client.get("/admin-panel/fields/leads/").text
