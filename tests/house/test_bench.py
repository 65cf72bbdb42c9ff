"""A benchmark says of each figure whether it holds, and fails when one does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.__main__ import LONG, PROGRAMS
from bench.judging import Judge, judging


def test_figures_that_hold_end_well(capsys: pytest.CaptureFixture[str]) -> None:
    with judging() as judge:
        judge.at_most("times the bare UPDATE", 2.0, 2)
        judge.at_least("as part of the rate", 0.7, 0.7)
        judge.same("statements", [10, 10])
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in told[1:]] == ["holds"] * 3
    assert "times the bare UPDATE: 2.00 (at most 2)" in told[1]


@pytest.mark.parametrize(
    ("sort", "figure", "limit"),
    [("at_most", 2.01, 2), ("at_least", 0.69, 0.7), ("at_most", float("nan"), 2)],
)
def test_one_that_does_not_hold_fails_the_program_at_its_end(
    sort: str, figure: float, limit: float, capsys: pytest.CaptureFixture[str]
) -> None:
    judged = judging()
    judge = judged.__enter__()
    getattr(judge, sort)("it", figure, limit)
    judge.same("statements", [10, 10])
    with pytest.raises(SystemExit) as end:
        judged.__exit__(None, None, None)
    assert end.value.code == 1
    told = capsys.readouterr().out
    assert "DOES NOT HOLD  it:" in told
    assert "holds          statements" in told


def test_other_statements_for_more_do_not_hold() -> None:
    judge = Judge()
    judge.same("statements", [10, 11])
    assert judge.broken == 1


def test_every_program_is_run() -> None:
    assert {"door", "export", "pages", "sheet", "stalled"} <= set(PROGRAMS)
    assert not LONG & set(PROGRAMS)
    assert all(Path(f"bench/{name}.py").is_file() for name in LONG)
