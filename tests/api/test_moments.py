"""Moments: in one time zone, the account's, whoever is told."""

from __future__ import annotations

from datetime import date, time

from custode.exchange.webhooks.payloads import other_objects
from custode.kernel import scope
from custode.leads.models import Lead


def test_the_same_reminder_is_the_same_moment_for_whoever_is_told(app, people, program):
    people.ferri.account.refresh_from_db()
    assert people.ferri.account.time_zone == "Europe/Rome"
    lead = people.lead(people.ugo, "Scanner")
    with scope.account(people.ferri.account.pk):
        Lead.objects.filter(pk=lead.pk).update(
            remind_date=date(2031, 1, 15), remind_time=time(9, 30)
        )
        people.ugo.time_zone = "America/New_York"
        people.ugo.save(update_fields=["time_zone"])
        told = other_objects.of("lead", [lead.pk])[lead.pk]["next_action_at"]
    assert told == "2031-01-15T08:30:00.000Z"
    for caller in (app("read"), program(people.ugo)):
        assert caller.get(f"/leads/{lead.pk}").json["next_action_at"] == told
        (listed,) = caller.get("/leads").json
        assert listed["next_action_at"] == told


def test_a_moment_without_a_zone_is_taken_in_that_of_the_account(people, program):
    with scope.account(people.ferri.account.pk):
        people.ugo.time_zone = "America/New_York"
        people.ugo.save(update_fields=["time_zone"])
    made = program(people.ugo).post(
        "/leads", {"title": "Scanner", "created_at": "2025-01-15 09:30:00"}
    )
    assert made.json["created_at"] == "2025-01-15T08:30:00.000Z"
