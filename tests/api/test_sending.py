"""E-mails by the API, and the simplified API: every act a GET, with a key alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custode.activities import sight
from custode.activities.emails import moves, templates
from custode.activities.models import ActivityType, Comment, Email, EmailTemplate
from custode.guard import door
from custode.guard.models import Change
from custode.kernel.actor import Origin
from custode.kernel.errors import Refused
from custode.signin import limits
from custode.signin.api_keys.models import ApiKey
from tests.api.calling import Caller
from tests.emails import postbox

SIMPLE = "/api/simple/leads/{}/{}"


@pytest.fixture
def lead(ferri):
    """A lead of Ugo's with an address, of an account with a mail server."""
    postbox.use(ferri.actor(ferri.anna), 2525)
    return ferri.lead(ferri.ugo, "Scanner", description="Contact: Mario\nEmail: m@rossi.example")


def a_letter(ferri, subject="About {{lead.title}}", text="Dear {{field:Contact}}, {{user.name}}"):
    return templates.save(ferri.actor(ferri.anna), EmailTemplate(), "Offer", subject, text)


def path(lead):
    return f"/leads/{lead.pk}/emails/send_email_from_template"


def test_an_application_sends_a_template_under_somebodys_name(app, ferri, lead):
    letter = a_letter(ferri)
    given = {"email_template_id": str(letter.pk), "from_user_id": "bruna@sala.example"}
    answer = app("read", "write").post(path(lead), given)
    assert answer.status == 201
    told = answer.json
    assert (told["to"], told["subject"]) == ("m@rossi.example", "About Scanner")
    assert (told["content"], told["user_id"]) == ("Dear Mario, Bruna Sala", ferri.bruna.pk)
    email = Email.objects.get(pk=told["id"])
    assert (email.author, email.lead_id, email.state) == (ferri.bruna, lead.pk, "queued")
    line = Change.objects.get(kind="email", object_id=email.pk, field="created")
    assert (line.actor_kind, line.actor_name) == ("key", "Zapp")


@pytest.mark.parametrize("where", ["/leads/{}/", "/search/?q=scanner"])
def test_whatever_an_application_wrote_names_it(app, ferri, lead, come_in_web, where):
    letter, key = a_letter(ferri), app(name="Phones")
    as_ugo = Caller(token=key.get("/auth/log_as", user_id=ferri.ugo.pk).json["token"])
    key.post(path(lead), {"email_template_id": letter.pk, "from_user_id": ferri.bruna.pk})
    as_ugo.post(path(lead), {"email_template_id": letter.pk})
    assert key.post(f"/leads/{lead.pk}/comments", {"content": "Scanner bought"}).status == 201
    page = come_in_web(ferri.anna).get(where.format(lead.pk)).content.decode()
    assert "A program" not in page
    assert page.count("Phones, as Ugo Conti") == 1
    assert page.count("Phones") == 3


def test_what_a_person_wrote_names_no_application(ferri, lead, come_in_web):
    door_of_ugo = come_in_web(ferri.ugo)
    moves.write(
        ferri.actor(ferri.ugo), lead, moves.Draft("m@rossi.example", "", "Hello", "Text", "a" * 32)
    )
    assert Email.objects.get().author == ferri.ugo
    page = door_of_ugo.get(f"/leads/{lead.pk}/").content.decode()
    assert "<b>Ugo Conti</b>" in page
    assert '<span class="comment-activity">Ugo Conti' not in page


def test_a_user_sends_under_their_own_name_alone(ferri, lead, program):
    letter = a_letter(ferri)
    ugo = program(ferri.ugo)
    for more in ({}, {"from_user_id": ferri.ugo.pk}):
        told = ugo.post(path(lead), {"email_template_id": "offer", **more})
        assert (told.status, told.json["user_id"]) == (201, ferri.ugo.pk)
    given = {"email_template_id": letter.pk, "from_user_id": ferri.bruna.pk}
    assert ugo.post(path(lead), given).kind == "not_api_key"
    refused = program(ferri.bruna).post(path(lead), {"email_template_id": letter.pk})
    assert (refused.status, refused.kind) == (403, "refused")
    assert Email.objects.count() == 2


