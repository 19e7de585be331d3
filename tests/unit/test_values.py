"""Values with a unit: what a scenario file may write, and what it means."""

from __future__ import annotations

import pickle

import pytest
from pydantic_core import PydanticCustomError

from sim.model import quantity
from sim.model.quantity import DIMENSIONS, PARTS, Kind, Quantity, together

UNITS = [(dimension, unit) for dimension, units in DIMENSIONS.items() for unit in units]


def refused(dimension: str, written, **span) -> str:
    """What the user is told about a value that must be refused."""
    with pytest.raises(PydanticCustomError) as error:
        Kind(dimension, **span).read(written)
    return str(error.value)


@pytest.mark.parametrize("dimension, unit", UNITS)
def test_every_unit_of_every_dimension_is_read(dimension, unit):
    written = together("3", unit)
    value = Kind(dimension).read(written)
    assert value == pytest.approx(3 * DIMENSIONS[dimension][unit] / PARTS.get(dimension, 1), rel=1e-15)
    assert value.text == written


@pytest.mark.parametrize(
    "dimension, one, same",
    [
        ("duration", "48 hours", "2 days"),
        ("duration", "1 week", "168 hours"),
        ("duration", "2880 minutes", "2 days"),
        ("duration", "1 day", "86400 seconds"),
        ("share", "7.4%", "7.4 %"),
        ("yearly number", "5000 per year", "5,000 per year"),
        ("people", "5.53078e5 people", "553,078 people"),
        ("pounds", "£0.84 million", "£ 840,000"),
        ("pounds a year", "£0.4 million per year", "£400,000 per year"),
    ],
)
def test_the_same_value_written_otherwise_is_the_same_float(dimension, one, same):
    assert Kind(dimension).read(one) == Kind(dimension).read(same)


@pytest.mark.parametrize("dimension, written, number", [
    ("duration", "1 month", 365.25 / 12), ("duration", "12 months", 365.25), ("duration", "1 week", 7),
    ("duration", "1 day", 1), ("duration", "1 hour", 1 / 24), ("duration", "1 minute", 1 / 1440),
    ("duration", "1 second", 1 / 86400), ("years", "1 year", 1), ("share", "7.4 %", 0.074), ("ratio", "1", 1),
    ("growth", "4.5 % a year", 0.045), ("slots a day", "14 per day", 14), ("weekly number", "5 per week", 5),
    ("monthly number", "9 per month", 9), ("yearly number", "9 per year", 9), ("people", "3 people", 3),
    ("yearly rate", "130 per 1000 people a year", 130), ("referrals", "3 referrals", 3), ("months", "3 months", 3),
    ("meetings", "1 meeting", 1), ("number per million", "9.5 per million people", 9.5), ("pounds", "£600", 600),
    ("pounds", "£1.5 million", 1_500_000), ("pounds a scan", "£600 per scan", 600), ("pounds a slot", "£9 per slot", 9),
    ("pounds a session", "£9 per session", 9), ("pounds a day", "£9 per day", 9), ("pounds a year", "£9 per year", 9),
    ("pounds a year", "£0.4 million per year", 400_000), ("distance", "5 km", 5), ("distance", "1 miles", 1.609344),
    ("minutes per km", "2 minutes per km", 2), ("coordinate", "-1.22 degrees", -1.22), ("difference", "3 days", 3),
])  # fmt: skip
def test_a_value_is_in_the_models_own_unit(dimension, written, number):
    """Days, fractions, pounds, kilometres; a difference that matters stays in its measure's unit."""
    assert Kind(dimension).read(written) == pytest.approx(number, rel=1e-14)


