"""A file that was found accuses nobody by chance; its name, and the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from custode.console.main import main
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from tests.cast import Cast
from tests.exchange.found import asked, best, read, streamed, written

pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.mark.parametrize(("name", "says"), [
    ("leads-2026-11-23-412.csv", 412), ("leads-2026-11-23-412 (1).csv", 412),
    ("LEADS-2026-11-23-412.CSV", 412), ("leads.csv", 0), ("412.csv", 0),
    ("opportunità-2026-11-23-412.csv", 412), ("cartelle-cliente-2026-11-23-412 (2).xlsx", 412),
])  # fmt: skip
def test_what_the_name_claims_is_told_beside(
    ferri: Cast, leads: list[Lead], name: str, says: int
) -> None:
    seq, text = streamed(ferri, ferri.ugo)
    answer = asked(ferri, text, name)
    assert (answer.says, best(answer)[0]) == (says, seq)


@pytest.mark.parametrize(
    ("data", "why"), [(b"title,amount\n", "no row"), (b"", "empty"), (b"%PDF-1.7", "PDF")]
)
def test_what_is_no_table_is_told_so(ferri: Cast, data: bytes, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        asked(ferri, data)


def test_the_command_tells_it(
    ferri: Cast, leads: list[Lead], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seq, text = streamed(ferri, ferri.ugo, query="q=pressa")
    found = tmp_path / "found.csv"
    found.write_bytes(written(read(text)[:3]))
    assert main(["whose-export", str(found)]) == 0
    told = capsys.readouterr().out
    assert "Ferri S.p.A.: 3 rows compared with 1 exports; 1 fit, the best first." in told
    assert f"entry {seq}, " in told
    assert "Ugo Conti exported 30 leads, filter " in told
    assert "““" not in told
    assert "3 of 3 rows are from it, 3 the same in all of" in told
    assert "Lodi S.r.l.: 3 rows compared with 0 exports; none fits." in told
    assert main(["whose-export", str(found), "--account", "Lodi S.r.l."]) == 1


def test_the_command_says_what_is_wrong(
    ferri: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["whose-export", str(tmp_path / "none.csv")]) == 2
    assert "is not there" in capsys.readouterr().err
    assert main(["whose-export", str(tmp_path), "--account", "Nobody"]) == 2
    assert "There is no account" in capsys.readouterr().err


def test_moments_in_another_time_zone_are_the_same(ferri: Cast, leads: list[Lead]) -> None:
    ferri.ugo.time_zone = "America/New_York"
    seq, text = streamed(ferri, ferri.ugo)
    assert best(asked(ferri, text)) == (seq, 30, 30)


def test_a_file_of_prospects_accuses_nobody_of_exporting_leads(
    ferri: Cast, leads: list[Lead]
) -> None:
    """Numbers and minutes agree by chance, and names of columns are the same for all kinds."""
    streamed(ferri, ferri.bruna)
    lines = ["Number,List,Created,Last changed,Company"]
    at = [(f"{one.created_at:%Y-%m-%d %H:%M}", f"{one.updated_at:%H:%M}") for one in leads]
    lines += [
        f"{lead.pk},Fair,{made},{changed},Rossi {lead.pk}"
        for lead, (made, changed) in zip(leads, at, strict=True)
    ]
    answer = asked(ferri, "\n".join(lines))
    assert (list(answer.matches), list(answer.alike)) == ([], [])


def test_one_text_of_each_row_is_alike_and_a_single_one_is_nothing(
    ferri: Cast, leads: list[Lead]
) -> None:
    seq, _text = streamed(ferri, ferri.ugo)
    titles = "\n".join(["title", *(lead.title for lead in leads[:9])])
    answer = asked(ferri, titles)
    assert [match.seq for match in answer.alike] == [seq]
    assert list(answer.matches) == []
    others = "\n".join(["title", leads[0].title, *(f"Other {n}" for n in range(4))])
    assert list(asked(ferri, others).alike) == []
    # With a second text the rows are sure.
    both = "\n".join(["title,reference", *(f"{one.title},{one.reference}" for one in leads[:9])])
    assert best(asked(ferri, both))[:2] == (seq, 9)


def test_of_exports_that_fit_alike_the_one_comes_first_that_the_file_names(
    ferri: Cast, leads: list[Lead]
) -> None:
    first, text = streamed(ferri, ferri.ugo)
    second, _same = streamed(ferri, ferri.ugo)
    assert [one.seq for one in asked(ferri, text).matches] == [second, first]
    named = asked(ferri, text, f"leads-2026-03-01-{first}.csv")
    assert [one.seq for one in named.matches] == [first, second]
    assert len(named.tied) == 2
