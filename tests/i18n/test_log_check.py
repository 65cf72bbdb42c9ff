"""The check of the log in Italian, in each state, with each fault; what is mailed, and the file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import translation

from custode.accounts import anchoring
from custode.exchange import making
from custode.exchange.evidence import mailing
from custode.exchange.models import CheckState, ExportFile, LogCheck
from custode.guard import checkpoints, door
from custode.guard.verifying import Wrong
from custode.kernel.actor import Actor
from tests.cast import Cast
from tests.i18n.listening import listen
from tests.i18n.test_pages import heard

PAGE = "/security/log-check/"
HTMX = {"HX-Request": "true"}


def a_check(ferri: Cast, state: str, **found: Any) -> None:
    """The latest check, in this state."""
    facts = {"entries": 9, "last": 9, "erased": 2, "acts": 1, "anchored": 3, **found}
    anchor = {"seq": 3, "hash": "x", "time": "2026-11-28T10:00:00+00:00"}
    LogCheck.objects.create(
        user=ferri.anna, state=state, anchor=anchor, found=facts if state == "done" else {}
    )


@pytest.mark.parametrize("state", CheckState.values)
def test_each_state_is_italian(ferri: Cast, enter: Callable[..., Client], state: str) -> None:
    anna = enter(ferri.anna)
    faults = [(n, n + n % 2, one) for n, one in enumerate(Wrong.values, start=1)] * 3
    a_check(ferri, state, faults=faults, more=7)
    for headers in ({}, HTMX):
        assert heard(anna.get(PAGE, headers=headers)) == []
    checkpoints.note(checkpoints.make(ferri.ferri.account.pk))
    a_check(ferri, state)
    assert heard(anna.get(PAGE)) == []


def test_what_is_mailed_and_what_became_of_it(
    ferri: Cast, enter: Callable[..., Client], settings: Any
) -> None:
    settings.HAS_MAIL = True
    anna = enter(ferri.anna)
    for to, addresses in (("admins", ""), ("addresses", "revisore@studio.example"), ("nobody", "")):
        anchoring.change(ferri.actor(ferri.anna), to, addresses)
        assert heard(anna.get("/security/actions/")) == []
        mailing.mail_due(Actor.system(ferri.ferri.account.pk, "checkpoints of the log"))
    (sent, *_more) = mail.outbox
    assert sent.subject.startswith("Checkpoint del registro di Ferri S.p.A.: voce ")
    letter = str(sent.body)
    assert list(listen(f"<p>{letter[: letter.index(checkpoints.BEGIN)]}</p>").english()) == []
    assert heard(anna.get(PAGE)) == []


def test_news_and_erased_entries(ferri: Cast, enter: Callable[..., Client]) -> None:
    anna = enter(ferri.anna)
    door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo, "Pressa")])
    door.erase_entry(ferri.actor(ferri.anna), 2)
    page = anna.get("/security/actions/?after=1", headers=HTMX)
    assert page.status_code == 200
    assert heard(page) == []
    assert 'data-said="Novità: ' in page.text


def test_the_file_of_the_log(ferri: Cast, enter: Callable[..., Client]) -> None:
    anna = enter(ferri.anna)
    door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo, "Pressa")])
    sent = {"kind": "log", "all": "1", "go": "1", "format": "csv", "words": "1"}
    anna.post("/exports/start/?verb=delete&since=2020-01-01", sent)
    file = ExportFile.objects.get()
    with translation.override("it"):
        making.make(file.account_id, file.pk)
    content = anna.get(f"/exports/{file.pk}/").getvalue().decode("utf-8-sig")
    head, row = content.splitlines()
    assert head.startswith("Voce;Quando;Che cosa è successo;Chi;Azione;")
    assert "Ugo Conti ha eliminato 1 opportunità." in row
    assert heard(anna.get("/exports/")) == []
