"""Default fields in an import: parses a cell in the notation of its column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from custode.exchange.reading import BadValue, Cell, LeadMapping, MappingError, text_of
from custode.exchange.reading.amounts import AmountHabit
from custode.exchange.reading.dates import DateHabit
from custode.exchange.reading.setters import OwnReader
from custode.fields import moves, reading
from custode.fields.models import DefaultField, Sort
from custode.kernel.errors import Invalid
from custode.leads.models import Lead


@dataclass(frozen=True, slots=True)
class Own:
    """The present default fields of leads."""

    fields: Sequence[DefaultField]

    @classmethod
    def load(cls) -> Own:
        """Return those of the account in scope."""
        return cls(moves.offered(Lead.kind.name))

    @property
    def sorts(self) -> dict[str, str]:
        """The type of each field, by name."""
        return {one.name: one.sort for one in self.fields}

    def checked(self, mapping: LeadMapping) -> LeadMapping:
        """Return the mapping with the types of its own fields.

        Raises:
            MappingError: it names a field that is not in use.
        """
        for name in mapping.own:
            if name not in self.sorts:
                known = ", ".join(f"“{one}”" for one in self.sorts) or "–"
                raise MappingError(
                    _("There is no default field “%(field)s” of leads. There are: %(known)s.")
                    % {"field": name[:60], "known": known},
                    "own",
                )
        return mapping.replace(sorts=self.sorts)

    def readers(self, mapping: LeadMapping) -> dict[str, OwnReader]:
        """Return the parsers for the cells of each own field of a mapping."""
        by_name = {one.name: one for one in self.fields}
        return {
            name: _reader(by_name[name], mapping.ways.get(column, ""))
            for name, columns in mapping.own.items()
            for column in columns
        }

    def values(self, told: dict[str, Any]) -> dict[str, reading.Value]:
        """Return the values of a draft in the form that a lead stores."""
        keys = {one.name: one.key for one in self.fields}
        return {keys[name]: value for name, value in told.items() if name in keys}


def _reader(field: DefaultField, way: str) -> OwnReader:
    def read(cell: Cell) -> reading.Value | None:
        """Parse a cell in the notation of its column."""
        try:
            if field.sort == Sort.DATE:
                day = DateHabit(way).parse(cell)
                return reading.read(field, day.isoformat())
            if field.sort == Sort.NUMBER:
                amount, _currency = AmountHabit(way).parse(cell)
                return reading.number(field, amount)
            return reading.read(field, text_of(cell))
        except BadValue:
            raise
        except Invalid as error:
            raise BadValue(str(error)) from error

    return read
