"""Files made of anything come in whole, or are refused with a sentence: nothing is half done.

Each file is written here from random cells; how many rows it has is therefore known. It goes the
whole way that a person would lead it, and is undone again.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custode.exchange.importing import job, runs
from custode.exchange.importing.choices import NEW, Choices
from custode.exchange.importing.deciding import decide
from custode.exchange.importing.names import Names
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.exchange.reading import Field, LeadMapping, from_dict
from custode.guard import door, log
from custode.kernel.errors import CustodeError
from custode.leads.models import Lead
from tests.cast import Cast
from tests.proof.fuzzing import examples, forgotten

pytestmark = [pytest.mark.proof, pytest.mark.dealt, pytest.mark.django_db]

HEADERS = [
    "title", "name", "owner", "stage", "status", "amount", "probability", "tags", "created",
    "closing", "currency", "description", "city", "Titolo", "Città", "=1+1", "", "<b>x</b>", "pk",
]  # fmt: skip
CELLS = [
    "", " ", "Fiera", "Ugo Conti", "Mara Gallo", "Incoming", "won", "lost", "12", "1.234,50",
    "1,234.50", "-3", "1e9", "99999999999999999999", "50%", "31/12/2025", "12/31/2025",
    "2026-02-30", "0000-00-00", "=cmd|' /C calc'!A0", "+39 333", "@SUM(A1)", "a;b",
    "<script>alert(1)</script>", "a,b", 'say "no"', "two\nlines", "\u202egnp.exe", "\ufeff", "💶",
    "ß" * 300, "tab\there", "\x1b[31m", "Label: value", "NaN", "Infinity", "None", "' OR 1=1 --",
    "{{ 7*7 }}", "../../etc",
]  # fmt: skip
cells = st.one_of(st.sampled_from(CELLS[:12]), st.sampled_from(CELLS), st.text(max_size=12))


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """A header and rows, as many cells in each."""
    headers = draw(st.lists(st.sampled_from(HEADERS), min_size=1, max_size=7, unique=True))
    if not any(headers):
        headers = ["title"]
    row = st.lists(cells, min_size=len(headers), max_size=len(headers))
    return [headers, *draw(st.lists(row, min_size=2, max_size=12))]


def written(table: list[list[str]], delimiter: str) -> str:
    """The table as a program would write it."""
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows(table)
    return file.getvalue()


def brought(cast: Cast, content: bytes) -> ImportRun:
    run = runs.bring(cast.anna, cast.actor(cast.anna), "leads.csv", [content])
    return worked(run)


def worked(run: ImportRun) -> ImportRun:
    job.work(run.account_id, run.pk)
    run.refresh_from_db()
    return run


def answered(run: ImportRun) -> tuple[LeadMapping, Choices]:
    """The proposal with every question answered: by the first answer, or by another place."""
    told, names = Study.from_dict(run.study), Names.load(job.actor_of(run))
    choices = Choices(**{**run.choices, "others": NEW, "new_steps": True})
    mapping = from_dict(run.mapping, told.headers)
    if not mapping.of(Field.TITLE):
        mapping = moved(mapping, told.headers[0], Field.TITLE)
    for _turn in range(20):
        decided = decide(mapping, told, names, choices)
        if not decided.questions:
            return decided.mapping, choices
        first = decided.questions[0]
        if first.ways:
            mapping = mapping.replace(ways={**mapping.ways, first.column: first.ways[0]})
        else:
            mapping = moved(mapping, first.column, Field.LINE)
    raise AssertionError("questions without end")


def moved(mapping: LeadMapping, column: str, place: Field) -> LeadMapping:
    """The mapping with one column at another place."""
    columns = {
        one: tuple(name for name in names if name != column)
        for one, names in mapping.columns.items()
    }
    columns[place] = (*columns.get(place, ()), column)
    return mapping.replace(columns=columns)


def led_in(cast: Cast, run: ImportRun) -> ImportRun:
    """The run at its end, wherever that is."""
    if run.state != RunState.MAPPING:
        return run
    runs.set_mapping(run, *answered(run))
    if worked(run).state != RunState.CHECKED:
        return run
    try:
        runs.start(run, cast.actor(cast.anna))
    except CustodeError:  # a sentence, that the pages show
        return run
    return worked(run)


def rows_in(table: list[list[str]]) -> int:
    """Rows below the header in which anything stands."""
    return sum(any(cell.strip() for cell in row) for row in table[1:])


def test_every_row_of_any_file_comes_in_or_is_named(
    ferri: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    seen = dict.fromkeys(["files", "imported", "refused"], 0)

    @examples(250)
    @given(tables(), st.sampled_from([",", ";", "\t"]), st.sampled_from(["utf-8", "utf-8-sig"]))
    def a_file(table: list[list[str]], delimiter: str, encoding: str) -> None:
        content = written(table, delimiter).encode(encoding, "replace")
        with forgotten():
            run = led_in(ferri, brought(ferri, content))
            seen["files"] += 1
            if run.state != RunState.DONE:
                assert run.state in {RunState.FAILED, RunState.CHECKED, RunState.MAPPING}
                assert run.state != RunState.FAILED or run.why
                assert not Lead.with_trashed.exists()
                return
            lines = set(RefusedRow.objects.values_list("line", flat=True))
            assert Lead.objects.count() == run.imported
            assert len(lines) == run.refused
            assert run.imported + run.refused == rows_in(table)
            seen["imported"] += run.imported
            seen["refused"] += run.refused
            act = door.undo(ferri.actor(ferri.anna), run.seq or 0)
            assert (act.count, Lead.objects.count()) == (run.imported, 0)
            assert list(log.verify(ferri.ferri.account.pk)) == []

    a_file()
    assert seen["imported"] > seen["files"]
    print(f"fuzz of files: {seen}, 0 halves")


def test_bytes_of_any_sort_are_refused_with_a_sentence_or_read(
    ferri: Cast, tmp_path: Path, settings: Any
) -> None:
    settings.DATA = tmp_path
    book = Path(__file__).with_name("fuzzing.py").read_bytes()

    @examples(300)
    @given(st.one_of(st.binary(max_size=400), st.integers(0, 900).map(lambda n: book[n:])))
    def some_bytes(content: bytes) -> None:
        with forgotten():
            run = led_in(ferri, brought(ferri, content))
            assert run.state != RunState.FAILED or (run.why and "Traceback" not in run.why)
            assert Lead.with_trashed.count() == (run.imported if run.state == RunState.DONE else 0)

    some_bytes()
