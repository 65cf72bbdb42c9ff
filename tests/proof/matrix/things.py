"""What each address of the matrix is tried on: all of it Bruna's."""

from __future__ import annotations

import secrets
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestedCredentialData

from custode.activities import moves as comment_moves
from custode.activities import types
from custode.activities.emails import templates as email_templates
from custode.activities.files import Incoming
from custode.activities.models import Attachment, EmailFile, EmailTemplate
from custode.clients import moves as folder_moves
from custode.exchange import folders
from custode.exchange.models import ExportFile
from custode.exchange.reach import reach_of
from custode.guard import door, history
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.guard.kinds import Verb
from custode.kernel.actor import Scope
from custode.leads import moves, pipelines, tagging, tags
from custode.leads.queries import today
from custode.people import alerting
from custode.people import moves as people_moves
from custode.people.alerting import Wanted
from custode.prospecting import columns
from custode.prospecting.models import Prospect
from custode.signin import leaving
from custode.signin.api_keys import moves as key_moves
from custode.signin.models import Passkey
from tests.emails.made import an_email
from tests.exchange import bringing
from tests.exchange.webhooks.made import a_delivery
from tests.fields.made import a_field
from tests.postsales.processes import a_task, a_template, won
from tests.proof.matrix.world import People
from tests.prospecting.sheets import a_list, row_of
from tests.signin.sessions.making import a_session

# Where another thing is tried than the one that the table of addresses names.
TRIED_ON: Final = {
    "leads/<int:pk>/take/": "free lead",
    "leads/<int:pk>/processes/": "won lead",
    "exports/<int:pk>/": "export",
    "imports/<int:pk>/mapping/": "import to be mapped",
    "admin-panel/users/<int:pk>/role/": "member",
    "admin-panel/users/<int:pk>/invite/": "named",
    "admin-panel/users/<int:pk>/link/": "invited",
    "admin-panel/users/<int:pk>/enable/": "disabled",
    "admin-panel/users/<int:pk>/erase/": "disabled",
    "admin-panel/users/<int:pk>/erase/ (still here)": "user",
    "prospecting/<int:pk>/write/ (many)": "long list",
    "prospecting/<int:pk>/write/ (emptied)": "long list",
    "prospecting/<int:pk>/act/ (many)": "long list",
    "security/alerts/<int:pk>/undo/": "alert",
    "security/alerts/rules/<slug:key>/": "alert rule",
    "security/alerts/rules/<slug:key>/switch/": "alert rule",
    "security/alerts/rules/<slug:key>/switch/ (standard)": "exports",
    "security/alerts/rules/<slug:key>/switch/ (watch)": "watch",
    "security/alerts/rules/<slug:key>/remove/": "alert rule",
    "security/alerts/rules/<slug:key>/remove/ (standard)": "exports",
    "admin-panel/pipelines/<int:pk>/delete/": "other pipeline",
    "admin-panel/steps/<int:pk>/delete/": "step",
}
COMMENT: Final = "They asked for a second offer, and will decide by the end of the month."


def things(people: People) -> dict[str, Any]:
    """The numbers of everything, by the words of the table of addresses."""
    cast, bruna, anna = people.cast, people.actor("owner"), people.actor("admin")
    tag = tagging.tags_named(bruna, ["Hot"])[0]
    category = tags.create_category(anna, "Heat")
    lead = cast.lead(cast.bruna, "Bruna's", tags=[tag])
    moves.edit(bruna, lead, remind_date=today())
    comment = comment_moves.write(bruna, lead, COMMENT, None, [Incoming("note.txt", 1, [b"x"])])
    email = an_email(cast, lead, [Incoming("offer.txt", 1, [b"x"])], who=cast.bruna)
    folder = folder_moves.create(bruna, "Bruna's", owner=cast.bruna)
    prospects, task = a_list(bruna), a_task(cast, won(cast, cast.bruna, "Sold"), cast.bruna)
    field, template = a_field(cast, "Region", "choice", "North", "South"), a_template(cast)
    return {
        "lead": lead.pk,
        "free lead": cast.lead(None, "Nobody's").pk,
        "won lead": task.process.lead_id,
        "tag": tag.pk,
        "category": category.pk,
        "change": history.of(lead).latest("pk").pk,
        "comment": comment.pk,
        "attachment": Attachment.objects.get(comment=comment).pk,
        "email": email.pk,
        "email file": EmailFile.objects.get(email=email).pk,
        "template": _email_template(anna),
        "folder": folder.pk,
        "contact": folder_moves.add_contact(bruna, folder, name="Ada").pk,
        "list": prospects.pk,
        "prospect": row_of(prospects, "Verdi 2000").pk,
        "column": columns.of(prospects)[0].pk,
        "task": task.pk,
        "process": task.process_id,
        "process template": template.pk,
        "template task": template.tasks.all()[0].pk,
        "field": field.pk,
        "field choice": field.choices.all()[0].pk,
        "field choices": [one.pk for one in field.choices.all()],
        "template tasks": [one.pk for one in template.tasks.all()],
        "steps": [step.pk for step in cast.ferri.steps],
        "activity": types.create(anna, "Fair", "phone").pk,
        "key": key_moves.make(anna, "Phones", [Scope.READ])[0].pk,
        "token": secrets.token_hex(16),
        **a_delivery(cast, lead),
        **_long_list(people),
        **_order(people),
        **_files(people),
        **_persons(people),
        **_alerts(people),
    }


