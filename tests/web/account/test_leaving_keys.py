"""An admin leaves: what he left working for programs ends with him, and nothing of the others'."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.activities.emails import servers
from custode.activities.emails.servers import Wanted as Servers
from custode.exchange.webhooks import moves as hooks
from custode.exchange.webhooks.models import Webhook
from custode.exchange.webhooks.moves import Wanted
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor, Scope
from custode.kernel.errors import Refused
from custode.people import moves
from custode.people.models import Role
from custode.signin.api_keys import moves as keys
from custode.signin.api_keys.models import ApiKey
from tests.api.calling import Caller, key_for
from tests.cast import Cast
from tests.signin.posting import again
from tests.web.security.telling import told

ComeIn = Callable[..., Client]
PAGE = "/admin-panel/users/"


def page_of(user, end="leaves/"):
    return f"{PAGE}{user.pk}/{end}"


def a_hook(actor: Actor, target: str = "https://thief.example/in", kind: str = "url") -> Webhook:
    return hooks.make(actor, Wanted("lead.creation", kind, target, "Copy"))[0]


@pytest.fixture
def leaver(ferri: Cast) -> Cast:
    """Ugo became an admin, and made a key and a webhook; Anna has a key and a webhook too."""
    moves.set_role(ferri.actor(ferri.anna), ferri.ugo, Role.ADMIN)
    ferri.ugo.refresh_from_db()
    a_hook(ferri.actor(ferri.anna), "https://shop.example/in")
    return ferri


def key_of(who, *scopes: str, name: str = "Backdoor") -> tuple[ApiKey, str]:
    return keys.make(who, name, [Scope(one) for one in scopes or ("read",)])


def test_the_drill_of_an_admin_who_leaves(leaver: Cast, come_in: ComeIn) -> None:
    ugo, anna = leaver.actor(leaver.ugo), come_in(leaver.anna)
    key, text = key_of(ugo)
    _anothers, kept = key_of(leaver.actor(leaver.anna), name="Shop")
    hook = a_hook(ugo)
    page = anna.get(page_of(leaver.ugo)).text
    assert f'name="keys" value="{key.pk}" checked' in page
    assert f'name="hooks" value="{hook.pk}" checked' in page
    assert page.count('name="keys"') == page.count('name="hooks"') == 1
    assert Caller(key=text).get("/ping").status == 200
    sent = {"heir": "stay", "keys": [key.pk], "hooks": [hook.pk]}
    shown = anna.post(page_of(leaver.ugo), sent, follow=True).text
    after = shown.replace("<b>", "").replace("</b>", "")
    assert not again(leaver.ugo).is_active
    assert Caller(key=text).get("/ping").kind == "unauthorized_disabled_token"
    assert Caller(key=text).get("/leads").status == 401
    assert Caller(key=kept).get("/ping").status == 200
    assert [one.is_on for one in Webhook.objects.order_by("pk")] == [True, False]
    for words in (
        "Revoked: the API key “Backdoor”.", "Switched off: the webhook “Copy”.",
        "Anna Ferri revoked the API key “Backdoor”.",
        "Anna Ferri switched the webhook Copy off, which sends to https://thief.example.",
        "They have no active API key and no active webhook.",
    ):  # fmt: skip
        assert words in after
    assert [words for words, _colour in told(anna.get("/security/actions/"))][:3] == [
        "Anna Ferri switched the webhook Copy off, which sends to https://thief.example.",
        "Anna Ferri revoked the API key “Backdoor”.",
        "Anna Ferri disabled Ugo Conti and signed them out everywhere.",
    ]


def test_what_is_not_ticked_works_on_and_the_page_goes_on_saying_so(
    leaver: Cast, come_in: ComeIn
) -> None:
    key, text = key_of(leaver.actor(leaver.ugo))
    hook = a_hook(leaver.actor(leaver.ugo))
    anna = come_in(leaver.anna)
    anna.post(page_of(leaver.ugo), {"heir": "stay", "hooks": [hook.pk]})
    assert Caller(key=text).get("/ping").status == 200
    page = anna.get(page_of(leaver.ugo)).text
    assert f'name="keys" value="{key.pk}" checked' in page
    assert "Revoke and switch off" in page
    shown = anna.get(page_of(leaver.ugo, "")).text
    assert "Still working, until somebody revokes or switches them off: 1 API key." in shown
    assert f'href="{page_of(leaver.ugo)}#left-open"' in shown
    anna.post(page_of(leaver.ugo), {"heir": "stay", "keys": [key.pk]})
    assert Caller(key=text).get("/ping").status == 401
    assert 'id="left-open"' not in anna.get(page_of(leaver.ugo, "")).text


def test_what_a_key_of_theirs_made_is_theirs_too_and_what_writes_to_them(
    leaver: Cast, come_in: ComeIn
) -> None:
    anna = come_in(leaver.anna)
    key, text = key_of(leaver.actor(leaver.ugo), "read", "write", "export", "admin")
    given = {"event": "lead.creation", "target_type": "url", "target": "https://far.example/"}
    by_key = Caller(key=text).post("/webhooks", given).json["id"]
    mailed = a_hook(leaver.actor(leaver.anna), str(leaver.ugo.email).upper(), "email").pk
    keys.revoke(leaver.actor(leaver.anna), key)
    page = anna.get(page_of(leaver.ugo)).text
    assert page.count('name="hooks"') == 2
    anna.post(page_of(leaver.ugo), {"heir": "stay", "hooks": [by_key, mailed]})
    assert [one.pk for one in Webhook.objects.exclude(disabled_at=None).order_by("pk")] == [
        by_key, mailed,
    ]  # fmt: skip


def test_anothers_key_that_acts_as_them_is_listed_and_not_ticked(
    leaver: Cast, come_in: ComeIn
) -> None:
    text = key_for(leaver.ferri.account, name="Telephone")
    token = Caller(key=text).get("/auth/log_as", user_id=leaver.ugo.pk).json["token"]
    key, anna = ApiKey.objects.get(name="Telephone"), come_in(leaver.anna)
    page = anna.get(page_of(leaver.ugo)).text
    assert f'name="keys" value="{key.pk}"  aria-label="Revoke: Telephone"' in page
    assert "acts as them, as it may for others" in page
    anna.post(page_of(leaver.ugo), {"heir": "stay"})
    assert Caller(token=token).get("/ping").status == 401
    assert Caller(key=text).get("/ping").status == 200
    anna.post(page_of(leaver.ugo), {"heir": "stay", "keys": [key.pk]})
    assert Caller(key=text).get("/ping").status == 401


@pytest.mark.parametrize("whose", ["anna", "carla", "nobody"])
def test_a_key_or_webhook_that_is_not_theirs_is_not_ended_by_a_forged_form(
    leaver: Cast, come_in: ComeIn, whose: str
) -> None:
    key, hook = 999_999, 999_999
    if whose != "nobody":
        who = getattr(leaver, whose)
        with scope.account(who.account_id):
            key = key_of(leaver.actor(who), name="Other")[0].pk
            hook = a_hook(leaver.actor(who), "https://other.example/").pk
    anna = come_in(leaver.anna)
    for sent in ({"keys": [key]}, {"hooks": [hook]}, {"keys": ["x"]}):
        answer = anna.post(page_of(leaver.ugo), {"heir": "stay", **sent})
        assert answer.status_code == 422
        assert "Choose from the list which keys and webhooks end." in answer.text
    assert again(leaver.ugo).is_active
    with scope.everywhere("a test looks at both companies"):
        assert not ApiKey.objects.exclude(revoked_at=None).exists()
        assert not Webhook.objects.exclude(disabled_at=None).exists()


def test_a_key_that_somebody_else_has_revoked_meanwhile_holds_nothing_up(
    leaver: Cast, come_in: ComeIn
) -> None:
    key, _text = key_of(leaver.actor(leaver.ugo))
    keys.revoke(leaver.actor(leaver.anna), key)
    answer = come_in(leaver.anna).post(page_of(leaver.ugo), {"heir": "stay", "keys": [key.pk]})
    assert answer.status_code == 302
    assert not again(leaver.ugo).is_active
    assert LogEntry.objects.filter(verb="keys", details__contains="revoked").count() == 1


def test_taking_the_role_of_an_admin_away_says_what_works_on(leaver: Cast, come_in: ComeIn) -> None:
    key_of(leaver.actor(leaver.ugo))
    key_of(leaver.actor(leaver.ugo), name="Second")
    a_hook(leaver.actor(leaver.ugo))
    anna = come_in(leaver.anna)
    before = anna.get(page_of(leaver.ugo, "")).text
    assert "2 API keys and 1 webhook. Whoever is disabled" in before
    page = anna.post(page_of(leaver.ugo, "role/"), {"role": "user"}, follow=True).text
    assert "What they made as an admin goes on working: 2 API keys and 1 webhook." in page
    assert "switches them off: 2 API keys and 1 webhook." in page
    assert 'id="left-open"' not in anna.get(page_of(leaver.bruna, "")).text


def test_without_the_sensitive_actions_the_keys_end_all_the_same(
    leaver: Cast, come_in: ComeIn
) -> None:
    key, text = key_of(leaver.actor(leaver.ugo))
    operator = Actor.operator(leaver.ferri.account.pk)
    account_moves.set_edition(operator, Edition.SALES_ESSENTIALS)
    anna = come_in(leaver.anna)
    page = anna.get(page_of(leaver.ugo)).text
    assert "who=key:" not in page
    after = anna.post(page_of(leaver.ugo), {"heir": "stay", "keys": [key.pk]}, follow=True).text
    assert "Revoked: the API key “Backdoor”." in after
    assert Caller(key=text).get("/ping").status == 401


SERVER = Servers("smtp.thief.example", 587, "starttls", "", "", "sales@ferri.example")


def test_the_mail_server_that_they_set_last_is_on_the_page(leaver: Cast, come_in: ComeIn) -> None:
    ugo, anna = leaver.actor(leaver.ugo), leaver.actor(leaver.anna)

    def on_the_page() -> bool:
        return "smtp.thief.example" in come_in(leaver.anna).get(page_of(leaver.ugo)).text

    assert not on_the_page()
    servers.change(ugo, SERVER)
    assert on_the_page()
    come_in(leaver.anna).post(page_of(leaver.ugo))
    assert not again(leaver.ugo).is_active
    page = come_in(leaver.anna).get(page_of(leaver.ugo)).text
    assert "leave through smtp.thief.example, which Ugo Conti set" in page
    assert f'href="{reverse("mail_server")}">Mail server</a>' in page
    servers.change(anna, replace(SERVER, sender="us@ferri.example"))
    assert not on_the_page()


def test_a_mail_server_that_is_no_more_or_that_was_refused_is_not_theirs(
    leaver: Cast, come_in: ComeIn
) -> None:
    ugo, anna = leaver.actor(leaver.ugo), leaver.actor(leaver.anna)
    servers.change(anna, SERVER)
    with pytest.raises(Refused):
        servers.change(leaver.actor(leaver.bruna), replace(SERVER, host="smtp.other.example"))
    client = come_in(leaver.anna)
    for who in (leaver.bruna, leaver.ugo):
        assert "smtp." not in client.get(page_of(who)).text
    servers.take_away(ugo)
    assert "smtp." not in client.get(page_of(leaver.ugo)).text
