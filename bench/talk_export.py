"""Leads with ten comments each as files, compared with a bare loop to CSV files; and memory."""

from __future__ import annotations

import csv
import io
import os
import resource
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection

from bench.ground import company, database, seconds
from bench.judging import judging
from bench.talk import EACH, comment_all
from custode.exchange.writing.archive import write_archive
from custode.exchange.writing.csv_file import SEMICOLON
from custode.exchange.writing.layout import Table, layout_of
from custode.exchange.writing.xlsx_file import write_xlsx
from custode.guard import door
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads.models import Lead

MANY = int(os.environ.get("BENCH_ROWS", "100000"))
MOST = 200
"""The maximum memory of the whole process, in megabytes."""
ZONE = ZoneInfo("Europe/Rome")


def main() -> None:
    """Judge the time of the archive, and the total memory."""
    with database(), judging() as judge, tempfile.TemporaryDirectory() as folder:
        actor, _ = company(MANY)
        comment_all()
        with scope.account(actor.account_id):
            bare = seconds(_bare)
            through = seconds(lambda: _archive(actor, Path(folder)))
            print(
                f"{MANY:,} leads with {MANY * EACH:,} comments: archive {through:.1f} s, bare loop"
                f" {bare:.1f} s (without compressing)"
            )
            judge.at_most("export, as many times the bare loop", through / bare, 2)
            judge.at_most("MB of the process", _peak(), MOST)
            print(f"as a workbook: {seconds(lambda: _workbook(actor, Path(folder))):.1f} s")
            judge.at_most("MB of the process", _peak(), MOST)


def _tables(actor: Actor, form: str) -> list[Table]:
    leads = Lead.objects.order_by("-updated_at", "-id")
    leaving = door.export(actor, leads, format=form, along=["comment"])
    return [
        Table(one.kind.name, one.kind.name, one.pages(), layout_of(one, ZONE))
        for one in (leaving.main, *leaving.along)
    ]


def _archive(actor: Actor, folder: Path) -> None:
    with (folder / "leads.zip").open("wb") as file:
        write_archive(_tables(actor, "csv"), SEMICOLON, file)


def _workbook(actor: Actor, folder: Path) -> None:
    write_xlsx(_tables(actor, "xlsx"), folder / "leads.xlsx")


def _bare() -> None:
    for sql in (_LEADS, _COMMENTS):
        with tempfile.TemporaryFile() as raw, io.TextIOWrapper(raw, "utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(_rows(sql))


def _rows(sql: str) -> Iterator[tuple[object, ...]]:
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [scope.current()])
        while rows := cursor.fetchmany(1000):
            yield from rows


_LEADS = """
    SELECT l.id, l.title, p.name, s.name, l.status, l.amount_minor, l.currency, l.probability,
        l.estimated_closing_date, l.remind_date, l.remind_time, u.first_name, u.last_name,
        l.starred, l.origin, l.reference, l.created_at, l.updated_at, l.closed_at, l.description
    FROM leads_lead l JOIN leads_step s ON s.id = l.step_id
    JOIN leads_pipeline p ON p.id = s.pipeline_id LEFT JOIN people_user u ON u.id = l.owner_id
    WHERE l.account_id = %s AND l.trash_id IS NULL ORDER BY l.updated_at DESC, l.id DESC
"""
_COMMENTS = """
    SELECT c.id, c.lead_id, l.title, a.name, c.text, u.first_name, u.last_name, c.pinned,
        c.created_at, c.edited_at
    FROM activities_comment c JOIN leads_lead l ON l.id = c.lead_id
    LEFT JOIN activities_activitytype a ON a.id = c.activity_id
    LEFT JOIN people_user u ON u.id = c.author_id
    WHERE c.account_id = %s AND c.trash_id IS NULL AND l.trash_id IS NULL
    ORDER BY c.lead_id, c.created_at DESC, c.id DESC
"""


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