def _long_list(people: People) -> dict[str, Any]:
    """Eleven rows: writing over so many is an act."""
    one = a_list(people.actor("owner"), "Long", [(f"Firm {n}", "Torino", "") for n in range(11)])
    rows = Prospect.objects.filter(in_list=one).order_by("place")
    return {
        "long list": one.pk, "long rows": [row.pk for row in rows],
        "long columns": [column.pk for column in columns.of(one)],
    }  # fmt: skip


def _alerts(people: People) -> dict[str, int]:
    """An alert that nobody has seen, and a rule of the account's own."""
    anna = people.actor("admin")
    rule = alerting.add(anna, Wanted("Own", acts=("delete",), at_least=50, within=60))
    entry = door.delete(anna, [people.cast.lead(people.cast.anna, "Gone")]).entry
    door.purge(anna, entry.pk if entry else 0, reason="for good")
    judging.judge(people.cast.ferri.account.pk)
    alert = Alert.objects.filter(acknowledged_at=None, rule="purge").latest("pk")
    return {"alert": alert.pk, "alert rule": rule.pk}


def _email_template(actor: Any) -> int:
    one = EmailTemplate(name="Offer")
    email_templates.save(actor, one, "Offer", "Our offer", "Here it is.")
    return one.pk


def _order(people: People) -> dict[str, int]:
    """Pipelines and steps; one of each that can go."""
    cast, anna = people.cast, people.actor("admin")
    other = pipelines.create_pipeline(anna, "Another", ["First", "Last"])
    first, last = other.steps.all()
    cast.lead(cast.anna, "Elsewhere", step=first)
    return {
        "pipeline": cast.ferri.pipeline.pk, "other pipeline": other.pk, "step": first.pk,
        "other step": last.pk, "second step": cast.ferri.steps[1].pk,
        "first step": cast.ferri.steps[0].pk,
    }  # fmt: skip


def _files(people: People) -> dict[str, int]:
    """What came in and goes out, what lies in the trash, and an act of Bruna's."""
    cast, bruna = people.cast, people.actor("owner")
    gone = door.delete(bruna, [cast.lead(cast.bruna, "Trashed")])
    moved = cast.lead(cast.bruna, "Moved")
    act = door.change(bruna, [moved], "step", cast.ferri.steps[2])
    token, size = folders.keep(folders.EXPORTS, [b"title"])
    export = ExportFile.objects.create(
        user=cast.bruna, kind="lead", format="csv", state="ready", name="leads.csv", rows=1,
        token=token, size=size, seq=act.seq, reach=reach_of(bruna),
    )  # fmt: skip
    return {
        "entry": gone.entry.pk if gone.entry else 0, "act": act.seq, "moved lead": moved.pk,
        "export": export.pk,
        "import": bringing.checked(cast, cast.bruna, bringing.many(2)).pk,
        "import to be mapped": bringing.brought(cast, cast.bruna, bringing.many(2)).pk,
    }  # fmt: skip


def _persons(people: People) -> dict[str, int]:
    cast, anna, north = people.cast, people.actor("admin"), people.house
    named = people_moves.create_named(anna, ["Zelda Fitti"])["Zelda Fitti"]
    invited = people_moves.create(anna, first_name="Rita", email="rita@rossi.example")
    disabled = people_moves.create(anna, first_name="Gino", email="gino@rossi.example")
    leaving.disable(anna, disabled)
    with door.sensitive_act(people.actor("owner"), Verb.TWO_FACTOR):
        passkey = Passkey.objects.create(
            user=cast.bruna, name="Key", credential_id="AAAA", public_key=_public_key()
        )
    return {
        "admin": cast.anna.pk, "user": cast.bruna.pk, "member": north.people["Dino"].pk,
        "named": named.pk, "invited": invited.pk, "disabled": disabled.pk, "team": north.team.pk,
        "passkey": passkey.pk, "session": a_session(cast.bruna).pk,
    }  # fmt: skip


def _public_key() -> str:
    point = ec.generate_private_key(ec.SECP256R1()).public_key()
    key = ES256.from_cryptography_key(point)
    return websafe_encode(bytes(AttestedCredentialData.create(bytes(16), b"\x00\x00\x00", key)))
