"""Parameter types as programs send them: numbers as texts, one value for a list, empty for none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Final, Literal, TypeVar

from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from custode.api.errors import not_an_api_key
from custode.exchange.reading.amounts import read as read_amount
from custode.kernel import address, clock
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.people.models import User

T = TypeVar("T", bound=Model)
Rows = TypeVar("Rows")
USUAL: Final = 100
MOST: Final = 1000
FEW: Final = 50
"""The maximum number of names in a filter."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _text(value: Any) -> Any:
    """Return a number as text, and a text without characters that no database accepts."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _figure(value: Any) -> Any:
    """Return a number as text; a binary one by the 15 digits that it holds: 0.1 + 0.2 is 0.3."""
    return f"{value:.15g}" if isinstance(value, float) else _text(value)


def _none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def up_to(most: int, usual: int) -> BeforeValidator:
    """Return a validator for the page size of a list, with its maximum and its default."""

    def limit(value: Any) -> Any:
        """Return the page size, within bounds."""
        number = _many(value)
        return min(number, most) if number else usual

    return BeforeValidator(limit)


def _offset(value: Any) -> Any:
    return min(_many(value), 10**12)


def _many(value: Any) -> int:
    """Return a number of any size; 0 if it is not a number."""
    told = str(value).strip()
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 100 else 0


def _direction(value: Any) -> Any:
    told = str(value or "").lower()
    return told if told in {"asc", "desc"} else None


def split(value: Any) -> list[str]:
    """Split a comma-separated text, a list, or a list of such texts into names."""
    parts = value if isinstance(value, list) else [value]
    texts = (str(part).replace("\x00", "") for part in parts if part is not None)
    names = (name.strip() for text in texts for name in text.split(","))
    return [name for name in names if name]


def _names(value: Any) -> Any:
    return None if value is None else split(value)


def few(names: Sequence[str] | None, field: str) -> list[str]:
    """Return the names of a filter, each of which costs a database query.

    Raises:
        Invalid: there are more than `FEW`.
    """
    if len(told := list(dict.fromkeys(names or ()))) > FEW:
        raise Invalid(_("Name at most %(most)s at once.") % {"most": FEW}, field=field)
    return told


Text = Annotated[str, BeforeValidator(_text)]
"""A text; a number is accepted as one."""
Amount = Annotated[str, BeforeValidator(_figure)]
"""An amount of money, as a number or as a text that `amount` reads."""
Names = Annotated[list[str], BeforeValidator(_names)]
"""Several names: a list, or one text with commas."""
Number = Annotated[int, BeforeValidator(_none), Field(gt=-(10**18), lt=10**18)]
"""A whole number, which may come as text."""
Who = Annotated[str, BeforeValidator(_text)]
"""A user: their number or their e-mail address."""
_SOME: Final = WithJsonSchema({"type": "string", "minLength": 1})
Named = Annotated[Text, _SOME]
"""A non-empty text, as the document says; further rules are in the layer below (`moves`)."""
Whom = Annotated[Who, _SOME]
"""A user, where one is required."""
MaybeNumber = Annotated[
    Annotated[int, Field(gt=-(10**18), lt=10**18)] | None, BeforeValidator(_none)
]
"""A whole number or null; an empty text is null."""
Percent = Annotated[
    MaybeNumber,
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 100}, {"type": "null"}]}
    ),
]
"""A probability in percent, or null."""
Yes = Annotated[bool, BeforeValidator(_none)]
MaybeYes = Annotated[bool | None, BeforeValidator(_none)]
"""A boolean or null; an empty text is null."""
LOOSELY: Final = WithJsonSchema({"type": ["integer", "string", "null"]})
"""The document's schema of a number that is read loosely: an invalid one counts as missing."""
Offset = Annotated[int, BeforeValidator(_offset), LOOSELY]
"""The number of items of a list to skip."""


def among(*names: str) -> WithJsonSchema:
    """Return the schema of an enumeration whose values are accepted in any letter case."""
    return WithJsonSchema({"type": "string", "enum": list(names)})


class Given(BaseModel):
    """The base of request bodies; unknown fields are ignored.

    It is pydantic's own model: ninja's would read attributes of any object that arrives as its
    fields.
    """


class Paged(Given):
    """The parameters that every list accepts."""

    limit: Annotated[int, up_to(MOST, USUAL), LOOSELY] = Field(
        USUAL, description="Page size; at most 1000."
    )
    offset: Offset = Field(0, description="Number of items to skip.")

    def page(self, rows: Rows) -> Rows:
        """Return the requested page of some rows, in their order."""
        some: Rows = rows[self.offset : self.offset + self.limit]  # type: ignore[index]  # sliced
        return some


