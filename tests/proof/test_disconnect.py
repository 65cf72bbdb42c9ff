"""Whoever is disconnected is out at the very next request, in every process, under load.

Two servers share a database with 200 live sessions. While clients load pages with all of them, by
both servers, an admin disconnects 100 in ten goes. From the moment a go was answered no request
that begins with one of its cookies may be served, and all others must be.
"""

from __future__ import annotations

import http.client
import itertools
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.console import installations
from tests.console.installations import Installation
from tests.console.test_serving import ask, running
from tests.proof.patience import while_it_moves
from tools.paths import ROOT
from tools.throwaway_postgres import free_port

pytestmark = pytest.mark.proof

LIVE, GOES, EACH = 200, 10, 10
WANTED = 10_000
"""Requests that begin with the cookie of a session whose end was answered before."""
SERVED = 1_000
"""More requests than these of sessions that go on are answered meanwhile."""
CLIENTS = 4

SIGNED_IN = """
import json
from custode.kernel import scope
from tests.cast import assemble
from tests.signin.browsers import signed_in
cast = assemble()
with scope.account(cast.ferri.account.pk):
    people = [cast.anna, cast.ugo, cast.bruna]
    begun = [signed_in(people[number % 3]) for number in range({live})]
    print(json.dumps([[row.pk, cookie] for row, cookie in begun]))
"""

ADMIN = """
import json, sys
from dataclasses import replace
from custode.console import starting; starting.django()
from custode.kernel import scope
from custode.kernel.actor import Entrance
from custode.people.models import User
from custode.signin.models import Session
from custode.signin.sessions import moves
with scope.everywhere("the proof's admin"):
    anna = User.objects.get(email="anna@ferri.example")
actor = replace(anna.actor(Entrance.WEB), proved=True)
print("ready", flush=True)
for line in sys.stdin:
    with scope.account(anna.account_id):
        chosen = Session.objects.filter(pk__in=json.loads(line))
        print(moves.disconnect(actor, chosen), flush=True)
"""


@dataclass
class Live:
    """A session that was begun, and the moments when its end was asked for and answered."""

    pk: int
    cookie: str
    ending: float = float("inf")
    ended: float = float("inf")


@dataclass
class Told:
    """What the clients saw: requests by whether the session had been ended, and were served."""

    seen: Counter[tuple[bool, bool]] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)
    changing: threading.Lock = field(default_factory=threading.Lock)
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def refused(self) -> int:
        return self.seen[True, False]

    @property
    def served(self) -> int:
        """How many were served of those that were not disconnected."""
        return self.seen[False, True]

    @property
    def wrong(self) -> int:
        """How many were served after."""
        return self.seen[True, True]


def ask_again_and_again(ports: list[int], sessions: list[Live], told: Told, seed: int) -> None:
    """One client: now as the one, now as the other, at both servers in turn."""
    dice = random.Random(seed)
    servers = itertools.cycle([http.client.HTTPConnection("127.0.0.1", port) for port in ports])
    while not told.done.is_set():
        session = dice.choice(sessions)
        while session.ended > time.monotonic() and dice.random() < 0.8:
            session = dice.choice(sessions)  # More often those that are to be refused.
        server = next(servers)
        path = "/profile/" if dice.random() < 0.1 else "/"
        began = time.monotonic()
        server.request("GET", path, headers={"Cookie": f"custode_session={session.cookie}"})
        answer = server.getresponse()
        body = answer.read()
        finished = time.monotonic()
        goal = answer.headers["Location"] or ""
        served = answer.status == 200 if path == "/profile/" else goal == "/today/"
        known = served or (
            answer.status == 302 and goal.partition("&over=")[0] == f"/sign-in/?next={path}"
        )
        after, before = began > session.ended, finished < session.ending
        with told.changing:
            if after or before:  # What was on its way just then may be answered either way.
                told.seen[after, served] += 1
            if not known:
                told.strange.append(f"{answer.status} {goal} {body[:80]!r}")


@contextmanager
def admin(made: Installation) -> Iterator[subprocess.Popen[str]]:
    """A process that disconnects the sessions whose numbers it is told."""
    with subprocess.Popen(
        [sys.executable, "-c", ADMIN], env=made.environment, cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        yield process
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(20) == 0


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def test_nobody_is_served_after_being_disconnected(tmp_path: Path) -> None:
    made, ports = installations.migrated(tmp_path), [free_port(), free_port()]
    begun = json.loads(made.python(SIGNED_IN.format(live=LIVE)))
    sessions = [Live(pk, cookie) for pk, cookie in begun]
    told = Told()
    with ExitStack() as servers:
        for port in ports:
            url = f"http://localhost:{port}"
            settings = {"CUSTODE_PORT": str(port), "CUSTODE_URL": url, "CUSTODE_WORKER": "no"}
            process = servers.enter_context(running(made, "serve", **settings))
            ask(f"{url}/sign-in/", process)
        clients = [
            threading.Thread(target=ask_again_and_again, args=(ports, sessions, told, seed))
            for seed in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        try:
            disconnect(made, sessions)
            for _once_more in while_it_moves(lambda: told.refused):
                assert all(client.is_alive() for client in clients)
                if told.wrong or (told.refused >= WANTED and told.served > SERVED):
                    break
                time.sleep(0.2)
        finally:
            told.done.set()
            for client in clients:
                client.join(30)
    print(f"disconnect: {told.refused + told.wrong} requests, {told.wrong} served after")
    assert told.wrong == 0
    assert told.refused >= WANTED
    assert told.strange == []
    assert told.seen[False, False] == 0, "some who were not disconnected were turned away"
    assert told.served > SERVED


def disconnect(made: Installation, sessions: list[Live]) -> None:
    """End half of the sessions, ten at a time, while the clients go on."""
    leaving = sessions[:: LIVE // (GOES * EACH)]
    with admin(made) as process:
        assert said(process) == "ready"
        for start in range(0, len(leaving), EACH):
            now = leaving[start : start + EACH]
            for session in now:
                session.ending = time.monotonic()
            assert process.stdin is not None
            process.stdin.write(json.dumps([session.pk for session in now]) + "\n")
            process.stdin.flush()
            assert said(process) == str(EACH)
            answered = time.monotonic()
            for session in now:
                session.ended = answered
            time.sleep(1)
