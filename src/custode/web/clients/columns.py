"""The columns of the list of client folders, and which of them a person has chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from custode.clients.models import ClientFolder
from custode.fields.models import DefaultField
from custode.fields.models import Sort as FieldSort
from custode.fields.reading import shown
from custode.leads.deals import Deals
from custode.web.leads.list import columns as of_leads
from custode.web.shell import tags as parts
from custode.web.shell import words

SESSION_KEY: Final = "folder_columns"


@dataclass(frozen=True, slots=True)
class Column:
    """A column.

    Args:
        cell: renders a folder and the sums of its leads.
        is_number: whether it is aligned to the right.
    """

    name: str
    label: str | Promise
    cell: Callable[[ClientFolder, Deals], str]
    is_number: bool = False


def _owner(folder: ClientFolder, _deals: Deals) -> SafeString:
    name = str(folder.owner) if folder.owner else _("Unassigned")
    face = parts.avatar(folder.owner)
    words = '<span class="owner">{}<span class="clip" aria-hidden="true">{}</span></span>'
    return format_html(words, face, name)


def _sums(sums: dict[str, int]) -> str:
    return " ".join(words.money(minor, currency) for currency, minor in sums.items())


COLUMNS: Final = (
    Column("owner", gettext_lazy("Owner"), _owner),
    Column(
        "leads",
        gettext_lazy("Leads"),
        lambda _folder, deals: words.number(deals.count),
        is_number=True,
    ),
    Column(
        "open",
        pgettext_lazy("leads", "Open"),
        lambda _folder, deals: _sums(deals.open),
        is_number=True,
    ),
    Column(
        "won",
        pgettext_lazy("leads", "Won"),
        lambda _folder, deals: _sums(deals.won),
        is_number=True,
    ),
    Column(
        "updated",
        gettext_lazy("Last changed"),
        lambda folder, _deals: parts.ago(folder.updated_at),
    ),
    Column(
        "created",
        gettext_lazy("Created"),
        lambda folder, _deals: parts.ago(folder.created_at),
    ),
)
USUAL: Final = frozenset({"owner", "leads", "open", "won", "updated"})


def every(fields: Iterable[DefaultField]) -> list[Column]:
    """Return all available columns, those of the account's default fields last."""
    return [*COLUMNS, *map(_own, fields)]


def chosen(request: HttpRequest, columns: list[Column]) -> list[Column]:
    """Return the columns that a person has chosen; a choice in the address is remembered."""
    return of_leads.chosen(request, columns, USUAL, SESSION_KEY)


def _own(field: DefaultField) -> Column:
    def cell(folder: ClientFolder, _deals: Deals) -> str:
        """Render a folder's value of the field."""
        return shown(field, folder.field_values.get(field.key))

    return Column(field.asked, field.name, cell, is_number=field.sort == FieldSort.NUMBER)
