"""The long responses being made or sent, and their sessions: each ends with its session."""

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
"""Seconds between two checks of the responses under way."""

Over = Callable[[Collection[Whose]], Collection[Whose]]
"""A function that returns which of some sessions have ended."""
log = logging.getLogger("custode.server")


class Withdrawn(Exception):
    """The response's session has ended, so making it is abandoned."""


@dataclass(eq=False, slots=True)
class Departure:
    """A response under way.

    Args:
        connection: its connection, which carries nothing after it.
        whose: its session; None if it belongs to none.
        after: what to close when it has been sent.
        on_its_way: whether it is complete and being sent by granian.
        is_over: whether its session has ended.
    """

    connection: Connection
    whose: Whose | None
    after: ExitStack = field(default_factory=ExitStack)
    on_its_way: bool = False
    is_over: bool = False

    def go_on(self) -> None:
        """Raise `Withdrawn` if it must not be continued."""
        if self.is_over:
            raise Withdrawn


class Departures:
    """The responses under way, and the thread that watches them.

    Args:
        over: called once for all responses, and only if any belongs to a session.
    """

    def __init__(self, over: Over) -> None:
        self._over = over
        self._all: set[Departure] = set()
        self._changing = threading.Lock()
        self._stopping = threading.Event()
        self._blind = False

    @contextmanager
    def made(self, client: str, whose: Whose | None) -> Iterator[Departure]:
        """Yield a response that is made in this block; if that fails, forget it."""
        departure = Departure(connections.with_client(client), whose)
        with self._changing:
            self._all.add(departure)
        try:
            yield departure
        except BaseException:
            self.forget(departure)
            raise

    def forget(self, departure: Departure) -> None:
        """Forget a response that has been, or will not be, sent, and close what it held."""
        with self._changing:
            self._all.discard(departure)
        departure.after.close()

    def watch(self) -> None:
        """Start watching them, until told to stop."""
        threading.Thread(target=self._watch, name="departures", daemon=True).start()

    def stop(self) -> None:
        """Stop watching."""
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
        """Forget responses that have been sent, and end those whose session has ended."""
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
