"""Parameters as programs send them: numbers as texts, one for many, nothing for none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Final, Literal, TypeVar

from django.db.models import Model
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from pydantic import BaseModel, BeforeValidator, Field, WithJsonSchema

from custode.api.errors import not_an_api_key
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
"""So many names a filter takes."""
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def _text(value: Any) -> Any:
    """A number as a text; a text without what no database takes."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


def up_to(most: int, usual: int) -> BeforeValidator:
    """What reads how many of a list are wanted, at most."""

    def limit(value: Any) -> Any:
        number = _many(value)
        return min(number, most) if number else usual

    return BeforeValidator(limit)


def _offset(value: Any) -> Any:
    return min(_many(value), 10**12)


def _many(value: Any) -> int:
    """A number however large; 0 for what is none."""
    told = str(value).strip()
    return int(told) if told.isascii() and told.isdecimal() and len(told) < 100 else 0


def _direction(value: Any) -> Any:
    told = str(value or "").lower()
    return told if told in {"asc", "desc"} else None


def split(value: Any) -> list[str]:
    """What a text with commas, a list or both name; nothing is nothing."""
    parts = value if isinstance(value, list) else [value]
    texts = (str(part).replace("\x00", "") for part in parts if part is not None)
    names = (name.strip() for text in texts for name in text.split(","))
    return [name for name in names if name]


def _names(value: Any) -> Any:
    return None if value is None else split(value)


def few(names: Sequence[str] | None, field: str) -> list[str]:
    """The names of a filter, each of which costs the database something.

    Raises:
        Invalid: there are more than `FEW`.
    """
    if len(told := list(dict.fromkeys(names or ()))) > FEW:
        raise Invalid(_("Name at most %(most)s at once.") % {"most": FEW}, field=field)
    return told


Text = Annotated[str, BeforeValidator(_text)]
"""A text; a number counts as one."""
Names = Annotated[list[str], BeforeValidator(_names)]
"""Several names: a list, or one text with commas."""
Number = Annotated[int, BeforeValidator(_none), Field(gt=-(10**18), lt=10**18)]
"""A whole number, perhaps as a text."""
Who = Annotated[str, BeforeValidator(_text)]
"""A user: their number or their e-mail address."""
_SOME: Final = WithJsonSchema({"type": "string", "minLength": 1})
Named = Annotated[Text, _SOME]
"""A text that may not be empty, as the document says; further rules are the move's own."""
Whom = Annotated[Who, _SOME]
"""A user, where one must be named."""
MaybeNumber = Annotated[
    Annotated[int, Field(gt=-(10**18), lt=10**18)] | None, BeforeValidator(_none)
]
"""The same, or none: an empty text is none."""
Percent = Annotated[
    MaybeNumber,
    WithJsonSchema(
        {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 100}, {"type": "null"}]}
    ),
]
"""A probability, or none."""
Yes = Annotated[bool, BeforeValidator(_none)]
MaybeYes = Annotated[bool | None, BeforeValidator(_none)]
"""Yes, no, or none: an empty text is none."""
LOOSELY: Final = WithJsonSchema({"type": ["integer", "string", "null"]})
"""What the document says of a number of which anything is taken: what is none is as not said."""
Offset = Annotated[int, BeforeValidator(_offset), LOOSELY]
"""How many of a list to pass over."""


def among(*names: str) -> WithJsonSchema:
    """What the document says of a word of which there are a few; letter case does not matter."""
    return WithJsonSchema({"type": "string", "enum": list(names)})


class Given(BaseModel):
    """What a program says; what it names besides is passed over.

    pydantic's own model: ninja's would take the attributes of whatever came for what was said.
    """


class Paged(Given):
    """What every list takes."""

    limit: Annotated[int, up_to(MOST, USUAL), LOOSELY] = Field(
        USUAL, description="How many at most; up to 1000."
    )
    offset: Offset = Field(0, description="How many to pass over.")

    def page(self, rows: Rows) -> Rows:
        """Those of some rows, in their order, that are wanted."""
        some: Rows = rows[self.offset : self.offset + self.limit]  # type: ignore[index]  # sliced
        return some


class Directed(Paged):
    """A list that takes a direction."""

    direction: Annotated[Literal["asc", "desc"] | None, BeforeValidator(_direction)] = Field(
        None, description="`asc` or `desc`."
    )


def user_named(who: str) -> User | None:
    """The user of the account in scope that a number or an address names, disabled or not."""
    told = who.replace("\x00", "").strip()
    if "@" in told:
        return User.objects.filter(email=told.lower()).first()
    return User.objects.filter(pk=address.whole(told)).first()


def named_by_key(actor: Actor, who: str | None) -> User | None:
    """The user whom an application names as the one that a thing is for; None when it names none.

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
    """The no to a value that a parameter does not take."""
    message = _("The parameter “%(name)s” cannot be taken: %(why)s")
    return Invalid(message % {"name": name, "why": told[:40]}, field=name)


def no_user(who: str) -> Invalid:
    """The no to a user who is not there."""
    return Invalid(_("There is no user “%(who)s”.") % {"who": who[:80]}, field="user_id")


def template_named(offered: Sequence[T], told: str, field: str) -> T:
    """The template of a number or a name, in any letter case.

    Raises:
        Invalid: none of those that are offered is meant.
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
    """A moment: ISO 8601, or a day and a time in the caller's time zone; None for none.

    Args:
        end_of_day: of a day alone, its last moment is meant.

    Raises:
        Invalid: it is none.
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
            _("“%(text)s” is no moment. Write it like 2026-11-30T09:00:00Z.") % {"text": told[:40]},
            field=field,
        ) from error


def past(text: str | None, field: str) -> datetime | None:
    """The same, of what has happened: today at the latest.

    Raises:
        Invalid: it is none, or on a day to come.
    """
    found = moment(text, field)
    if found is not None and timezone.localdate(found) > timezone.localdate(clock.now()):
        said = _("“%(text)s” is still to come: nothing was created on that day.")
        raise Invalid(said % {"text": (text or "").strip()[:40]}, field=field)
    return found


def day(text: str | None, field: str) -> date | None:
    """A day; of a moment its day in the caller's time zone; raises `Invalid` for all else."""
    told = (text or "").strip()
    try:
        return address.day(told)
    except ValueError:
        found = moment(told, field)
        return None if found is None else timezone.localtime(found).date()


def hour(text: str | None, field: str) -> time | None:
    """A time of day; raises `Invalid` for all else."""
    told = (text or "").strip()
    try:
        return time.fromisoformat(told).replace(tzinfo=None) if told else None
    except ValueError as error:
        raise Invalid(_("Write the time like 14:30."), field=field) from error


def amount(value: Any, field: str) -> Decimal | None:
    """An amount in the main unit; raises `Invalid` for what is none."""
    told = "" if value is None else str(value).strip()
    if not told:
        return None
    try:
        found = Decimal(told.replace(",", ".") if "." not in told else told.replace(",", ""))
        if not found.is_finite() or abs(found) > 10**13:
            raise ValueError(told)
    except (InvalidOperation, ValueError) as error:
        raise Invalid(
            _("“%(text)s” is not an amount. Write it like 1234.50.") % {"text": told[:40]},
            field=field,
        ) from error
    return found
