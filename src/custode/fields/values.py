"""The values of an object's default fields: setting, searching and showing them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _

from custode.fields import key_fields, moves
from custode.fields.hints import hint
from custode.fields.models import DefaultField, Sort, key_of
from custode.fields.reading import Value, link, read, shown
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.kernel.text import fold

COLUMN: Final = "field_values"
"""The column with an object's values; with a field's number, the field's name in the history."""
_DIGITS: Final = str.maketrans({str(n): chr(0xE000 + n) for n in range(10)})
_IS, _END = "\ue00a", "\ue00b"
"""Characters that nobody types, so that searching for a number does not find a field's number."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a page shows it.

    Args:
        link: its target, "" for none; `web`: to another site.
        hint: a warning about a value that may be wrong.
    """

    field: DefaultField
    text: str
    link: str = ""
    web: bool = False
    hint: str = ""


def put(thing: Any, given: Mapping[int, Value | None]) -> list[DefaultField]:
    """Set values of an object that is locked in a transaction, before it is saved.

    Args:
        given: the number of a field -> its value, as returned by `read`; None removes it.

    Returns:
        The fields, locked: `key_fields.keep` needs them once the object is saved.

    Raises:
        Invalid: a field is not in use any more.
    """
    if not given:
        return []
    fields = held(thing.kind.name, given)
    new = dict(thing.field_values)
    for field in fields:
        value = given[field.pk]
        if value is None or value == "":
            new.pop(field.key, None)
        else:
            new[field.key] = value
    thing.field_values = new
    return fields


def keep_many(kind: str, things: Iterable[Any]) -> None:
    """Store the keys of new objects of a kind, within the transaction that saves them."""
    having = [thing for thing in things if thing.field_values]
    if having:
        rows = DefaultField.offered.filter(kind=kind, is_key=True).order_by("pk")
        fields = list(rows.select_for_update(no_key=True))
        key_fields.save(kind, key_fields.rows_for(having, fields))


def held(kind: str, ids: Iterable[int]) -> list[DefaultField]:
    """Return fields in use, locked against retirement and becoming keys during the transaction.

    Raises:
        Invalid: one is not in use any more.
    """
    wanted = set(ids)
    rows = DefaultField.offered.filter(kind=kind, pk__in=wanted).order_by("pk")
    found = list(rows.select_for_update(no_key=True))
    if len(found) < len(wanted):
        raise Invalid(_("A field has been taken out of use in the meantime. Reload the page."))
    return found


def from_texts(fields: Iterable[DefaultField], texts: Mapping[str, str]) -> dict[int, Value | None]:
    """Parse texts into values for `put`; fields that are not named are left out.

    Args:
        texts: a field's name in forms (`DefaultField.asked`) -> what was written.

    Raises:
        Invalid: a text is not valid for its field.
    """
    return {one.pk: read(one, texts[one.asked]) for one in fields if one.asked in texts}


def from_lines(
    fields: Iterable[DefaultField], lines: Mapping[str, str]
) -> tuple[dict[int, Value | None], set[str]]:
    """Parse `Label: value` lines for fields of these names; return values and labels used.

    A value that is not valid for its field remains a line.
    """
    named = {one.folded: one for one in fields}
    values: dict[int, Value | None] = {}
    used: set[str] = set()
    for label, text in lines.items():
        field = named.get(fold(label))
        if field is None or field.pk in values:
            continue
        try:
            value = read(field, text)
        except Invalid:
            continue
        if value is not None:
            values[field.pk] = value
            used.add(label)
    return values, used


def carried(
    source: Mapping[str, Value], ours: Iterable[DefaultField], theirs: Iterable[DefaultField]
) -> dict[int, Value | None]:
    """Return an object's values for the fields of the same names that another kind has.

    Args:
        ours: the fields of the source object.
        theirs: the fields of the target object.
    """
    lines = {one.name: shown(one, source.get(one.key)) for one in ours}
    dates = {one.name: str(source.get(one.key) or "") for one in ours if one.sort == Sort.DATE}
    return from_lines(theirs, lines | dates)[0]


def told(fields: Iterable[DefaultField], held_values: Mapping[str, Value]) -> list[Shown]:
    """Return an object's values as a page shows them, including empty ones."""
    found = []
    for field in fields:
        value = held_values.get(field.key)
        text = shown(field, value)
        found.append(
            Shown(field, text, link(field, value), field.sort == Sort.LINK, hint(field, text))
        )
    return found


def lines(kind: str, held_values: Mapping[str, Value]) -> dict[str, str]:
    """Return an object's values by field name: for e-mails and other programs."""
    if not held_values:
        return {}
    return {one.field.name: one.text for one in told(moves.offered(kind), held_values) if one.text}


def searched(held_values: Mapping[str, Value]) -> list[str]:
    """Return the texts to search, to be folded: each after the mark of its field."""
    return [_mark(key) + _sought(value) for key, value in held_values.items()]


def having(kind: str, wanted: Iterable[tuple[int, str]]) -> Q:
    """Return the condition that values of objects begin with these texts, in column `searched`.

    Args:
        wanted: the number of a field, and a text; for a choice, its number. A field or a choice
            that does not exist matches no object.
    """
    found, texts = Q(), dict(wanted)
    fields = DefaultField.objects.filter(kind=kind).in_bulk(list(texts))
    for pk, text in texts.items():
        told = _begins(fields[pk], text) if pk in fields else ""
        if not told:
            return Q(pk__in=[])
        found &= Q(searched__contains=_mark(key_of(pk)) + told)
    return found


def told_filter(
    kind: str, wanted: Iterable[tuple[int, str]]
) -> Iterator[tuple[tuple[int, str], str]]:
    """Yield the parts of such a condition in words; fields that are not in use are skipped."""
    pairs = list(wanted)
    known = {one.pk: one for one in moves.offered(kind)} if pairs else {}
    for pk, text in pairs:
        if field := known.get(pk):
            told = shown(field, whole(text)) if field.sort == Sort.CHOICE else text
            yield (pk, text), _("%(field)s: “%(text)s”") % {"field": field.name, "text": told}


def _begins(field: DefaultField, text: str) -> str:
    """Return the searched text after the mark; "" for a text that is no valid value."""
    if field.sort == Sort.CHOICE:
        return _sought(whole(text)) if whole(text) else ""
    if field.sort == Sort.NUMBER:
        try:
            return _sought(read(field, text) or "")
        except Invalid:
            return ""
    return " ".join(fold(text).split())


def _mark(key: str) -> str:
    return f"{key.translate(_DIGITS)}{_IS}"


def _sought(value: Value) -> str:
    return str(value).translate(_DIGITS) + _END if isinstance(value, int) else f"{value}{_END}"


def same_elsewhere(actor: Any, thing: Any, fields: Iterable[DefaultField]) -> list[tuple[Any, Any]]:
    """Return others that the actor sees and that have an equal value in a key field."""
    return key_fields.others(actor, thing.kind.name, thing.field_values, fields, thing.pk or 0)
