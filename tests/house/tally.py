"""What the proofs tried and how much was wrong, for the last lines of `make proof`.

A test counts with `Tally`; the numbers travel with its report, so that they arrive however many
workers run the tests. A test that fails without having counted a wrong is one wrong.
"""

from __future__ import annotations

from typing import Any, Final

import pytest

LINES: Final = {
    "matrix": "matrix: {tried} cells, {wrong} wrong",
    "mutants": "mutants: {tried} tried, {wrong} alive",
    "kills": "kills: {tried} tried, {wrong} halves",
}
PROPERTY: Final = "tally"


class Tally:
    """What one test tried, and how much of it was wrong.

    Args:
        item: the test.
        name: whose line it counts for, one of `LINES`.
    """

    def __init__(self, item: pytest.Item, name: str) -> None:
        self._told: list[Any] = [name, 0, 0]
        item.user_properties.append((PROPERTY, self._told))

    def count(self, tried: int = 1, wrong: int = 0) -> None:
        """So many were tried, so many of these were wrong."""
        self._told[1] += tried
        self._told[2] += wrong


def summed(reports: list[Any]) -> dict[str, tuple[int, int]]:
    """Name -> how many were tried and how many were wrong, of the reports of a whole run."""
    found: dict[str, tuple[int, int]] = {}
    for report in reports:
        told = [value for name, value in getattr(report, "user_properties", ()) if name == PROPERTY]
        if report.when != "call" and not (report.when == "setup" and report.failed):
            continue
        for name, tried, counted in told:
            wrong, before = counted or int(report.failed), found.get(name, (0, 0))
            found[name] = (before[0] + max(tried, wrong), before[1] + wrong)
    return found


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say what the proofs came to."""
    reports = [one for some in terminalreporter.stats.values() for one in some]
    found = summed([one for one in reports if hasattr(one, "when")])
    for name, line in LINES.items():
        if name in found:
            tried, wrong = found[name]
            terminalreporter.write_line(line.format(tried=tried, wrong=wrong))


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> Tally:
    """Counts processes that were killed, and acts that were left half done."""
    return Tally(request.node, "kills")


@pytest.fixture
def mutants(request: pytest.FixtureRequest) -> Tally:
    """Counts seeded faults, and those that nothing noticed."""
    return Tally(request.node, "mutants")


@pytest.fixture
def matrix(request: pytest.FixtureRequest) -> Tally:
    """Counts cells of the tables of who may do what, and answers that differ from them."""
    return Tally(request.node, "matrix")