class Directed(Paged):
    """The parameters of a list with a direction."""

    direction: Annotated[Literal["asc", "desc"] | None, BeforeValidator(_direction)] = Field(
        None, description="`asc` or `desc`."
    )


def user_named(who: str) -> User | None:
    """Return the account's user with this number or e-mail address, disabled or not."""
    told = who.replace("\x00", "").strip()
    if "@" in told:
        return User.objects.filter(email=told.lower()).first()
    return User.objects.filter(pk=address.whole(told)).first()


def named_by_key(actor: Actor, who: str | None) -> User | None:
    """Return the user whom an application names as the owner or author; None if it names nobody.

    Raises:
        Problem: a user's token names somebody else (`not_api_key`).
        Invalid: there is no such user.
    """
    if who is None or not who.strip():
        return None
    found = user_named(who)
    if actor.kind is not ActorKind.KEY and (found is None or found.pk != actor.user_id):
        raise not_an_api_key()
    if found is None or not found.is_active:
        raise no_user(who)
    return found


def cannot(name: str, told: str) -> Invalid:
    """Return the error for a value that a parameter does not accept."""
    message = _("The parameter “%(name)s” cannot be taken: %(why)s")
    return Invalid(message % {"name": name, "why": told[:40]}, field=name)


def no_user(who: str) -> Invalid:
    """Return the error for a user who does not exist."""
    return Invalid(_("There is no user “%(who)s”.") % {"who": who[:80]}, field="user_id")


def template_named(offered: Sequence[T], told: str, field: str) -> T:
    """Return the template with this number or name, in any letter case.

    Raises:
        Invalid: none of the offered templates matches.
    """
    name, number = told.strip(), address.whole(told.strip())
    found = [one for one in offered if one.pk == number]
    found = found or [one for one in offered if fold(str(one)) == fold(name)]
    if not found:
        raise Invalid(
            _("There is no template “%(template)s”.") % {"template": name[:80]}, field=field
        )
    return found[0]


def moment(text: str | None, field: str, *, end_of_day: bool = False) -> datetime | None:
    """Return a moment: ISO 8601, or day and time in the caller's time zone; None for no text.

    Args:
        end_of_day: a day without a time means the day's last moment.

    Raises:
        Invalid: the text is not a moment.
    """
    told = (text or "").strip()
    if not told:
        return None
    try:
        found = None if _DAY.fullmatch(told) else parse_datetime(told)
        if found is None:
            found = datetime.combine(date.fromisoformat(told), time.max if end_of_day else time.min)
        if found.tzinfo is None:
            found = timezone.make_aware(found)
        if not 1900 <= found.year <= 9000:
            raise ValueError(told)
        return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(
            _("“%(text)s” is not a date and time. Write it like 2026-11-30T09:00:00Z.")
            % {"text": told[:40]},
            field=field,
        ) from error


def past(text: str | None, field: str) -> datetime | None:
    """Return a moment in the same way, but today at the latest: it is about the past.

    Raises:
        Invalid: it is none, or on a day to come.
    """
    found = moment(text, field)
    if found is not None and timezone.localdate(found) > timezone.localdate(clock.now()):
        said = _("“%(text)s” is still to come: nothing was created on that day.")
        raise Invalid(said % {"text": (text or "").strip()[:40]}, field=field)
    return found


def day(text: str | None, field: str) -> date | None:
    """Return a day; for a moment its day in the caller's time zone; otherwise raise `Invalid`."""
    told = (text or "").strip()
    try:
        return address.day(told)
    except ValueError:
        found = moment(told, field)
        return None if found is None else timezone.localtime(found).date()


def hour(text: str | None, field: str) -> time | None:
    """Return a time of day; raise `Invalid` for anything else."""
    told = (text or "").strip()
    try:
        return time.fromisoformat(told).replace(tzinfo=None) if told else None
    except ValueError as error:
        raise Invalid(_("Write the time like 14:30."), field=field) from error


def amount(value: Any, field: str) -> Decimal | None:
    """Return an amount in the currency's main unit; raise `Invalid` for anything else.

    Of two marks the last one is the decimal mark, and so is a mark that occurs once: `1,234` is not
    taken for a thousand, as `1.234` is not.
    """
    told = "" if value is None else str(value).strip()
    if not told:
        return None
    point, comma, currency = read_amount(told)
    found = (comma, point) if "." not in told else (point, comma)
    read = next((one for one in found if one is not None), None)
    if read is None or currency:
        raise Invalid(
            _("“%(text)s” is not an amount. Write it like 1234.50.") % {"text": told[:40]},
            field=field,
        )
    return read
