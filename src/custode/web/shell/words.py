"""Format numbers, money and moments in the person's language and time zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Final

from django.template.defaultfilters import filesizeformat
from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _

from custode.guard import kinds
from custode.guard.display_names import display_name
from custode.kernel import clock
from custode.kernel.actor import ActorKind
from custode.kernel.money import exponent, from_minor

_SIGNS: Final = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥", "CHF": "CHF"}
_NARROW: Final = "\N{NARROW NO-BREAK SPACE}"

_SCOPES: Final = {
    "read": pgettext_lazy("scope", "Reading"),
    "write": pgettext_lazy("scope", "Writing"),
    "delete": pgettext_lazy("scope", "Deleting"),
    "export": pgettext_lazy("scope", "Exporting"),
    "admin": pgettext_lazy("scope", "Administering"),
}

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def number(value: int) -> str:
    """Return a whole number with thousands separators."""
    return formats.number_format(value, 0, use_l10n=True, force_grouping=True)


def size(value: int) -> str:
    """Return the size of a file in words: `4 bytes`, `1.5 MB`."""
    if value >= 1024:
        return filesizeformat(value)
    # Django's own word for them is English in every language.
    return ngettext("%(n)s byte", "%(n)s bytes", value) % {"n": value}


def in_words(day: date, form: str) -> str:
    """Return names of months and days of the week as the language writes them within a sentence.

    Args:
        form: as Django's dates have it: `M Y`.
    """
    name = str(formats.date_format(day, form))
    return name if (get_language() or "en").startswith("en") else name.lower()


def money(minor: int | None, currency: str) -> str:
    """Return an amount in minor units as `€ 18,400`; with cents only if there are any."""
    if minor is None:
        return ""
    digits = exponent(currency)
    if minor % 10**digits == 0:
        digits = 0
    amount = formats.number_format(
        from_minor(minor, currency), digits, use_l10n=True, force_grouping=True
    )
    return f"{_SIGNS.get(currency, currency)}{_NARROW}{amount}"


def scope(word: str) -> str:
    """What a scope of an API key is called, with the word that programs know: `Reading (read)`."""
    return f"{_SCOPES[word]} ({word})"


def exact(moment: datetime) -> str:
    """Return the date and the time to the minute, in the person's time zone."""
    local = timezone.localtime(moment)
    day = formats.date_format(local, "DATE_FORMAT")
    return f"{day}, {formats.time_format(local, 'H:i')}"


def time_of(moment: datetime) -> str:
    """Return the time of day to the minute, in the person's time zone."""
    return formats.time_format(timezone.localtime(moment), "H:i")


def ago(moment: datetime) -> str:
    """Return the distance from now in words; the date itself beyond a month."""
    passed = clock.now() - moment
    if passed < -_MINUTE:
        return _ahead(-passed)
    if passed < _MINUTE:
        return _("just now")
    if passed < _HOUR:
        n = passed // _MINUTE
        return ngettext("%(n)s minute ago", "%(n)s minutes ago", n) % {"n": n}
    if passed < _DAY:
        n = passed // _HOUR
        return ngettext("%(n)s hour ago", "%(n)s hours ago", n) % {"n": n}
    n = passed // _DAY
    if n <= 30:
        return ngettext("%(n)s day ago", "%(n)s days ago", n) % {"n": n}
    return formats.date_format(timezone.localtime(moment), "SHORT_DATE_FORMAT")


def _ahead(left: timedelta) -> str:
    if left < _HOUR:
        n = left // _MINUTE
        return ngettext("in %(n)s minute", "in %(n)s minutes", n) % {"n": n}
    if left < _DAY:
        n = left // _HOUR
        return ngettext("in %(n)s hour", "in %(n)s hours", n) % {"n": n}
    n = left // _DAY
    return ngettext("in %(n)s day", "in %(n)s days", n) % {"n": n}


def counted(kind: str, count: int) -> str:
    """Return a number of objects of a kind, in words: "1 lead", "12 leads"."""
    declared = kinds.named(kind)
    return f"{number(count)} {declared.singular if count == 1 else declared.plural}"


def actor_name(kind: str, name: str) -> str:
    """Return the actor's name; commands and jobs have a translated one."""
    if kind == ActorKind.OPERATOR:
        return _("The operator of this installation")
    return _("Custode") if kind == ActorKind.SYSTEM else display_name(name)


def listed(counts: Mapping[str, int]) -> str:
    """Return several kinds with their counts: "12 comments, 3 calls"."""
    return ", ".join(counted(kind, count) for kind, count in counts.items())
