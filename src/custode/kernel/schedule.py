"""What is done again and again in every account. Layers add to it when they start; jobs run it.

schedule.add(Periodic("purge what is due", timedelta(hours=1), door.purge_due))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from custode.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Periodic:
    """A piece of work that comes round.

    Args:
        name: unique; the log names it as the actor.
        every: how much time lies between two beginnings.
        work: does it for one account, which is in scope; the actor is the system. It may be cut
            off and begun again at any point, so it must not mind being done twice.
    """

    name: str
    every: timedelta
    work: Callable[[Actor], object]


_all: dict[str, Periodic] = {}
_watches: dict[str, Callable[[], object]] = {}
_forgotten_soon: set[str] = set()


def add(periodic: Periodic) -> None:
    """Have this done from now on; raises `ValueError` when the name is taken by another."""
    known = _all.get(periodic.name)
    if known is not None and known.work is not periodic.work:
        raise ValueError(f"Two periodic works are called {periodic.name!r}.")
    _all[periodic.name] = periodic


def named(name: str) -> Periodic | None:
    """The work of this name; None when this version has it no more."""
    return _all.get(name)


def everything() -> list[Periodic]:
    """All that comes round."""
    return list(_all.values())


def watch(name: str, look: Callable[[], object]) -> None:
    """Have this looked for all the time, in a thread of its own that no job holds up.

    Args:
        look: takes no account and leaves quickly when there is nothing; it may be cut off at any
            point, and several processes may look at once.
    """
    _watches[name] = look


def watches() -> dict[str, Callable[[], object]]:
    """All that is looked for all the time."""
    return dict(_watches)


def forget_soon(task_path: str) -> None:
    """Have the jobs of a task leave the list once they are done: what they carry names people."""
    _forgotten_soon.add(task_path)


def forgotten_soon() -> frozenset[str]:
    """The tasks whose jobs leave the list once they are done, by their paths."""
    return frozenset(_forgotten_soon)


def forget(name: str) -> None:
    """For tests that add a work of their own and take it back."""
    _all.pop(name, None)
