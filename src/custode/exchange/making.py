"""The job's part of an export: makes a file once, which is complete or does not exist."""

from __future__ import annotations

import json
import logging
import zoneinfo
from collections.abc import Generator, Iterator, Sequence
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import Any, Final

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from custode.exchange import claims, exporting, folders
from custode.exchange.askers import Asker, asker_of
from custode.exchange.models import ExportFile, FileState, Format
from custode.exchange.orders import DIALECTS, Order
from custode.exchange.pulse import Pulse
from custode.exchange.reach import reach_of, with_lists
from custode.exchange.writing.archive import write_archive
from custode.exchange.writing.csv_file import csv_bytes
from custode.exchange.writing.layout import Table, layout_of
from custode.exchange.writing.properties import name_entry
from custode.exchange.writing.xlsx_file import write_xlsx
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import CustodeError, Gone

Page = Sequence[tuple[Any, ...]]

TRIES: Final = 3

logger = logging.getLogger(__name__)


def make(account_id: int, pk: int) -> bool:
    """Make the file of an order, with the requester's present rights.

    After a crash it starts anew; the interrupted attempt is closed in the log.

    Returns:
        False when another job works on the file: look again later whether that one succeeded.
    """
    with scope.account(account_id):
        file = ExportFile.objects.select_related("user__account").filter(pk=pk).first()
        if file is None or not file.is_under_way:
            return True
        if not claims.take(file):
            return False
        asker = asker_of(file)
        with translation.override(asker.language), timezone.override(asker.zone):
            _try(asker, file)
        return True


def _try(asker: Asker, file: ExportFile) -> None:
    try:
        if file.tries > 1:
            _tell_of_earlier(asker.actor, file)
        _make(asker, file)
    except claims.Lost:
        # Another attempt has its own file and its own log entry; nothing of this one remains.
        folders.remove(folders.EXPORTS, file.token)
    except CustodeError as no:
        _fail(file, str(no))
    except Exception:
        if file.tries < TRIES:
            claims.give_back(file)
            raise
        logger.exception("Export %s failed for the last time", file.pk)
        _fail(file, _("The file could not be written. Export again, or ask your operator."))


def _tell_of_earlier(actor: Actor, file: ExportFile) -> None:
    """Log the ends of killed attempts, even if the file did not know their number yet."""
    begun = LogEntry.objects.filter(
        verb=Verb.EXPORT, outcome=Outcome.STARTED, actor_kind=actor.kind.value, actor_id=actor.id,
        at__gte=file.created_at,
    )  # fmt: skip
    for entry in begun:
        if json.loads(entry.details).get("file") == file.pk:
            door.log_killed_export(actor, entry.seq, file.kind)


def _make(asker: Asker, file: ExportFile) -> None:
    if file.tries > TRIES:
        raise Gone(_("The work was cut off several times. Export again, or ask your operator."))
    asker.require_active(file.kind)
    order = Order.from_dict(file.order)
    # Noted before anything is read: whoever sees less while it is written is not given the file.
    reach = with_lists(reach_of(asker.actor), order.rows(asker.actor))
    claims.keep(file, reach=reach)
    leaving = exporting.begin(asker.actor, order, file=file.pk)
    path = folders.path_of(folders.EXPORTS, file.token)
    with closing(leaving):
        claims.keep(file, seq=leaving.seq, name=order.file_name(leaving.seq))
        with Pulse(file, lambda: leaving.total) as pulse, ExitStack() as ends:
            tables = list(_tables(leaving, pulse, asker.zone, order.in_words))
            for table in tables:
                ends.callback(table.pages.close)
            _write(tables, order, path)
    if order.format == Format.XLSX:
        name_entry(folders.half_of(path), leaving.seq)
    claims.keep(file)
    size, now = folders.finish(path), clock.now()
    # With the lists that came into sight in the meantime.
    reach = with_lists(reach, order.rows(asker.actor))
    claims.keep(
        file, state=FileState.READY, size=size, rows=leaving.count,
        along=leaving.gone_along, finished_at=now, expires_at=now + exporting.KEPT, reach=reach,
    )  # fmt: skip


def _write(tables: Sequence[Table], order: Order, path: Path) -> None:
    half = folders.half_of(path)
    if order.format == Format.XLSX:
        write_xlsx(tables, half)
        return
    with half.open("xb") as target:
        if order.is_archive:
            write_archive(tables, DIALECTS[order.dialect], target)
            return
        (table,) = tables
        target.writelines(csv_bytes(table.pages, table.layout, DIALECTS[order.dialect]))


def _tables(
    leaving: door.Export, pulse: Pulse, zone: zoneinfo.ZoneInfo, in_words: bool
) -> Iterator[Table]:
    """Yield a table for each exported kind; each is read when its turn comes."""
    for reading in (leaving.main, *leaving.along):
        name = str(reading.kind.plural)
        title = name[:1].upper() + name[1:]
        layout = layout_of(reading, zone, in_words=in_words)
        yield Table(f"{reading.kind.name}s", title, _pages(reading, pulse), layout)


def _pages(reading: door.ExportRows, pulse: Pulse) -> Generator[Page]:
    """Yield the pages, as long as no other attempt has the file."""
    with closing(reading.pages()) as pages:
        for page in pages:
            pulse.check()
            yield page


def _fail(file: ExportFile, why: str) -> None:
    folders.remove(folders.EXPORTS, file.token)
    with suppress(claims.Lost):
        claims.keep(file, state=FileState.FAILED, why=why, token="", finished_at=clock.now())
