"""Which of several lists is picked: the closed form of each rule, over an even grid of lots."""

import math

import numpy as np
import pytest

from sim.model.ways import Prospect
from sim.provision.eligibility import Eligibility, choice_of
from tests.unit.model.by_hand import at
from tests.unit.model.list_by_hand import NEVER
from tests.unit.model.providers_by_hand import FAR, Luck, an_hour_apart, asked_for, run, scanner_of, went_to

LOTS = (np.arange(10_000) + 0.5) / 10_000
NEAR_AND_LONG, FAR_AND_SHORT = Prospect(20.0, 15.0, 5.0), Prospect(2.0, 60.0, 10.0)
NO_SLOTS = Prospect(math.inf, 0.0, 0.0)


def logit(a_day: str, spread: str):
    """The rule with these weights."""
    weights = {"a_day_of_waiting": a_day, "spread": spread}
    return choice_of(Eligibility.model_validate({"choice": "logit", "logit": weights}))


def shares(choice, prospects: list[Prospect]) -> list[float]:
    """The share of the lots with which each is picked."""
    picked = [choice(prospects, lambda lot=lot: lot) for lot in LOTS.tolist()]
    return [picked.count(number) / len(LOTS) for number in range(len(prospects))]


@pytest.mark.parametrize(
    ("a_day", "spread"),
    [(2.0, 10.0), (2.5, 10.0), (3.0, 10.0), (2.0, 30.0), (10.0, 100.0), (0.0, 20.0)],
)
def test_logit_is_the_closed_form(a_day, spread):
    """exp(-cost / spread) of each over that of all. cost: minutes, and a day of waiting in minutes."""
    prospects = [NEAR_AND_LONG, FAR_AND_SHORT, Prospect(9.0, 40.0, 1.0)]
    weights = [math.exp(-(a_day * one.days + one.minutes) / spread) for one in prospects]
    expected = [weight / sum(weights) for weight in weights]
    found = shares(logit(f"{a_day} minutes", f"{spread} minutes"), prospects)
    assert found == pytest.approx(expected, abs=1.01e-4)


def test_people_who_weigh_both_the_same_go_half_and_half():
    """Eighteen days against 45 minutes, at two and a half minutes a day."""
    assert shares(logit("2.5 minutes", "10 minutes"), [NEAR_AND_LONG, FAR_AND_SHORT]) == [0.5, 0.5]


def test_a_tiny_spread_sends_everybody_where_it_is_best():
    both = [NEAR_AND_LONG, FAR_AND_SHORT]
    assert shares(logit("0 minutes", "1 second"), both) == [1, 0]
    assert shares(logit("2.4 minutes", "1 second"), both) == [1, 0]
    assert shares(logit("2.6 minutes", "1 second"), both) == [0, 1]


def test_a_huge_spread_sends_them_anywhere():
    found = shares(logit("2 minutes", "1000 days"), [NEAR_AND_LONG, FAR_AND_SHORT, NEAR_AND_LONG])
    assert found == pytest.approx([1 / 3] * 3, abs=1e-3)


@pytest.mark.parametrize("a_day", ["0 minutes", "5 minutes"])
@pytest.mark.parametrize("place", [0, 1, 2])
def test_logit_never_picks_a_list_without_slots(a_day, place):
    prospects = [NEAR_AND_LONG, FAR_AND_SHORT]
    prospects.insert(place, NO_SLOTS)
    found = shares(logit(a_day, "50 minutes"), prospects)
    assert found[place] == 0
    del found[place], prospects[place]
    assert found == shares(logit(a_day, "50 minutes"), prospects)


def test_lists_without_slots_are_as_good_as_each_other():
    assert shares(logit("5 minutes", "50 minutes"), [NO_SLOTS] * 2) == [0.5, 0.5]


def test_nearest_shares_by_slots_and_soonest_takes_the_shorter():
    nearest, soonest = (choice_of(Eligibility(choice=name)) for name in ("nearest", "soonest"))
    one, other = Prospect(20.0, 15.0, 5.0), Prospect(2.0, 15.0, 15.0)
    assert shares(nearest, [one, other]) == [0.25, 0.75]
    assert shares(soonest, [one, other]) == [0, 1]
    assert shares(soonest, [other, NO_SLOTS]) == shares(nearest, [other, NO_SLOTS]) == [1, 0]
    assert shares(soonest, [one] * 4) == [0.25] * 4


# ---- in the engine: the town's hospital has one slot a day, the village's clinic ten, an hour away

WEIGHTS = {"a_day_of_waiting": "15 minutes", "spread": "30 minutes"}


def apart(**weights: str) -> dict:
    """Everybody weighs wait and travel."""
    choice = {
        "choice": "logit",
        "logit": WEIGHTS | weights,
        "takes": {"company": {"complexity": ["standard"]}},
    }
    return an_hour_apart(trust=1, company=10, eligibility=choice)


def with_lot(lot: float, ahead: int, **about) -> str:
    """Where somebody goes who draws a lot, when so many wait for the trust."""
    people = [*asked_for(ahead, complexity=1), *asked_for(1, day=1, **about)]
    return went_to(run(apart(), people, [Luck()] * ahead + [Luck(lot=lot)]))[-1]


@pytest.mark.parametrize(
    ("ahead", "about", "trust_against_company"),
    [
        (0, {}, (0 * 15 + 15, 60)),
        (3, {}, (3 * 15 + 15, 60)),
        (6, {}, (6 * 15 + 15, 60)),
        (3, {"car": 0.0}, (3 * 15 + 30, 120)),
        (3, {"place": FAR}, (3 * 15 + 60, 15)),
    ],
    ids=["nobody waits", "even", "six wait", "no car", "from the village"],
)
def test_wait_and_travel_are_weighed_by_each_patients_own_means(ahead, about, trust_against_company):
    """The trust has the lots below its share: 1 in 1 + exp((its minutes - the company's) / 30)."""
    trust, company = trust_against_company
    share = 1 / (1 + math.exp((trust - company) / 30))
    assert with_lot(share - 1e-9, ahead, **about) == "scanner"
    assert with_lot(share + 1e-9, ahead, **about) == "company"


def test_sites_of_one_holder_are_lists_of_their_own_to_who_weighs_them():
    """Both of the trust's: the network's one list would know no site."""
    changes = apart() | {"waiting_lists": {"held_by": "network"}}
    changes["fleet"]["company"] = scanner_of("Trust", "Green", 10)
    share = 1 / (1 + math.exp((15 - 60) / 30))
    found = [went_to(run(changes, asked_for(1), [Luck(lot=lot)])) for lot in (share - 1e-9, share + 1e-9)]
    assert found == [["scanner"], ["company"]]


def test_nobody_chooses_a_site_they_refuse():
    refusing = {"booking": {"refusal": [{"travel": "30 minutes", "share": "30 %"}]}}
    people = [one._replace(refuses=u) for one, u in zip(asked_for(2), (0.29, 0.31))]
    found = run(apart() | refusing, people, [Luck(lot=NEVER)] * 2)
    assert went_to(found) == ["scanner", "company"]
    assert found.referrals["booked"][0] == at(1, "08:00")
