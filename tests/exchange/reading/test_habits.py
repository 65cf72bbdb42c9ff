"""How dates, amounts and probabilities are written: found where certain, asked where not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custode.exchange.reading import Ambiguous, BadValue, Candidate, Field, Found, Nothing, Status
from custode.exchange.reading.amounts import COMMA, POINT, AmountHabit, amounts
from custode.exchange.reading.dates import ORDERS, DateHabit, dates
from custode.exchange.reading.fields import LABELS, flag_of, status_of
from custode.exchange.reading.shares import FRACTION, PERCENT, ShareHabit, shares

pytestmark = pytest.mark.once

DAY = date(2016, 10, 20)


@pytest.mark.parametrize(
    ("values", "order"),
    [
        (["10/20/2016", "3/1/2017", ""], "mdy"),
        (["20/10/2016", "01/03/2017"], "dmy"),
        (["20.10.16", "31.3.17"], "dmy"),
        (["2016-10-20", "2017-03-01"], "ymd"),
        (["16-10-20", "99-03-01"], "ymd"),
        (["20 10 2016"], "dmy"),
        (["42663", "42664.5"], "serial"),
        (["10/10/2016", "11/11/2016"], "dmy"),
        ([DAY, "10/20/2016"], "mdy"),
    ],
)
def test_the_one_order_that_fits_all_values_is_found(values, order):
    assert dates(values) == Found(order)


def test_an_order_that_nothing_decides_is_asked_with_an_example_of_each():
    assert dates(["10/10/2016", "3/1/2017"]) == Ambiguous(
        (
            Candidate("dmy", "3/1/2017", date(2017, 1, 3), 0),
            Candidate("mdy", "3/1/2017", date(2017, 3, 1), 0),
        )
    )


def test_twenty_ten_sixteen_may_begin_with_the_year_or_with_the_day():
    verdict = dates(["20-10-16"])
    assert isinstance(verdict, Ambiguous)
    assert {c.way: c.value for c in verdict.candidates} == {"ymd": date(2020, 10, 16), "dmy": DAY}


def test_values_that_contradict_each_other_are_asked_not_voted_on():
    verdict = dates(["13/01/2016"] * 9 + ["01/13/2016"])
    assert isinstance(verdict, Ambiguous)
    assert verdict.ways == ("dmy", "mdy")
    assert [candidate.misfits for candidate in verdict.candidates] == [1, 9]


def test_a_few_values_that_are_no_dates_do_not_hide_the_habit():
    assert dates(["10/20/2016", "3/1/2017", "n/a"]) == Found("mdy", 1, "n/a")
    assert dates(["Torino", "Milano", "10/20/2016"]) == Nothing("Torino")
    assert dates(["", "  "]) == Nothing()


@pytest.mark.parametrize(
    "text",
    [
        "20 October 2016", "Oct 20, 2016", "20-Oct-16", "October 20th, 2016", "20 ottobre 2016",
        "20 ott. 2016", "1. Januar 2016", "20 octobre 2016", "20 de octubre de 2016", "20161020",
        "2016/10/20", "2016.10.20", "2016 Oct 20",
    ],
)  # fmt: skip
def test_a_date_that_can_mean_one_thing_only_passes_in_any_order(text):
    meant = date(2016, 1, 1) if "Januar" in text else DAY
    assert {DateHabit(order).parse(text) for order in ORDERS} == {meant}


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20/10/2016 14:30", datetime(2016, 10, 20, 14, 30)),  # noqa: DTZ001  # none is written
        ("20/10/2016, 2:30:05 PM", datetime(2016, 10, 20, 14, 30, 5)),  # noqa: DTZ001  # as above
        ("2016-10-20T14:30:00Z", datetime(2016, 10, 20, 14, 30, tzinfo=UTC)),
        (
            "2016-10-20T14:30:00.000+0200",
            datetime(2016, 10, 20, 14, 30, tzinfo=timezone(timedelta(hours=2))),
        ),
        ("20/10/2016 00:00", DAY),
        ("20 ott 2016 12.00", datetime(2016, 10, 20, 12)),  # noqa: DTZ001  # as above
    ],
)
def test_the_hour_beside_a_date_is_kept(text, moment):
    assert DateHabit("dmy").parse_moment(text) == moment
    assert DateHabit("dmy").parse(text) == DAY


@pytest.mark.parametrize(
    "text", ["31/02/2016", "20/13/2016", "0000-00-00", "10/20/2016", "20/10/216", "1/1/1/1",
             "20/10/2016 25:00", "20/10/2016 13:00 PM", "2016-10-20T10:00+99:00", "20", "soon",
             "x" * 999]
)  # fmt: skip
def test_what_is_no_day_of_the_calendar_is_refused_in_words(text):
    with pytest.raises(BadValue, match="is not a date written as day, month, year"):
        DateHabit("dmy").parse(text)


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)), st.sampled_from("/-. "), st.booleans())
def test_every_date_comes_back_from_the_order_it_was_written_in(day, sign, short):
    year = f"{day.year % 100:02}" if short else str(day.year)
    for order, parts in (("dmy", (day.day, day.month, year)), ("mdy", (day.month, day.day, year))):
        text = sign.join(map(str, parts))
        assert DateHabit(order).parse(text) == day
        verdict = dates([text])
        assert verdict == Found(order) or day.day <= 12 or short


@pytest.mark.parametrize(
    ("values", "mark"),
    [
        (["1.234,50", "3"], COMMA),
        (["1,234.50"], POINT),
        (["1.234", "1,5"], COMMA),
        (["1.234.567"], COMMA),
        (["0.123"], POINT),
        (["1234", "1 234", "1'234"], POINT),
        ([Decimal("1.5"), "1.234,5"], COMMA),
    ],
)
def test_the_decimal_mark_is_found_where_something_decides_it(values, mark):
    assert amounts(values) == Found(mark)


def test_a_mark_that_nothing_decides_is_asked_with_an_example_of_each():
    assert amounts(["12", "€ 1.234"]) == Ambiguous(
        (
            Candidate("point", "€ 1.234", Decimal("1.234"), 0),
            Candidate("comma", "€ 1.234", Decimal(1234), 0),
        )
    )
    assert isinstance(amounts(["1,234"]), Ambiguous)


@pytest.mark.parametrize(
    ("text", "amount", "currency"),
    [
        ("1.234,50", "1234.5", ""),
        ("1\N{NO-BREAK SPACE}234,50 €", "1234.5", "EUR"),
        ("1\N{NARROW NO-BREAK SPACE}234,50", "1234.5", ""),
        ("CHF 1'234,50", "1234.5", "CHF"),
        ("1’234", "1234", ""),
        ("€ 1.234", "1234", "EUR"),
        ("EUR 12", "12", "EUR"),
        ("US$12", "12", "USD"),
        ("-5", "-5", ""),
        ("\N{MINUS SIGN}5", "-5", ""),
        ("€ -5", "-5", "EUR"),
        ("5-", "-5", ""),
        ("(5)", "-5", ""),
        ("(€ 5,25)", "-5.25", "EUR"),
        (",5", "0.5", ""),
        ("+7", "7", ""),
    ],
)
def test_an_amount_is_read_exactly_with_its_currency(text, amount, currency):
    assert AmountHabit(COMMA).parse(text) == (Decimal(amount), currency)


@pytest.mark.parametrize(
    "text", ["12 k", "1.23,4", "12,34,5", "1,2.3", "--5", "(-5)", "five", "€", "1 23",
             "EUR 5 USD", "٣", "1e5", "9" * 99, "NaN", "."]
)  # fmt: skip
def test_what_is_no_amount_is_refused_in_words(text):
    with pytest.raises(BadValue, match=r"is not an amount written like 1\.234,50"):
        AmountHabit(COMMA).parse(text)


@given(st.decimals(-(10**12), 10**12, places=2))
def test_every_amount_comes_back_from_the_way_it_was_written(amount):
    english = f"{amount:,.2f}"
    assert AmountHabit(POINT).parse(english).amount == amount
    italian = english.translate(str.maketrans(",.", ".,"))
    assert AmountHabit(COMMA).parse(italian).amount == amount


@pytest.mark.parametrize(
    ("values", "scale"),
    [
        (["40", "55%", "0"], PERCENT),
        (["0.4", "1"], FRACTION),
        (["0,4", "100%"], FRACTION),
        (["40", "140", "50"], PERCENT),
    ],
)
def test_the_scale_of_probabilities_is_found(values, scale):
    verdict = shares(values)
    assert isinstance(verdict, Found)
    assert verdict.way == scale


def test_nought_and_one_may_be_per_cent_or_certainty():
    verdict = shares(["0", "1", "1"])
    assert isinstance(verdict, Ambiguous)
    assert {c.way: c.value for c in verdict.candidates} == {PERCENT: 1, FRACTION: 100}


def test_probabilities_are_whole_per_cents_between_nought_and_a_hundred():
    assert [ShareHabit(PERCENT).parse(v) for v in ("40", "40 %", "12,5", Decimal(7))] == [
        40, 40, 13, 7,
    ]  # fmt: skip
    assert ShareHabit(FRACTION).parse("0.4") == 40
    with pytest.raises(BadValue, match="outside 0 to 100"):
        ShareHabit(PERCENT).parse("140")
    with pytest.raises(BadValue, match="outside 0 to 100"):
        ShareHabit(FRACTION).parse("40")
    with pytest.raises(BadValue, match="is not a probability like 40 or 40%"):
        ShareHabit(PERCENT).parse("high")


@pytest.mark.parametrize("yes", ["yes", "Sì", "true", "1", "x", "X", "★", True, Decimal(1)])
@pytest.mark.parametrize("no", ["no", "", "false", "0", "☆", False, Decimal(0)])
def test_yes_and_no_are_known_in_their_usual_forms(yes, no):
    assert flag_of(yes)
    assert not flag_of(no)
    with pytest.raises(BadValue, match="neither yes nor no"):
        flag_of("maybe")


def test_words_for_a_status_are_known_in_several_languages():
    assert [status_of(w) for w in ("Won", "PERSA", "To do", "stand-by", "annulée", "Engaging")] == [
        Status.WON, Status.LOST, Status.TODO, Status.STANDBY, Status.CANCELLED, None,
    ]  # fmt: skip


def test_every_place_has_a_label():
    assert set(LABELS) == set(Field)


@given(st.text())
def test_no_text_breaks_a_habit(text):
    assert isinstance(dates([text]), Found | Ambiguous | Nothing)
    assert isinstance(amounts([text]), Found | Ambiguous | Nothing)
    assert isinstance(shares([text]), Found | Ambiguous | Nothing)
