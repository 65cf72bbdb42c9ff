"""The tables of figures: each number links to the leads it counts, if a filter can find them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from custode.leads import performance
from custode.leads.filters import NOBODY, Days, Filter
from custode.leads.models import Status
from custode.leads.performance import CREATED, LOST, WON, Group, Month
from custode.people.models import User
from custode.web.shell import words

SERIES = (CREATED, WON, LOST)


@dataclass(slots=True)
class Cell:
    """A number of leads, their value by currency, and the address that lists them ("" for none)."""

    count: int = 0
    amounts: dict[str, int] = field(default_factory=dict)
    weighted: dict[str, int] = field(default_factory=dict)
    url: str = ""

    def add(self, group: Group) -> None:
        """Add a group."""
        self.count += group.count
        for sums, value in ((self.amounts, group.amount), (self.weighted, group.weighted)):
            if value:
                sums[group.currency] = sums.get(group.currency, 0) + value

    @property
    def money(self) -> list[str]:
        """Return the amounts as people read them, in the order of their groups."""
        return _money(self.amounts)

    @property
    def weighted_money(self) -> list[str]:
        """Return the amounts weighted by probability."""
        return _money(self.weighted)


@dataclass(slots=True)
class Row:
    """A row of a table: its heading, and a cell for each series."""

    label: str
    cells: dict[str, Cell]

    @property
    def created(self) -> Cell:
        """Return the cell of leads created."""
        return self.cells[CREATED]

    @property
    def won(self) -> Cell:
        """Return the cell of leads won."""
        return self.cells[WON]

    @property
    def lost(self) -> Cell:
        """Return the cell of leads lost."""
        return self.cells[LOST]


def currencies(groups: Iterable[Group], usual: str) -> list[str]:
    """Return the currencies in use: the account's own first, then by number of leads.

    Args:
        usual: the account's own currency.
    """
    counts: dict[str, int] = {}
    for one in groups:
        if one.amount:
            counts[one.currency] = counts.get(one.currency, 0) + one.count
    return sorted(counts, key=lambda one: (one != usual, -counts[one], one))


def in_order(groups: Iterable[Group], currencies: Sequence[str]) -> list[Group]:
    """Return the groups ordered by currency, so that sums list their currencies in this order."""
    rank = {currency: n for n, currency in enumerate(currencies)}
    return sorted(groups, key=lambda one: rank.get(one.currency, len(rank)))


def by_month(groups: Sequence[Group], months: Sequence[Month], wanted: Filter) -> list[Row]:
    """Return a row for each month, and one for the total."""
    rows = [_row(month_name(month), wanted, month.days) for month in months]
    whole = _row(_("All months"), wanted, Days(months[0].first, months[-1].days.last))
    for one in groups:
        rows[one.month].cells[one.what].add(one)
        whole.cells[one.what].add(one)
    return [*rows, whole]


def by_person(groups: Sequence[Group], months: Sequence[Month], wanted: Filter) -> list[Row]:
    """Return a row for each person with leads, most won first; leads that nobody owns come last."""
    days = Days(months[0].first, months[-1].days.last)
    ids = {one.owner for one in groups if one.owner is not None}
    names = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=ids)}
    rows: dict[int | None, Row] = {}
    for one in groups:
        if one.owner not in rows:
            owner = NOBODY if one.owner is None else str(one.owner)
            label = _("Unassigned") if one.owner is None else names.get(one.owner, "")
            rows[one.owner] = _row(label, replace(wanted, owners=(owner,)), days)
        rows[one.owner].cells[one.what].add(one)

    def rank(owner: int | None) -> tuple[bool, int, int, str]:
        """Return the sort key of a row."""
        row = rows[owner]
        return owner is None, -row.won.count, -row.created.count, row.label

    return [rows[owner] for owner in sorted(rows, key=rank)]


def forecast(groups: Sequence[Group], wanted: Filter) -> list[tuple[str, Cell]]:
    """Return a row for each coming month, preceded by overdue leads and followed by the rest."""
    months = performance.forecast_months()
    places = [
        (performance.BEFORE, _("Before this month")),
        *((n, month_name(month)) for n, month in enumerate(months)),
        (performance.LATER, pgettext("of a closing date", "Later")),
        (performance.UNDATED, _("Without a closing date")),
    ]
    cells = {place: Cell() for place, _words in places}
    whole = Cell(url=_listed(performance.forecast_filter(wanted)))
    for one in groups:
        cells[one.month].add(one)
        whole.add(one)
    for place, cell in cells.items():
        asked = performance.forecast_filter(wanted)
        if place == performance.UNDATED:
            cell.url = _listed(replace(asked, undated=True))
        else:
            cell.url = _listed(replace(asked, closing=performance.forecast_days(place)))
    usual = set(range(len(months)))
    shown = [
        (label, cells[place]) for place, label in places if place in usual or cells[place].count
    ]
    return [*shown, (_("All open leads"), whole)]


def month_name(month: Month) -> str:
    """Return a month as `Nov 2026`."""
    return words.in_words(month.first, "M Y")


def _row(label: str, wanted: Filter, days: Days) -> Row:
    base = replace(wanted, statuses=(), created=Days(), closed=Days(), closing=Days())
    return Row(label, {
        CREATED: Cell(url=_listed(replace(base, created=days))),
        WON: Cell(url=_listed(replace(base, closed=days, statuses=(Status.WON.value,)))),
        LOST: Cell(url=_listed(replace(base, closed=days, statuses=(Status.LOST.value,)))),
    })  # fmt: skip


def _listed(wanted: Filter) -> str:
    return f"{reverse('lead_list')}?{wanted.to_query().urlencode()}"


def _money(sums: dict[str, int], told: Callable[[int, str], str] = words.money) -> list[str]:
    return [told(minor, currency) for currency, minor in sums.items()]
