"""The columns of the list: how each renders a lead, and which of them a person has chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol, TypeVar

from django.http import HttpRequest
from django.utils import formats
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from custode.fields.models import DefaultField
from custode.fields.models import Sort as FieldSort
from custode.fields.reading import shown
from custode.leads.models import Lead, Status
from custode.leads.queries import today
from custode.web.shell import tags as parts
from custode.web.shell import words

SESSION_KEY: Final = "lead_columns"
MOST_TAGS: Final = 2

STATUS_TINTS: Final = {
    Status.TODO: "blue",
    Status.STANDBY: "orange",
    Status.WON: "green",
    Status.CANCELLED: "secondary",
    Status.LOST: "red",
}


def status(lead: Lead) -> SafeString:
    """Render the status as a tinted word."""
    tint = STATUS_TINTS[Status(lead.status)]
    return format_html('<span class="badge bg-{}-lt">{}</span>', tint, lead.get_status_display())


def reminder(lead: Lead) -> SafeString:
    """Render the day of the reminder; an overdue one is marked, also in words."""
    if lead.remind_date is None:
        return SafeString("")
    hour = formats.time_format(lead.remind_time, "H:i") if lead.remind_time else ""
    when = f"{day(lead.remind_date)} {hour}".rstrip()
    if not lead.is_open or lead.remind_date > today():
        return format_html("{}", when)
    if lead.remind_date == today():
        return format_html('<span class="due">{}</span>', f"{_('today')} {hour}".rstrip())
    return format_html(
        '<span class="overdue">{} {}<span class="visually-hidden"> {}</span></span>',
        parts.icon("alarm-clock", 14), when, _("overdue"),
    )  # fmt: skip


def tags(names: list[str]) -> SafeString:
    """Render the first few tags, and the number of the others."""
    shown = format_html_join(
        "", '<span class="lead-tag" title="{}">{}</span>', ((n, n) for n in names[:MOST_TAGS])
    )
    more = len(names) - MOST_TAGS
    if more <= 0:
        return shown
    words = ngettext("%(n)s more tag: %(names)s", "%(n)s more tags: %(names)s", more)
    return format_html(
        '{}<span class="lead-tag" title="{}">+{}</span>',
        shown, words % {"n": more, "names": ", ".join(names[MOST_TAGS:])}, more,
    )  # fmt: skip


def owner(lead: Lead) -> SafeString:
    """Render the owner's initials and name."""
    if lead.owner is None:
        return format_html('<span class="faint">{}</span>', _("Unassigned"))
    name = lead.owner.get_full_name()
    return format_html(
        '<span class="owner"><span class="face tint-{}" aria-hidden="true">{}</span>'
        '<span class="clip">{}</span></span>',
        lead.owner.pk % 6, lead.owner.initials, name,
    )  # fmt: skip


def day(day: date | None) -> str:
    """Return a day in a short, unambiguous form: `19 Nov`, with its year unless it is this one."""
    if day is None:
        return ""
    form = "MONTH_DAY_FORMAT" if day.year == today().year else "SHORT_DATE_FORMAT"
    return str(formats.date_format(day, form))


def _percent(lead: Lead) -> str:
    return "" if lead.probability is None else f"{lead.probability}%"


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Args:
        cell: renders a lead, given the names of its tags.
        sort: the order that it sorts by; "" for none.
        is_number: whether it is aligned to the right.
    """

    name: str
    label: str | Promise
    cell: Callable[[Lead, list[str]], str]
    sort: str = ""
    is_number: bool = False


def _money(lead: Lead) -> str:
    return words.money(lead.amount_minor, lead.currency)


COLUMNS: Final = (
    Column("pipeline", gettext_lazy("Pipeline"), lambda lead, _names: lead.step.pipeline.name),
    Column("step", gettext_lazy("Step"), lambda lead, _names: lead.step.name, "step"),
    Column("status", gettext_lazy("Status"), lambda lead, _names: status(lead)),
    Column(
        "amount",
        gettext_lazy("Amount"),
        lambda lead, _names: _money(lead),
        "amount",
        is_number=True,
    ),
    Column(
        "probability",
        gettext_lazy("Probability"),
        lambda lead, _names: _percent(lead),
        is_number=True,
    ),
    Column(
        "weighted",
        gettext_lazy("Weighted amount"),
        lambda lead, _names: words.money(lead.weighted_minor, lead.currency),
        is_number=True,
    ),
    Column("owner", gettext_lazy("Owner"), lambda lead, _names: owner(lead), "owner"),
    Column("tags", gettext_lazy("Tags"), lambda _lead, names: tags(names)),
    Column("reminder", gettext_lazy("Reminder"), lambda lead, _names: reminder(lead), "reminder"),
    Column(
        "closing",
        gettext_lazy("Estimated closing"),
        lambda lead, _names: day(lead.estimated_closing_date),
        "closing",
    ),
    Column(
        "updated",
        gettext_lazy("Last changed"),
        lambda lead, _names: parts.ago(lead.updated_at),
        "updated",
    ),
    Column(
        "created",
        gettext_lazy("Created"),
        lambda lead, _names: parts.ago(lead.created_at),
        "created",
    ),
    Column("closed", gettext_lazy("Closed"), lambda lead, _names: parts.ago(lead.closed_at)),
)


class Named(Protocol):
    """Something with a name that can be chosen."""

    @property
    def name(self) -> str:
        """Return its name in addresses."""


AnyColumn = TypeVar("AnyColumn", bound=Named)
USUAL: Final = frozenset({"step", "status", "amount", "owner", "tags", "reminder"})


def every(fields: Iterable[DefaultField]) -> list[Column]:
    """Return all available columns, those of the account's default fields last."""
    return [*COLUMNS, *map(_own, fields)]


def _own(field: DefaultField) -> Column:
    def cell(lead: Lead, _names: list[str]) -> str:
        """Render a lead's value of the field."""
        return shown(field, lead.field_values.get(field.key))

    return Column(field.asked, field.name, cell, is_number=field.sort == FieldSort.NUMBER)


def chosen(
    request: HttpRequest,
    columns: Sequence[AnyColumn],
    usual: Iterable[str] = USUAL,
    key: str = SESSION_KEY,
) -> list[AnyColumn]:
    """Return the columns that a person has chosen; a choice in the address is remembered.

    Args:
        usual: the names of the default columns.
        key: the session key under which the choice is stored.
    """
    names = {column.name for column in columns}
    asked = names.intersection(request.GET.getlist("cols"))
    if asked or "cols" in request.GET:
        request.session[key] = sorted(asked)
    wanted = request.session.get(key)
    if not isinstance(wanted, list):
        wanted = list(usual)
    return [column for column in columns if column.name in wanted]
