"""Bar charts as SVG, drawn with attributes only: without styles in the page and without a script.

Beside each chart is a table with the same numbers, so for screen readers it is a single image.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 180
FOOT: Final = 22
TOP: Final = 16
GROUP: Final = 35
"""The width of a group of bars, in the chart's own units."""
LEFT: Final = 48
GAP: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; `words` is its label."""

    x: float
    y: float
    width: float
    height: float
    series: int
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A horizontal line, or a label below."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart ready to be rendered.

    Args:
        title: its description, in words.
    """

    title: str
    width: int
    height: int
    bars: list[Bar]
    lines: list[Mark]
    labels: list[Mark]

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return not any(bar.height for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of a group of bars, with their labels, and the label below."""

    label: str
    values: Sequence[int]
    words: Sequence[str]


def chart(title: str, groups: Sequence[Values], scale: Sequence[tuple[int, str]]) -> Chart:
    """Return a chart with groups of bars side by side, each series in its colour.

    Args:
        scale: values and labels of the horizontal lines, from 0 up; the last is the top.
    """
    top = scale[-1][0] or 1
    room = HEIGHT - FOOT - TOP

    def y_of(value: int) -> float:
        """Return the vertical position of a value."""
        return round(TOP + room - room * max(0, value) / top, 2)

    bars, labels = [], []
    for n, group in enumerate(groups):
        begin = LEFT + n * GROUP + GAP
        each = (GROUP - 2 * GAP) / len(group.values)
        for series, (value, words) in enumerate(zip(group.values, group.words, strict=True)):
            y, x = y_of(value), round(begin + series * each, 2)
            bars.append(Bar(x, y, round(each - 2, 2), round(TOP + room - y, 2), series, words))
        labels.append(Mark(round(begin + GROUP / 2 - GAP, 2), HEIGHT - 6, group.label))
    lines = [Mark(LEFT, y_of(value), words) for value, words in scale]
    return Chart(title, LEFT + len(groups) * GROUP + 4, HEIGHT, bars, lines, labels)


def steps(largest: int) -> list[int]:
    """Return at most five round values, from 0 to at least the largest."""
    if largest <= 0:
        return [0, 1]
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * 4 >= largest:
                return [step * n for n in range(-(-largest // step) + 1)]
        size *= 10