def test_what_cannot_be_sent_is_not_sent(app, ferri, lead):
    letter = a_letter(ferri, text="Dear {{field:Nobody}}")
    retired = templates.save(ferri.actor(ferri.anna), EmailTemplate(), "Old", "S", "T")
    templates.retire(ferri.actor(ferri.anna), retired, True)
    mute = ferri.lead(ferri.ugo, "Mute")
    good, ugo = {"email_template_id": letter.pk}, {"from_user_id": ferri.ugo.pk}
    for about, body, field in (
        (lead, {}, "email_template_id"),
        (lead, good, "from_user_id"),
        (lead, {**good, "from_user_id": "carla@lodi.example"}, "user_id"),
        (lead, {**good, **ugo}, "text"),
        (lead, {"email_template_id": retired.pk, **ugo}, "email_template_id"),
        (lead, {"email_template_id": "nothing", **ugo}, "email_template_id"),
        (mute, {**good, **ugo}, "to"),
    ):
        answer = app().post(path(about), body)
        assert (answer.status, answer.json["field"]) == (422, field), body
    assert not Email.objects.exists()


def test_nobody_but_an_application_writes_an_email_in_anothers_name(ferri, lead):
    draft = moves.Draft("m@rossi.example", "", "S", "T", "0" * 32)
    with pytest.raises(Refused):
        moves.write(ferri.actor(ferri.ugo), lead, draft, author=ferri.bruna)


def test_an_application_deletes_its_own_emails_and_none_of_the_number_of_its_comments(
    app, ferri, lead, program
):
    letter, key = a_letter(ferri), app()
    given = {"email_template_id": letter.pk, "from_user_id": ferri.ugo.pk}
    own = Email.objects.get(pk=key.post(path(lead), given).json["id"])
    theirs = Email.objects.get(pk=program(ferri.ugo).post(path(lead), given).json["id"])
    row = ApiKey.objects.get()
    actor = replace(row.actor(Origin()), is_admin=False)
    # A comment of the application's has the number of an e-mail of Ugo's.
    Change.objects.create(
        account_id=lead.account_id, kind="comment", object_id=theirs.pk, field="created",
        at=lead.created_at, actor_kind="key", actor_id=row.pk, actor_name="Zapp",
    )  # fmt: skip
    assert list(Email.objects.filter(sight.edits_emails(actor))) == [own]
    with pytest.raises(Refused):
        door.delete(actor, [theirs])
    assert door.delete(actor, [own]).count == 1


def test_a_tag_is_added_and_the_others_stay(app, lead):
    key = app("read", "write")
    for tag, told in (
        ("fair", ["fair"]),
        ("fair", ["fair"]),
        ("Advert,FAIR, north", ["Advert", "fair", "north"]),
    ):
        answer = key.call("GET", SIMPLE.format(lead.pk, "add_tag"), query={"tag": tag})
        assert (answer.status, answer.json["tags"]) == (200, told)
    for query in ({}, {"tag": ""}, {"tag": ","}):
        answer = key.call("GET", SIMPLE.format(lead.pk, "add_tag"), "{}", query=query)
        assert (answer.status, answer.kind) == (422, "missing_parameter"), query


def test_an_activity_is_told_of(app, ferri, lead):
    call = ActivityType.objects.get(name="Call")
    at, key = SIMPLE.format(lead.pk, "add_activity"), app("read", "write")
    told = key.call("GET", at, query={"activity_id": call.pk, "user_id": ferri.bruna.pk})
    assert told.json["content"] == "Call"
    assert (told.json["activity_id"], told.json["user"]["id"]) == (call.pk, ferri.bruna.pk)
    told = key.call("GET", at, query={"activity_id": str(call.pk), "content": "Rang twice"})
    assert (told.json["content"], told.json["user"]["firstname"]) == ("Rang twice", "Zapp")
    for query in ({"content": "x"}, {"activity_id": "0", "content": "x"}, {"activity_id": "x"}):
        assert key.call("GET", at, query=query).status == 422, query
    assert Comment.objects.filter(lead=lead).count() == 2


