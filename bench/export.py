"""Exporting 100,000 leads as CSV, compared with a bare loop from a cursor to a CSV file.

The bare loop reads the same columns (tags joined by the database) and writes what it gets.
"""

from __future__ import annotations

import csv
import io
import os
import resource
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from bench.ground import company, database, seconds
from bench.judging import judging
from custode.exchange.writing.csv_file import SEMICOLON, csv_bytes
from custode.exchange.writing.layout import Table, layout_of
from custode.exchange.writing.xlsx_file import write_xlsx
from custode.guard import door
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads import tagging
from custode.leads.models import Lead, LeadTag

MANY = int(os.environ.get("BENCH_ROWS", "100000"))
ROUNDS = 5
FLAT = 8
"""The maximum growth of memory in megabytes, at ten times the rows, that counts as flat."""
ZONE = ZoneInfo("Europe/Rome")


def main() -> None:
    """Judge the time relative to the bare loop, and how memory grows with the rows."""
    with database(), judging() as judge:
        actor, _ = company(MANY)
        with scope.account(actor.account_id):
            _tag(actor)
            bares, doors = [], []
            for _round in range(ROUNDS):
                bares.append(seconds(_bare))
                doors.append(seconds(lambda: _csv(actor)))
            bare, through = statistics.median(bares), statistics.median(doors)
            print(f"{MANY:,} leads as CSV: door {through:.2f} s, bare loop {bare:.2f} s")
            judge.at_most("export, as many times the bare loop", through / bare, 2)
            few, many = (_growth(actor, rows) for rows in (MANY // 10, MANY))
            print(
                f"memory while {MANY // 10:,} rows go: {few:.1f} MB more, {MANY:,}: {many:.1f} MB"
            )
            judge.at_most("MB more for ten times the rows", many - few, FLAT)
            print(f"{MANY:,} leads as XLSX: {seconds(lambda: _xlsx(actor)):.2f} s")


def _tag(actor: Actor) -> None:
    """Give every third lead two tags."""
    tags = tagging.tags_named(actor, ["Fiera", "Caldo"])
    ids = list(Lead.objects.values_list("pk", flat=True)[::3])
    with transaction.atomic():
        LeadTag.objects.bulk_create(
            [LeadTag(account_id=actor.account_id, lead_id=pk, tag=t) for pk in ids for t in tags],
            batch_size=2000,
        )


def _csv(actor: Actor) -> None:
    leaving = door.export(actor, Lead.objects.order_by("-updated_at", "-id"), format="csv")
    with tempfile.TemporaryFile() as file:
        for piece in csv_bytes(leaving.pages(), layout_of(leaving, ZONE), SEMICOLON):
            file.write(piece)


def _xlsx(actor: Actor) -> None:
    leaving = door.export(actor, Lead.objects.order_by("-updated_at", "-id"), format="xlsx")
    with tempfile.TemporaryDirectory() as folder:
        table = Table("leads", "leads", leaving.main.pages(), layout_of(leaving, ZONE))
        write_xlsx([table], Path(folder) / "leads.xlsx")


def _bare() -> None:
    with tempfile.TemporaryFile() as raw, io.TextIOWrapper(raw, "utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for row in _bare_rows():
            writer.writerow(row)


def _bare_rows() -> Iterator[tuple[object, ...]]:
    join = "group_concat" if connection.vendor == "sqlite" else "string_agg"
    sql = f"""
        SELECT l.id, l.title, p.name, s.name, l.status, l.amount_minor, l.currency, l.probability,
            l.estimated_closing_date, l.remind_date, l.remind_time, u.first_name, u.last_name,
            (SELECT {join}(t.name, ', ') FROM leads_leadtag lt JOIN leads_tag t ON t.id = lt.tag_id
                WHERE lt.lead_id = l.id),
            l.starred, l.origin, l.reference, l.created_at, l.updated_at, l.closed_at,
            l.description
        FROM leads_lead l JOIN leads_step s ON s.id = l.step_id
        JOIN leads_pipeline p ON p.id = s.pipeline_id LEFT JOIN people_user u ON u.id = l.owner_id
        WHERE l.account_id = %s AND l.trash_id IS NULL ORDER BY l.updated_at DESC, l.id DESC
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [scope.current()])
        while rows := cursor.fetchmany(1000):
            yield from rows


def _growth(actor: Actor, rows: int) -> float:
    """Return the maximum growth of the process in megabytes while so many rows are exported."""
    leads = Lead.objects.filter(pk__in=Lead.objects.order_by("pk").values("pk")[:rows])
    leaving = door.export(actor, leads.order_by("-updated_at", "-id"), format="csv")
    before = most = _resident()
    for _piece in csv_bytes(leaving.pages(), layout_of(leaving, ZONE), SEMICOLON):
        most = max(most, _resident())
    return most - before


def _resident() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    main()
