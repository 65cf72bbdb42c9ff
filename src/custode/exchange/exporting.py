"""How an export leaves: streamed at once, or as a file that a job makes."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db.models import F
from django.utils.translation import gettext as _

from custode.exchange import folders
from custode.exchange.models import ExportFile, FileState, Format
from custode.exchange.orders import DIALECTS, Order, counted, counted_along
from custode.exchange.seats import Seats
from custode.exchange.writing.csv_file import csv_bytes
from custode.exchange.writing.layout import layout_of
from custode.exchange.writing.xlsx_file import MOST_ROWS
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people.models import User

STREAMED: Final = 50_000
"""Up to so many rows a CSV file is sent at once; a longer one is made by a job."""
KEPT: Final = timedelta(days=7)
"""How long a file waits for its owner."""

SEATS: Final = Seats(max(1, settings.OPTIONS["THREADS"] // 2))
"""How many streamed exports one process works on at once: never all of its threads."""


class Body:
    """The bytes of a streamed export. Closing it, at the end or in the middle, is logged."""

    def __init__(self, leaving: door.Export, order: Order, zone: zoneinfo.ZoneInfo) -> None:
        self._leaving = leaving
        layout = layout_of(leaving, zone, in_words=order.in_words)
        self._pieces = csv_bytes(leaving.pages(), layout, DIALECTS[order.dialect])
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """End it, and free its seat."""
        if self._open:
            self._open = False
            try:
                self._pieces.close()
                self._leaving.close()
            finally:
                SEATS.free()


def stream(user: User, actor: Actor, order: Order) -> Body | None:
    """The export as a stream, when it is short enough and a seat is free; else None.

    Raises:
        Refused: a rule forbids it.
        Invalid: the order makes no sense.
        Gone: there is nothing to export.
    """
    order.check()
    _ask(actor, order)
    if order.format != Format.CSV or order.is_archive:
        return None
    if counted(actor, order) > STREAMED or not SEATS.take():
        return None
    try:
        leaving = begin(actor, order)
        return Body(leaving, order, zoneinfo.ZoneInfo(user.time_zone))
    except BaseException:
        SEATS.free()
        raise


def _ask(actor: Actor, order: Order) -> None:
    tried = door.Tried(order.rows(actor).count, {"format": order.format})
    door.ask(actor, Verb.EXPORT, order.kind, tried)


def begin(actor: Actor, order: Order) -> door.Export:
    """Let an order through the door."""
    return door.export(
        actor,
        order.rows(actor),
        format=order.format,
        columns=order.columns,
        along=order.along(actor),
        details={"chosen": len(order.ids)} if order.ids else {},
        filter_words=order.words(actor),
    )


def file_for(user: User, actor: Actor, order: Order) -> ExportFile:
    """Ask for a file; a job makes it (`tasks.make_export`).

    Raises:
        Refused, Invalid, Gone: as `stream`; Invalid also when a workbook cannot hold so many.
    """
    order.check()
    _ask(actor, order)
    expected, along = counted(actor, order), counted_along(actor, order)
    if order.format == Format.XLSX and max(expected, *along.values(), 0) > MOST_ROWS:
        raise Invalid(
            _("An Excel sheet holds at most %(most)s rows. Export as CSV.")
            % {"most": f"{MOST_ROWS:,}"},
            field="format",
        )
    file = ExportFile(
        user=user, kind=order.kind, order=order.as_dict(), words=order.words(actor),
        format=order.format, name=order.file_name(), expected=expected + sum(along.values()),
        origin={
            "ip": actor.origin.ip, "device": actor.origin.device, "session": actor.origin.session,
        },
    )  # fmt: skip
    file.save()
    return file


def files_of(user: User) -> list[ExportFile]:
    """A user's own files, the latest first."""
    return list(ExportFile.objects.filter(user=user).order_by("-pk")[:200])


def hand_over(actor: Actor, file: ExportFile) -> None:
    """Count and log a download of a ready file.

    Raises:
        Refused: a rule reserves exports to admins by now.
    """
    door.hand_over(actor, file.seq or 0, file.kind, file.rows, along=file.along)
    ExportFile.objects.filter(pk=file.pk).update(downloads=F("downloads") + 1)


def remove(file: ExportFile) -> None:
    """Remove a file and its line in the list."""
    folders.remove(folders.EXPORTS, file.token)
    file.delete()


def expire() -> int:
    """For the job, in one account: remove files whose days are over; gives how many."""
    due = ExportFile.objects.filter(expires_at__lte=clock.now(), state=FileState.READY)
    for file in due:
        folders.remove(folders.EXPORTS, file.token)
        file.state, file.token = FileState.EXPIRED, ""
        file.save(update_fields=["state", "token"])
    long_ago = clock.now() - 4 * KEPT
    ExportFile.objects.filter(expires_at__lte=long_ago, state=FileState.EXPIRED).delete()
    return len(due)
