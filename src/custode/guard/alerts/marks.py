"""Marks: named properties of a verb's acts that make them stand out, read from their log entry.

The layers above know what an entry's details mean (for example that a role became admin) and
declare the marks; alert rules refer to marks by name, as they do to verbs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from custode.guard.kinds import Verb

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Mark:
    """A named property that makes an act stand out.

    Args:
        name: the name that rules use; several marks may share one.
        verb: the verb whose acts it applies to.
        holds: tells whether an entry's facts have the property.
    """

    name: str
    verb: Verb
    holds: Callable[[Facts], bool]


_marks: list[Mark] = []


def declare(name: str, verb: Verb, holds: Callable[[Facts], bool]) -> None:
    """Register a mark, so that rules can refer to it."""
    _marks.append(Mark(name, verb, holds))


def of(verb: str, facts: Facts) -> frozenset[str]:
    """Return the names by which rules may refer to an act: its verb and its marks."""
    return frozenset({verb, *(m.name for m in _marks if m.verb == verb and m.holds(facts))})


def verbs_of(acts: Collection[str]) -> frozenset[str]:
    """Return the verbs behind these names, which are verbs or marks."""
    return frozenset({
        *(verb for verb in Verb if verb in acts),
        *(mark.verb for mark in _marks if mark.name in acts),
    })  # fmt: skip


def names() -> frozenset[str]:
    """Return the names of all registered marks."""
    return frozenset(mark.name for mark in _marks)
