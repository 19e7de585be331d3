"""Values with a unit: what a scenario file may write, and what it means."""

from __future__ import annotations

import pickle

import pytest
from pydantic_core import PydanticCustomError

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
