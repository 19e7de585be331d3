"""Demand that grows, has seasons, is shocked and reacts: what comes to the door, and what is scanned."""

import datetime
from pathlib import Path

import numpy as np
import pytest

from sim.model.demand import REFERRERS
from sim.scenario.document import parse_yaml, read_document
from tests.functional.model.two_towns import VILLAGE, laid_over, only, two_towns_by_rates, waits
from tests.world import tables

SCENARIOS = Path(__file__).parents[3] / "scenarios"
DRAWN = ("place", "referrer", "priority", "complexity", "car", "referred", "listed")
APRIL = {"from": datetime.date(2019, 4, 1), "until": datetime.date(2019, 5, 1)}
MONTHS = np.cumsum([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def mri(calendar: dict | None = None, **demand) -> dict:
    """The small world with another demand."""
    return {"demand": {"MRI": demand}} | ({"calendar": calendar} if calendar else {})


def by_month(found) -> np.ndarray:
    """Referrals made in each month of 2019."""
    return np.histogram(found.referrals["referred"], bins=MONTHS)[0]


def made(found) -> set[float]:
    """When the referrals were made, to a tenth of a second: the last bit depends on the weights."""
    return set(np.round(found.referrals["referred"], 6))


def fits(count, mean) -> bool:
    """A Poisson count lies within 3.5 standard deviations of its mean."""
    return abs(count - mean) < 3.5 * np.sqrt(mean)


def test_growth_of_a_hundred_percent_doubles_demand_in_a_year():
    """The first year holds 1 / ln 2 of the yearly number, the second twice that."""
    years = np.floor(tables(mri({"years": "2 years"}, growth="100 % a year")).referrals["referred"] / 365.25)
    for year, factor in ((0, 1), (1, 2)):
        assert fits(np.sum(years == year), factor * 1826.25 / np.log(2))


def test_seasonal_months_have_their_part_of_the_referrals():
    season = {"january": "150 %", "august": "50 %"}
    found = by_month(tables(mri(per_year="12000 per year", season=season)))
    for month, days in enumerate(np.diff(MONTHS)):
        assert fits(found[month], {0: 1.5, 7: 0.5}.get(month, 1) * 12000 * days / 365.25), month


def test_a_pandemic_month_halves_the_scans_of_a_scanner_that_is_full():
    """Ten slots a day, shut on two bank holidays, and a list that never runs out."""
    busy = {"per_year": "9000 per year"}
    plain = tables(mri(**busy))
    shocked = tables(mri({"shocks": {"pandemic": APRIL | {"capacity_falls": "50 %"}}}, **busy))
    scans = [np.histogram(found.referrals["scanned"], bins=MONTHS)[0] for found in (plain, shocked)]
    assert (scans[0][3], scans[1][3]) == (280, 140)
    assert np.array_equal(np.delete(scans[0], 3), np.delete(scans[1], 3))
    assert waits(shocked) > waits(plain)
    assert all(np.array_equal(plain.referrals[column], shocked.referrals[column]) for column in DRAWN)


def test_fewer_are_referred_in_a_pandemic_and_they_are_among_those_who_would_have_been():
    pandemic = APRIL | {"demand_falls": {"MRI": "60 %", "CT": "99 %"}}
    plain = tables(mri(per_year="12000 per year"))
    shocked = tables(mri({"shocks": {"pandemic": pandemic}}, per_year="12000 per year"))
    assert made(shocked) < made(plain)
    difference = by_month(plain) - by_month(shocked)
    assert fits(by_month(shocked)[3], 0.4 * 12000 * 30 / 365.25) and np.count_nonzero(difference) == 1


def test_referrers_and_their_priorities_come_about():
    referrers = {
        "gp": {"share": "30 %", "priority": {"urgent": "20 %", "routine": "80 %"}},
        "inpatients": {"share": "70 %", "priority": {"urgent": "100 %"}},
    }
    found = tables(mri(per_year="6000 per year", priority=None, referrers=referrers))
    rows, count = found.referrals, len(found.referrals["referrer"])
    gp = rows["referrer"] == REFERRERS.index("gp")
    assert found.labels["referrer"][rows["referrer"][~gp][0]] == "inpatients"
    assert abs(gp.sum() - 0.3 * count) < 3.5 * np.sqrt(0.21 * count)
    assert (rows["priority"][~gp] == 1).all()
    assert abs((rows["priority"][gp] == 1).sum() - 0.2 * gp.sum()) < 3.5 * np.sqrt(0.16 * gp.sum())


# ---- what must not change

EVERYTHING = {
    "calendar": {"shocks": {"pandemic": APRIL | {"demand_falls": "30 %", "capacity_falls": "20 %"}}},
    "demand": {
        "MRI": {
            "growth": "20 % a year",
            "season": {"may": "130 %"},
            "reacts_to_wait": {"elasticity": -0.5, "reference_wait": "10 days"},
        }
    },
}


def test_a_longer_run_begins_with_the_shorter_one_also_where_demand_varies_and_reacts():
    runs = [laid_over(EVERYTHING, {"calendar": {"years": f"{years} years"}}) for years in (0.5, 1)]
    short, long = (tables(run).referrals for run in runs)
    begun = only(long, long["referred"] < 181)
    for column in DRAWN[:-1]:
        assert np.array_equal(begun[column], short[column]), column
    assert len(long["referred"]) > len(short["referred"]) > 500


def test_one_more_place_changes_nothing_for_the_others_where_each_has_its_rate():
    rates = {"default": "20 per 1000 people a year"}
    one = tables(two_towns_by_rates(rates)).referrals
    other = tables(two_towns_by_rates(rates, places={"Hamlet": VILLAGE})).referrals
    for place in (0, 1):
        before, after = (only(table, table["place"] == place) for table in (one, other))
        assert all(np.array_equal(before[column], after[column]) for column in DRAWN)
    assert np.sum(other["place"] == 2) > 500


# ---- demand that reacts to the wait


def reacting(slots: int, **more) -> dict:
    """An overloaded world with so many slots a day."""
    reacts = {"elasticity": -1, "reference_wait": "2 weeks"} | more
    changes = mri(per_year="4000 per year", reacts_to_wait=reacts)
    return changes | {"fleet": {"scanner": {"slots_per_day": f"{slots} per day"}}}


def test_long_waits_hold_demand_down_until_the_list_stays():
    """Eleven a day for eight slots: unmoved, the list grows by three a day; moved, it settles near the wait
    at which eleven become eight, which is 2 weeks x 11 / 8 on the list on average."""
    moved = tables(reacting(8) | {"calendar": {"years": "3 years"}})
    unmoved = tables(reacting(8, elasticity=0) | {"calendar": {"years": "3 years"}})
    left = [np.isnan(found.referrals["scanned"]).sum() for found in (moved, unmoved)]
    assert left[1] > 3 * 365 * 2.5 and left[0] < 400
    a_day = np.sum(moved.referrals["referred"] > 730) / 365
    assert a_day == pytest.approx(8, rel=0.08)


def test_where_the_list_is_shorter_come_all_who_come_where_it_is_longer():
    """The first month is the same: nobody waits yet, and the first who come are those who come elsewhere."""
    short, long = (tables(reacting(slots)).referrals for slots in (9, 6))
    first = [table["referred"][table["referred"] < 31] for table in (short, long)]
    assert np.array_equal(*first) and len(first[0])
    assert set(long["referred"]) < set(short["referred"])


def test_who_does_not_mind_waiting_comes_whatever_the_provision_model():
    short, long = (tables(reacting(slots, elasticity=0)).referrals for slots in (9, 6))
    assert all(np.array_equal(short[column], long[column]) for column in DRAWN)


# ---- what is shipped and what is shown


def test_the_shipped_seasons_make_december_quieter_than_november():
    seasons = read_document(SCENARIOS / "demand" / "season.yaml").tree["demand"]
    assert set(seasons) == {"MRI", "CT", "ultrasound", "DEXA"}
    for modality, answer in seasons.items():
        season = {month: factor["value"] for month, factor in answer["season"].items()}
        assert len(season) == 12, modality
        found = by_month(tables(mri(per_year="40000 per year", season=season)))
        assert found[11] / 31 < found[10] / 30, modality


def test_what_the_page_shows_about_demand_can_be_run():
    page = (SCENARIOS / "README.md").read_text(encoding="utf-8")
    (block,) = [part for part in page.split("```") if "reacts_to_wait:" in part]
    changes = parse_yaml(block.removeprefix("yaml").replace("Oxford", "Town"))
    assert len(tables(changes).referrals["referred"]) > 1000
