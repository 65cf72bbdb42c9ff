"""Exports: streamed at once, or as a file that a job makes."""

from __future__ import annotations

import zoneinfo
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import BinaryIO, Final

from django.conf import settings
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from custode.exchange import askers, folders
from custode.exchange.models import ExportFile, FileState, Format
from custode.exchange.orders import DIALECTS, Order, counted, counted_along
from custode.exchange.reach import reach_of, reaches, with_hidden_lists
from custode.exchange.seats import Seats
from custode.exchange.writing.csv_file import csv_bytes
from custode.exchange.writing.layout import layout_of
from custode.exchange.writing.xlsx_file import MOST_ROWS
from custode.guard import door, kinds, policy
from custode.guard.kinds import Verb
from custode.kernel import clock, downloads
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.people.models import User

STREAMED: Final = 50_000
"""The maximum number of rows of a CSV file sent at once; a longer one is made by a job."""
KEPT: Final = timedelta(days=7)
"""How long a file is kept for its owner."""

SEATS: Final = Seats(max(1, settings.OPTIONS["THREADS"] // 2))
"""How many exports one process streams at once: never on all of its threads."""


TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""A file name's extension -> the media type."""


def attach(answer: downloads.Answer, name: str) -> None:
    """Set the headers of a response with a file of this name, so that no browser opens it."""
    downloads.attach(answer, name, TYPES[name.rpartition(".")[2]])


class Body:
    """The bytes of a streamed export. Closing it, at the end or early, is logged.

    Args:
        seats: the seats of which it holds one.

    Attributes:
        name: the file's name.
    """

    def __init__(
        self, leaving: door.Export, order: Order, zone: zoneinfo.ZoneInfo, seats: Seats
    ) -> None:
        self._leaving = leaving
        self._seats = seats
        self.name = order.file_name(leaving.seq)
        layout = layout_of(leaving, zone, in_words=order.in_words)
        self._pieces = csv_bytes(leaving.pages(), layout, DIALECTS[order.dialect])
        self._open = True

    def __iter__(self) -> Iterator[bytes]:
        return self._pieces

    def close(self) -> None:
        """End the export, and free its seat."""
        if self._open:
            self._open = False
            try:
                self._pieces.close()
                self._leaving.close()
            finally:
                self._seats.free()


def stream(user: User, actor: Actor, order: Order) -> Body | None:
    """Return the export as a stream, if it is short enough and a seat is free; else None.

    Raises:
        Refused: a rule forbids it.
        Invalid: the order is not valid.
        Gone: there is nothing to export.
    """
    order.check()
    _ask(actor, order)
    if order.format != Format.CSV or order.is_archive or not order.source.at_once:
        return None
    seats = SEATS
    if counted(actor, order) > STREAMED or not seats.take():
        return None
    try:
        leaving = begin(actor, order)
        return Body(leaving, order, zoneinfo.ZoneInfo(user.time_zone), seats)
    except BaseException:
        seats.free()
        raise


def _ask(actor: Actor, order: Order) -> None:
    tried = door.Attempt(order.rows(actor).count, {"format": order.format})
    door.authorize(actor, Verb.EXPORT, order.kind, tried)


def begin(actor: Actor, order: Order, **facts: int) -> door.Export:
    """Pass the door for an order.

    Args:
        facts: further facts for the log.
    """
    if order.kind == kinds.LOG.name:
        return door.export_log(
            actor, order.rows(actor), format=order.format, columns=order.columns,
            details=facts, filter_words=order.told(actor),
        )  # fmt: skip
    return door.export(
        actor,
        order.rows(actor),
        format=order.format,
        columns=order.columns,
        along=order.along(actor),
        details={**({"chosen": len(order.ids)} if order.ids else {}), **facts},
        filter_words=order.told(actor),
    )


def file_for(user: User, actor: Actor, order: Order) -> ExportFile:
    """Request a file; a job makes it (`tasks.make_export`).

    Args:
        user: the user of the row (`askers.user_of`), not necessarily the actor.

    Raises:
        Refused, Invalid, Gone: as `stream`; Invalid also when a workbook cannot hold so many.
    """
    order.check()
    _ask(actor, order)
    _require_columns(actor, order)
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
        origin=askers.origin_of(actor),
    )  # fmt: skip
    file.save()
    return file


def _require_columns(actor: Actor, order: Order) -> None:
    """Raise `Invalid` now for what the door would refuse once the job asks it."""
    allowed = [column.name for column in order.source.columns(actor, order.rows(actor))]
    for name in set(order.columns) - set(allowed):
        told = {"name": name, "all": ", ".join(allowed)}
        message = _("There is no column “%(name)s” to export. Possible are: %(all)s.")
        raise Invalid(message % told, field="columns")


def files_of(actor: Actor) -> QuerySet[ExportFile]:
    """Return the actor's own files, the latest first."""
    return ExportFile.objects.filter(askers.mine(actor)).order_by("-pk")


def of_programs(actor: Actor) -> QuerySet[ExportFile]:
    """Return the files that applications asked for as themselves, the latest first; for admins.

    Admins may see and remove them; only the application may download them.
    """
    if not actor.is_admin:
        return ExportFile.objects.none()
    return ExportFile.objects.filter(askers.BY_KEY).order_by("-pk")


def opened(actor: Actor, file: ExportFile) -> BinaryIO:
    """Open a file for its requester; this is counted, logged, and subject to their present rights.

    Raises:
        Gone: it is not ready (yet), or no longer exists.
        Refused: a rule now reserves exports to admins, or the requester sees less by now.
    """
    path = folders.path_of(folders.EXPORTS, file.token) if file.state == FileState.READY else None
    if path is None or not path.is_file():
        raise Gone(_("This file is not here any more. Export again."))
    hand_over(actor, file)
    return path.open("rb")


def hand_over(actor: Actor, file: ExportFile) -> None:
    """Count and log a download of a ready file.

    Raises:
        Refused: a rule now reserves exports to admins, or the requester sees less by now.
    """
    if policy.may(actor, Verb.EXPORT, file.kind).ok and out_of_reach(actor, [file]):
        why = _("You see less now than when this file was made. Export again.")
        tried = door.Attempt(file.rows, {"download": True})
        door.refuse(actor, Verb.EXPORT, file.kind, why, because="reach", tried=tried)
    door.authorize_download(actor, file.seq or 0, file.kind, file.rows, along=file.along)
    ExportFile.objects.filter(pk=file.pk).update(downloads=F("downloads") + 1)


def out_of_reach(actor: Actor, files: Iterable[ExportFile]) -> set[int]:
    """Return the numbers of the files that hold more than their requester sees by now."""
    now, files = reach_of(actor), list(files)
    beyond = {file.pk for file in files if not reaches(now, file.reach)}
    return beyond | with_hidden_lists(actor, files)


def remove(file: ExportFile) -> None:
    """Remove a file and its line in the list.

    Raises:
        Invalid: it is still being made.
    """
    if file.is_under_way:
        raise Invalid(_("This file is still being made. Wait until it is ready."))
    folders.remove(folders.EXPORTS, file.token)
    file.delete()


def expire() -> int:
    """Remove files whose days are over, and return how many; for the job, in one account."""
    due = ExportFile.objects.filter(expires_at__lte=clock.now(), state=FileState.READY)
    for file in due:
        folders.remove(folders.EXPORTS, file.token)
        file.state, file.token = FileState.EXPIRED, ""
        file.save(update_fields=["state", "token"])
    long_ago = clock.now() - 4 * KEPT
    ExportFile.objects.filter(expires_at__lte=long_ago, state=FileState.EXPIRED).delete()
    return len(due)
