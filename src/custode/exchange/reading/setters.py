"""Setters for the places of a lead from a cell. They raise `BadValue` for invalid values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext as _

from .amounts import AmountHabit
from .cells import Cell, shorten, text_of, words_of
from .currencies import code_of
from .dates import DateHabit
from .drafts import LeadDraft
from .errors import BadValue
from .fields import Field, Status, flag_of, status_of
from .limits import Bounds
from .mapping import LeadMapping
from .shares import ShareHabit

Setter: TypeAlias = Callable[[LeadDraft, Cell], None]
"""Puts one non-blank cell into the draft."""

OwnReader: TypeAlias = Callable[[Cell], Any]
"""Parses the value of a field of the account's own; raises `BadValue` if it is invalid."""

_BETWEEN_TAGS = re.compile(r"[,;\n]")


def setter_for(place: Field, way: str, mapping: LeadMapping, bounds: Bounds) -> Setter:
    """Return the setter for a place; `way` is the column's notation, if it has one."""
    if place in _NAMES:
        name = _NAMES[place]
        translated = mapping.steps if place is Field.STEP else {}
        return _name_setter(name, getattr(bounds, name), translated)
    if place in _DAYS:
        return _day_setter(_DAYS[place], DateHabit(way))
    if place in _MOMENTS:
        return _moment_setter(_MOMENTS[place], DateHabit(way))
    if place is Field.AMOUNT:
        return _amount_setter(AmountHabit(way), bounds)
    if place is Field.PROBABILITY:
        return _probability_setter(ShareHabit(way))
    if place is Field.STATUS:
        return _status_setter(mapping.statuses)
    if place is Field.TAGS:
        return _tags_setter(bounds)
    return _set_currency if place is Field.CURRENCY else _set_starred


_NAMES: Final = {
    Field.PIPELINE: "pipeline",
    Field.STEP: "step",
    Field.OWNER: "owner",
    Field.REFERENCE: "reference",
}
_DAYS: Final = {
    Field.ESTIMATED_CLOSING_DATE: "estimated_closing_date",
    Field.REMIND_DATE: "remind_date",
}
_MOMENTS: Final = {Field.CREATED_AT: "created_at", Field.CLOSED_AT: "closed_at"}


def check_length(text: str, limit: int) -> None:
    """Raise `BadValue` when the text is longer."""
    if len(text) > limit:
        raise BadValue(
            _("This text has %(length)d characters; at most %(limit)d fit.")
            % {"length": len(text), "limit": limit}
        )


def _name_setter(name: str, limit: int, translated: Mapping[str, str]) -> Setter:
    known = {words_of(value): meant for value, meant in translated.items()} | dict(translated)

    def put(draft: LeadDraft, cell: Cell) -> None:
        """Put the cell into the draft."""
        text = " ".join(text_of(cell).split())
        if known:
            text = known.get(text, known.get(words_of(text), text))
        check_length(text, limit)
        setattr(draft, name, text)

    return put


def _day_setter(name: str, habit: DateHabit) -> Setter:
    def put(draft: LeadDraft, cell: Cell) -> None:
        """Put the cell into the draft."""
        setattr(draft, name, habit.parse(cell))

    return put


def _moment_setter(name: str, habit: DateHabit) -> Setter:
    def put(draft: LeadDraft, cell: Cell) -> None:
        """Put the cell into the draft."""
        setattr(draft, name, habit.parse_moment(cell))

    return put


def _amount_setter(habit: AmountHabit, bounds: Bounds) -> Setter:
    def put(draft: LeadDraft, cell: Cell) -> None:
        """Put the cell into the draft."""
        amount, currency = habit.parse(cell)
        if abs(amount) >= bounds.amount:
            raise BadValue(
                _("“%(value)s” is too large; amounts must stay below %(limit)s.")
                % {"value": shorten(text_of(cell)), "limit": f"{bounds.amount:,f}"}
            )
        draft.amount = amount
        draft.currency = draft.currency or currency

    return put


def _probability_setter(habit: ShareHabit) -> Setter:
    def put(draft: LeadDraft, cell: Cell) -> None:
        """Put the cell into the draft."""
        draft.probability = habit.parse(cell)

    return put


def _status_setter(translated: Mapping[str, Status]) -> Setter:
    known = {words_of(value): meant for value, meant in translated.items()} | dict(translated)

    def put(draft: LeadDraft, cell: Cell) -> None:
        """Put the cell into the draft."""
        text = text_of(cell)
        status = known.get(text) or known.get(words_of(text)) or status_of(text)
        if status is None:
            raise BadValue(
                _("“%(value)s” is not a status; say which one it means.") % {"value": shorten(text)}
            )
        draft.status = status

    return put


def _tags_setter(bounds: Bounds) -> Setter:
    def put(draft: LeadDraft, cell: Cell) -> None:
        """Put the cell into the draft."""
        tags = {tag.casefold(): tag for tag in draft.tags}
        for piece in _BETWEEN_TAGS.split(text_of(cell)):
            tag = " ".join(piece.split())
            if tag:
                check_length(tag, bounds.tag)
                tags.setdefault(tag.casefold(), tag)
        if len(tags) > bounds.tags:
            raise BadValue(
                _("There are %(count)d tags; at most %(limit)d fit on a lead.")
                % {"count": len(tags), "limit": bounds.tags}
            )
        draft.tags = tuple(tags.values())

    return put


def _set_currency(draft: LeadDraft, cell: Cell) -> None:
    text = text_of(cell)
    code = code_of(text)
    if not code:
        raise BadValue(
            _("“%(value)s” is not a currency; write a code such as EUR.") % {"value": shorten(text)}
        )
    draft.currency = code


def _set_starred(draft: LeadDraft, cell: Cell) -> None:
    draft.starred = flag_of(cell)


def own_setter(name: str, read: OwnReader) -> Setter:
    """Return the setter for a field of the account's own."""

    def put(draft: LeadDraft, cell: Cell) -> None:
        """Put the cell into the draft."""
        draft.own[name] = read(cell)

    return put
