"""The long answers that are being made or sent, and whose they are: each ends with its session."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Final

from custode.console.serving import connections
from custode.console.serving.connections import Connection
from custode.signin.sessions import Whose

EVERY: Final = 2.0
"""Seconds between two looks at what is under way."""

Over = Callable[[Collection[Whose]], Collection[Whose]]
"""Tells which of some sessions are over."""
log = logging.getLogger("custode.server")


class Withdrawn(Exception):
    """Whose answer this is has no session any more: it is not made to its end."""


@dataclass(eq=False, slots=True)
class Departure:
    """One answer.

    Args:
        connection: that carries it, and nothing after it.
        whose: None when it belongs to no session.
        after: what is to be closed when it has gone.
        on_its_way: it is made, and granian sends it.
        is_over: its session is.
    """

    connection: Connection
    whose: Whose | None
    after: ExitStack = field(default_factory=ExitStack)
    on_its_way: bool = False
    is_over: bool = False

    def go_on(self) -> None:
        """Raise `Withdrawn` unless it may be made further."""
        if self.is_over:
            raise Withdrawn


class Departures:
    """All of them, and the thread that looks after them.

    Args:
        over: asked in one question for all, and only when there are any that belong to a session.
    """

    def __init__(self, over: Over) -> None:
        self._over = over
        self._all: set[Departure] = set()
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._blind = False

    @contextmanager
    def made(self, client: str, whose: Whose | None) -> Iterator[Departure]:
        """An answer that is made in this block; if that fails, it is forgotten."""
        departure = Departure(connections.with_client(client), whose)
        with self._changing:
            self._all.add(departure)
        try:
            yield departure
        except BaseException:
            self.forget(departure)
            raise

    def forget(self, departure: Departure) -> None:
        """It has gone, or will not go: close what it held."""
        with self._changing:
            self._all.discard(departure)
        departure.after.close()

    def watch(self) -> None:
        """Begin to look after them, until told to stop."""
        threading.Thread(target=self._watch, name="departures", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()

    def _watch(self) -> None:
        while not self._stopping.wait(EVERY):
            try:
                self.look()
            except Exception as error:  # noqa: BLE001 (whatever it is, the server goes on)
                if not self._blind:
                    log.error("Whether downloads must end cannot be told just now: %s", error)
                self._blind = True
            else:
                self._blind = False

    def look(self) -> None:
        """Forget those that have gone, and end those whose session is over."""
        with self._changing:
            under_way = list(self._all)
        for one in under_way:
            if one.on_its_way and not one.connection.is_open:
                self.forget(one)
        theirs = [(one.whose, one) for one in under_way if one.whose and one in self._all]
        over = self._over({whose for whose, _one in theirs}) if theirs else ()
        for whose, one in theirs:
            if whose in over:
                one.is_over = True
                if one.on_its_way:
                    one.connection.cut()
                    log.info("Account %s, session %s is over: its download was cut.", *whose)