SPANS = {
    "Duration": (["0 days"], ["-1 seconds"]),
    "PositiveDuration": (["1 second"], ["0 seconds"]),
    "Years": (["0.0834 years", "50 years"], ["0.083 years", "50.1 years"]),
    "Share": (["0 %", "100 %"], ["-0.1 %", "100.1 %"]),
    "ShareBelowAll": (["0 %", "95 %"], ["-0.1 %", "95.1 %"]),
    "Load": (["1 %", "200 %"], ["0.9 %", "200.1 %"]),
    "Cover": (["0 %", "1000 %"], ["-0.1 %", "1000.1 %"]),
    "Ratio": (["0.0001"], ["0", "-1"]),
    "Fraction": (["0", "1"], ["-0.001", "1.001"]),
    "SlotsPerDay": (["0 per day", "500 per day"], ["-1 per day", "501 per day"]),
    "ReportsPerDay": (["0.1 per day", "100000 per day"], ["0 per day", "100001 per day"]),
    "PerYear": (["0 per year", "1e8 per year"], ["-1 per year", "100000001 per year"]),
    "Rate": (
        ["0 per 1000 people a year", "1e5 per 1000 people a year"],
        ["-1 per 1000 people a year", "100001 per 1000 people a year"],
    ),
    "Growth": (["-50 % a year", "100 % a year"], ["-50.1 % a year", "100.1 % a year"]),
    "MonthlyFactor": (["0 %", "500 %"], ["-0.1 %", "500.1 %"]),
    "Age": (["0 years", "60 years"], ["-0.1 years", "60.1 years"]),
    "Radiographers": (["0 people", "100000 people"], ["-1 people", "100001 people"]),
    "PerWeek": (["0.1 per week", "14 per week"], ["0 per week", "14.1 per week"]),
    "PerMonth": (["0 per month", "1e7 per month"], ["-1 per month", "10000001 per month"]),
    "People": (["0 people"], ["-1 people"]),
    "Referrals": (["0 referrals"], ["-1 referrals"]),
    "Months": (["1 month", "120 months"], ["0.9 months", "121 months"]),
    "Meetings": (["1 meeting", "1000 meetings"], ["0.9 meetings", "1001 meetings"]),
    "PerMillion": (
        ["0.1 per million people", "100000 per million people"],
        ["0 per million people", "100001 per million people"],
    ),
    "Pounds": (["£0"], ["£-1"]),
    "PoundsPerScan": (["£0 per scan", "£1e6 per scan"], ["£-1 per scan", "£1000001 per scan"]),
    "PoundsPerSlot": (["£0 per slot", "£1e6 per slot"], ["£-1 per slot", "£1000001 per slot"]),
    "PoundsPerSession": (
        ["£0 per session", "£1e7 per session"],
        ["£-1 per session", "£10000001 per session"],
    ),
    "PoundsPerDay": (["£0 per day", "£1e7 per day"], ["£-1 per day", "£10000001 per day"]),
    "PoundsPerYear": (["£0 per year", "£1e10 per year"], ["£-1 per year", "£10000000001 per year"]),
    "Latitude": (["-90 degrees", "90 degrees"], ["-90.1 degrees", "90.1 degrees"]),
    "Longitude": (["-180 degrees", "180 degrees"], ["-180.1 degrees", "180.1 degrees"]),
    "MinutesPerKm": (["0 minutes per km", "100 minutes per km"], ["-1 minutes per km", "101 minutes per km"]),
}
"""What makes sense, as the user meets it: the ends that are legal, and what is just beyond."""


@pytest.mark.parametrize("name", SPANS)
def test_what_makes_sense_is_read_to_its_ends_and_nothing_beyond_them(name):
    (kind,) = getattr(quantity, name).__metadata__
    legal, beyond = SPANS[name]
    for written in legal:
        kind.read(written)
    for written in beyond:
        with pytest.raises(PydanticCustomError, match=r"must be (at least|at most|more than)"):
            kind.read(written)


def test_every_kind_of_value_has_its_span_here():
    kinds = {
        name
        for name, value in vars(quantity).items()
        if isinstance(getattr(value, "__metadata__", [0])[0], Kind)
    }
    assert kinds == set(SPANS)


@pytest.mark.parametrize("dimension", [d for d, units in DIMENSIONS.items() if "" not in units])
@pytest.mark.parametrize("written", [7, 7.4, "7", "7.4"])
def test_a_number_without_its_unit_is_refused(dimension, written):
    assert f"no unit in {written!r}" in refused(dimension, written)


@pytest.mark.parametrize("dimension, written, message", [
    ("share", "7.4 percent", "unknown unit 'percent' in '7.4 percent'; must be a number with %"),
    ("share", 0.074, "no unit in 0.074; must be a number with %"),
    ("ratio", "1 %", "unknown unit '%' in '1 %'; must be a number without unit"),
    ("share", "£5", "unknown unit '£' in '£5'; must be a number with %"),
    ("pounds a scan", "650 per scan", "unknown unit 'per scan' in '650 per scan'; must be an amount such as £9 per scan"),
    ("pounds a scan", "650 £ per scan", "must be an amount such as £9 per scan, got '650 £ per scan'"),
    ("pounds", "£650 per scan", "unknown unit '£ per scan' in '£650 per scan'; must be an amount such as £9 or £9 million"),
    ("share", 0.074, "no unit in 0.074; must be a number with %, such as 7.4 %"),
    ("share", 7, "must be a number with %, such as 7 %"),
    ("slots a day", "4", "no unit in '4'; must be a number with per day, such as 4 per day"),
    ("duration", "2,5 days", "got '2,5 days'; is a comma meant as a decimal point? Write a point"),
    ("duration", "10 fortnights", "must be a number with days or day or weeks or week or months or "),
])  # fmt: skip
def test_a_unit_of_another_kind_is_refused_and_the_legal_ones_are_named(dimension, written, message):
    assert message in refused(dimension, written)


