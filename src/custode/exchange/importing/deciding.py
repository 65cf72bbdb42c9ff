"""Completes a mapping that a person changed: unambiguous parts are filled in, others asked."""

from __future__ import annotations

from dataclasses import dataclass

from custode.exchange.importing.choices import Choices, fitted
from custode.exchange.importing.names import Names
from custode.exchange.importing.studies import Study
from custode.exchange.reading import LeadMapping, Question, ValueChoice, settle, translate


@dataclass(frozen=True, slots=True)
class Decided:
    """A mapping as far as it is decided.

    Args:
        mapping: with every unambiguous notation filled in.
        questions: what only a person can answer.
        values: the meaning of the values of step and status columns.
    """

    mapping: LeadMapping
    questions: tuple[Question, ...]
    values: tuple[ValueChoice, ...]

    @property
    def unknown_statuses(self) -> list[str]:
        """Values of the status column without a known status: their rows would be refused."""
        return [one.value for one in self.values if one.field == "status" and one.status is None]


def decide(mapping: LeadMapping, told: Study, names: Names, choices: Choices) -> Decided:
    """Complete a mapping for a studied file.

    Raises:
        Invalid: the mapping does not fit the file, or the chosen pipeline does not exist.
    """
    mapping.check(told.headers)
    settled, questions = settle(names.own.checked(mapping), told.columns)
    known = names.known(choices.chosen(names))
    translated, values = translate(settled, told.columns, known)
    done = fitted(translated, names, choices)
    return Decided(done, questions, values)
