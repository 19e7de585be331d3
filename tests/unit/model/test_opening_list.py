"""Those who wait already when the world starts, worked out by hand."""

import numpy as np
import pytest

from sim.model.demand import ROUTINE, URGENT, URGENT_SUSPECTED_CANCER
from sim.model.waiting_list import Queue
from tests.unit.model.by_hand import at
from tests.unit.model.list_by_hand import (
    ONE_A_DAY,
    ONE_A_WEEK,
    Person,
    Waits,
    bands,
    booked,
    column,
    counted,
    february,
    month,
    opening,
    order,
    outcomes,
    ran,
)

VILLAGE = {
    "Village": {"population": "50000 people", "households_without_car": "10 %"}
    | {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
}
FOUR = bands(w0=1, w1=1, w6=1, w13=1)
FOUR_PEOPLE = {"waiting": [Waits(0.5), Waits(0.5), Waits(0.25), Waits(0.5)]}
THIRTEEN_AND_MORE = 7 * (13 + 4 * float(-np.log1p(-0.5)))
"""The mean of the tail is four weeks where bands 9 to 12 are empty; its median ln 2 times that."""


def test_bands_become_ages_and_the_oldest_are_numbered_first():
    tables = month(opening(*FOUR), opening_lists=FOUR_PEOPLE)
    assert column(tables, "referred") == [-THIRTEEN_AND_MORE, -43.75, -10.5, -3.5]
    assert column(tables, "clock_start") == column(tables, "referred")
    assert column(tables, "opening") == [1, 1, 1, 1]
    assert tables.labels["opening"][1] == "already waiting"


def test_the_diary_is_filled_at_the_start_inside_the_minimum_notice_too_and_the_longest_waiting_go_first():
    """Today's and tomorrow's slot at the start; the others are booked by the clerk, a day's notice ahead."""
    tables = month(ONE_A_DAY | opening(*FOUR), opening_lists=FOUR_PEOPLE)
    assert booked(tables) == [
        (0, 0.0, at(0, "08:00")),
        (1, 0.0, at(1, "08:00")),
        (2, at(1, "08:00"), at(2, "08:00")),
        (3, at(2, "08:00"), at(3, "08:00")),
    ]
    assert column(tables, "scanned") == [at(day, "08:30") for day in range(4)]


def test_whoever_is_new_comes_after_those_who_waited_already():
    tables = month(ONE_A_DAY | opening(*FOUR), [Person(at(0, "07:00"))], FOUR_PEOPLE)
    assert order(tables) == [0, 1, 2, 3, 4]
    assert column(tables, "opening") == [1, 1, 1, 1, 0]
    assert booked(tables)[4] == (4, at(3, "08:00"), at(4, "08:00"))


def test_each_is_within_the_week_of_their_band_whatever_is_drawn():
    typed = [3, 5, 0, 7, 2, 9, 4, 4, 6, 11, 8, 5, 3, 20]
    tables = month(opening(*typed))
    days = -tables.referrals["referred"]
    found = np.bincount(np.minimum(days // 7, 13).astype(int), minlength=14)
    assert found.tolist() == typed


def test_the_tail_is_exponential_beyond_thirteen_weeks_with_the_mean_that_bands_9_to_12_have():
    """Bands 9 to 12 halve from one to the next, so a week is survived by a half: the mean is 1 / ln 2 weeks.

    20,000 people, 3.5 standard errors of the mean and of the share beyond twice the mean. A mean 4 % off
    would be seen in 98 of 100 runs.
    """
    people = 20_000
    sim = february(opening(*bands(w9=800, w10=400, w11=200, w12=100, w13=people)))
    (made,) = sim.world.opening
    weeks = -made.draw(np.random.default_rng(1).random((people + 1500, 16)))["referred"][1500:] / 7 - 13
    mean = 1 / np.log(2)
    assert weeks.min() >= 0
    assert abs(weeks.mean() - mean) <= 3.5 * mean / np.sqrt(people)
    beyond = np.exp(-2)
    assert abs(np.mean(weeks > 2 * mean) - beyond) <= 3.5 * np.sqrt(beyond * (1 - beyond) / people)


def test_only_those_who_have_waited_less_than_the_limit_may_be_urgent():
    """20 % suspected cancer, then 30 % urgent, of those under 14 days; at 14 days to the minute nobody."""
    shares = {"urgent": {"urgent_suspected_cancer": "20 %", "urgent": "30 %"}, "urgent_up_to": "14 days"}
    people = [Waits(0.5, 0.19), Waits(0.6, 0.49), Waits(0.7, 0.51), Waits(0.99, 0.49), Waits(0.0, 0.1)]
    tables = month(opening(*bands(w0=3, w1=1, w2=1), **shares), opening_lists={"waiting": people})
    by_age = dict(zip(column(tables, "referred"), column(tables, "priority")))
    assert [by_age[-age] for age in (3.5, 7 * 0.6, 7 * 0.7, 7 * 1.99, 14.0)] == [
        URGENT_SUSPECTED_CANCER,
        URGENT,
        ROUTINE,
        URGENT,
        ROUTINE,
    ]


def test_the_urgent_among_them_are_booked_before_older_routine_ones():
    shares = {"urgent": {"urgent_suspected_cancer": "20 %", "urgent": "30 %"}}
    people = [Waits(0.5, 0.1), Waits(0.4, 0.4), Waits(0.5)]
    tables = month(ONE_A_DAY | opening(*bands(w0=2, w5=1), **shares), opening_lists={"waiting": people})
    assert column(tables, "referred") == [-7 * 5.5, -3.5, -7 * 0.4]
    assert order(tables) == [1, 2, 0]


def test_they_live_where_the_referrals_come_from():
    """Town has 100,000 people and Village 50,000: Town's are those drawn below two thirds."""
    people = [Waits(0.5, place=u) for u in (0.0, 0.66, 0.67, 0.99)]
    tables = month({"places": VILLAGE} | opening(*bands(w3=4)), opening_lists={"waiting": people})
    assert column(tables, "place") == [0, 0, 1, 1]


def test_where_rates_differ_between_places_so_does_the_opening_list():
    """Five for 1,000 of 100,000 against twenty for 1,000 of 50,000: a third are Town's."""
    rates = {"per_1000": {"Town": "5 per 1000 people a year", "Village": "20 per 1000 people a year"}}
    changes = {"places": VILLAGE, "demand": {"MRI": rates}}
    sim = february(changes | opening(*bands(w3=1)))
    assert sim.world.opening[0].places.tolist() == pytest.approx([1 / 3, 2 / 3])


def test_a_list_of_one_place_is_of_that_place():
    people = [Waits(0.5, place=u) for u in (0.0, 0.99)]
    changes = {"places": VILLAGE} | opening(*bands(w3=2), place="Village")
    assert column(month(changes, opening_lists={"waiting": people}), "place") == [1, 1]


def test_the_census_at_the_first_month_end_has_their_whole_wait():
    """Four slots on Fridays: the four longest waiting are scanned, the others are 28 days older."""
    people = [Waits(u) for u in (0.1, 0.5, 0.9, 0.3, 0.8, 0.5, 0.6, 0.5)]
    sim = february(ONE_A_WEEK | opening(*bands(w0=3, w1=2, w5=2, w8=1)), {"waiting": people})
    tables = ran(sim)
    assert [slot for _, _, slot in booked(tables)] == [at(day, "08:00") for day in (0, 7, 14, 21)]
    assert order(tables) == [0, 1, 2, 3]
    assert column(tables, "referred")[:4] == [-7 * 8.5, -7 * 5.6, -7 * 5.5, -7 * 1.8]
    assert counted(tables, sim) == {
        "04 < 05 Weeks": 3,
        "05 < 06 Weeks": 1,
        "Total WL": 4,
        "Waiting List Activity": 4,
    }


@pytest.mark.parametrize("waited", [0.01, 0.5, 0.9])
def test_at_the_start_the_clerk_sees_the_bands_that_were_typed_in(waited):
    """The hazard by weeks waited goes by these bands: who is in band 3 is drawn with the hazard of band 3."""
    typed = [1] * 13 + [0]
    sim = february(opening(*typed), {"waiting": [Waits(waited)] * 13})
    sim.door.draw_opening_list(sim.world.opening[0])
    sim.referrals.list_the_vetted(0.0)
    seen = np.zeros(14, dtype=int)
    for group in sim.waiting.groups:
        queue: Queue = group.queues[ROUTINE]
        seen += queue.bands(0)
    assert seen.tolist() == typed


def test_nobody_on_the_opening_list_is_found_to_have_been_turned_down_before_the_start():
    """A month's list counts those who wait: who has waited five weeks was vetted and let in long ago."""
    vetting = {"vetting": {"rejected": "20 %", "time": {"routine": "2 days"}}}
    people = {"waiting": [Waits(0.5, vetted=0.1), Waits(0.6, vetted=0.9)]}
    tables = month(vetting | opening(*bands(w5=2)), opening_lists=people)
    left = [at_ for at_ in column(tables, "left") if at_ is not None]
    assert all(at_ >= 0 for at_ in left)
    assert outcomes(tables) == ["scanned", "scanned"]


def test_who_is_still_in_vetting_at_the_start_is_listed_when_it_ends():
    """Asked for three and a half days ago, five days of vetting: booked on the morning of day 2."""
    vetting = {"vetting": {"time": {"routine": "5 days"}}}
    tables = month(ONE_A_DAY | vetting | opening(*bands(w0=1)), opening_lists={"waiting": [Waits(0.5)]})
    assert column(tables, "listed") == [1.5]
    assert booked(tables) == [(0, at(2, "08:00"), at(3, "08:00"))]


def test_of_two_opening_lists_neither_waits_for_the_others_vetting():
    """The town's newest is in vetting until day 2; the village's have been vetted for weeks."""
    changes = ONE_A_DAY | {"places": VILLAGE, "vetting": {"time": {"routine": "5 days"}}}
    lists = {
        "town": {"modality": "MRI", "bands": bands(w0=1), "place": "Town"},
        "village": {"modality": "MRI", "bands": bands(w9=1), "place": "Village"},
    }
    people = {"town": [Waits(0.5)], "village": [Waits(0.5)]}
    tables = month(changes | {"opening_list": lists}, opening_lists=people)
    slot = dict(zip(column(tables, "referred"), column(tables, "scanned")))
    assert slot == {-3.5: at(3, "08:30"), -7 * 9.5: at(0, "08:30")}


def test_of_two_opening_lists_the_longest_waiting_go_first_whichever_list_they_are_on():
    changes = ONE_A_DAY | {"places": VILLAGE}
    lists = {
        "town": {"modality": "MRI", "bands": bands(w2=2), "place": "Town"},
        "village": {"modality": "MRI", "bands": bands(w2=2), "place": "Village"},
    }
    people = {"town": [Waits(0.2), Waits(0.8)], "village": [Waits(0.9), Waits(0.4)]}
    tables = month(changes | {"opening_list": lists}, opening_lists=people)
    by_age = sorted(zip(column(tables, "referred"), column(tables, "scanned")))
    assert [scanned for _, scanned in by_age] == [at(day, "08:30") for day in range(4)]
