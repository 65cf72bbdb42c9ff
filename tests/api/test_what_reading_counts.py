"""Every route that reads, and the objects of which it counts as reading: decided by hand.

A new route without a line here is red: whoever adds it says what it counts, or why nothing.
"""

from __future__ import annotations

import pytest

from custode.guard import scraping
from tests.api.test_routes import LINES, call, name_of
from tests.api.test_routes import world as world

# Like the walk over all routes: by turns on either database.
pytestmark = pytest.mark.dealt

SET_UP = "what the account is set up with, the same for everybody"
PEOPLE = "colleagues, not the account's customers"
OWN = "the caller's own files, each of which is an export with an entry"
THE_LOG = "entries of the log and of the trash, with the names of a few objects"
BY_WEBHOOK = "for admins' keys: what webhooks sent, which is no export, for ten days"
IN_OUT = "signing in and out"
LISTS = "a list without its rows"
SAYING = "what the caller has just written or sent"

COUNTS = {
    "/leads": "lead",
    "/leads/unassigned": "lead",
    "/leads/{lead}": "lead",
    "/leads/{lead}/duplicates": "lead",
    "/leads/{lead}/action_histories": "lead",
    "/leads/{lead}/comments": "lead",
    "/leads/{lead}/attachments": "lead",
    "/leads/{lead}/attachments/{file}": "lead",
    "/follow_ups": "lead",
    "/clients": "client_folder",
    "/clients/{folder}": "client_folder",
    "/spreadsheets/{sheet}": "prospect",
    "/spreadsheets/{sheet}/rows": "prospect",
    "/spreadsheets/{sheet}/rows/{row}": "prospect",
    "/spreadsheets/{sheet}/rows/{row}/comments": "prospect",
    "/spreadsheets/{sheet}/comments": "prospecting_list",
    "/rows": "prospect",
    "/trash/{entry}/objects": "lead",
    "/sensitive_actions/{act}/objects": "lead",
    "/api/simple/leads/{won}/add_tag": "lead",
    "/api/simple/leads/{won}/move_to_step": "lead",
}
"""path -> the kind of which it counts."""

NONE = {
    "/spreadsheets": LISTS,
    "/api/simple/leads/{won}/add_activity": SAYING,
    "/api/simple/leads/{won}/send_email": SAYING,
    "/ping": IN_OUT,
    "/auth/login": IN_OUT,
    "/auth/logout": IN_OUT,
    "/auth/log_as": IN_OUT,
    "/sessions": PEOPLE,
    "/sessions/{session}": PEOPLE,
    "/users": PEOPLE,
    "/users/self": PEOPLE,
    "/users/{ugo}": PEOPLE,
    "/users/{bruna}/send_activation_email": PEOPLE,
    "/teams": PEOPLE,
    "/teams/{team}": PEOPLE,
    "/pipelines": SET_UP,
    "/steps": SET_UP,
    "/steps/{step}": SET_UP,
    "/activities": SET_UP,
    "/categories": SET_UP,
    "/predefined_tags": SET_UP,
    "/fields": SET_UP,
    "/webhooks": SET_UP,
    "/privacy_settings": SET_UP,
    "/privacy_settings/{rule}": SET_UP,
    "/webhook_events": BY_WEBHOOK,
    "/webhook_events/{delivery}": BY_WEBHOOK,
    "/trash": THE_LOG,
    "/trash/{entry}": THE_LOG,
    "/sensitive_actions": THE_LOG,
    "/sensitive_actions/{act}": THE_LOG,
    "/exports": OWN,
    "/exports/{export}": OWN,
    "/exports/{export}/download": OWN,
}
"""path -> why it counts nothing."""

READING = [line for line in LINES if line.method == "GET"]


def bare(path: str) -> str:
    return path.partition("?")[0]


def test_of_every_route_that_reads_it_is_decided_what_it_counts():
    assert {bare(line.path) for line in READING} == COUNTS.keys() | NONE.keys()
    assert not COUNTS.keys() & NONE.keys()
    assert all(NONE.values())


@pytest.mark.parametrize("line", READING, ids=map(name_of, READING))
def test_a_route_counts_what_was_decided(app, people, world, line):
    # A duplicate of the tests' lead, which nobody owns.
    people.lead(None, "Scanner")
    call(app(), line, world)
    told = {whose[-1] for whose, hour in scraping._hours.items() if hour.told}
    assert told == {COUNTS.get(bare(line.path), "")} - {""}
