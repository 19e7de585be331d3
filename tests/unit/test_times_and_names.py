"""Clock times, weekdays and names as scenario files write them."""

import pytest
from pydantic import TypeAdapter, ValidationError

from sim.model.section import WEEKDAYS, Line, Name, TimeOfDay, Weekday

TIME, WEEKDAY, LINE, NAME = (TypeAdapter(kind) for kind in (TimeOfDay, Weekday, Line, Name))


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("00:00", 0), ("00:01", 60), ("8:05", 29_100), ("08:59", 32_340), ("23:59", 86_340), ("24:00", 86_400)],
)
def test_a_clock_time_is_in_seconds_since_midnight_up_to_the_next(written, seconds):
    assert TIME.validate_python(written) == seconds


@pytest.mark.parametrize(
    "written", ["24:01", "25:00", "08:60", "08:5", "08:005", "0800", ":30", "08:", "-1:00", "8.5:00", "", 800, 8.5, None]
)  # fmt: skip
def test_what_is_no_clock_time_is_refused(written):
    with pytest.raises(ValidationError, match='must be a time of day such as "08:00"'):
        TIME.validate_python(written)


@pytest.mark.parametrize("number", range(7))
def test_a_weekday_is_its_number_in_whatever_letters(number):
    for written in (WEEKDAYS[number], WEEKDAYS[number].title(), WEEKDAYS[number].upper()):
        assert WEEKDAY.validate_python(written) == number


@pytest.mark.parametrize("written", ["mon", "", 0, None, ["monday"]])
def test_what_is_no_weekday_is_refused_and_the_seven_are_named(written):
    with pytest.raises(ValidationError, match=r"must be a weekday .monday, tuesday, .* sunday"):
        WEEKDAY.validate_python(written)


@pytest.mark.parametrize("text", ["A word", "£5, Ångström – “so”", "a;b=c", "folded by the file\n"])
def test_a_line_is_whatever_one_can_read_in_one_line(text):
    assert LINE.validate_python(text) == text


@pytest.mark.parametrize(
    "text", ["", "  ", "\n", "two\nlines", "a\ttab", "un\u200bseen", "a\u2028b", "\ud800"]
)
def test_what_cannot_be_read_in_one_line_is_none(text):
    with pytest.raises(ValidationError, match="must be one line of text"):
        LINE.validate_python(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "a name must be"), (" Oxford", "a name must be"), ("Oxford ", "a name must be"),
        ("Oxford\n", "a name must be"), ("a;b", "without any of ;="), ("a=b", "without any of ;="),
        ("default", "stands for all who are not named"),
    ],
)  # fmt: skip
def test_what_would_be_mistaken_in_a_label_is_no_name(text, says):
    assert NAME.validate_python("St John's, Oxford") == "St John's, Oxford"
    with pytest.raises(ValidationError, match=says):
        NAME.validate_python(text)
