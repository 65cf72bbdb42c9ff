"""The job's part of an export: a file that is whole or not there at all, made once."""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from custode.exchange import exporting, folders
from custode.exchange.models import ExportFile, FileState, Format
from custode.exchange.orders import DIALECTS, Order
from custode.exchange.writing.csv_file import csv_bytes
from custode.exchange.writing.layout import layout_of
from custode.exchange.writing.xlsx_file import write_xlsx
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, Entrance, Origin
from custode.kernel.errors import CustodeError, Gone

TRIES: Final = 3
_TOLD_EVERY: Final = 5
"""Pages between two notes of progress."""

logger = logging.getLogger(__name__)


def make(account_id: int, pk: int) -> None:
    """Make the file of an order, for the user who asked, as that user is now.

    Run again after a crash it begins anew; the attempt that was cut off is closed in the log.
    """
    with scope.account(account_id):
        file = ExportFile.objects.select_related("user").filter(pk=pk).first()
        if file is None or not file.is_under_way:
            return
        user = file.user
        actor = user.actor(Entrance.JOB, Origin(**file.origin))
        zone = zoneinfo.ZoneInfo(user.time_zone)
        with translation.override(user.language), timezone.override(zone):
            _end_former_try(actor, file)
            try:
                _make(actor, file, zone)
            except CustodeError as no:
                _fail(file, str(no))
            except Exception:
                folders.remove(folders.EXPORTS, file.token)
                if file.tries < TRIES:
                    raise
                logger.exception("Export %s failed for the last time", file.pk)
                _fail(file, _("The file could not be written. Export again, or ask your operator."))


def _end_former_try(actor: Actor, file: ExportFile) -> None:
    folders.remove(folders.EXPORTS, file.token)
    if file.seq is not None:
        door.give_up_export(actor, file.seq, file.kind)
    file.tries += 1
    file.seq, file.rows, file.state = None, 0, FileState.WRITING
    file.token = folders.new_token()
    file.save(update_fields=["tries", "seq", "rows", "state", "token"])


def _make(actor: Actor, file: ExportFile, zone: zoneinfo.ZoneInfo) -> None:
    if file.tries > TRIES:
        raise Gone(_("The work was cut off several times. Export again, or ask your operator."))
    if not file.user.is_active:
        door.turn_away(actor, Verb.EXPORT, file.kind, _("This user has been disabled."))
    order = Order.from_dict(file.order)
    leaving = exporting.begin(actor, order)
    file.seq = leaving.seq
    file.save(update_fields=["seq"])
    path = folders.path_of(folders.EXPORTS, file.token)
    layout = layout_of(leaving, zone)
    pages = _told(file, leaving)
    half = folders.half_of(path)
    if file.format == Format.XLSX:
        write_xlsx(pages, layout, half, _("Leads"))
    else:
        with half.open("xb") as target:
            for piece in csv_bytes(pages, layout, DIALECTS[order.dialect]):
                target.write(piece)
    file.size, file.rows = folders.finish(path), leaving.count
    file.state, file.finished_at = FileState.READY, clock.now()
    file.expires_at = file.finished_at + exporting.KEPT
    file.save(update_fields=["size", "rows", "state", "finished_at", "expires_at"])


def _told(file: ExportFile, leaving: door.Export) -> Iterator[Sequence[tuple[Any, ...]]]:
    """The pages, with a note of progress now and then."""
    for number, page in enumerate(leaving.pages()):
        yield page
        if number % _TOLD_EVERY == 0:
            with scope.account(file.account_id):
                ExportFile.objects.filter(pk=file.pk).update(rows=leaving.count)


def _fail(file: ExportFile, why: str) -> None:
    folders.remove(folders.EXPORTS, file.token)
    file.state, file.why, file.token, file.finished_at = FileState.FAILED, why, "", clock.now()
    file.save(update_fields=["state", "why", "token", "finished_at"])
