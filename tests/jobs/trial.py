"""Tasks for the tests. They tell what they did by adding a line to a file, which survives kills."""

from __future__ import annotations

import time
from pathlib import Path

from django_tasks import task

from custode.kernel.errors import Invalid


def _line(file: str, word: str) -> None:
    with Path(file).open("a", encoding="utf-8") as out:
        out.write(f"{word}\n")


@task()
def slow(file: str, seconds: float) -> None:
    _line(file, "began")
    time.sleep(seconds)
    _line(file, "ended")


@task()
def quick(file: str, number: int) -> None:
    _line(file, str(number))


@task()
def fails(file: str) -> None:
    _line(file, "tried")
    raise ValueError("on purpose")


@task()
def told_no(file: str) -> None:
    _line(file, "tried")
    raise Invalid("No.")
