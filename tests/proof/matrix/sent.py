"""What is sent to each address of the matrix, by what it is called in the tables."""

from __future__ import annotations

import json
from typing import Any, Final

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.proof.matrix.things import COMMENT, TRIED_ON
from tests.proof.matrix.world import RULES
from tests.web.addresses import WITH_A_NUMBER

DRAFT: Final = {
    "to": "mario@rossi.example", "subject": "Offer", "text": "Here it is.",
    "token": "{token}",
}  # fmt: skip
RULE: Final = {
    "name": "Lists that go", "acts": "delete", "kinds": "prospecting_list", "outcome": "done",
    "counts": "objects", "at_least": "3", "within": "15", "by": "users",
}  # fmt: skip
USER: Final = {"first_name": "Nina", "last_name": "Vita", "email": "nina@vita.example"}
# Address -> what is sent there; `{lead}` is the number of the lead.
SENT: Final[dict[str, dict[str, Any]]] = {
    "leads/new/": {"title": "New", "step": "{first step}", "currency": "EUR"},
    "leads/bulk/": {"ids": "{lead}", "delete": "1", "confirmed": "1"},
    "leads/bulk/ (give)": {"ids": "{lead}", "owner": "{admin}"},
    "leads/bulk/ (tag)": {"ids": "{lead}", "tag": "New", "tag_on": "1"},
    "leads/<int:pk>/field/<slug:name>/": {"title": "Renamed"},
    "leads/<int:pk>/move/": {"step": "{second step}"},
    "leads/<int:pk>/status/": {"status": "won"},
    "leads/<int:pk>/star/": {"on": "1"},
    "leads/<int:pk>/folder/": {"folder": "{folder}"},
    "leads/<int:pk>/comments/": {"text": "Said"},
    "clients/<int:pk>/comments/": {"text": "Said"},
    "prospects/<int:pk>/comments/": {"text": "Said"},
    "prospecting/<int:pk>/comments/": {"text": "Said"},
    "comments/<int:pk>/": {"text": f"{COMMENT} Or so."},
    "comments/<int:pk>/ (cut)": {"text": "Nothing."},
    "comments/<int:pk>/pin/": {"on": "1"},
    "leads/<int:pk>/emails/new/": DRAFT,
    "leads/<int:pk>/emails/fill/": {"template": "{template}", **DRAFT},
    "leads/<int:pk>/emails/preview/": DRAFT,
    "clients/new/": {"name": "New"},
    "clients/bulk/": {"ids": "{folder}", "delete": "1", "confirmed": "1"},
    "clients/bulk/ (give)": {"ids": "{folder}", "owner": "{admin}"},
    "clients/<int:pk>/edit/": {"name": "Renamed"},
    "clients/<int:pk>/use/": {"on": "0"},
    "clients/<int:pk>/contacts/": {"name": "Mario"},
    "contacts/<int:pk>/": {"name": "Mario"},
    "prospecting/new/": {"title": "New", "columns": "Company"},
    "prospecting/<int:pk>/act/": {"ids": "{prospect}", "delete": "1", "confirmed": "1"},
    "prospecting/<int:pk>/act/ (many)": {"ids": "all long rows", "outcome": "not_interested"},
    "prospecting/<int:pk>/columns/ (out)": {"out": "1", "column": "{column}"},
    "prospecting/<int:pk>/settings/": {"title": "Renamed"},
    "prospecting/<int:pk>/columns/": {"add": "1", "name": "More"},
    "prospecting/<int:pk>/share/": {"on": "1"},
    "prospecting/<int:pk>/archive/": {"on": "1"},
    "prospecting/<int:pk>/assign/": {"owner": "none"},
    "prospects/<int:pk>/act/": {"delete": "1", "confirmed": "1"},
    "post-sales/asking/": {"on": "0"},
    "leads/<int:pk>/processes/": {"title": "Delivery"},
    "processes/<int:pk>/": {"title": "Renamed"},
    "processes/<int:pk>/tasks/": {"text": "More"},
    "tasks/<int:pk>/": {"text": "Other"},
    "tasks/<int:pk>/state/": {"status": "done"},
    "today/leads/<int:pk>/": {"done": "1"},
    "today/tasks/<int:pk>/": {"done": "1"},
    "exports/start/": {"ids": "{lead}", "format": "csv", "go": "1"},
    "exports/start/ (folders)": {
        "kind": "client_folder", "ids": "{folder}", "format": "csv", "go": "1",
    },
    "exports/start/ (lists)": {
        "kind": "prospecting_list", "ids": "{list}", "format": "csv", "go": "1",
    },
    "exports/start/ (log)": {"kind": "log", "all": "1", "format": "csv", "go": "1"},
    "imports/<int:pk>/mapping/": {"pipeline": "{pipeline}", "go": "1"},
    "trash/<int:pk>/purge/": {"reason": "for good"},
    "security/actions/<int:seq>/undo/": {"kind": "lead", "ids": "{moved lead}"},
    "security/actions/erase/": {"entry": "{act}", "reason": "asked for"},
    "security/log-check/checkpoints/": {"checkpoints_to": "admins"},
    "security/alerts/acknowledge/": {"ids": "{alert}", "note": "Asked them"},
    "security/alerts/rules/new/": RULE,
    "security/alerts/rules/<slug:key>/": {**RULE, "at_least": "5"},
    "security/alerts/rules/<slug:key>/switch/": {"on": "0"},
    "security/alerts/rules/<slug:key>/switch/ (standard)": {"on": "0"},
    "security/alerts/rules/<slug:key>/switch/ (watch)": {"on": "0"},
    "security/sessions/disconnect/": {"ids": "{session}"},
    "admin-panel/account/": {"trash_days": "60"},
    "admin-panel/account/sessions/": {
        "idle_hours": "5", "session_days": "10", "sessions_kept_months": "2",
    },
    "admin-panel/account/many/": {
        "many_count": "20", "many_minutes": "30", "many_read": "500",
    },
    "admin-panel/account/edition/": {"rule": list(RULES)},
    "admin-panel/account/two-factor/": {"two_factor_for": "admins", "two_factor_grace_days": "9"},
    "admin-panel/account/privacy/sharing/": {
        "visibility": "admins", "teams_on": "on", "team_visibility": "managers",
        "assigning": "everybody",
    },
    "admin-panel/account/privacy/<slug:verb>/<slug:kind>/": {"ticked": "on"},
    "admin-panel/webhooks/": {
        "event": "lead.creation", "target_type": "url", "target": "https://new.example/in",
        "name": "New",
    },
    "admin-panel/webhooks/<int:pk>/switch/": {"on": "0"},
    "leads/<int:pk>/trigger/": {"webhook": "{webhook}"},
    "admin-panel/teams/new/": {"name": "South", "members": "{user}"},
    "admin-panel/teams/<int:pk>/": {"name": "South", "members": "{user}"},
    "admin-panel/users/new/": {**USER, "role": "user"},
    "admin-panel/users/<int:pk>/name/": USER,
    "admin-panel/users/<int:pk>/role/": {"role": "admin"},
    "admin-panel/users/<int:pk>/invite/": {"email": "zelda@fitti.example"},
    "admin-panel/users/<int:pk>/address/": {"email": "new@sala.example"},
    "admin-panel/users/<int:pk>/leaves/": {"heir": "{admin}"},
    "admin-panel/users/<int:pk>/leaves/ (undo)": {"heir": "stay", "ids": "{act}"},
    "admin-panel/activities/": {"name": "New", "icon": "phone"},
    "admin-panel/activities/<int:pk>/": {"name": "Renamed", "icon": "phone"},
    "admin-panel/activities/<int:pk>/offer/": {"on": "0"},
    "admin-panel/pipelines/": {"name": "New", "steps": "One"},
    "admin-panel/pipelines/order/": {"ids": ["{other pipeline}", "{pipeline}"]},
    "admin-panel/pipelines/<int:pk>/": {"name": "Renamed"},
    "admin-panel/pipelines/<int:pk>/order/": {"ids": "all steps"},
    "admin-panel/fields/<int:pk>/choices/order/": {"ids": "all field choices"},
    "admin-panel/post-sales/<int:pk>/order/": {"ids": "all template tasks"},
    "admin-panel/pipelines/<int:pk>/steps/": {"name": "More"},
    "admin-panel/pipelines/<int:pk>/delete/": {"into": "{second step}"},
    "admin-panel/steps/<int:pk>/": {"name": "Renamed"},
    "admin-panel/steps/<int:pk>/delete/": {"into": "{second step}"},
    "admin-panel/tags/": {"name": "New"},
    "admin-panel/tags/new/": {"name": "New", "category": ""},
    "admin-panel/tags/<int:pk>/": {"name": "Renamed", "category": ""},
    "admin-panel/tag-categories/<int:pk>/": {"name": "Renamed"},
    "admin-panel/tag-categories/order/": {"ids": "{category}"},
    "admin-panel/fields/leads/": {"name": "New", "sort": "text"},
    "admin-panel/fields/leads/order/": {"ids": "{field}"},
    "admin-panel/fields/clients/": {"name": "New", "sort": "text"},
    "admin-panel/fields/<int:pk>/": {"name": "Renamed"},
    "admin-panel/fields/<int:pk>/use/": {"on": "0"},
    "admin-panel/fields/<int:pk>/choices/": {"name": "West"},
    "admin-panel/field-choices/<int:pk>/": {"name": "East"},
    "admin-panel/field-choices/<int:pk>/use/": {"on": "0"},
    "admin-panel/post-sales/": {"name": "New"},
    "admin-panel/post-sales/<int:pk>/": {"name": "Renamed"},
    "admin-panel/post-sales/<int:pk>/offer/": {"on": "0"},
    "admin-panel/post-sales/<int:pk>/tasks/": {"text": "More", "days": "1", "assignee": "owner"},
    "admin-panel/post-sales-tasks/<int:pk>/": {"text": "Other", "days": "1", "assignee": "owner"},
    "admin-panel/keys/new/": {"name": "Phones", "scopes": "read"},
    "admin-panel/emails/": {
        "host": "smtp.ferri.example", "port": "587", "security": "starttls", "user": "",
        "sender": "other@ferri.example",
    },
    "admin-panel/emails/templates/new/": {"name": "New", "subject": "x", "text": "x"},
    "admin-panel/emails/templates/<int:pk>/": {"name": "Renamed", "subject": "x", "text": "x"},
    "admin-panel/emails/templates/<int:pk>/offer/": {"on": "0"},
    "profile/": {
        "first_name": "Bruna", "last_name": "Sala", "language": "en", "time_zone": "Europe/Rome",
        "theme": "light",
    },
    "profile/password/": {"password": "another-horse-battery", "again": "another-horse-battery"},
    "profile/address/": {"email": "own@sala.example"},
    "forgot/": {"email": "bruna@sala.example"},
}  # fmt: skip


