"""Every sensitive act that is refused is in the log, whatever was sent with it.

Ugo is no admin, and all rules are ticked. He tries every address by POST, with what a page would
send and with nonsense: what he may not do is an entry of the log, under the act he tried.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from custode.accounts import moves as account_moves
from custode.activities import moves as comment_moves
from custode.clients import moves as folder_moves
from custode.exchange.importing import runs
from custode.exchange.importing.choices import NEW, Choices
from custode.exchange.models import ExportFile, RunState
from custode.exchange.reading import from_dict
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.people import moves as people_moves
from tests.cast import Cast
from tests.emails.made import an_email
from tests.postsales.processes import a_task, won
from tests.prospecting.sheets import a_list, row_of
from tests.web.addresses import OTHERS, WITH_A_NUMBER, WITHOUT

# Address -> the verb under which the log tells that Ugo was refused.
REFUSED = {
    "admin-panel/account/": Verb.ACCOUNT,
    "admin-panel/account/edition/": Verb.ACCOUNT,
    "admin-panel/account/sessions/": Verb.ACCOUNT,
    "admin-panel/account/many/": Verb.ACCOUNT,
    "admin-panel/account/two-factor/": Verb.ACCOUNT,
    "admin-panel/account/privacy/<slug:verb>/<slug:kind>/": Verb.PRIVACY,
    "admin-panel/emails/": Verb.ACCOUNT,
    "admin-panel/emails/off/": Verb.ACCOUNT,
    "admin-panel/account/privacy/sharing/": Verb.PRIVACY,
    "admin-panel/pipelines/<int:pk>/delete/": Verb.RETIRE,
    "admin-panel/fields/<int:pk>/use/": Verb.RETIRE,
    "admin-panel/field-choices/<int:pk>/use/": Verb.RETIRE,
    "admin-panel/post-sales/<int:pk>/offer/": Verb.RETIRE,
    "admin-panel/steps/<int:pk>/delete/": Verb.RETIRE,
    "admin-panel/tags/<int:pk>/delete/": Verb.RETIRE,
    "admin-panel/keys/<int:pk>/revoke/": Verb.KEYS,
    "admin-panel/keys/new/": Verb.KEYS,
    "admin-panel/teams/<int:pk>/": Verb.USERS,
    "admin-panel/teams/<int:pk>/dissolve/": Verb.USERS,
    "admin-panel/teams/new/": Verb.USERS,
    "admin-panel/webhooks/": Verb.WEBHOOKS,
    "admin-panel/webhooks/<int:pk>/switch/": Verb.WEBHOOKS,
    "admin-panel/webhooks/<int:pk>/delete/": Verb.WEBHOOKS,
    "admin-panel/deliveries/<int:pk>/again/": Verb.WEBHOOKS,
    "admin-panel/users/<int:pk>/address/": Verb.USERS,
    "admin-panel/users/<int:pk>/leaves/": Verb.USERS,
    "admin-panel/users/<int:pk>/enable/": Verb.USERS,
    "admin-panel/users/<int:pk>/erase/": Verb.ERASE,
    "admin-panel/users/<int:pk>/invite/": Verb.USERS,
    "admin-panel/users/<int:pk>/link/": Verb.USERS,
    "admin-panel/users/<int:pk>/name/": Verb.USERS,
    "admin-panel/users/<int:pk>/role/": Verb.USERS,
    "admin-panel/users/<int:pk>/two-factor/": Verb.USERS,
    "admin-panel/users/new/": Verb.USERS,
    "clients/<int:pk>/delete/": Verb.DELETE,
    "clients/bulk/": Verb.DELETE,
    "comments/<int:pk>/delete/": Verb.DELETE,
    "contacts/<int:pk>/remove/": Verb.DELETE,
    "emails/<int:pk>/delete/": Verb.DELETE,
    "exports/start/": Verb.EXPORT,
    "imports/<int:pk>/start/": Verb.IMPORT,
    "leads/<int:pk>/delete/": Verb.DELETE,
    "leads/bulk/": Verb.DELETE,
    "processes/<int:pk>/delete/": Verb.DELETE,
    "tasks/<int:pk>/delete/": Verb.DELETE,
    "prospecting/<int:pk>/act/": Verb.DELETE,
    "prospecting/<int:pk>/delete/": Verb.DELETE,
    "prospects/<int:pk>/act/": Verb.DELETE,
    "security/actions/<int:seq>/undo/": Verb.UNDO,
    "security/alerts/acknowledge/": Verb.ALERT,
    "security/alerts/<int:pk>/undo/": Verb.ALERT,
    "security/alerts/rules/new/": Verb.ACCOUNT,
    "security/alerts/rules/<slug:key>/": Verb.ACCOUNT,
    "security/alerts/rules/<slug:key>/switch/": Verb.ACCOUNT,
    "security/alerts/rules/<slug:key>/remove/": Verb.ACCOUNT,
    "security/actions/erase/": Verb.ERASE,
    "security/log-check/": Verb.ACCOUNT,
    "security/log-check/checkpoint/": Verb.ACCOUNT,
    "security/log-check/checkpoints/": Verb.ACCOUNT,
    "security/sessions/<int:pk>/disconnect/": Verb.SESSIONS,
    "security/sessions/disconnect/": Verb.SESSIONS,
    "trash/<int:pk>/purge/": Verb.PURGE,
    "trash/<int:pk>/restore/": Verb.RESTORE,
    "undo/<int:seq>/": Verb.UNDO,
}
# Ordinary edits, of one lead or of names in menus, are no sensitive acts: no entries of refusals.
# Nor is reading: whose export a file is stands in the log.
ORDINARY = {
    "security/whose-export/",
    "admin-panel/activities/",
    "admin-panel/activities/<int:pk>/",
    "admin-panel/activities/<int:pk>/offer/",
    "clients/<int:pk>/contacts/",
    "clients/<int:pk>/edit/",
    "clients/<int:pk>/use/",
    "admin-panel/fields/leads/",
    "admin-panel/fields/leads/order/",
    "admin-panel/fields/clients/",
    "admin-panel/fields/clients/order/",
    "admin-panel/fields/<int:pk>/",
    "admin-panel/fields/<int:pk>/choices/",
    "admin-panel/fields/<int:pk>/choices/order/",
    "admin-panel/field-choices/<int:pk>/",
    "admin-panel/pipelines/",
    "admin-panel/pipelines/<int:pk>/",
    "admin-panel/pipelines/<int:pk>/default/",
    "admin-panel/pipelines/<int:pk>/order/",
    "admin-panel/pipelines/<int:pk>/steps/",
    "admin-panel/pipelines/order/",
    "admin-panel/steps/<int:pk>/",
    "admin-panel/tag-categories/<int:pk>/",
    "admin-panel/tag-categories/<int:pk>/delete/",
    "admin-panel/tag-categories/order/",
    "admin-panel/tags/",
    "admin-panel/tags/<int:pk>/",
    "admin-panel/tags/new/",
    "comments/<int:pk>/",
    "comments/<int:pk>/pin/",
    "contacts/<int:pk>/",
    "leads/<int:pk>/folder/",
    "leads/<int:pk>/processes/",
    "processes/<int:pk>/",
    "processes/<int:pk>/tasks/",
    "tasks/<int:pk>/",
    "tasks/<int:pk>/state/",
    "admin-panel/post-sales/",
    "admin-panel/post-sales/<int:pk>/",
    "admin-panel/post-sales/<int:pk>/order/",
    "admin-panel/post-sales/<int:pk>/tasks/",
    "admin-panel/post-sales-tasks/<int:pk>/",
    "admin-panel/post-sales-tasks/<int:pk>/remove/",
    "admin-panel/emails/test/",
    "admin-panel/emails/templates/new/",
    "admin-panel/emails/templates/<int:pk>/",
    "admin-panel/emails/templates/<int:pk>/offer/",
    "emails/<int:pk>/again/",
    "emails/<int:pk>/sent/",
    "leads/<int:pk>/emails/new/",
    "leads/<int:pk>/emails/fill/",
    "leads/<int:pk>/emails/preview/",
    "leads/<int:pk>/field/<slug:name>/",
    "leads/<int:pk>/move/",
    "leads/<int:pk>/star/",
    "leads/<int:pk>/status/",
    "leads/<int:pk>/take/",
    "leads/<int:pk>/trigger/",
    "today/leads/<int:pk>/",
    "today/tasks/<int:pk>/",
}
SENT = {
    "delete": "1", "all": "1", "format": "csv", "title": "Mine", "value": "Mine", "status": "won",
    "text": "Mine", "reason": "because", "role": "admin", "email": "own@dino.example",
    "first_name": "Dino",
    "last_name": "Rota", "trash_days": "60", "ticked": "on", "on": "1",
}  # fmt: skip
NONSENSE = {**SENT, "reason": "", "role": "emperor", "email": "none", "first_name": "",
            "trash_days": "many", "ticked": "", "format": "pdf"}  # fmt: skip
UNCHANGED = {**SENT, "role": "user", "email": "", "trash_days": "30"}


WIPED = {"comments/<int:pk>/": Verb.DELETE}
"""What would wipe something out when nothing is sent: deleting by another name."""


@pytest.fixture(scope="module")
def things(ground: Cast) -> dict[str, int]:
    """What Ugo finds, much of it not his, in an account where all rules are ticked."""
    ferri = ground
    anna = ferri.actor(ferri.anna)
    entry = door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo, "Trashed")]).entry
    zelda = people_moves.create_named(anna, ["Zelda Fitti"])["Zelda Fitti"]
    lead = ferri.lead(ferri.bruna, "Bruna's")
    step = door.change(anna, [lead], "step", ferri.ferri.steps[2])
    prospects = a_list(ferri.actor(ferri.ugo))
    export = ExportFile.objects.create(user=ferri.ugo, kind="lead", format="csv", state="ready")
    folder = folder_moves.create(anna, "Bruna's", owner=ferri.bruna)
    task = a_task(ferri, won(ferri, ferri.bruna, "Bruna's"), ferri.anna)
    found = {
        "process": task.process_id, "task": task.pk,
        "folder": folder.pk, "contact": folder_moves.add_contact(anna, folder, name="Ada").pk,
        "email": an_email(ferri, lead, who=ferri.anna).pk,
        "list": prospects.pk, "prospect": row_of(prospects, "Verdi 2000").pk,
        "comment": comment_moves.write(anna, lead, "Anna's").pk,
        "lead": lead.pk, "entry": entry.pk if entry else 0, "user": zelda.pk, "act": step.seq,
        "import": checked(ferri), "export": export.pk,
    }  # fmt: skip
    rules = [(Verb.DELETE, "comment"), (Verb.DELETE, "process")]
    for kind in ("lead", "client_folder", "prospecting_list"):
        rules += [(Verb.EXPORT, kind), (Verb.DELETE, kind)]
    for verb, kind in rules:
        account_moves.set_privacy(anna, verb, kind, True)
    return found


def checked(ferri: Cast) -> int:
    """An import of Ugo's that would make a person, which only admins do."""
    file = b"title,owner\nPress,Mara Gallo\n"
    run = runs.bring(ferri.ugo, ferri.actor(ferri.ugo), "leads.csv", [file])
    runs.work_now(run)
    run.choices["others"] = NEW
    runs.set_mapping(run, from_dict(run.mapping, ("title", "owner")), Choices(**run.choices))
    runs.work_now(run)
    assert run.state == RunState.CHECKED
    return run.pk


