"""The pages of alerts and of their rules: what stands there, filters, and what is sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.alerts.models import Alert, AlertRule
from custode.kernel import scope
from custode.kernel.actor import Actor, Origin
from custode.people import alerting
from custode.people import moves as people_moves
from custode.people.alerting import Wanted
from custode.people.models import User
from tests.alerts.judged import judge
from tests.cast import Cast, person
from tests.web.conftest import HTMX
from tests.web.security.telling import told

PAGE = "/security/alerts/"
RULES = "/security/alerts/rules/"
ComeIn = Callable[..., Client]


def delete_many(cast: Cast, who: User, many: int = 10) -> int:
    """Somebody deletes leads that nobody owns; gives the number of the act."""
    act = door.delete(cast.actor(who), [cast.lead(None, f"Lead {n}") for n in range(many)])
    judge(cast)
    return act.seq


def headlines(answer: Any) -> list[str]:
    return [str(one.headline).replace("<b>", "").replace("</b>", "") for one in
            answer.context["alerts"]]  # fmt: skip


def test_an_open_alert_stands_there_with_what_to_press(calm: Cast, come_in: ComeIn) -> None:
    delete_many(calm, calm.ugo)
    anna = come_in(calm.anna)
    answer = anna.get(PAGE)
    assert headlines(answer) == ["Ugo Conti deleted many at once: 10 in 1 act."]
    with scope.account(calm.ferri.account.pk):
        alert = Alert.objects.get(acknowledged_at=None)
    page = answer.content.decode()
    assert f"/security/actions/?alert={alert.pk}" in page
    answer = anna.post(
        f"{PAGE}acknowledge/", {"ids": alert.pk, "note": "Agreed", "next": PAGE}, follow=True
    )
    assert "Acknowledged: 1 alert" in answer.content.decode()
    assert headlines(answer) == []
    seen = anna.get(f"{PAGE}?state=acknowledged")
    assert "“Agreed”" in seen.content.decode()
    assert "Acknowledged by Anna Ferri" in seen.content.decode()
    assert told(anna.get("/security/actions/"))[0] == ("Anna Ferri acknowledged 1 alert.", "done")


def test_several_are_acknowledged_at_once(calm: Cast, come_in: ComeIn) -> None:
    for who in (calm.ugo, calm.bruna):
        delete_many(calm, who)
    anna = come_in(calm.anna)
    ids = anna.get(PAGE).context["open_ids"]
    assert len(ids) == 2
    anna.post(f"{PAGE}acknowledge/", {"ids": ids})
    assert headlines(anna.get(PAGE)) == []


# What the address asks for -> whose alerts are shown. Bruna's was acknowledged; Anna purged.
ASKED = {
    "": ["Ugo", "Anna"],
    "?state=acknowledged": ["Bruna"],
    "?state=all": ["Ugo", "Anna", "Bruna"],
    "?state=all&rule=many": ["Ugo", "Bruna"],
    "?rule=purge": ["Anna"],
    "?state=all&who=user:{bruna}": ["Bruna"],
    "?state=nonsense&rule=nonsense&who=nonsense&before=nonsense": ["Ugo", "Anna"],
}


@pytest.mark.parametrize("asked", ASKED)
def test_filters_are_addresses(calm: Cast, come_in: ComeIn, asked: str) -> None:
    delete_many(calm, calm.bruna)
    anna = calm.actor(calm.anna)
    with scope.account(calm.ferri.account.pk):
        alerting.acknowledge(anna, [Alert.objects.latest("pk").pk])
    entry = door.delete(anna, [calm.lead(None, "Twice")]).entry
    door.purge(anna, entry or 0, reason="Twice")
    delete_many(calm, calm.ugo)
    path = PAGE + asked.format(bruna=calm.bruna.pk)
    shown = [
        name.partition(" ")[0]
        for name in headlines(come_in(calm.anna).get(path))
        if "admin" not in name
    ]
    before = {"Ugo", "Anna", "Bruna"}
    assert [name for name in shown if name in before] == ASKED[asked]


# Filter of the log -> how many of Ugo's fourteen deletions it shows.
IN_THE_LOG = {"": 14, "?alert=many": 11, "?alert=any": 11, "?alert={alert}": 11, "?alert=999999": 0,
              "?alert=nonsense": 14}  # fmt: skip


@pytest.mark.parametrize("asked", IN_THE_LOG)
def test_the_log_shows_and_marks_what_was_many_at_once(
    calm: Cast, come_in: ComeIn, asked: str
) -> None:
    ugo = calm.actor(calm.ugo)
    for _ in range(11):
        door.delete(ugo, [calm.lead(None, "One")])
    judge(calm)
    with scope.account(calm.ferri.account.pk):
        alert = Alert.objects.get(acknowledged_at=None)
        alerting.acknowledge(calm.actor(calm.anna), [alert.pk])
    for _ in range(3):
        door.delete(ugo, [calm.lead(None, "One")])
    judge(calm)
    answer = come_in(calm.anna).get("/security/actions/" + asked.format(alert=alert.pk))
    deleted = [words for words, _colour in told(answer) if words == "Ugo Conti deleted 1 lead."]
    assert len(deleted) == IN_THE_LOG[asked]
    marks = answer.content.decode().count("Many at once: 11 in 11 acts")
    assert marks == (11 if IN_THE_LOG[asked] else 0)


# Who looks -> the answer, and a part of what it says.
LOOKS = {
    "anna": (200, "No open alerts"),
    "ugo": (403, "Only admins can do this."),
    "carla": (200, "Alerts are part of the Dream Team edition"),
    "dino": (403, "Only admins can do this."),
}


@pytest.mark.parametrize("who", LOOKS)
@pytest.mark.parametrize("path", [PAGE, RULES, f"{RULES}new/", f"{RULES}purge/"])
def test_who_looks(calm: Cast, come_in: ComeIn, who: str, path: str) -> None:
    user = person(calm.lodi, "Dino", "Rota", "user") if who == "dino" else getattr(calm, who)
    answer = come_in(user).get(path)
    status, says = LOOKS[who]
    assert answer.status_code == status
    assert path != PAGE or says in answer.content.decode()
    if who == "carla":
        assert says in answer.content.decode()


def test_another_accounts_rule_and_alert_are_not_there(calm: Cast, come_in: ComeIn) -> None:
    with scope.account(calm.ferri.account.pk):
        row = alerting.add(calm.actor(calm.anna), Wanted("Secret of Ferri"))
    delete_many(calm, calm.ugo)
    with scope.account(calm.ferri.account.pk):
        alert = Alert.objects.latest("pk").pk
    account = Actor.operator(calm.lodi.account.pk)
    account_moves.set_edition(account, "dream_team")
    carla = come_in(calm.carla)
    for path in (f"{RULES}{row.pk}/", f"{RULES}{row.pk}/switch/", f"{RULES}{row.pk}/remove/"):
        assert carla.post(path, {"on": "0"}).status_code == 404
    assert carla.post(f"{PAGE}acknowledge/", {"ids": alert}).status_code == 410
    assert "Ugo" not in carla.get(f"/security/actions/?alert={alert}").content.decode()
    with scope.account(calm.ferri.account.pk):
        assert Alert.objects.get(pk=alert).acknowledged_at is None
        assert AlertRule.objects.get(pk=row.pk).removed_at is None


def test_the_page_says_that_no_mail_is_set_up(calm: Cast, come_in: ComeIn, settings: Any) -> None:
    anna = come_in(calm.anna)
    for has_mail in (False, True):
        settings.HAS_MAIL = has_mail
        assert ("No mail is set up" in anna.get(PAGE).content.decode()) is not has_mail


def test_names_are_text(calm: Cast, come_in: ComeIn) -> None:
    eve = people_moves.create(
        Actor.operator(calm.ferri.account.pk), first_name="<img src=x>", last_name="%(who)s"
    )
    delete_many(calm, eve)
    with scope.account(calm.ferri.account.pk):
        alerting.add(calm.actor(calm.anna), Wanted("<script>1</script>%(who)s", acts=("delete",)))
    door.delete(calm.actor(calm.bruna), [calm.lead(calm.bruna)])
    judge(calm)
    for path in (PAGE, RULES, "/security/", "/security/actions/?alert=any"):
        page = come_in(calm.anna).get(path).content.decode()
        assert "<img src=x>" not in page
        assert "<script>1" not in page


def test_more_alerts_take_no_more_statements(calm: Cast, come_in: ComeIn) -> None:
    anna, counts = come_in(calm.anna), []
    made = Actor.operator(calm.ferri.account.pk)
    for many in (2, 12):
        for n in range(many):
            user = people_moves.create(made, first_name=f"Ada {many} {n}")
            delete_many(calm, user)
        for path in (PAGE, "/security/", "/security/actions/?alert=many"):
            anna.get(path)
            with CaptureQueriesContext(connection) as queries:
                assert anna.get(path).status_code == 200
            counts.append(len(queries))
    assert counts[:3] == counts[3:]


def test_a_forged_origin_is_shown_as_text_and_htmx_gets_the_page(
    calm: Cast, come_in: ComeIn
) -> None:
    ugo = replace(calm.actor(calm.ugo), origin=Origin("203.0.113.9", "<b>x</b>", ""))
    door.delete(ugo, [calm.lead(None, f"Lead {n}") for n in range(10)])
    judge(calm)
    page = come_in(calm.anna).get(PAGE, headers=HTMX).content.decode()
    assert "203.0.113.9" in page
    assert "<b>x</b>" not in page
