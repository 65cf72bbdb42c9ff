"""A form tells all that is wrong at once, each beside its field, and keeps what was typed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client

from custode.activities.emails import servers
from custode.clients import moves as clients
from custode.prospecting import moves as lists
from tests.cast import Cast
from tests.emails.made import NOWHERE

ALERT_RULE = {
    "name": "", "acts": ["delete"], "outcome": "done", "counts": "objects", "at_least": "0",
    "within": "20000", "by": "one_key:", "kinds": ["lead"],
}  # fmt: skip
E_MAIL = {
    "to": "nobody", "copies": "mario@rossi.example, neither", "subject": " ", "text": "To {{name}}",
    "token": secrets.token_hex(16),
}  # fmt: skip
WRONG = {
    "new list": (
        "/prospecting/new/",
        {"title": " ", "columns": f"Name\nTown\nname\n{'x' * 61}", "tags": "y" * 61},
        [
            "A list needs a title.",
            f"The column “{'x' * 20}…” has a name of more than 60 characters."
            " There are two columns “name”.",
            "A tag has at most 60 characters.",
        ],
    ),
    "list": (
        "/prospecting/{list}/settings/",
        {"title": " ", "description": "x" * 5001, "tags": "y" * 61},
        [
            "A list needs a title.",
            "A list's description has at most 5,000 characters.",
            "A tag has at most 60 characters.",
        ],
    ),
    "contact": (
        "/clients/{folder}/contacts/",
        {"name": "", "email": "no", "phone": "1" * 41, "role": "r" * 121},
        [
            "A contact needs a name.", "This is not an e-mail address.",
            "This has at most 40 characters.", "This has at most 120 characters.",
        ],
    ),
    "e-mail": (
        "/leads/{lead}/emails/new/", E_MAIL,
        [
            "“nobody” is not an e-mail address.", "“neither” is not an e-mail address.",
            "Write a subject.",
            "Fill in or take out: {{name}}",
        ],
    ),
    "preview of an e-mail": (
        "/leads/{lead}/emails/preview/", E_MAIL,
        [
            "“nobody” is not an e-mail address.", "“neither” is not an e-mail address.",
            "Write a subject.",
        ],
    ),
    "template": (
        "/admin-panel/emails/templates/new/",
        {"name": "", "subject": "Hello {{ nmae }}", "text": "About {{ tilte }}"},
        [
            "A template needs a name.",
            "There is no placeholder {{nmae}}. Choose one from the list.",
            "There is no placeholder {{tilte}}. Choose one from the list.",
        ],
    ),
    "webhook": (
        "/admin-panel/webhooks/",
        {"event": "lead.nothing", "target_type": "email", "target": "nobody", "name": "n" * 81},
        [
            "Choose the event from the list.", "Write an e-mail address.",
            "A name has at most 80 characters.",
        ],
    ),
    "sessions": (
        "/admin-panel/account/sessions/",
        {"idle_hours": "0", "session_days": "1000000000000", "sessions_kept_months": "many"},
        [
            "choose between 1 and 2160.", "choose between 1 and 365.",
            "Write a whole number, like 30.",
        ],
    ),
    "new alert rule": (
        "/security/alerts/rules/new/", ALERT_RULE,
        [
            "Give the rule a name of at most 80 characters.",
            "Write a whole number between 1 and 10,000,000.",
            "Write a whole number between 0 and 10,080.",
            "Choose the application whose acts it is about.",
        ],
    ),
    "numbers of a standard alert rule": (
        "/security/alerts/rules/exports/", {"at_least": "", "within": "-1", "by": "users"},
        [
            "Write a whole number between 1 and 10,000,000.",
            "Write a whole number between 0 and 10,080.",
        ],
    ),
}  # fmt: skip


@pytest.fixture
def anna(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.anna)


@pytest.mark.parametrize("form", WRONG)
def test_all_mistakes_of_a_form_are_told_at_once(ferri: Cast, anna: Client, form: str) -> None:
    address, typed, told = WRONG[form]
    actor = ferri.actor(ferri.anna)
    servers.change(actor, NOWHERE)
    answer = anna.post(
        address.format(
            lead=ferri.lead(ferri.anna).pk,
            folder=clients.create(actor, "Rossi").pk,
            list=lists.create(actor, "Fair", ["Name"]).pk,
        ),
        typed,
    )
    assert answer.status_code == 422
    said = unescape(answer.text)
    assert [one for one in told if one not in said] == []


def test_a_new_alert_rule_keeps_what_was_typed(anna: Client) -> None:
    given = {**ALERT_RULE, "name": "Much that goes", "at_least": ""}
    page = anna.post("/security/alerts/rules/new/", given).text
    assert 'value="Much that goes"' in page
    assert 'value="20000"' in page
    assert 'value="-1"' not in page


@pytest.mark.parametrize(
    ("page", "field", "typed", "told"),
    [
        ("", "trash_days", "-5", "Days in the trash: choose between 1 and 3650."),
        ("", "trash_days", "100000", "Days in the trash: choose between 1 and 3650."),
        ("", "trash_days", "9" * 5000, "Days in the trash: choose between 1 and 3650."),
        ("", "trash_days", "ten", "Write a whole number, like 30."),
        ("", "trash_days", "1.5", "Write a whole number, like 30."),
        ("many/", "many_count", "1000000", "choose between 2 and 100000."),
        ("many/", "many_minutes", "20000", "choose between 1 and 10080."),
    ],
)
def test_a_whole_number_out_of_its_bounds_is_told_the_bounds(
    anna: Client, page: str, field: str, typed: str, told: str
) -> None:
    right = {"many_count": "10", "many_minutes": "10", "many_read": "1000"} if page else {}
    answer = anna.post(f"/admin-panel/account/{page}", {**right, field: typed})
    assert answer.status_code == 422
    mistake = answer.text.partition(f'id="{field}-mistake"')[2].partition("</p>")[0]
    assert told in mistake
