"""What a program did is found from the screens: by its name, and from its key."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.guard.alerts.models import Alert, AlertRule
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.signin.api_keys import moves as keys
from custode.signin.api_keys.models import ApiKey
from tests.alerts.judged import forget_what_was, judge
from tests.api.calling import Caller, key_for
from tests.cast import Cast
from tests.web.security.telling import told

ComeIn = Callable[..., Client]
LOG, KEYS, ALERTS = "/security/actions/", "/admin-panel/keys/", "/security/alerts/"


@pytest.fixture
def zapp(ferri: Cast) -> ApiKey:
    """An application of Ferri's that has deleted a lead."""
    lead = ferri.lead(ferri.ugo)
    text = key_for(ferri.ferri.account, name="Zapp <b>")
    assert Caller(key=text).delete(f"/leads/{lead.pk}").status == 200
    return ApiKey.objects.get()


def test_the_filters_of_the_log_and_of_alerts_name_the_applications(
    ferri: Cast, zapp: ApiKey, come_in: ComeIn
) -> None:
    key_for(ferri.ferri.account, name="Alpha")
    keys.revoke(Actor.operator(ferri.ferri.account.pk), zapp)
    alpha = ApiKey.objects.get(name="Alpha")
    with scope.account(ferri.lodi.account.pk):
        key_for(ferri.lodi.account, name="Of Lodi")
    anna = come_in(ferri.anna)
    for page in (anna.get(LOG).text, anna.get(ALERTS).text):
        group = page.split('<optgroup label="Applications">')[1].split("</optgroup>")[0]
        assert group.split("</option>")[:2] == [
            f'<option value="key:{alpha.pk}" >Alpha',
            f'<option value="key:{zapp.pk}" >Zapp &lt;b&gt; (revoked)',
        ]
        assert "Of Lodi" not in page
        assert '<optgroup label="People">' in page


def test_a_keys_line_leads_to_what_it_did_and_from_there_to_its_end(
    ferri: Cast, zapp: ApiKey, come_in: ComeIn
) -> None:
    anna = come_in(ferri.anna)
    way = f"{LOG}?who=key:{zapp.pk}"
    assert f'href="{way}"' in anna.get(KEYS).text
    answer = anna.get(way)
    assert [words for words, _colour in told(answer)] == ["Zapp &lt;b&gt; deleted 1 lead."]
    assert f'<option value="key:{zapp.pk}" selected>Zapp &lt;b&gt;</option>' in answer.text
    assert "An erased person" not in answer.text
    assert f'href="{KEYS}{zapp.pk}/revoke/"' in answer.text
    assert "Revoke the key of Zapp &lt;b&gt; …" in answer.text
    anna.post(f"{KEYS}{zapp.pk}/revoke/")
    answer = anna.get(way)
    assert "selected>Zapp &lt;b&gt; (revoked)</option>" in answer.text
    assert "/revoke/" not in answer.text
    assert f'href="{way}"' in anna.get(KEYS).text


def test_anothers_key_and_one_that_is_not_there_have_no_name_and_no_button(
    ferri: Cast, come_in: ComeIn
) -> None:
    with scope.account(ferri.lodi.account.pk):
        key_for(ferri.lodi.account, name="Of Lodi")
        pk = ApiKey.objects.get().pk
    anna = come_in(ferri.anna)
    for number in (pk, 999_999):
        page = anna.get(f"{LOG}?who=key:{number}").text
        assert "selected>An application</option>" in page
        assert "Of Lodi" not in page
        assert "/revoke/" not in page


def test_the_alert_of_an_application_leads_to_its_end_too(
    ferri: Cast, zapp: ApiKey, come_in: ComeIn
) -> None:
    forget_what_was(ferri)
    other = key_for(ferri.ferri.account, name="Grabber")
    judge(ferri)
    Caller(key=other).get("/auth/log_as", user_id=ferri.ugo.pk)
    judge(ferri)
    alert = Alert.objects.filter(actor_kind="key").get()
    page = come_in(ferri.anna).get(f"{LOG}?alert={alert.pk}").text
    assert "Revoke the key of Grabber …" in page


def test_a_rule_is_about_one_application(ferri: Cast, zapp: ApiKey, come_in: ComeIn) -> None:
    forget_what_was(ferri)
    anna = come_in(ferri.anna)
    form = anna.get(f"{ALERTS}rules/new/").text
    assert f'<option value="one_key:{zapp.pk}" >Zapp &lt;b&gt;</option>' in form
    given = {
        "name": "What Zapp deletes", "acts": ["delete"], "outcome": "done", "counts": "acts",
        "at_least": "1", "within": "0", "by": f"one_key:{zapp.pk}",
    }  # fmt: skip
    assert anna.post(f"{ALERTS}rules/new/", given).status_code == 302
    row = AlertRule.objects.get()
    assert (row.by, row.by_id) == ("one_key", zapp.pk)
    assert "Each act, by Zapp &lt;b&gt;" in anna.get(f"{ALERTS}rules/").text
    assert f'value="one_key:{zapp.pk}" selected' in anna.get(f"{ALERTS}rules/{row.pk}/").text
    other, mine = (
        key_for(ferri.ferri.account, name=name, expires_at=None) for name in ("Other", "Mine")
    )
    judge(ferri)
    Caller(key=other).delete(f"/leads/{ferri.lead(ferri.ugo).pk}")
    judge(ferri)
    assert not Alert.objects.filter(rule=str(row.pk)).exists()
    rule = {**given, "by": f"one_key:{ApiKey.objects.get(name='Mine').pk}"}
    anna.post(f"{ALERTS}rules/{row.pk}/", rule)
    Caller(key=mine).delete(f"/leads/{ferri.lead(ferri.ugo).pk}")
    judge(ferri)
    assert Alert.objects.filter(rule=str(row.pk), actor_kind="key").count() == 1


@pytest.mark.parametrize("by", ["one_key:999999", "one_key:", "one_key", "one_key:x", "lodi"])
def test_a_rule_about_no_application_of_the_accounts_is_not_taken(
    ferri: Cast, come_in: ComeIn, by: str
) -> None:
    if by == "lodi":
        with scope.account(ferri.lodi.account.pk):
            key_for(ferri.lodi.account)
            by = f"one_key:{ApiKey.objects.get().pk}"
    given = {
        "name": "Nobody's", "acts": ["delete"], "outcome": "done", "counts": "acts",
        "at_least": "1", "within": "0", "by": by,
    }  # fmt: skip
    answer = come_in(ferri.anna).post(f"{ALERTS}rules/new/", given)
    assert answer.status_code == 422
    assert "Choose the application whose acts it is about." in answer.text
    assert not AlertRule.objects.exists()


def test_without_the_sensitive_actions_no_key_leads_to_them(
    ferri: Cast, zapp: ApiKey, come_in: ComeIn
) -> None:
    operator = Actor.operator(ferri.ferri.account.pk)
    account_moves.set_edition(operator, Edition.SALES_ESSENTIALS)
    page = come_in(ferri.anna).get(KEYS).text
    assert "Zapp" in page
    assert "who=key" not in page