def test_a_lead_is_moved_to_a_step(app, ferri, lead):
    at, key = SIMPLE.format(lead.pk, "move_to_step"), app("read", "write")
    meeting, offer = ferri.ferri.steps[2:4]
    for query, step in (
        ({"step": meeting.pk}, meeting), ({"step": "proposal"}, offer),
        ({"step_id": str(meeting.pk)}, meeting),
    ):  # fmt: skip
        answer = key.call("GET", at, query=query)
        assert (answer.status, answer.json["step_id"]) == (200, step.pk), query
    assert key.call("GET", at, query={"step": "Nowhere"}).json["field"] == "step"
    assert key.call("GET", at).kind == "missing_parameter"


def test_an_email_is_sent(app, ferri, lead):
    at, key = SIMPLE.format(lead.pk, "send_email"), app("read", "write")
    query = {"subject": "Hello", "content": "As agreed.", "from_user_id": ferri.ugo.pk}
    told = key.call("GET", at, query=query).json
    assert (told["subject"], told["to"]) == ("Hello", "m@rossi.example")
    assert Email.objects.get(pk=told["id"]).author == ferri.ugo
    for name in query:
        rest = {key: value for key, value in query.items() if key != name}
        assert key.call("GET", at, query=rest).status == 422, name
    assert Email.objects.count() == 1


@pytest.mark.parametrize("act", ["add_tag", "add_activity", "move_to_step", "send_email"])
def test_the_simplified_api_takes_a_gets_key_that_may_write_and_nothing_else(
    app, ferri, lead, program, come_in_web, act
):
    at = SIMPLE.format(lead.pk, act)
    query = {
        "tag": "x", "activity_id": ActivityType.objects.get(name="Call").pk,
        "step": ferri.ferri.steps[1].pk,
        "subject": "S", "content": "C", "from_user_id": ferri.ugo.pk,
    }  # fmt: skip
    assert program(ferri.ugo).call("GET", at, query=query).kind == "not_api_key"
    browser = come_in_web(ferri.anna)
    assert browser.get(at, query).status_code == 401
    only_reads = app("read", "delete", "export", "admin")
    assert only_reads.call("GET", at, query=query).kind == "missing_scope"
    answer = app("write").call("POST", at, query=query)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET")
    lead.refresh_from_db()
    assert lead.step == ferri.ferri.steps[0]
    assert not Comment.objects.exists()
    assert not Email.objects.exists()
    assert app("write").call("GET", at, query=query).status == 200


def test_both_have_a_document(client):
    assert "/api/v2/leads" in client.get("/api/v2/openapi.json").json()["paths"]
    document = client.get("/api/simple/openapi.json").json()
    assert {path.rpartition("/")[2] for path in document["paths"]} == {
        "add_tag", "add_activity", "move_to_step", "send_email",
    }  # fmt: skip


def test_an_application_has_one_allowance_in_whoevers_name(app, ferri, lead, program, monkeypatch):
    monkeypatch.setattr(limits, "EMAILS", limits.Allowance("few", 3, limits.EMAILS.within))
    letter, key, other = a_letter(ferri), app(), app(name="Phones")
    as_anna = Caller(token=key.get("/auth/log_as", user_id=ferri.anna.pk).json["token"])

    def sent(caller, *who):
        named = {"from_user_id": who[0].pk} if who else {}
        return caller.post(path(lead), {"email_template_id": letter.pk, **named}).status

    assert [sent(key, ferri.ugo), sent(key, ferri.bruna), sent(as_anna)] == [201, 201, 201]
    assert [sent(key, ferri.ugo), sent(key, ferri.bruna), sent(as_anna)] == [429, 429, 429]
    assert (sent(other, ferri.bruna), sent(program(ferri.ugo))) == (201, 201)
