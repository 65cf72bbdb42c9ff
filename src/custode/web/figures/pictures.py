"""The charts of the page of figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from custode.kernel.money import exponent
from custode.leads import performance
from custode.leads.performance import CREATED, LOST, WON, Group, Month
from custode.web.figures.charts import Chart, Values, chart, steps
from custode.web.figures.tables import SERIES, month_name
from custode.web.shell import words


def counts(groups: Sequence[Group], months: Sequence[Month]) -> Chart:
    """Return the chart of leads created, won and lost per month."""
    names = {
        CREATED: pgettext("leads", "Created"),
        WON: pgettext("leads", "Won"),
        LOST: pgettext("leads", "Lost"),
    }
    sums = _sums(groups, len(months), lambda one: one.count)
    shown = [
        Values(
            _short(month),
            [sums[what][n] for what in SERIES],
            [
                f"{month_name(month)}, {names[what]}: {words.number(sums[what][n])}"
                for what in SERIES
            ],
        )
        for n, month in enumerate(months)
    ]
    largest = max((value for one in shown for value in one.values), default=0)
    scale = [(value, words.number(value)) for value in steps(largest)]
    return chart(_("Leads created, won and lost by month"), shown, scale)


def won(groups: Sequence[Group], months: Sequence[Month], currency: str) -> Chart:
    """Return the chart of amounts won per month, in one currency."""
    ours = [one for one in groups if one.currency == currency]
    sums = _sums(ours, len(months), lambda one: one.amount)[WON]
    title = _("Amount won by month, in %(currency)s") % {"currency": currency}
    return _amounts(
        title, [month_name(m) for m in months], [_short(m) for m in months], sums, currency
    )


def expected(groups: Sequence[Group], currency: str) -> Chart:
    """Return the chart of amounts expected to close in each future month, in one currency."""
    months = performance.forecast_months()
    sums = [0] * len(months)
    for one in groups:
        if one.currency == currency and 0 <= one.month < len(months):
            sums[one.month] += one.amount
    title = _("Amount expected to close by month, in %(currency)s") % {"currency": currency}
    return _amounts(
        title, [month_name(m) for m in months], [_short(m) for m in months], sums, currency
    )


def _amounts(
    title: str, names: Sequence[str], labels: Sequence[str], sums: Sequence[int], currency: str
) -> Chart:
    shown = [
        Values(label, [value], [f"{name}: {words.money(value, currency)}"])
        for name, label, value in zip(names, labels, sums, strict=True)
    ]
    unit = 10 ** exponent(currency)
    tops = steps(-(-max(sums, default=0) // unit))
    scale = [(value * unit, _brief(value)) for value in tops]
    return chart(title, shown, scale)


def _sums(
    groups: Sequence[Group], count: int, value: Callable[[Group], int]
) -> dict[str, list[int]]:
    sums = {what: [0] * count for what in SERIES}
    for one in groups:
        sums[one.what][one.month] += value(one)
    return sums


def _short(month: Month) -> str:
    """Return a month as `Nov`; January with its year."""
    return words.in_words(month.first, "M" if month.month > 1 else "M y")


def _brief(value: int) -> str:
    """Return an amount as the scale shows it: `20k`, `1.5M`."""
    for size, sign in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= size:
            digits = 0 if value % size == 0 else 1
            return f"{formats.number_format(value / size, digits, use_l10n=True)}{sign}"
    return words.number(value)
