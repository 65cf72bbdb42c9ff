"""A lead as a webhook tells it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from custode.accounts.models import Account
from custode.activities import moves as comments
from custode.api.v2.shapes import leads as shapes
from custode.clients import moves as folders
from custode.exchange.webhooks.models import Delivery
from custode.exchange.webhooks.payloads import other_objects
from custode.fields import moves as default_fields
from custode.guard import door
from custode.kernel import clock
from custode.leads import moves as leads
from custode.leads import pipelines
from custode.leads.models import Pipeline, Step
from custode.leads.tagging import tags_named
from tests.cast import Cast
from tests.exchange.webhooks.listening import listen, told


def test_a_new_lead_is_told_whole(ferri: Cast) -> None:
    listen(ferri, "lead.creation")
    lead = ferri.lead(ferri.ugo, description="Contact: Mario\nE-mail: mario@rossi.example\nTel: 12")
    assert told() == ["lead.creation"]
    data = Delivery.objects.get().data
    assert (data["id"], data["title"], data["status"]) == (lead.pk, "Scanner", "todo")
    assert (data["step"], data["pipeline"]) == ("Incoming", "Sales")
    assert data["user"]["email"] == "ugo@conti.example"
    assert data["fields"] == {
        "first_name": "", "last_name": "", "address": "", "city": "", "state": "", "zipcode": "",
        "phone": "12", "mobile": "", "fax": "", "email": "mario@rossi.example",
        "name": "Mario",
    }  # fmt: skip
    assert data["extended_info"]["fields_by_name"]["Contact"] == "Mario"
    assert data["all_contact_emails"] == ["mario@rossi.example"]
    assert data["tags"] == []
    assert data["permalink"].endswith(f"/leads/{lead.pk}/")


def test_a_lead_in_an_event_has_all_that_programs_look_for(ferri: Cast) -> None:
    """The names of the reference's section 3."""
    listen(ferri, "lead.creation")
    ferri.lead(ferri.ugo)
    told()
    names = (
        "id title description text_description amount currency probability reminder_at"
        " remind_date reminder_duration reminder_activity_id reminder_activity_name reminder_note"
        " reminder_activity_log_id next_action_at created_at updated_at closed_at"
        " estimated_closing_date starred status step step_id pipeline tags contact_email"
        " first_contact_email all_contact_emails permalink comment_count bcc_count comments fields"
        " extended_info user team client"
    )
    assert set(names.split()) <= set(Delivery.objects.get().data)


