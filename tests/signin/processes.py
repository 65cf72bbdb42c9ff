"""Acts of several processes at the same moment, each with a connection of its own."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connections

from custode.kernel import scope

_FORK = multiprocessing.get_context("fork")


def in_processes(account_id: int, *acts: Callable[[], Any]) -> list[Any]:
    """What each act gives, or the name of the error it met."""
    connections.close_all()
    barrier, answers = _FORK.Barrier(len(acts)), _FORK.SimpleQueue()

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            with scope.account(account_id):
                connections["default"].ensure_connection()
                barrier.wait(20)
                answers.put((place, act()))
        except Exception as error:  # noqa: BLE001 (the one who asked is to see it)
            answers.put((place, repr(error)))
        finally:
            connections.close_all()
            os._exit(0)

    children = [_FORK.Process(target=run, args=pair) for pair in enumerate(acts)]
    for child in children:
        child.start()
    told: Sequence[tuple[int, Any]] = [answers.get() for _ in acts]
    for child in children:
        child.join(20)
    return [answer for _place, answer in sorted(told, key=lambda pair: pair[0])]
