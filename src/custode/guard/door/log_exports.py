"""Exporting the log itself: for admins who have proved their identity, and logged as an act."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from custode.guard import kinds, log, ports
from custode.guard.door.acts import authorized
from custode.guard.door.export_rows import PAGE, ExportRows, Row
from custode.guard.door.exports import Export, chosen_of
from custode.guard.kinds import Column, Kind, Verb
from custode.guard.models import LogEntry, Outcome
from custode.guard.refusals import Attempt
from custode.kernel.actor import Actor

COLUMNS: Final = (
    Column("seq", "seq", _("Entry")),
    Column("at", "at", _("When")),
    Column("sentence", "sentence", _("What happened")),
    Column("who", "who", _("Who")),
    Column("action", "action", _("Action")),
    Column("what", "what", _("Kind")),
    Column("count", "count", _("How many")),
    Column("outcome", "outcome_words", _("Outcome")),
    Column("why", "why", _("Why not")),
    Column("names", "names", _("Names")),
    Column("filter", "filter", pgettext_lazy("of a list", "Filter")),
    Column("reason", "reason", _("Reason")),
    Column("entrance", "entrance_words", _("Entrance")),
    Column("device", "device", _("Device")),
    Column("ip", "ip", _("IP address")),
    Column("session", "session", _("Session")),
    Column("about", "about", _("About entry")),
    Column("hash", "hash", _("Fingerprint")),
)
"""The columns of an exported entry. Those that are no columns of its table are supplied by the
screens (`ports.tell_entries`).
"""
_OWN: Final = frozenset({"seq", "at", "count", "session", "about", "hash"})


class LogReading(ExportRows):
    """Reads entries of the log, in the words of the screens, each page by a few queries.

    No traces of what left are kept: they would survive the erasing of personal data.
    """

    kept = False

    @property
    def kind(self) -> Kind:
        """The kind of the log's entries."""
        return kinds.LOG

    def _read(self, *, plain: bool) -> Iterator[Sequence[Row]]:
        # In pages of its own, by number, so that no cursor stays open for the whole time.
        rows: QuerySet[LogEntry] = self._rows
        place: dict[str, Any] = {}
        while page := list(rows.filter(**place).order_by("-seq")[:PAGE]):
            told = ports.tell_entries(page)
            yield [self._row(entry, words) for entry, words in zip(page, told, strict=True)]
            place = {"seq__lt": page[-1].seq}

    def _row(self, entry: LogEntry, words: Any) -> Row:
        told = (
            getattr(entry, column.name) if column.name in _OWN else words[column.name]
            for column in self.columns
        )
        return (*told, entry.pk)


def export_log(
    actor: Actor,
    entries: QuerySet[LogEntry],
    *,
    format: str,  # noqa: A002 (the name that callers use)
    columns: Sequence[str] = (),
    details: Mapping[str, Any] | None = None,
    filter_words: Mapping[str, str] | None = None,
) -> Export:
    """Start an export of log entries: check, log "started", and return what may be read.

    Entries added in the meantime are not included: the log is exported as it was when asked for.

    Args:
        entries: a query over the account's entries; the latest come first.
        format: `csv` or `xlsx`, for the log.
        columns: names of `COLUMNS`; empty for all.

    Raises:
        Refused: the actor is no admin.
        Invalid: there is no such column.
    """
    chosen = chosen_of(kinds.LOG, columns, COLUMNS)
    # Days are filtered by time, but reading goes by number: drop the order.
    mine = entries.filter(account_id=actor.account_id).order_by()
    tried = Attempt(mine.count if actor.is_admin else 0, {"format": format})
    with authorized(actor, Verb.EXPORT, kinds.LOG.name, tried):
        upto = log.hold(actor.account_id).seq
        noted = log.write(
            actor, Verb.EXPORT, kind=kinds.LOG.name, outcome=Outcome.STARTED,
            details={"format": format, "columns": [c.name for c in chosen], **(details or {})},
            personal={"filter": dict(filter_words or {})},
        )  # fmt: skip
        rows = mine.filter(seq__lte=upto)
    return Export(actor, noted.seq, rows, chosen, reading=LogReading)