@pytest.mark.parametrize("dimension", DIMENSIONS)
@pytest.mark.parametrize(
    "written",
    [True, False, None, float("inf"), float("nan"), "inf", "nan", "17:00", "", [1], "1 2 days", "1e999 days"],
)
def test_what_is_no_number_is_refused_in_every_dimension(dimension, written):
    assert "must be a" in refused(dimension, written)


@pytest.mark.parametrize(
    "span, written, message",
    [
        ({"least": 0}, "-1 days", "must be at least 0 days, got -1 days"),
        ({"above": 0}, "0 hours", "must be more than 0 days, got 0 hours"),
        ({"most": 7}, "2 weeks", "must be at most 7 days, got 2 weeks"),
    ],
)
def test_a_value_outside_its_span_is_refused_in_the_users_words(span, written, message):
    assert refused("duration", written, **span) == message
    for end in span.values():  # which is itself legal, unless the value must be above it
        assert "above" in span or Kind("duration", **span).read(f"{end} days") == end


def test_of_money_the_pound_sign_comes_first():
    assert (
        refused("pounds a scan", "£-3 per scan", least=0) == "must be at least £0 per scan, got £-3 per scan"
    )
    assert refused("pounds", "£2 million", most=1e6) == "must be at most £1e+06, got £2 million"


def test_a_long_form_keeps_where_its_number_comes_from():
    value = Kind("duration").read(
        {
            "value": "2 weeks",
            "assumption": "nobody saw it",
            "range": ["1 week", "30 days"],
            "shape": "triangular",
            "note": "n",
        }
    )
    assert (value, value.text, value.assumption, value.range) == (
        14.0,
        "2 weeks",
        "nobody saw it",
        (7.0, 30.0),
    )
    assert (value.source, value.shape, value.note) == (None, "triangular", "n")
    assert Kind("share").read({"value": "6 %", "source": "census"}).source == "census"


@pytest.mark.parametrize(
    "long_form, message",
    [
        ({"source": "x"}, "no `value`"),
        ({"value": "6 %", "sauce": "x"}, "unknown key 'sauce'"),
        ({"value": 6, "5 %": None}, "shape, note; is a comma meant as a decimal point? Write a point"),
        ({"value": "6 %", "source": "x", "assumption": "y", "range": ["0 %", "9 %"]}, "one or the other"),
        ({"value": "6 %", "assumption": "y"}, "an assumption needs a `range"),
        ({"value": "6 %", "range": ["7 %", "9 %"]}, "range 7 % to 9 % does not hold the value 6 %"),
        ({"value": "6 %", "range": ["9 %", "3 %"]}, "does not hold"),
        ({"value": "6 %", "range": [3, 9]}, "no unit in 3"),
        ({"value": "6 %", "range": "3 % to 9 %"}, "must be two values"),
        ({"value": "6 %", "range": ["3 %"]}, "must be two values"),
        ({"value": "6 %", "range": ["-3 %", "9 %"]}, "must be at least 0 %, got -3 %"),
        ({"value": "6 %", "shape": "bell"}, "shape must be one of uniform, triangular, log-uniform"),
        ({"value": {"value": "6 %"}}, "must be a number with %"),
    ],
)
def test_a_long_form_that_does_not_hold_together_is_refused(long_form, message):
    assert message in refused("share", long_form, least=0)


def test_a_value_survives_the_way_to_a_worker():
    sent = Kind("share").read({"value": "6 %", "assumption": "a", "range": ["3 %", "9 %"], "note": "n"})
    got = pickle.loads(pickle.dumps(sent))
    assert isinstance(got, Quantity)
    assert (got, got.text, got.assumption, got.range, got.note) == (sent, "6 %", "a", sent.range, "n")


def test_an_hour_is_sixty_minutes_to_the_last_bit():
    read = Kind("duration").read
    assert read("1 hour") == read("60 minutes") == read("3600 seconds")
    assert read("2 days") == read("48 hours") and read("1 week") == read("7 days")


@pytest.mark.parametrize("written", ["7,4 %", "1,00,000 %", "1,5", "\N{ARABIC-INDIC DIGIT SEVEN} %"])
def test_a_comma_stands_between_thousands_only(written):
    with pytest.raises(PydanticCustomError):
        Kind("share").read(written)


@pytest.mark.parametrize("key", ["source", "assumption", "note"])
def test_where_a_number_comes_from_is_said_in_text(key):
    with pytest.raises(PydanticCustomError, match="must be text"):
        Kind("share").read({"value": "7 %", key: 3})
