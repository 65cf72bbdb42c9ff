"""Days as each language writes them, wherever they stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import formats, timezone, translation

from custode.conf.formats import names
from custode.kernel import clock
from custode.web.leads.list.columns import day
from custode.web.security.entries_by_day import _day_words
from custode.web.shell import words

SUNDAY = date(2026, 11, 22)
NOON = datetime(2026, 12, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "long", "short", "here", "before", "heading", "exact"),
    [
        ("it", "22 novembre 2026", "22/11/2026", "22 nov", "03/04/2025",
         "domenica 22 novembre 2026", "24 dicembre 2026, 13:00"),
        ("en", "22 November 2026", "22 Nov 2026", "22 Nov", "3 Apr 2025",
         "Sunday, 22 November 2026", "24 December 2026, 13:00"),
    ],
)  # fmt: skip
def test_a_day(
    language: str, long: str, short: str, here: str, before: str, heading: str, exact: str
) -> None:
    with clock.at(NOON), timezone.override("Europe/Rome"), translation.override(language):
        assert formats.date_format(SUNDAY, "DATE_FORMAT") == long
        assert formats.date_format(SUNDAY, "SHORT_DATE_FORMAT") == short
        assert day(SUNDAY) == here
        assert day(date(2025, 4, 3)) == before
        assert _day_words(SUNDAY) == heading
        assert words.exact(NOON) == exact


def test_italian_writes_days_and_months_small() -> None:
    with translation.override("it"):
        said = [translation.gettext(name) for name in (*names.DAYS, *names.MONTHS)]
        for months in range(12):
            when = date(2026, 1, 1) + timedelta(days=31 * months)
            assert formats.date_format(when, "F") == said[7 + when.month - 1]
    assert said[0] == "lunedì"
    assert said[-1] == "dicembre"
    assert [name for name in said if name != name.lower()] == []


@pytest.mark.parametrize(
    ("language", "size", "told"),
    [("en", 1, "1 byte"), ("en", 4, "4 bytes"), ("it", 1, "1 byte"), ("it", 4, "4 byte"),
     ("it", 0, "0 byte"), ("it", 1536, "1,5\xa0KB")],
)  # fmt: skip
def test_a_files_size_is_told_in_the_readers_language(language: str, size: int, told: str) -> None:
    with translation.override(language):
        assert words.size(size) == told