def path_of(address: str, numbers: dict[str, Any]) -> str:
    """An address, with the numbers of what it is tried on."""
    where = address.partition(" (")[0]
    thing = TRIED_ON.get(address) or TRIED_ON.get(where) or WITH_A_NUMBER.get(where, "")
    # What is named by a word stands for itself: a standard rule of the alerts.
    number = str(numbers.get(thing, thing or 0))
    filled = where.replace("<int:pk>", number).replace("<slug:key>", number)
    filled = filled.replace("<int:seq>", str(numbers["act"]))
    for name, word in {"name": "title", "verb": "delete", "kind": "lead"}.items():
        filled = filled.replace(f"<slug:{name}>", word)
    return "/" + filled.replace("<str:token>", "1-1-1")


def sent_to(address: str, numbers: dict[str, Any]) -> dict[str, Any]:
    """What is sent there, with the numbers in their places; as a test's client takes it."""
    if address in {"imports/", "security/whose-export/"}:
        return {"data": {"file": SimpleUploadedFile("leads.csv", b"title\nPress\n")}}
    if address.startswith("prospecting/<int:pk>/write/"):
        return {"data": json.dumps(_written(address, numbers)), "content_type": "application/json"}
    return {"data": {n: _filled(value, numbers) for n, value in SENT.get(address, {}).items()}}


def _written(address: str, numbers: dict[str, Any]) -> dict[str, Any]:
    """What is written into a list: a new row, or over many cells of what stands in it."""
    company, city, _mail = numbers["long columns"]
    edits = {
        "(many)": [
            [pk, company, f"Firm {n}", f"Shop {n}"] for n, pk in enumerate(numbers["long rows"])
        ],
        "(emptied)": [[pk, city, "Torino", ""] for pk in numbers["long rows"]],
    }.get(address.partition(" ")[2])
    return {"edits": edits, "rows": []} if edits else {
        "edits": [], "rows": [[[numbers["column"], "New"]]],
    }  # fmt: skip


def _filled(value: Any, numbers: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [one.format(**numbers) for one in value]
    several = value.removeprefix("all ") if value.startswith("all ") else ""
    return numbers[several] if several else value.format(**numbers)
