"""How many are referred, and when."""

import datetime
from itertools import pairwise

import numpy as np
import pytest
from scipy.stats import poisson

from sim.model.demand import PRIORITIES, REFERRERS, Arrivals, poisson_quantiles
from sim.model.streams import Streams
from tests.functional.model.two_towns import two_towns, two_towns_by_rates
from tests.unit.model.by_hand import numbers
from tests.world import simulation, world

WORKING_WEEK = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), "20 %")
WEEKEND = dict.fromkeys(("saturday", "sunday"), "0 %")


def mri(calendar: dict | None = None, **demand) -> Arrivals:
    """What draws the small world's referrals, with some of its demand changed; 1826.25 a year."""
    changes = {"demand": {"MRI": demand}} | ({"calendar": calendar} if calendar else {})
    return world(changes).arrivals[0]


def expected(arrivals: Arrivals) -> list[float]:
    """Referrals that the only place makes in each month of the calendar."""
    (a_year,) = arrivals.a_year.values()
    weights = [arrivals.weight[first:last].sum() for first, last in pairwise(arrivals.days.months)]
    return [a_year * arrivals.per_weight * weight for weight in weights]


@pytest.mark.parametrize("mean", [0, 1e-9, 0.3, 5, 77, 1e5, 1e7])
def test_counts_are_poisson_quantiles(mean):
    u = np.concatenate([[0, 1e-17, 1 - 2**-53], np.random.default_rng(1).random(1000)])
    assert (poisson_quantiles(u, np.full(len(u), mean)) == np.maximum(poisson.ppf(u, mean), 0)).all()


def test_more_demand_never_makes_fewer_referrals():
    mean = np.linspace(0.01, 50, 2000)
    for u in (0.001, 0.5, 0.999):
        assert (np.diff(poisson_quantiles(np.full(len(mean), u), mean)) >= 0).all()


def test_counts_that_are_the_expected_number_add_up_over_the_months_and_do_not_depend_on_the_draw():
    arrivals = mri({"years": "3 years"}, month_counts="expected", growth="7.3 % a year")
    months = range(len(arrivals.days.months) - 1)
    counts = [arrivals.counts(Streams(1, 0), month)[0] for month in months]
    assert counts == [arrivals.counts(Streams(2, 5), month)[0] for month in months]
    assert np.abs(np.cumsum(counts) - np.cumsum(expected(arrivals))).max() <= 0.5 + 1e-9


def test_of_demand_that_reacts_twice_the_expected_number_are_candidates():
    """At most twice as many come as the year says; who of them comes is known when the wait is."""
    plain, reacts = (
        mri(month_counts="expected", **more) for more in ({}, {"reacts_to_wait": REACTS | {"most": "2"}})
    )
    counts = [[one.counts(Streams(1, 0), month)[0] for month in range(12)] for one in (plain, reacts)]
    assert np.abs(np.cumsum(counts[1]) - 2 * np.cumsum(expected(plain))).max() <= 0.5 + 1e-9
    assert np.sum(counts[1]) == pytest.approx(2 * np.sum(counts[0]), abs=2)


def test_a_month_is_filled_evenly_within_the_opening_hours_of_its_days():
    """Ten equally likely hours a day: the middle of January's 31 days is noon or so of the 16th."""
    (arrivals,) = world().arrivals
    first, middle, last = arrivals.times(np.array([0.0, 0.5, 1 - 2**-53]), month=0)
    assert first == 8 / 24
    assert middle == pytest.approx(15 + 13 / 24, abs=1e-5)
    assert last == pytest.approx(30 + 18 / 24)
    assert np.floor(arrivals.times(np.array([0.0, 1 - 2**-53]), month=1)).tolist() == [31, 58]


def test_a_bank_holiday_counts_as_a_sunday():
    weekdays = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday"), "24 %") | {"sunday": "4 %"}
    (arrivals,) = world(
        {"demand": {"MRI": {"weekdays": weekdays | {"friday": "0 %", "saturday": "0 %"}}}}
    ).arrivals
    assert arrivals.weight[:7] == pytest.approx([0.04, 0.24, 0.24, 0, 0, 0.04, 0.24])


def test_nobody_is_referred_on_a_weekday_that_is_not_named():
    not_named = dict.fromkeys(("tuesday", "wednesday", "friday", "saturday", "sunday"))
    (arrivals,) = world(
        {"demand": {"MRI": {"weekdays": {"monday": "60 %", "thursday": "40 %"} | not_named}}}
    ).arrivals
    assert arrivals.weight[5:12] == pytest.approx([0, 0.6, 0, 0, 0.4, 0, 0])


