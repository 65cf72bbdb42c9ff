"""Numbers, money, moments and devices as people read them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from custode.kernel import clock
from custode.signin.devices import device
from custode.web.shell import words

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("minor", "currency", "language", "read"),
    [
        (1_840_000, "EUR", "en", f"€{NARROW}18,400"),
        (1_840_050, "EUR", "en", f"€{NARROW}18,400.50"),
        (1_840_050, "EUR", "it", f"€{NARROW}18.400,50"),
        (500, "JPY", "en", f"¥{NARROW}500"),
        (1_234_567, "KWD", "en", f"KWD{NARROW}1,234.567"),
        (-123_400, "SEK", "en", f"SEK{NARROW}-1,234"),
        (99_999_999_999_999, "USD", "en", f"${NARROW}999,999,999,999.99"),
        (0, "EUR", "en", f"€{NARROW}0"),
        (None, "EUR", "en", ""),
    ],
)
def test_money(minor, currency, language, read):
    with translation.override(language):
        assert words.money(minor, currency) == read


@pytest.mark.parametrize(
    ("passed", "read"),
    [
        (timedelta(seconds=30), "just now"),
        (timedelta(seconds=-30), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59), "59 minutes ago"),
        (timedelta(hours=2), "2 hours ago"),
        (timedelta(days=1), "1 day ago"),
        (timedelta(days=30), "30 days ago"),
        (timedelta(days=40), "14 Oct 2026"),
        (timedelta(minutes=-5), "in 5 minutes"),
        (timedelta(hours=-3), "in 3 hours"),
        (timedelta(days=-3), "in 3 days"),
    ],
)
def test_ago(passed, read):
    with clock.at(NOON), translation.override("en"):
        assert words.ago(NOON - passed) == read


def test_the_time_of_day_is_the_persons():
    with timezone.override("Europe/Rome"), translation.override("en"):
        assert words.time_of(NOON) == "13:00"
        assert words.exact(NOON).endswith("13:00")


def test_counted_says_one_and_many(db):
    with translation.override("en"):
        assert words.counted("lead", 1) == "1 lead"
        assert words.counted("lead", 1240) == "1,240 leads"
        assert words.listed({"lead": 2}) == "2 leads"


CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
MOBILE = "AppleWebKit/605.1 (KHTML, like Gecko) Version/18.0 Mobile/15E Safari/604.1"


@pytest.mark.parametrize(
    ("header", "read"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {CHROME}", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64) {CHROME} Edg/142.0", "Edge on Windows"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) {MOBILE}", "Safari on macOS"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {MOBILE}", "Safari on iPhone"),
        (f"Mozilla/5.0 (Linux; Android 15) {CHROME}", "Chrome on Android"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko Firefox/145.0", "Firefox on Linux"),
        ("curl/8.5.0", "curl"),
        ("<script>alert(1)</script>", ""),
        ("", ""),
    ],
)
def test_device(header, read):
    assert str(device(header)) == read