@pytest.fixture
def ugo(ferri: Cast, client: Client) -> Client:
    """Ugo's browser."""
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.ugo)
    return client


def path_of(pattern: str, things: dict[str, int]) -> str:
    """The address, with the numbers of these things."""
    thing = things.get(WITH_A_NUMBER.get(pattern, ""), 0)
    filled = pattern.replace("<int:pk>", str(thing)).replace("<int:seq>", str(things["act"]))
    for name, word in {"name": "title", "verb": "delete", "kind": "lead", "key": "exports"}.items():
        filled = filled.replace(f"<slug:{name}>", word)
    return "/" + filled.replace("<str:token>", "1-1-1")


def refused(client: Client, path: str, sent: dict[str, Any]) -> tuple[bool, list[str]]:
    """Whether it was refused, and the verbs of the refusals that the log has of it."""
    before = LogEntry.objects.count()
    answer = client.post(path, sent)
    entries = LogEntry.objects.filter(outcome="refused", seq__gt=before)
    return answer.status_code == 403, list(entries.values_list("verb", flat=True))


@pytest.mark.dealt
@pytest.mark.parametrize("pattern", sorted(WITH_A_NUMBER.keys() | WITHOUT | OTHERS))
def test_what_is_refused_is_in_the_log(
    ferri: Cast, things: dict[str, int], ugo: Client, pattern: str
) -> None:
    path, verb = path_of(pattern, things), REFUSED.get(pattern)
    with clock.at(clock.now()):
        assert refused(ugo, path, SENT) == ((True, [verb]) if verb else (pattern in ORDINARY, []))
    for n, sent in enumerate((NONSENSE, UNCHANGED, {}), start=1):
        # Refusals of the same act within a minute would be summed up in one entry.
        with clock.at(clock.now() + n * timedelta(minutes=2)):
            said_no, told = refused(ugo, path, sent)
        tried = verb or (WIPED.get(pattern) if not sent else None)
        assert told == ([tried] if said_no and tried else []), sent
        assert said_no or not pattern.startswith("admin-panel/") or not verb, sent