# ---- how many a place makes


def test_a_rate_per_1000_counts_each_places_own_people():
    """Town has 100,000 people, Village 50,000."""
    rates = {"default": "88.6 per 1000 people a year", "Village": "95 per 1000 people a year"}
    (arrivals,) = world(two_towns_by_rates(rates)).arrivals
    assert arrivals.a_year == pytest.approx({"Town": 8860, "Village": 4750})


def test_one_rate_everywhere_is_the_yearly_number_shared_by_population():
    by_rate = two_towns_by_rates({"default": "20 per 1000 people a year"})
    for changes in (two_towns(), by_rate):
        (arrivals,) = world(changes).arrivals
        assert arrivals.a_year == pytest.approx({"Town": 2000, "Village": 1000})


def test_the_plan_staffs_the_places_by_their_rates():
    """Town asks four times as often for each of its people, who are twice as many: eight ninths."""
    rates = {"Town": "40 per 1000 people a year", "Village": "10 per 1000 people a year"}
    plan = {
        "planned_load": "100 %",
        "planned_missed": "0 %",
        "planned_referrals": {"MRI": "1826.25 per year"},
    }
    changes = {
        "workforce": plan,
        "fleet": {"van": {"slots_per_day": "500 per day"}},
        "scanning": {"MRI": {"couch_time": "1 minutes"}},
    }
    made = world(two_towns_by_rates(rates, **changes))
    scanner, van = (s.templates[0].slots for s in made.scanners)
    assert scanner == pytest.approx(5 * 8 / 9, rel=0.03)  # closed on bank holidays: more on the other days
    assert van == pytest.approx(1826.25 / 9 / (2 * 52), rel=0.03)


# ---- who refers, and how urgently

GPS_AND_CLINICS = {
    "gp": {"share": "25 %", "priority": {"urgent": "10 %", "routine": "90 %"}},
    "outpatients": {"share": "75 %", "priority": {"urgent_suspected_cancer": "100 %"}},
}


def test_each_referrer_has_a_priority_mix_of_its_own():
    arrivals = mri(priority=None, referrers=GPS_AND_CLINICS)
    referrer = arrivals.referrers(np.array([0.0, 0.2499, 0.25, 1 - 2**-53]))
    assert [REFERRERS[r] for r in referrer] == ["gp", "gp", "outpatients", "outpatients"]
    priority = arrivals.priorities(np.array([0.0999, 0.1, 0.0, 1 - 2**-53]), referrer)
    assert [PRIORITIES[p] for p in priority] == ["urgent", "routine"] + 2 * ["urgent_suspected_cancer"]
    assert arrivals.demand.priority_shares() == pytest.approx([0.75, 0.025, 0.225, 0, 0])


def test_where_nobody_is_named_there_is_no_referrer():
    arrivals = mri()
    assert arrivals.referrers(np.array([0.0, 0.9])).tolist() == [-1, -1]
    assert arrivals.demand.priority_shares().tolist() == [0, 0, 1, 0, 0]


# ---- growth, season, shocks

THREE_YEARS = {"years": "3 years"}


def test_growth_is_compound_from_the_calendars_start():
    """Continuous growth of 10 % a year makes the first year's mean 0.1 / ln 1.1 = 1.0492 times the yearly number."""
    months = np.array(expected(mri(THREE_YEARS, growth="10 % a year"))).reshape(3, 12).sum(axis=1)
    assert months[0] == pytest.approx(1826.25 * 1.0492, rel=1e-3)
    assert months[1:] / months[:-1] == pytest.approx([1.1, 1.1], rel=0.004)  # one year has a day more
    assert mri(growth="10 % a year").weight[0] == mri().weight[0]


def test_demand_can_shrink():
    months = np.array(expected(mri(THREE_YEARS, growth="-10 % a year"))).reshape(3, 12).sum(axis=1)
    assert months[1] / months[0] == pytest.approx(0.9, rel=0.004)


def test_a_season_multiplies_its_months_and_leaves_the_others():
    plain, seasonal = expected(mri()), expected(mri(season={"january": "120 %", "december": "90 %"}))
    assert np.divide(seasonal, plain) == pytest.approx([1.2] + 10 * [1] + [0.9], rel=1e-4)


def test_the_season_knows_the_month_whenever_the_calendar_starts():
    calendar = {"start": datetime.date(2019, 11, 1)}
    ratio = np.divide(expected(mri(calendar, season={"january": "120 %"})), expected(mri(calendar)))
    assert np.flatnonzero(ratio > 1.1).tolist() == [2]