def test_tags_and_comments_stand_in_the_lead(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    leads.set_tags(ferri.actor(ferri.ugo), lead, tags_named(ferri.actor(ferri.ugo), ["hot"]))
    listen(ferri, "lead.commented")
    comments.write(ferri.actor(ferri.bruna), lead, "Call **him**")
    told()
    data = Delivery.objects.get().data
    assert data["tags"] == ["hot"]
    assert data["comment_count"] == 1
    assert data["comments"][0]["content"] == "Call **him**"
    assert data["comments"][0]["user"]["lastname"] == "Sala"


TELLING = """Name: Mario Rossi
Nome: Mario
Surname: Rossi
Company: Rossi S.r.l.
Email address: mario@rossi.example
Via: Via Roma 1
Città: Torino
Regione: Piemonte
Postcode: 10121
Telefono: 011 1
Cellulare: 333 1
Sito web: rossi.example
Paese: Italia
Vat-No.: 123"""


def test_the_api_and_webhooks_give_what_a_description_says_the_same_names(ferri: Cast) -> None:
    listen(ferri, "lead.creation")
    lead = ferri.lead(ferri.ugo, description=TELLING)
    told()
    data = Delivery.objects.get().data
    usual = {
        "name": "Mario Rossi", "first_name": "Mario", "last_name": "Rossi",
        "company": "Rossi S.r.l.", "email": "mario@rossi.example", "address": "Via Roma 1",
        "city": "Torino", "state": "Piemonte", "zipcode": "10121", "phone": "011 1",
        "mobile": "333 1", "web": "rossi.example", "country": "Italia",
    }  # fmt: skip
    assert data["fields"] == {**usual, "fax": ""}
    assert data["extended_info"]["fields"] == {**usual, "vat_no": "123"}
    full = shapes.one(ferri.actor(ferri.anna), lead.pk)
    assert full is not None
    assert full["extended_info"]["fields"] == data["extended_info"]["fields"]
    assert full["extended_info"]["fields_by_name"] == data["extended_info"]["fields_by_name"]


def test_of_a_folder_in_the_trash_neither_number_nor_name_is_told(ferri: Cast) -> None:
    folder = folders.create(ferri.actor(ferri.ugo), "Rossi")
    lead = ferri.lead(ferri.ugo, client_folder=folder)
    listen(ferri, "lead.status.changed")
    leads.edit(ferri.actor(ferri.ugo), lead, status="won")
    told()
    door.delete(ferri.actor(ferri.anna), [folder])
    leads.edit(ferri.actor(ferri.ugo), lead, status="lost")
    told()
    before, after = (one.data for one in Delivery.objects.order_by("pk"))
    assert (before["client_folder_id"], before["client"]["name"]) == (folder.pk, "Rossi")
    assert (after["client_folder_id"], after["client"]) == (None, None)


def test_every_moment_in_a_lead_is_utc_with_milliseconds(ferri: Cast) -> None:
    listen(ferri, "lead.status.changed")
    with clock.at(datetime(2027, 6, 1, 22, 30, 0, 7000, UTC)):
        lead = ferri.lead(
            ferri.ugo, remind_date=date(2027, 7, 2), remind_time=time(9, 30),
            estimated_closing_date=date(2027, 12, 31),
        )  # fmt: skip
        leads.edit(ferri.actor(ferri.ugo), lead, status="won")
        comments.write(ferri.actor(ferri.bruna), lead, "Won")
        told()
    data = Delivery.objects.get().data
    moment = "2027-06-01T22:30:00.007Z"
    assert (data["created_at"], data["updated_at"], data["closed_at"]) == (moment,) * 3
    assert data["comments"][0]["created_at"] == moment
    # Half past nine in Rome, in summer.
    assert (data["next_action_at"], data["reminder_at"]) == ("2027-07-02T07:30:00.000Z",) * 2
    assert (data["remind_date"], data["remind_time"]) == ("2027-07-02", "09:30")
    assert data["estimated_closing_date"] == "2027-12-31"


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("Europe/Rome", date(2027, 1, 2), "2027-01-01T23:00:00.000Z"),
        ("Europe/Rome", date(2027, 7, 2), "2027-07-01T22:00:00.000Z"),
        ("America/New_York", date(2027, 1, 2), "2027-01-02T05:00:00.000Z"),
    ],
)
def test_a_reminder_without_an_hour_is_the_midnight_of_the_accounts_day(
    ferri: Cast, zone: str, day: date, moment: str
) -> None:
    listen(ferri, "lead.creation")
    Account.objects.filter(pk=ferri.ferri.account.pk).update(time_zone=zone)
    ferri.lead(ferri.ugo, remind_date=day)
    told()
    data = Delivery.objects.get().data
    assert (data["next_action_at"], data["reminder_at"]) == (moment, moment)
    assert (data["remind_date"], data["remind_time"]) == (day.isoformat(), None)


def test_without_a_reminder_there_is_no_next_action(ferri: Cast) -> None:
    listen(ferri, "lead.creation")
    ferri.lead(ferri.ugo)
    told()
    data = Delivery.objects.get().data
    assert (data["next_action_at"], data["reminder_at"], data["closed_at"]) == (None, None, None)


def test_steps_pipelines_and_fields_tell_when_they_were_made_and_changed(ferri: Cast) -> None:
    moment = datetime(2026, 6, 1, 22, 30, 0, 7000, UTC)
    Step.objects.update(created_at=moment)
    Pipeline.objects.update(created_at=moment)
    with clock.at(moment):
        field = default_fields.create(ferri.actor(ferri.anna), kind="lead", name="VAT", sort="text")
    step = ferri.ferri.steps[0]
    for kind, pk in (
        ("step", step.pk), ("pipeline", step.pipeline_id), ("default_field", field.pk),
    ):  # fmt: skip
        data = other_objects.of(kind, [pk])[pk]
        assert data["created_at"] == data["updated_at"] == "2026-06-01T22:30:00.007Z", kind
    nested = other_objects.of("step", [step.pk])[step.pk]["pipeline"]
    assert nested["updated_at"] == "2026-06-01T22:30:00.007Z"


def test_of_a_new_default_both_pipelines_are_told(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    abroad = pipelines.create_pipeline(anna, "Abroad", ["Enquiry"])
    listen(ferri, "account.pipeline.updated")
    pipelines.make_default(anna, abroad)
    assert told() == 2 * ["account.pipeline.updated"]
    data = [one.data for one in Delivery.objects.order_by("pk")]
    assert [(one["name"], one["is_default"]) for one in data] == [
        ("Sales", False),
        ("Abroad", True),
    ]
