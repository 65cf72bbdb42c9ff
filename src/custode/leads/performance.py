"""The performance report: what was created, won and lost by month and person, and the forecast.

The leads are those of the list (`queries.matching`), and months are cut in the time zone in which
the list counts days, so no figure can differ from the list that it links to. A few statements
suffice, however many leads there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import Case, Count, F, FloatField, IntegerField, Sum, Value, When
from django.utils import timezone

from custode.kernel.actor import Actor
from custode.leads.filters import Days, Filter
from custode.leads.models import OPEN, Status
from custode.leads.queries import Leads, matching, today

MOST_MONTHS: Final = 24
AHEAD: Final = 12
"""The number of months in the forecast, including the current one."""

CREATED, WON, LOST = "created", "won", "lost"
BEFORE, LATER, UNDATED = -1, AHEAD, -2
"""Places of the forecast besides its months: closing dates that are past, far off, or missing."""


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A calendar month."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Month:
        """Return the month of a day."""
        return cls(day.year, day.month)

    @property
    def days(self) -> Days:
        """The days from its first to its last."""
        return Days(self.first, self.after(1).first - timedelta(days=1))

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    def after(self, months: int) -> Month:
        """Return the month this many months later; earlier if negative."""
        whole = self.year * 12 + self.month - 1 + months
        return Month(whole // 12, whole % 12 + 1)

    def until(self, last: Month) -> list[Month]:
        """Return this month and the following ones, to the last."""
        count = (last.year - self.year) * 12 + last.month - self.month + 1
        return [self.after(n) for n in range(max(0, count))]


@dataclass(frozen=True, slots=True)
class Group:
    """The number and value of the leads of one month, person and currency.

    Args:
        what: `created`, `won` or `lost`; "" in a forecast.
        month: its index among the requested months; in a forecast also one of the further places.
        owner: the number of a user, None for nobody.
        amount: in minor units of the currency; `weighted`: by each lead's probability.
    """

    what: str
    month: int
    owner: int | None
    currency: str
    count: int
    amount: int
    weighted: int = 0


def groups(actor: Actor, wanted: Filter, months: Sequence[Month]) -> list[Group]:
    """Return what was created, won and lost in these months, by two statements.

    Args:
        wanted: the filter of the leads; its own dates and statuses are ignored.
    """
    base = replace(wanted, statuses=(), created=Days(), closed=Days(), closing=Days())
    days = Days(months[0].first, months[-1].days.last)
    created = matching(actor, replace(base, created=days))
    ended = matching(actor, replace(base, closed=days, statuses=(Status.WON, Status.LOST)))
    return [
        *(Group(CREATED, *row) for row in _grouped(created, "created_at", months)),
        *(
            Group(WON if status == Status.WON else LOST, *row)
            for status, *row in _grouped(ended, "closed_at", months, "status")
        ),
    ]


def forecast(actor: Actor, wanted: Filter) -> list[Group]:
    """Return all open leads by the month of their expected closing, by one statement."""
    leads = matching(actor, forecast_filter(wanted))
    months = forecast_months()
    column = "estimated_closing_date"
    whens = [
        When(**{f"{column}__isnull": True}, then=Value(UNDATED)),
        When(**{f"{column}__lt": months[0].first}, then=Value(BEFORE)),
        *(
            When(**{f"{column}__lt": month.after(1).first}, then=Value(n))
            for n, month in enumerate(months)
        ),
    ]
    place = Case(*whens, default=Value(LATER), output_field=IntegerField())
    weighted = Sum(F("amount_minor") * F("probability") / 100.0, output_field=FloatField())
    rows = (
        leads.order_by()
        .annotate(place=place)
        .values("place", "currency")
        .annotate(n=Count("pk"), total=Sum("amount_minor"), weighted=weighted)
        .values_list("place", "currency", "n", "total", "weighted")
    )
    return [
        Group("", place, None, currency, n, int(total or 0), round(weighted or 0))
        for place, currency, n, total, weighted in rows
    ]


def forecast_filter(wanted: Filter) -> Filter:
    """Return the filter limited to open leads."""
    return replace(wanted, statuses=OPEN, created=Days(), closed=Days(), closing=Days())


def forecast_months() -> list[Month]:
    """Return the months of a forecast, starting with the current one."""
    now = Month.of(today())
    return now.until(now.after(AHEAD - 1))


def forecast_days(place: int) -> Days:
    """Return the closing dates of a place of the forecast."""
    months = forecast_months()
    if place == BEFORE:
        return Days(None, months[0].first - timedelta(days=1))
    return Days(months[-1].after(1).first, None) if place == LATER else months[place].days


def _grouped(
    leads: Leads, column: str, months: Sequence[Month], *further: str
) -> list[tuple[Any, ...]]:
    """Return rows of: the further columns, month index, owner, currency, count, amount."""
    zone = timezone.get_current_timezone()
    # Where each month ends is computed here, which handles clock changes correctly and spares the
    # database converting a moment for each row.
    place = Case(
        *(
            When(
                **{f"{column}__lt": datetime.combine(month.after(1).first, time(), zone)},
                then=Value(n),
            )
            for n, month in enumerate(months)
        ),
        output_field=IntegerField(),
    )
    names = (*further, "place", "owner", "currency")
    rows = (
        leads.order_by()
        .annotate(place=place)
        .values(*names)
        .annotate(n=Count("pk"), total=Sum("amount_minor"))
        .values_list(*names, "n", "total")
    )
    return [(*row[:-1], int(row[-1] or 0)) for row in rows]
