"""Where security begins: what matters, who is in, what is open to improve, by edition and role."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from custode.accounts import anchoring
from custode.accounts import moves as account_moves
from custode.guard import checkpoints, door, log
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from custode.people import alerting
from custode.people.alerting import Wanted
from custode.people.models import Role
from custode.signin.models import Totp
from custode.web.security.overview import views
from tests.alerts.judged import judge
from tests.cast import Cast, person
from tests.signin.sessions.making import a_session, days_ago

PAGE = "/security/"
ComeIn = Callable[..., Client]


LOOKS = {
    "anna": (200, "Open to improve"),
    "ugo": (403, "Only admins can do this."),
    "carla": (200, "In the Dream Team edition"),
    "dino": (403, "Only admins can do this."),
}


@pytest.mark.parametrize("who", LOOKS)
def test_who_looks(calm: Cast, come_in: ComeIn, who: str) -> None:
    user = person(calm.lodi, "Dino", "Rota", "user") if who == "dino" else getattr(calm, who)
    answer = come_in(user).get(PAGE)
    status, says = LOOKS[who]
    assert answer.status_code == status
    assert says in answer.content.decode()


def test_sales_essentials_has_two_factor_and_trash_and_is_told_of_the_rest(
    calm: Cast, come_in: ComeIn
) -> None:
    page = come_in(calm.carla).get(PAGE).content.decode()
    for words in (
        "with a second factor",
        "in the trash",
        "kept for 30 days",
        "Alerts: told within",
    ):
        assert words in page
    assert "Nobody else can help when this person is locked out." in page
    for words in (
        "Open alerts", "privacy settings are not ticked", "/security/alerts/",
        "is told of an alert",
    ):  # fmt: skip
        assert words not in page


def test_open_alerts_come_first_and_go_when_acknowledged(calm: Cast, come_in: ComeIn) -> None:
    door.delete(calm.actor(calm.ugo), [calm.lead(None, f"Lead {n}") for n in range(10)])
    judge(calm)
    anna = come_in(calm.anna)
    answer = anna.get(PAGE)
    (alert,) = answer.context["alerts"]
    assert "deleted many at once" in alert.headline
    assert answer.context["open"] == {"n": 1, "and_more": False}
    answer = anna.post(
        "/security/alerts/acknowledge/", {"ids": alert.it.pk, "next": PAGE}, follow=True
    )
    assert answer.request["PATH_INFO"] == PAGE
    assert answer.context["alerts"] == []


def test_when_not_all_open_alerts_are_listed_the_page_says_so(
    calm: Cast, come_in: ComeIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    door.delete(calm.actor(calm.ugo), [calm.lead(None, f"Lead {n}") for n in range(10)])
    account_moves.set_privacy(calm.actor(calm.anna), Verb.EXPORT, "lead", True)
    judge(calm)
    anna = come_in(calm.anna)
    assert "of 2 open alerts" not in anna.get(PAGE).text
    monkeypatch.setattr(views, "FEW", 1)
    assert '1 of 2 open alerts. <a href="/security/alerts/">Show all</a>' in anna.get(PAGE).text


def test_the_five_that_matter_stand_above_the_many_that_do_not(calm: Cast, come_in: ComeIn) -> None:
    ugo, anna = calm.actor(calm.ugo), calm.actor(calm.anna)
    start = clock.now() - timedelta(days=1)
    with clock.at(start):
        for n in range(60):
            calm.lead(calm.ugo, f"Lead {n}")
        with scope.account(calm.ferri.account.pk):
            list(door.export(ugo, Lead.objects.all(), format="csv").rows())
        account_moves.set_privacy(anna, Verb.EXPORT, "lead", True)
    with clock.at(start + timedelta(hours=1)), pytest.raises(Refused):
        door.delete(ugo, [calm.lead(calm.bruna)])
    for n in range(12):
        with clock.at(start + timedelta(hours=2 + n)):
            act = door.delete(anna, [calm.lead(calm.ugo, "One")])
            door.undo(anna, act.seq)
    judge(calm)
    sentences = [
        str(entry["sentence"]).replace("<b>", "").replace("</b>", "")
        for entry in come_in(calm.anna).get(PAGE).context["entries"]
    ]
    assert len(sentences) == 5
    for words in (
        "Ugo Conti exported 60 leads as CSV.",
        "Ugo Conti was not allowed to delete 1 lead.",
        "Anna Ferri switched on the rule “Only admins can export leads”.",
    ):
        assert words in sentences


def test_what_is_gone_comes_before_rules_exports_and_refusals_in_alerts(
    calm: Cast, come_in: ComeIn
) -> None:
    """Every one of these is in an alert; the deletions are the latest and the worst."""
    ugo, anna = calm.actor(calm.ugo), calm.actor(calm.anna)
    start = clock.now() - timedelta(days=2)
    for n in range(60):
        calm.lead(calm.ugo, f"Lead {n}")
    for n in range(5):
        with clock.at(start + timedelta(hours=n)):
            account_moves.set_privacy(anna, Verb.EXPORT, "lead", n % 2 == 0)
            with scope.account(calm.ferri.account.pk):
                list(door.export(anna, Lead.objects.all(), format="csv").rows())
    gone = [calm.lead(calm.ugo, f"Gone {n}") for n in range(12)]
    door.delete(ugo, gone)
    for n in range(12):
        with clock.at(clock.now() + timedelta(minutes=2 * n)), pytest.raises(Refused):
            door.delete(ugo, [calm.lead(calm.bruna, f"Hers {n}")])
    judge(calm)
    entries = come_in(calm.anna).get(PAGE).context["entries"]
    sentences = [str(entry["sentence"]) for entry in entries]
    assert any("</b> deleted <b>12 leads</b>" in one for one in sentences)
    assert len(sentences) == 5
    assert sum("exported" in one for one in sentences) <= 2


def test_no_flood_of_one_sort_hides_what_others_deleted(calm: Cast, come_in: ComeIn) -> None:
    """Ugo deletes a dozen leads, and downloads a file again and again afterwards."""
    ugo, bruna = calm.actor(calm.ugo), calm.actor(calm.bruna)
    door.delete(ugo, [calm.lead(calm.ugo, f"Ugo's {n}") for n in range(12)])
    judge(calm)
    with scope.account(calm.ferri.account.pk), transaction.atomic():
        for n in range(700):
            log.write(ugo, Verb.EXPORT, kind="lead", count=150, details={"download": n > 0})
    door.delete(bruna, [calm.lead(calm.bruna, f"Bruna's {n}") for n in range(5)])
    judge(calm)
    entries = come_in(calm.anna).get(PAGE).context["entries"]
    sentences = [str(entry["sentence"]) for entry in entries]
    for words in ("</b> deleted <b>12 leads</b>", "</b> deleted <b>5 leads</b>"):
        assert any(words in one for one in sentences)


def test_what_was_brought_back_gives_way(calm: Cast, come_in: ComeIn) -> None:
    """Ten deletions that were undone do not hide the one that stands."""
    ugo = calm.actor(calm.ugo)
    door.delete(ugo, [calm.lead(calm.ugo, "Stands")])
    for n in range(10):
        act = door.delete(ugo, [calm.lead(calm.ugo, f"Back {n}.{m}") for m in range(9)])
        door.undo(ugo, act.seq)
    entries = come_in(calm.anna).get(PAGE).context["entries"]
    assert any("</b> deleted <b>1 lead</b>" in str(entry["sentence"]) for entry in entries)


def test_the_acts_of_one_alert_are_one_of_the_five(calm: Cast, come_in: ComeIn) -> None:
    for _ in range(20):
        door.delete(calm.actor(calm.ugo), [calm.lead(None, "One")])
    judge(calm)
    entries = come_in(calm.anna).get(PAGE).context["entries"]
    assert sum("</b> deleted <b>" in entry["sentence"] for entry in entries) == 1


def test_the_picture_and_its_table_count_days_as_the_person_does(
    calm: Cast, come_in: ComeIn
) -> None:
    noon = clock.now().replace(hour=12, minute=0)
    with clock.at(noon):
        for day, many in ((0, 2), (1, 5)):
            with clock.at(noon - timedelta(days=day)):
                door.delete(calm.actor(calm.ugo), [calm.lead(None, f"A {n}") for n in range(many)])
        # Half past eleven in the evening by universal time is the next day in Rome.
        late = noon.replace(hour=23, minute=30) - timedelta(days=3)
        with clock.at(late), pytest.raises(Refused):
            door.delete(calm.actor(calm.ugo), [calm.lead(calm.bruna)])
        judge(calm)
        answer = come_in(calm.anna).get(PAGE)
        days = answer.context["days"]
    cells = [[(cell.acts, cell.items) for cell in day.cells] for day in days]
    assert cells[0][0] == (1, 2)
    assert cells[1][0] == (1, 5)
    assert [row[2][0] for row in cells] == [0, 0, 1, 0, 0, 0, 0]
    page = answer.content.decode()
    assert page.count('class="chart-bar') == 21
    assert "?verb=delete&amp;since=" in page


def test_days_are_small_in_italian(calm: Cast, come_in: ComeIn) -> None:
    with scope.account(calm.anna.account_id):
        calm.anna.language = "it"
        calm.anna.save(update_fields=["language"])
    with clock.at(datetime(2026, 12, 1, 12, tzinfo=UTC)):
        page = come_in(calm.anna).get(PAGE).content.decode()
    assert '<th scope="row">mar 1 dic</th>' in page
    assert re.search(r'<text class="chart-word"[^>]*>mar</text>', page)


def test_who_is_in_with_new_devices_first(calm: Cast, come_in: ComeIn) -> None:
    with scope.account(calm.ferri.account.pk):
        a_session(calm.ugo, device="old", started_at=days_ago(20), ended_at=days_ago(9))
        a_session(calm.ugo, device="old", started_at=days_ago(2))
        a_session(calm.ugo, device="strange", started_at=days_ago(1), ip="203.0.113.7")
    answer = come_in(calm.anna).get(PAGE)
    now = answer.context["in_now"]
    assert (now["users"], now["unusual"], now["sessions"]["n"]) == (2, 1, 3)
    first, is_new = now["rows"][0]
    assert (first.it.device, is_new) == ("strange", True)
    assert answer.content.decode().count("New device") == 1


def improvements(client: Client) -> set[str]:
    return {one.icon for one in client.get(PAGE).context["improvements"]}


def test_each_thing_to_improve_goes_when_it_is_done(
    calm: Cast, come_in: ComeIn, settings: Any
) -> None:
    settings.HAS_MAIL = False
    anna, actor, account = come_in(calm.anna), calm.actor(calm.anna), calm.ferri.account.pk
    everything = {"smartphone", "lock-keyhole", "users", "mail-x", "shield", "anchor"}
    assert improvements(anna) == everything
    settings.HAS_MAIL = True
    assert improvements(anna) == everything - {"mail-x"}
    with scope.account(account):
        rule = alerting.of_account(account)["purge"]
        alerting.change(actor, rule, Wanted.of(rule, is_on=False))
        account_moves.set_trash_days(actor, 7)
    with clock.at(clock.now() + timedelta(days=100)):
        fresh = come_in(calm.anna)
        assert improvements(fresh) >= {"bell-off", "trash-2", "user-x"}
        (unseen,) = [one for one in fresh.get(PAGE).context["improvements"] if one.icon == "user-x"]
        assert "Ugo Conti" in unseen.why
        assert "Anna Ferri" not in unseen.why
    anna = come_in(calm.anna)
    person(calm.ferri, "Eva", "Neri", Role.ADMIN)
    with scope.account(account):
        rule = alerting.of_account(account)["purge"]
        alerting.change(actor, rule, Wanted.of(rule, is_on=True))
        account_moves.set_trash_days(actor, 30)
        account_moves.set_two_factor(actor, "admins", 7)
        for verb, kind in (
            ("export", "lead"), ("export", "client_folder"), ("export", "prospecting_list"),
            ("delete", "lead"), ("delete", "client_folder"), ("delete", "prospecting_list"),
            ("delete", "comment"), ("delete", "process"),
        ):  # fmt: skip
            account_moves.set_privacy(actor, Verb(verb), kind, True)
        anchoring.change(actor, "admins", "")
    assert improvements(anna) == {"smartphone"}
    with scope.account(account):
        for user in (calm.anna, alerting.to_tell(account)[-1]):
            with door.sensitive_act(actor, Verb.TWO_FACTOR):
                Totp.objects.create(user=user, secret="x")
    page = come_in(calm.anna).get(PAGE)
    assert page.context["improvements"] == []
    assert "all that Custode can check is as it should be" in page.content.decode()


def test_a_checkpoint_that_was_taken_away_by_hand_is_told_as_the_check_tells_it(
    calm: Cast, come_in: ComeIn
) -> None:
    anna = come_in(calm.anna)
    assert "No checkpoint of the log was handed over" in anna.get(PAGE).content.decode()
    with clock.at(days_ago(2)), scope.account(calm.ferri.account.pk):
        one = door.make_checkpoint(calm.actor(calm.anna))
        checkpoints.note(one)
    page = anna.get(PAGE).content.decode()
    assert "No checkpoint of the log was handed over" not in page
    assert f"The last one was handed over up to no. {one.seq} (2 days ago)." in page
    assert "anchor" in improvements(anna)
