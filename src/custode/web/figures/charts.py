"""Bar charts as SVG, drawn by attributes alone: no style stands in the page, no script draws.

A table with the same numbers stands beside each chart, so the picture itself is one image to who
does not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

HEIGHT: Final = 180
FOOT: Final = 22
TOP: Final = 16
GROUP: Final = 35
"""The width of one group of bars, in the picture's own units."""
LEFT: Final = 48
GAP: Final = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `words` is what it says of itself."""

    x: float
    y: float
    width: float
    height: float
    series: int
    words: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A line across, or a word below."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """A picture ready to be written.

    Args:
        title: what it shows, in words.
    """

    title: str
    width: int
    height: int
    bars: list[Bar]
    lines: list[Mark]
    labels: list[Mark]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to see."""
        return not any(bar.height for bar in self.bars)


@dataclass(frozen=True, slots=True)
class Values:
    """The values of one group of bars, with what each says of itself, and the word below."""

    label: str
    values: Sequence[int]
    words: Sequence[str]


def chart(title: str, groups: Sequence[Values], scale: Sequence[tuple[int, str]]) -> Chart:
    """Groups of bars beside each other, each series in its colour.

    Args:
        scale: the lines across, from 0 up: a value and its word; the last is the top.
    """
    top = scale[-1][0] or 1
    room = HEIGHT - FOOT - TOP

    def y_of(value: int) -> float:
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
    """Round values from 0 up to at least the largest, at most five of them."""
    if largest <= 0:
        return [0, 1]
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step * 4 >= largest:
                return [step * n for n in range(-(-largest // step) + 1)]
        size *= 10
