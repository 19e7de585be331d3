"""Dates as the model numbers them."""

import datetime

import pytest

from sim.model.calendar import Calendar, add_months, days_of, reference_days


def days(start=(2019, 1, 1), warm_up="0 days", years="1 years"):
    """A calendar worked out."""
    return days_of(Calendar(start=datetime.date(*start), warm_up=warm_up, years=years))


def test_the_bank_holidays_of_england_in_2019_are_closed():
    closed = [day for day in range(365) if not days().is_open(day)]
    dates = [(datetime.date(2019, 1, 1) + datetime.timedelta(day)).strftime("%d %b") for day in closed]
    assert dates == ["01 Jan", "19 Apr", "22 Apr", "06 May", "27 May", "26 Aug", "25 Dec", "26 Dec"]


def test_a_bank_holiday_at_a_weekend_closes_the_monday_after_it():
    """Christmas 2021 fell on a Saturday: the 27th and 28th were given instead."""
    december = days(start=(2021, 12, 1), years="0.0834 years")
    assert [day + 1 for day in range(31) if not december.is_open(day)] == [27, 28]


def test_a_weekend_is_open_to_who_plans_to_work_and_is_no_working_day():
    january = days()
    assert january.weekday[4] == 5 and january.is_open(4) and not january.working[4]
    assert january.weekday[:7].tolist() == [1, 2, 3, 4, 5, 6, 0]


def test_months_end_where_the_calendar_says_leap_years_included():
    assert days((2020, 1, 1)).months == (0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335, 366)
    assert days((2019, 1, 1), years="0.25 years").months == (0, 31, 59, 90)


@pytest.mark.parametrize(
    ("warm_up", "first"), [("0 days", 0), ("1 day", 31), ("31 days", 31), ("32 days", 59), ("26 weeks", 212)]
)
def test_the_warm_up_ends_with_a_month(warm_up, first):
    found = days(warm_up=warm_up)
    assert found.window[0] == first
    assert found.years == 1
    assert found.end == found.months[-1]


def test_a_year_is_twelve_months_and_never_less_than_one():
    assert days(years="2 years").window == (0, 731)
    assert days(years="0.0834 years").window == (0, 31)


def test_what_a_year_means_does_not_depend_on_how_long_the_run_is():
    short, long = (
        reference_days(Calendar(start=datetime.date(2019, 1, 1), warm_up="90 days", years=years))
        for years in ("1 years", "9 years")
    )
    assert short.end == long.end == 1461
    assert short.years == 4


@pytest.mark.parametrize(("months", "date"), [(1, (2020, 1, 1)), (13, (2021, 1, 1)), (-11, (2019, 1, 1))])
def test_months_are_added_over_the_turn_of_the_year(months, date):
    assert add_months(datetime.date(2019, 12, 1), months) == datetime.date(*date)
