"""Exports in the product: streamed under a cap, or made as files by a job."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from custode.accounts import moves as account_moves
from custode.exchange import claims, exporting, folders, making
from custode.exchange.models import ExportFile, FileState
from custode.exchange.orders import Order
from custode.exchange.seats import Seats
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from tests.cast import Cast


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def _asked(cast: Cast, **order: Any) -> ExportFile:
    order.setdefault("format", "csv")
    return exporting.file_for(cast.ugo, cast.actor(cast.ugo), Order(**order))


def _made(file: ExportFile) -> ExportFile:
    making.make(file.account_id, file.pk)
    file.refresh_from_db()
    return file


def _rows(file: ExportFile) -> list[dict[str, str]]:
    text = folders.path_of(folders.EXPORTS, file.token).read_text("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def _ends() -> list[tuple[str, int]]:
    return list(
        LogEntry.objects.filter(verb="export").order_by("seq").values_list("outcome", "count")
    )


def test_a_job_makes_the_file_and_the_log_says_so(ferri: Cast) -> None:
    leads = [ferri.lead(ferri.ugo, title=f"Lead {n}") for n in range(3)]
    file = _made(_asked(ferri, ids=(leads[0].pk, leads[2].pk), columns=("title",)))
    assert (file.state, file.rows, file.percent) == (FileState.READY, 2, 99)
    assert {row["title"] for row in _rows(file)} == {"Lead 0", "Lead 2"}
    assert _ends() == [("started", 0), ("done", 2)]
    assert file.size == folders.path_of(folders.EXPORTS, file.token).stat().st_size


def test_the_filter_of_the_list_is_kept(ferri: Cast) -> None:
    ferri.lead(ferri.ugo, title="Pallet", amount_minor=500_00)
    ferri.lead(ferri.ugo, title="Scanner", amount_minor=100_00)
    file = _made(_asked(ferri, query="q=pall&owner=me&sort=title"))
    assert [row["title"] for row in _rows(file)] == ["Pallet"]
    assert "pall" in file.words


def test_a_filter_that_cannot_be_read_exports_nothing(ferri: Cast) -> None:
    ferri.lead()
    with pytest.raises(Invalid, match="nothing was exported"):
        _asked(ferri, query="amount_from=lots")


def test_a_workbook_is_made_too(ferri: Cast) -> None:
    ferri.lead()
    file = _made(_asked(ferri, format="xlsx"))
    path = folders.path_of(folders.EXPORTS, file.token)
    assert path.read_bytes().startswith(b"PK")
    assert oct(path.stat().st_mode)[-3:] == "600"


def test_the_rule_as_it_is_when_the_job_works_decides(ferri: Cast) -> None:
    ferri.lead()
    file = _asked(ferri)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.EXPORT, "lead", True)
    assert _made(file).state == FileState.FAILED
    assert "Anna Ferri" in file.why
    assert list((Path(settings.DATA) / folders.EXPORTS).iterdir()) == []
    assert _ends() == [("refused", 1)]


def test_a_user_disabled_in_the_meantime_gets_nothing(ferri: Cast) -> None:
    ferri.lead()
    file = _asked(ferri)
    with door.sensitive_act(ferri.actor(ferri.anna), Verb.USERS):
        ferri.ugo.disabled_at = clock.now()
        ferri.ugo.save(update_fields=["disabled_at"])
    assert _made(file).state == FileState.FAILED
    assert _ends() == [("refused", 0)]


def test_the_rule_stops_asking_and_downloading(ferri: Cast) -> None:
    ferri.lead()
    file = _made(_asked(ferri))
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.EXPORT, "lead", True)
    for act in (
        lambda: _asked(ferri),
        lambda: exporting.stream(ferri.ugo, ferri.actor(ferri.ugo), Order("csv")),
        lambda: exporting.hand_over(ferri.actor(ferri.ugo), file),
    ):
        with pytest.raises(Refused):
            act()
    assert LogEntry.objects.filter(verb="export", outcome="refused").count() == 2


def test_a_download_is_counted_and_logged(ferri: Cast) -> None:
    ferri.lead()
    file = _made(_asked(ferri))
    exporting.hand_over(ferri.actor(ferri.ugo), file)
    file.refresh_from_db()
    entry = LogEntry.objects.filter(verb="export").order_by("seq").last()
    assert entry is not None
    assert (file.downloads, entry.about, entry.count, entry.outcome) == (1, file.seq, 1, "done")


def test_what_a_killed_job_left_is_closed_and_made_anew(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ferri.lead()
    file = _asked(ferri)

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(folders, "finish", killed)
        # A killed process writes no second entry either.
        patched.setattr(door.Export, "_log_end", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            making.make(file.account_id, file.pk)
    file.refresh_from_db()
    assert file.state == FileState.WRITING
    assert _ends() == [("started", 0)]
    ExportFile.objects.filter(pk=file.pk).update(alive_at=clock.now() - 2 * claims.LEASE)
    assert _made(file).state == FileState.READY
    assert _ends() == [("started", 0), ("broken_off", 0), ("started", 0), ("done", 1)]
    left = list((Path(settings.DATA) / folders.EXPORTS).iterdir())
    assert [path.name for path in left] == [file.token]


def test_after_three_tries_it_is_given_up(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ferri.lead()
    file = _asked(ferri)

    def full(*_: Any) -> int:
        raise OSError("disk full")

    monkeypatch.setattr(folders, "finish", full)
    for _try in range(2):
        with pytest.raises(OSError, match="disk full"):
            making.make(file.account_id, file.pk)
    assert _made(file).state == FileState.FAILED
    assert list((Path(settings.DATA) / folders.EXPORTS).iterdir()) == []


def test_files_expire(ferri: Cast) -> None:
    ferri.lead()
    file = _made(_asked(ferri))
    assert exporting.expire() == 0
    with clock.at(clock.now() + exporting.KEPT):
        assert exporting.expire() == 1
    file.refresh_from_db()
    assert (file.state, file.token) == (FileState.EXPIRED, "")
    assert list((Path(settings.DATA) / folders.EXPORTS).iterdir()) == []


def test_short_csv_streams_and_gives_its_seat_back(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ferri.lead()
    monkeypatch.setattr(exporting, "SEATS", Seats(1))
    first = exporting.stream(ferri.ugo, ferri.actor(ferri.ugo), Order("csv"))
    assert first is not None
    assert exporting.stream(ferri.ugo, ferri.actor(ferri.ugo), Order("csv")) is None
    assert b"Scanner" in b"".join(first)
    first.close()
    first.close()
    second = exporting.stream(ferri.ugo, ferri.actor(ferri.ugo), Order("csv"))
    assert second is not None
    second.close()
    assert _ends() == [("started", 0), ("done", 1), ("started", 0), ("broken_off", 0)]


def test_long_csv_and_workbooks_do_not_stream(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ferri.lead()
    ugo = ferri.actor(ferri.ugo)
    assert exporting.stream(ferri.ugo, ugo, Order("xlsx")) is None
    monkeypatch.setattr(exporting, "STREAMED", 0)
    assert exporting.stream(ferri.ugo, ugo, Order("csv")) is None
    assert _ends() == []


@pytest.mark.parametrize(
    "order",
    [Order("pdf"), Order("csv", dialect="tab"), Order("csv", ids=tuple(range(1, 1500)))],
)
def test_orders_that_make_no_sense_are_told_so(ferri: Cast, order: Order) -> None:
    with pytest.raises(Invalid):
        exporting.file_for(ferri.ugo, ferri.actor(ferri.ugo), order)


def test_nothing_to_export_is_told_so(ferri: Cast) -> None:
    with pytest.raises(Gone):
        _asked(ferri)


@pytest.mark.parametrize("token", ["", "..", "a" * 63, "../" + "a" * 61, "é" * 64])
def test_only_tokens_become_paths(token: str) -> None:
    with pytest.raises(ValueError, match="token"):
        folders.path_of(folders.EXPORTS, token)


def test_an_upload_that_breaks_off_leaves_nothing() -> None:
    def pieces() -> Iterator[bytes]:
        yield b"a"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        folders.keep(folders.IMPORTS, pieces())
    assert list((Path(settings.DATA) / folders.IMPORTS).iterdir()) == []


def test_a_try_that_was_killed_in_its_first_moment_has_its_end_in_the_log(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the file knew the number of its export."""

    class Killed(BaseException):
        pass

    begin = exporting.begin

    def dying(actor: Actor, order: Order, **facts: int) -> None:
        begin(actor, order, **facts)
        raise Killed

    ferri.lead(ferri.ugo)
    file = exporting.file_for(ferri.ugo, ferri.actor(ferri.ugo), Order("csv"))
    with monkeypatch.context() as patched:
        patched.setattr(exporting, "begin", dying)
        with pytest.raises(Killed):
            making.make(file.account_id, file.pk)
    ExportFile.objects.filter(pk=file.pk).update(alive_at=clock.now() - 2 * claims.LEASE)
    assert making.make(file.account_id, file.pk)
    told = LogEntry.objects.filter(verb="export").order_by("seq").values_list("outcome", flat=True)
    assert list(told) == ["started", "broken_off", "started", "done"]
