"""The columns of the list: what each shows of a lead, and which ones a person has chosen."""

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
    """The status as a tinted word."""
    tint = STATUS_TINTS[Status(lead.status)]
    return format_html('<span class="badge bg-{}-lt">{}</span>', tint, lead.get_status_display())


def reminder(lead: Lead) -> SafeString:
    """The day of the reminder; marked, and said, when it is over."""
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
    """The first few tags, and how many more there are."""
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
    """The owner's initials and name."""
    if lead.owner is None:
        return format_html('<span class="faint">{}</span>', _("Unassigned"))
    name = lead.owner.get_full_name()
    return format_html(
        '<span class="owner"><span class="face tint-{}" aria-hidden="true">{}</span>'
        '<span class="clip">{}</span></span>',
        lead.owner.pk % 6, lead.owner.initials, name,
    )  # fmt: skip


def day(day: date | None) -> str:
    """A day, short and not to be mistaken for another: `19 Nov`, with its year when not this."""
    if day is None:
        return ""
    form = "MONTH_DAY_FORMAT" if day.year == today().year else "SHORT_DATE_FORMAT"
    return str(formats.date_format(day, form))


def _percent(lead: Lead) -> str:
    return "" if lead.probability is None else f"{lead.probability}%"


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Args:
        cell: what it shows of a lead, whose tags' names come along.
        sort: the order it sorts by, "" for none.
        is_number: whether it stands to the right.
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
    """What can be chosen."""

    @property
    def name(self) -> str:
        """What addresses call it."""


AnyColumn = TypeVar("AnyColumn", bound=Named)
USUAL: Final = frozenset({"step", "status", "amount", "owner", "tags", "reminder"})


def every(fields: Iterable[DefaultField]) -> list[Column]:
    """All columns that there are to choose from, those of the account's default fields last."""
    return [*COLUMNS, *map(_own, fields)]


def _own(field: DefaultField) -> Column:
    def cell(lead: Lead, _names: list[str]) -> str:
        return shown(field, lead.field_values.get(field.key))

    return Column(field.asked, field.name, cell, is_number=field.sort == FieldSort.NUMBER)


def chosen(
    request: HttpRequest,
    columns: Sequence[AnyColumn],
    usual: Iterable[str] = USUAL,
    key: str = SESSION_KEY,
) -> list[AnyColumn]:
    """Of these columns those that a person has chosen; what the address names is remembered.

    Args:
        usual: the names of those that are shown until somebody chooses.
        key: by what name the session remembers them.
    """
    names = {column.name for column in columns}
    asked = names.intersection(request.GET.getlist("cols"))
    if asked or "cols" in request.GET:
        request.session[key] = sorted(asked)
    wanted = request.session.get(key)
    if not isinstance(wanted, list):
        wanted = list(usual)
    return [column for column in columns if column.name in wanted]
