"""Marks: acts of a verb that stand out by what their entry says, each declared where it is meant.

The layers above know what an entry's facts mean (that a role became admin); rules ask for the mark
by its name, beside the verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from custode.guard.kinds import Verb

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """What makes an act stand out.

    Args:
        name: what rules call it; several marks may have one name.
        verb: of which verb's acts.
        holds: whether an entry's facts say so.
    """

    name: str
    verb: Verb
    holds: Callable[[Facts], bool]


_marks: list[Mark] = []


def declare(name: str, verb: Verb, holds: Callable[[Facts], bool]) -> None:
    """Let rules ask for such acts from now on."""
    _marks.append(Mark(name, verb, holds))


def of(verb: str, facts: Facts) -> frozenset[str]:
    """What rules may call an act: its verb, and its marks."""
    return frozenset({verb, *(m.name for m in _marks if m.verb == verb and m.holds(facts))})


def verbs_of(acts: Collection[str]) -> frozenset[str]:
    """The verbs of these acts, which are verbs or marks."""
    return frozenset({
        *(verb for verb in Verb if verb in acts),
        *(mark.verb for mark in _marks if mark.name in acts),
    })  # fmt: skip


def names() -> frozenset[str]:
    """All marks there are."""
    return frozenset(mark.name for mark in _marks)