def test_a_bank_holiday_does_not_count_twice_in_a_seasonal_month():
    """December 2019 has 20 working days in 31; published activity a calendar day knows that already."""
    weekdays = WORKING_WEEK | WEEKEND
    december = expected(mri(weekdays=weekdays, season={"december": "93 %"}))[11]
    assert december == pytest.approx(0.93 * 31 / 365.25 * 1826.25)
    weight = mri(weekdays=weekdays, season={"december": "93 %"}).weight
    assert weight[358] == weight[359] == 0 < weight[360]  # Christmas and Boxing Day


PANDEMIC = {"from": datetime.date(2019, 4, 1), "until": datetime.date(2019, 5, 1), "demand_falls": "60 %"}


def test_a_shock_takes_its_part_of_its_days_only():
    shocked = expected(mri({"shocks": {"pandemic": PANDEMIC}}))
    assert np.divide(shocked, expected(mri())) == pytest.approx(3 * [1] + [0.4] + 8 * [1])


def test_growth_season_and_shocks_multiply():
    calendar = {"shocks": {"pandemic": PANDEMIC}}
    all_three = mri(calendar, growth="10 % a year", season={"april": "110 %"}).weight
    assert all_three[100] / mri().weight[100] == pytest.approx(0.4 * 1.1 * 1.1 ** (100 / 365.25), rel=1e-4)


def test_the_yearly_number_is_meant_without_growth_season_and_shocks_however_long_the_run():
    plain = mri(weekdays=WORKING_WEEK | WEEKEND)
    calendar = {"shocks": {"pandemic": PANDEMIC}, "years": "0.5 years"}
    varied = mri(calendar, weekdays=WORKING_WEEK | WEEKEND, growth="10 % a year", season={"april": "110 %"})
    assert plain.per_weight == varied.per_weight


def test_nobody_is_referred_in_a_month_that_is_shut():
    arrivals = mri({"shocks": {"pandemic": PANDEMIC | {"demand_falls": "100 %"}}})
    assert arrivals.counts(Streams(1, 0), 3) == [0]
    assert arrivals.times(np.empty(0), 3).shape == (0,)


# ---- demand that reacts to the wait

REACTS = {"elasticity": -0.2, "reference_wait": "4 weeks"}


@pytest.mark.parametrize("wait, factor", [
    (28, 1), (56, 2**-0.2), (14, 2**0.2), (28 * 2**5, 0.5), (28 * 2**9, 0.5), (28 / 2**7, 2), (0, 2), (float("nan"), 1),
])  # fmt: skip
def test_a_wait_twice_as_long_takes_its_elasticity_off_demand_within_bounds(wait, factor):
    assert mri(reacts_to_wait=REACTS).factor(wait) == pytest.approx(factor)


def test_demand_that_does_not_react_has_no_factor_and_no_candidates():
    assert (mri().factor(1000), mri().most, mri().reacts) == (1, 1, False)


def test_candidates_are_drawn_at_the_highest_rate_and_kept_as_the_factor_says():
    arrivals, u = mri(reacts_to_wait=REACTS), (np.arange(1000) + 0.5) / 1000
    assert arrivals.counts(Streams(1, 0), 0) == mri(per_year="3652.5 per year").counts(Streams(1, 0), 0)
    kept = {wait: arrivals.kept(u, wait) for wait in (0, 28, 56)}
    assert {wait: k.sum() for wait, k in kept.items()} == {0: 1000, 28: 500, 56: 435}
    assert not (kept[56] & ~kept[28]).any(), "who comes after a long wait comes after a shorter one too"


def test_the_wait_is_that_of_everybody_on_the_list_in_vetting_and_booked_included():
    changes = two_towns(vetting={"time": {"routine": "5 days"}}, attendance={"clock_after_missed": "resets"})
    changes["demand"]["MRI"]["per_year"] = "5000 per year"
    sim = simulation(changes)
    assert np.isnan(sim.referrals.mean_waiting_days(0)), "nobody is on the list at the start"
    sim.run()
    rows = sim.tables().referrals
    waits = np.flatnonzero(np.isnan(rows["scanned"]))
    assert sorted(numbers(sim.referrals.on_the_list(0))) == waits.tolist()
    mean = np.mean(sim.world.days.end - rows["clock_start"][waits])
    assert sim.referrals.mean_waiting_days(0) == pytest.approx(mean)
