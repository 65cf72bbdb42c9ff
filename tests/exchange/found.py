"""Files that leave, and what becomes of them until they are found."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from custode.exchange import exporting, folders, making
from custode.exchange.export_origin import Answer, find_exports
from custode.exchange.models import ExportFile, FileState
from custode.exchange.orders import Order
from custode.people.models import User
from tests.cast import Cast

Rows = list[dict[str, str]]


def streamed(cast: Cast, who: User, **order: Any) -> tuple[int, str]:
    """What somebody exports at once: the number of its beginning in the log, and the text."""
    body = exporting.stream(who, cast.actor(who), Order(format="csv", **order))
    assert body is not None
    whole = b"".join(body).decode("utf-8-sig")
    body.close()
    return int(body.name.rpartition("-")[2].partition(".")[0]), whole


def made(cast: Cast, who: User, **order: Any) -> tuple[ExportFile, Path]:
    """What a job makes for somebody."""
    file = exporting.file_for(who, cast.actor(who), Order(**order))
    making.make(file.account_id, file.pk)
    file.refresh_from_db()
    assert file.state == FileState.READY
    return file, folders.path_of(folders.EXPORTS, file.token)


def read(text: str, delimiter: str = ",") -> Rows:
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def written(rows: Sequence[dict[str, str]], delimiter: str = ",", code: str = "utf-8") -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, rows[0].keys(), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode(code, "replace")


def by_excel(rows: Rows) -> bytes:
    """Opened by a double click in Italy and saved again: zeros, days, moments, apostrophes."""
    return written([{k: _italian(v) for k, v in row.items()} for row in rows], ";", "cp1252")


def _italian(cell: str) -> str:
    if day := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", cell):
        return f"{day[3]}/{day[2]}/{day[1]}"
    if moment := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d) (\d\d:\d\d):\d\d", cell):
        return f"{moment[3]}/{moment[2]}/{moment[1]} {moment[4]}"
    if re.fullmatch(r"-?\d+\.\d\d", cell):
        return cell.rstrip("0").rstrip(".").replace(".", ",")
    if re.fullmatch(r"0+\d+", cell):
        return cell.lstrip("0")
    return cell.removeprefix("'").replace("\r\n", "\n")


DISGUISES: dict[str, tuple[Callable[[Rows], bytes], int]] = {
    "as it was": (written, 30),
    "seven rows of it": (lambda rows: written(rows[4:11]), 7),
    "one row of it": (lambda rows: written(rows[3:4]), 1),
    "in another order": (lambda rows: written([dict(reversed(r.items())) for r in rows[::-1]]), 30),
    "without numbers": (lambda rows: written([_without(r, "id") for r in rows]), 30),
    "title and amount alone": (
        lambda rows: written([_only(r, "title", "amount") for r in rows]),
        30,
    ),
    "titles alone": (lambda rows: written([_only(r, "title") for r in rows]), 30),
    "references alone": (lambda rows: written([_only(r, "reference") for r in rows]), 30),
    "with a column of somebody's own": (
        lambda rows: written([{"mine": "x", **r} for r in rows]),
        30,
    ),
    "saved again by a spreadsheet program": (by_excel, 30),
    "saved again, some rows": (lambda rows: by_excel(rows[:5]), 5),
    "among rows of other people": (
        lambda rows: written([*rows[:6], *[dict.fromkeys(rows[0], f"Zeta {n}") for n in range(4)]]),
        6,
    ),
}


def _without(row: dict[str, str], *names: str) -> dict[str, str]:
    return {name: cell for name, cell in row.items() if name not in names}


def _only(row: dict[str, str], *names: str) -> dict[str, str]:
    return {name: row[name] for name in names}


def asked(cast: Cast, file: bytes | str, name: str = "found.csv") -> Answer:
    data = file.encode() if isinstance(file, str) else file
    return find_exports(cast.ferri.account.pk, io.BytesIO(data), name)


def best(answer: Answer) -> tuple[int, int, int]:
    """The export that fits best: its number, how many rows are from it, how many are the same."""
    first = answer.matches[0]
    return first.seq, first.rows, first.same
