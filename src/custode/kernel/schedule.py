"""Periodic work in every account. Layers register it at start; the jobs run it.

schedule.add(Periodic("purge what is due", timedelta(hours=1), door.purge_due))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from custode.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Periodic:
    """Work that is done periodically.

    Args:
        name: unique; the log names it as the actor.
        every: the time between two starts.
        work: does it for one account, which is in scope; the actor is the system. It may be
            interrupted and restarted at any point, so it must be idempotent.
    """

    name: str
    every: timedelta
    work: Callable[[Actor], object]


_all: dict[str, Periodic] = {}
_watches: dict[str, Callable[[], object]] = {}
_forgotten_soon: set[str] = set()


def add(periodic: Periodic) -> None:
    """Register periodic work; raise `ValueError` when the name is taken by another."""
    known = _all.get(periodic.name)
    if known is not None and known.work is not periodic.work:
        raise ValueError(f"Two periodic works are called {periodic.name!r}.")
    _all[periodic.name] = periodic


def named(name: str) -> Periodic | None:
    """Return the work of this name; None when this version no longer has it."""
    return _all.get(name)


def everything() -> list[Periodic]:
    """Return all periodic work."""
    return list(_all.values())


def watch(name: str, look: Callable[[], object]) -> None:
    """Run a check continuously, in a thread of its own that no job holds up.

    Args:
        look: takes no account and returns quickly when there is nothing to do; it may be
            interrupted at any point, and several processes may run it at once.
    """
    _watches[name] = look


def watches() -> dict[str, Callable[[], object]]:
    """Return all continuous checks, by name."""
    return dict(_watches)


def forget_soon(task_path: str) -> None:
    """Have the jobs of a task leave the list once they are done: what they carry names people."""
    _forgotten_soon.add(task_path)


def forgotten_soon() -> frozenset[str]:
    """Return the paths of the tasks whose jobs are removed as soon as they are done."""
    return frozenset(_forgotten_soon)


def forget(name: str) -> None:
    """Remove periodic work; for tests that add their own."""
    _all.pop(name, None)
