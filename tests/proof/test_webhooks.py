"""Ten thousand deliveries with a receiver that fails and workers that are killed: none is lost."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any, Final

import pytest
from django.conf import settings
from django.db import connection, connections

from custode.exchange.webhooks import moves, outbox
from custode.exchange.webhooks.models import Delivery, Happening, State
from custode.exchange.webhooks.moves import Wanted
from custode.guard import door
from custode.kernel import clock, scope
from custode.leads.models import Lead
from tests.cast import Cast, standing
from tests.exchange.webhooks.receiving import answers, receiver
from tests.house.tally import Tally
from tests.proof.patience import while_it_moves

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]

LEADS: Final = 5_000
HOOKS: Final = 2
KILLS: Final = 6
MOST_FAILURES: Final = 5
"""Of one delivery, which has eleven tries, some of which end with a worker."""
SILENT: Final = timedelta(seconds=12)
"""Longer than a chain takes here, be the machine busy."""

WORKER = """
import sys, time
import django
from django.conf import settings
from django.db import connections
django.setup()
connections["default"].settings_dict["NAME"] = sys.argv[1]
settings.DATA = sys.argv[2]
settings.WEBHOOKS_TO_PRIVATE_ADDRESSES = True
from custode.exchange.webhooks import outbox, pump
outbox.EACH = 4
while True:
    if not pump.look():
        time.sleep(0.05)
"""


def worker(data: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(connection.settings_dict["NAME"]), data],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "custode.conf.test_settings"},
    )


def time_passes() -> None:
    """What waits is due; what nobody has been sending for some seconds is given to others."""
    now = clock.now()
    Delivery.objects.filter(state=State.WAITING, due_at__gt=now).update(due_at=now)
    silent = Delivery.objects.filter(state=State.SENDING, claimed_at__lt=now - SILENT)
    silent.update(claimed_at=now - outbox.LEASE - timedelta(seconds=1))


def wait_for(more: int) -> None:
    """Until so many more were delivered, or it takes too long."""
    delivered = Delivery.objects.filter(state=State.DELIVERED)
    before, until = delivered.count(), time.monotonic() + 20
    while delivered.count() < before + more and time.monotonic() < until:
        time.sleep(0.2)


def failing(seed: int) -> Any:
    """Every third request fails, each in one of several ways; no delivery fails for three days.

    Of ten thousand, one in three of whose tries fail, one is given up in every tenth run by right.
    """
    chance = random.Random(seed)
    failed: Counter[str] = Counter()

    def behave(handler: BaseHTTPRequestHandler) -> None:
        which = handler.headers["webhook-id"]
        throw = chance.random() if failed[which] < MOST_FAILURES else 1.0
        failed[which] += throw < 0.33
        if throw < 0.1:
            handler.connection.close()
        elif throw < 0.33:
            answers(chance.choice([429, 500, 503]), b"no")(handler)
        else:
            answers(200)(handler)

    return behave


def test_no_delivery_is_lost(tmp_path: Any, monkeypatch: pytest.MonkeyPatch, kills: Tally) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    monkeypatch.setattr(settings, "WEBHOOKS_TO_PRIVATE_ADDRESSES", True)
    cast, began = standing(), time.monotonic()
    with receiver(failing(7)) as there, scope.account(cast.ferri.account.pk):
        anna = cast.actor(cast.anna)
        leads(cast)
        for n in range(HOOKS):
            moves.make(anna, Wanted("lead.step.changed", "url", f"{there.url}/{n}"))
        # One act, and a few statements: all that follows of it is made by the workers.
        door.change(anna, Lead.objects.all(), "step", cast.ferri.steps[1])
        workers = [worker(str(tmp_path)) for _n in range(2)]
        try:
            for _n in range(KILLS):
                wait_for(400)
                killed = workers.pop(0)
                os.kill(killed.pid, signal.SIGKILL)
                killed.wait()
                workers.append(worker(str(tmp_path)))
                time_passes()
            for _once_more in while_it_moves(left):
                if not left():
                    break
                time.sleep(1)
                time_passes()
        finally:
            for one in workers:
                one.kill()
                one.wait()
        took = time.monotonic() - began
        assert not Happening.objects.exists()
        states = Counter(Delivery.objects.values_list("state", flat=True))
        assert states == {State.DELIVERED: LEADS * HOOKS}
        taken = {got.event["id"] for got in there.got}
        assert taken == set(Delivery.objects.values_list("pk", flat=True))
        told = Counter(Delivery.objects.values_list("data__id", flat=True))
        assert set(told.values()) == {HOOKS}
        assert len(told) == LEADS
    kills.count(KILLS)
    print(f"{LEADS * HOOKS} deliveries, {len(there.got)} requests, {took:.0f} s")
    connections.close_all()


def left() -> int:
    """How much is still to be told or sent."""
    return Happening.objects.count() + Delivery.objects.exclude(state=State.DELIVERED).count()


def leads(cast: Cast) -> None:
    """Many leads in the first step."""
    rows = [
        Lead(
            account=cast.ferri.account, title=f"Lead {n}", step=cast.ferri.steps[0],
            owner=cast.ugo, created_by=cast.anna, description="E-mail: a@b.example",
        )
        for n in range(LEADS)
    ]  # fmt: skip
    for row in rows:
        row.derive()
    Lead.objects.bulk_create(rows, batch_size=500)
