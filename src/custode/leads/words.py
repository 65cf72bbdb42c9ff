"""Describes a filter in words: the marks above a list, and the sentence in the log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from custode.fields.models import DefaultField
from custode.fields.values import told_filter
from custode.guard.models import TrashEntry
from custode.leads.filters import MINE, NOBODY, Days, Filter
from custode.leads.models import Lead, Pipeline, Status, Step, Tag
from custode.people.models import User


@dataclass(frozen=True, slots=True)
class Mark:
    """One part of a filter in words, and the filter that remains without it."""

    text: str
    rest: Filter


def describe(wanted: Filter) -> str:
    """Return the filter as people read it; "" when it matches all."""
    return ", ".join(mark.text for mark in marks(wanted))


def marks(wanted: Filter) -> list[Mark]:
    """Return the parts of a filter; those that refer to something missing have no mark."""
    return [
        *_text(wanted),
        *_named(wanted),
        *_simple(wanted),
        *_amount(wanted),
        *_dates(wanted),
        *_own(wanted),
    ]


def unknown(wanted: Filter) -> bool:
    """Return whether the filter names a pipeline, step, tag, field or owner not in the account."""
    people = [int(one) for one in wanted.owners if one not in {MINE, NOBODY}]
    pipelines = [] if wanted.pipeline is None else [wanted.pipeline]
    asked: list[tuple[Any, Any]] = [
        (Pipeline, pipelines), (Step, wanted.steps), (Tag, wanted.tags), (User, people),
        (DefaultField, [pk for pk, _text in wanted.own]),
    ]  # fmt: skip
    return any(ids and model.objects.filter(pk__in=ids).count() < len(ids) for model, ids in asked)


def _text(wanted: Filter) -> Iterator[Mark]:
    if wanted.q:
        yield Mark(_("Text: “%(text)s”") % {"text": wanted.q}, wanted.without("q"))


def _named(wanted: Filter) -> Iterator[Mark]:
    if wanted.pipeline is not None:
        for pipeline in Pipeline.objects.filter(pk=wanted.pipeline):
            yield Mark(
                _("Pipeline: %(name)s") % {"name": pipeline.name}, wanted.without("pipeline")
            )
    if wanted.steps:
        for step in Step.objects.filter(pk__in=wanted.steps):
            yield Mark(_("Step: %(name)s") % {"name": step.name}, wanted.without("steps", step.pk))
    if wanted.owners:
        yield from _owners(wanted)
    if wanted.tags:
        for tag in Tag.objects.filter(pk__in=wanted.tags):
            yield Mark(_("Tag: %(name)s") % {"name": tag.name}, wanted.without("tags", tag.pk))


def _owners(wanted: Filter) -> Iterator[Mark]:
    if MINE in wanted.owners:
        yield Mark(_("My leads"), wanted.without("owners", MINE))
    if NOBODY in wanted.owners:
        yield Mark(_("Unassigned"), wanted.without("owners", NOBODY))
    ids = [int(one) for one in wanted.owners if one not in {MINE, NOBODY}]
    for user in User.objects.filter(pk__in=ids) if ids else ():
        yield Mark(
            _("Owner: %(name)s") % {"name": user.get_full_name()},
            wanted.without("owners", str(user.pk)),
        )


def _simple(wanted: Filter) -> Iterator[Mark]:
    for status in wanted.statuses:
        yield Mark(
            _("Status: %(name)s") % {"name": Status(status).label},
            wanted.without("statuses", status),
        )
    if wanted.starred:
        yield Mark(_("Starred"), wanted.without("starred"))
    if wanted.arrived is not None:
        for entry in TrashEntry.objects.filter(pk=wanted.arrived):
            name = ", ".join(entry.labels)
            yield Mark(_("Imported from %(name)s") % {"name": name}, wanted.without("arrived"))
    if wanted.folder is not None:
        # Without its name: the reader may not be allowed to see the folder.
        yield Mark(_("In one client folder"), wanted.without("folder"))
    if wanted.reminder:
        words = {
            "overdue": _("Reminder overdue"),
            "next": _("Reminder in the next 7 days"),
            "today": _("Reminder today"),
            "none": _("No reminder"),
        }
        yield Mark(words[wanted.reminder], wanted.without("reminder"))


def _amount(wanted: Filter) -> Iterator[Mark]:
    if wanted.amount_from is not None:
        yield Mark(
            _("Amount from %(amount)s") % {"amount": _number(wanted.amount_from)},
            wanted.without("amount_from"),
        )
    if wanted.amount_to is not None:
        yield Mark(
            _("Amount up to %(amount)s") % {"amount": _number(wanted.amount_to)},
            wanted.without("amount_to"),
        )


def _number(amount: Decimal) -> str:
    return str(formats.number_format(amount, use_l10n=True, force_grouping=True))


def _dates(wanted: Filter) -> Iterator[Mark]:
    named = (
        ("created", wanted.created, _("Created %(days)s")),
        ("closed", wanted.closed, _("Closed %(days)s")),
        ("closing", wanted.closing, _("Estimated closing %(days)s")),
    )
    for name, days, words in named:
        if days:
            yield Mark(words % {"days": _days(days)}, wanted.without(name))
    if wanted.undated:
        yield Mark(_("Without a closing date"), wanted.without("undated"))


def _own(wanted: Filter) -> Iterator[Mark]:
    for pair, told in told_filter(Lead.kind.name, wanted.own):
        yield Mark(told, wanted.without("own", pair))


def _days(days: Days) -> str:
    ends = []
    if days.first:
        ends.append(
            _("from %(day)s") % {"day": formats.date_format(days.first, "SHORT_DATE_FORMAT")}
        )
    if days.last:
        ends.append(_("to %(day)s") % {"day": formats.date_format(days.last, "SHORT_DATE_FORMAT")})
    return " ".join(ends)
