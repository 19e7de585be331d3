"""Radiographers drawn from others' crews, worked out by hand: posts lost, phased, filled again, given back."""

import numpy as np
import pytest

from sim.model.rosters import Drawn, Leaving
from sim.model.simulation import Simulation
from sim.model.tables import Tables
from tests.functional.model.two_towns import laid_over, same_tables, two_towns
from tests.unit.model.suites_by_hand import SECOND, by_hand
from tests.world import simulation, tables, world

TRUST = {"providers": ["Trust"], "establishment": "4 people", "sessions_per_week": "3.5 per week"}
COMPANY = {"providers": ["Company"], "establishment": "4 people", "sessions_per_week": "4 per week"}
OTHERS = {"providers": ["Others"], "establishment": "3 people", "sessions_per_week": "7 per week"}
A_THIRD_PROVIDER = {
    "fleet": {"third": SECOND | {"provider": "Others", "radiographers": "1 people"}},
    "reporting": {"radiologists": {"reports_for": ["Trust", "Company", "Others"]}},
}


def drawn(share: str, **workforce) -> dict:
    """Two towns. The trust's scanner needs two radiographers on seven days, and its crew has just enough;
    the company's van needs two on two days: four sessions, one of its posts."""
    crews = laid_over({"trust": TRUST, "company": COMPANY}, workforce.pop("crews", {}))
    answer = laid_over({"contractor": "Company", "drawn_from_nhs": share, "crews": crews}, workforce)
    return two_towns(
        fleet={"scanner": {"radiographers": "2 people"}, "van": {"radiographers": "2 people"}},
        workforce=answer,
    )


def lost(sim: Simulation, days: range | list[int], crew: int = 0) -> list[float]:
    """Posts that a crew has lost on some days, asked for each day up to the last."""
    leaving = Leaving(sim.world.crews[crew].drawn, sim.works)
    found = [leaving.lost(day) for day in range(max(days) + 1)]
    return [found[day] for day in days]


def posts_each(changes: dict) -> dict[str, float]:
    """Posts lost by crew for each session of a radiographer that the contractor needs."""
    return {crew.key: crew.drawn.posts_each if crew.drawn else 0.0 for crew in world(changes).crews}


# ---- how many posts


def test_the_share_of_the_contractors_posts_is_lost_at_once_unless_it_says_over_how_long():
    assert lost(simulation(drawn("50 %")), [0, 1, 30]) == pytest.approx([0.5, 0.5, 0.5])


def test_the_contractor_itself_loses_nobody():
    assert posts_each(drawn("50 %")) == pytest.approx({"trust": 0.5 / 4, "company": 0.0})


def test_posts_leave_evenly_from_the_first_day_of_the_sessions():
    """Half a post over four weeks, week by week."""
    sim = simulation(drawn("50 %", drawn_over="4 weeks"))
    assert lost(sim, range(0, 43, 7)) == pytest.approx([0, 0.125, 0.25, 0.375, 0.5, 0.5, 0.5])


def test_a_lost_post_is_filled_again_after_so_long():
    """Half a post over four weeks, each part filled two weeks after it was lost."""
    sim = simulation(drawn("50 %", drawn_over="4 weeks", refilled_after="2 weeks"))
    assert lost(sim, range(0, 50, 7)) == pytest.approx([0, 0.125, 0.25, 0.25, 0.25, 0.125, 0, 0])


def test_a_post_filled_at_once_was_never_lost():
    assert lost(simulation(drawn("50 %", refilled_after="0 days")), [0, 5]) == [0, 0]


def test_a_year_is_twelve_months():
    sim = simulation(drawn("100 %", drawn_over="12 months"))
    assert lost(sim, [100])[0] == pytest.approx(100 / 365.25)


def test_the_others_lose_by_their_posts_that_are_filled():
    """Four posts, a quarter of them empty, and three: each loses half of what is drawn."""
    changes = drawn("100 %", crews={"trust": TRUST | {"vacancies": "25 %"}, "others": OTHERS})
    found = posts_each(laid_over(changes, A_THIRD_PROVIDER))
    assert found == pytest.approx({"trust": 0.5 / 4, "company": 0, "others": 0.5 / 4})


def test_a_contractor_without_a_crew_needs_the_posts_that_its_sessions_would_need_of_the_others():
    """Four posts of 3.5 sessions and three of 7 hold 35 sessions, five a post."""
    changes = laid_over(drawn("100 %", crews={"company": None, "others": OTHERS}), A_THIRD_PROVIDER)
    assert posts_each(changes) == pytest.approx({"trust": 4 / 7 / 5, "others": 3 / 7 / 5})


def test_a_crew_whose_scanners_are_not_there_loses_nobody():
    found = posts_each(drawn("100 %", crews={"others": OTHERS}))
    assert found == pytest.approx({"trust": 1 / 4, "company": 0})


# ---- as sessions come and go


def test_posts_are_lost_when_the_contractors_scanner_begins_and_are_back_when_it_stops():
    sim = simulation(drawn("100 %", drawn_over="10 days"))
    sim.works.spans[1, 0] = [(10, 40)]
    assert lost(sim, [9, 10, 15, 20, 39, 40]) == pytest.approx([0, 0, 0.5, 1, 1, 0])


def test_each_further_session_has_its_own_phase():
    """The van's two days from the start, a third from day 10: half a post more, over twenty days."""
    third = {"days": ["monday"], "opens": "09:00", "closes": "12:00", "slots_per_day": "4 per day"}
    third |= {"radiographers": "2 people", "in_reserve": True}
    changes = drawn("100 %", drawn_over="20 days")
    sim = simulation(laid_over(changes, {"fleet": {"van": {"more_sessions": {"third": third}}}}))
    sim.works.begin(1, 1, 10, 25)
    assert lost(sim, [10, 20, 24, 25, 30]) == pytest.approx([0.5, 1.25, 1.35, 1, 1])


# ---- what becomes of the sessions

SEVEN_A_WEEK = {"sessions_per_week": "7 per week", "establishment": "2 people"}


def no_crew(tables: Tables, scanner: int) -> np.ndarray:
    """The days on which a scanner's session had no crew."""
    rows = (tables.sessions["scanner"] == scanner) & (tables.sessions["no_crew_seconds"] > 0)
    return tables.sessions["day"][rows]


def test_with_everything_drawn_the_others_lose_exactly_the_contractors_posts():
    """Two scanners of the trust need one each on seven days, and its two posts work seven a week. The
    company's scanner needs one post: each day but the bank holiday one of the trust's two sessions is
    lost, and no more."""
    one = SECOND | {"radiographers": "1 people"}
    changes = {
        "fleet": {"scanner": {"radiographers": "1 people"}, "b": one, "c": one | {"provider": "Company"}},
        "reporting": {"radiologists": {"reports_for": ["Trust", "Company"]}},
        "workforce": {
            "contractor": "Company",
            "drawn_from_nhs": "100 %",
            "crews": {"trust": TRUST | SEVEN_A_WEEK, "company": COMPANY | SEVEN_A_WEEK},
        },
    }
    found = by_hand(changes, [])
    assert sorted([*no_crew(found, 0), *no_crew(found, 1)]) == list(range(1, 31))
    assert not len(no_crew(found, 2))


def test_a_quarter_of_the_crew_drawn_costs_a_quarter_of_the_sessions():
    """One of four posts; four years, five standard errors either way."""
    changes = laid_over(
        drawn("100 %"), {"calendar": {"years": "4 years"}, "demand": {"MRI": {"per_year": "0 per year"}}}
    )
    found = tables(changes)
    held = np.sum(found.sessions["scanner"] == 0)
    assert abs(len(no_crew(found, 0)) / held - 0.25) < 5 * (0.25 * 0.75 / held) ** 0.5
    assert not len(no_crew(found, 1))


def test_more_cannot_be_drawn_than_there_are():
    changes = drawn("100 %", crews={"trust": TRUST | {"establishment": "0.5 people"}})
    found = tables(laid_over(changes, {"calendar": {"years": "0.25 years"}}))
    assert len(no_crew(found, 0)) == np.sum(found.sessions["scanner"] == 0)


# ---- nothing happens that is not asked for

SHORT = {"trust": {"vacancies": "10 %", "sickness": "5 %"}}
QUARTER = {"calendar": {"years": "0.25 years"}}


def quarter(share: str, changes: dict | None = None, **workforce) -> Tables:
    workforce["crews"] = laid_over(SHORT, workforce.get("crews", {}))
    return tables(laid_over(drawn(share, **workforce), laid_over(QUARTER, changes or {})))


@pytest.mark.parametrize(
    "workforce",
    [
        {"drawn_over": "12 months", "refilled_after": "3 months"},
        {"contractor": None, "drawn_from_nhs": "100 %"},
        {"contractor": "Nobody", "drawn_from_nhs": "100 %"},
        {"drawn_from_nhs": "100 %", "refilled_after": "0 days"},
    ],
)
def test_nothing_drawn_gives_the_same_tables(workforce):
    """A share of nothing; no contractor; one without scanners; posts filled again at once."""
    assert same_tables(quarter("0 %"), quarter("0 %", **workforce))


def test_a_contractor_without_others_draws_from_nobody():
    alone = {"contractor": "Trust", "crews": {"company": None}}
    assert same_tables(quarter("0 %", **alone), quarter("100 %", **alone))


def test_who_is_called_what_makes_no_difference():
    """The trust draws from the company as the company draws from the trust: names swapped, results swapped."""
    one, other = quarter("50 %"), quarter("50 %", names_swapped(), contractor="Trust")
    assert len(no_crew(one, 0)) > 20
    for name in ("referrals", "appointments", "sessions"):
        mine, theirs = getattr(one, name), getattr(other, name)
        assert [
            c for c in mine if not np.array_equal(mine[c], theirs[c], equal_nan=mine[c].dtype.kind == "f")
        ] == ["provider"]
    assert [one.labels["provider"][code] for code in one.sessions["provider"]] == [
        {"Trust": "Company", "Company": "Trust"}[other.labels["provider"][code]]
        for code in other.sessions["provider"]
    ]


def names_swapped() -> dict:
    """The scanner is the company's, the van the trust's; crews keep their names, and so their luck."""
    return {
        "fleet": {"scanner": {"provider": "Company"}, "van": {"provider": "Trust"}},
        "workforce": {"crews": {"trust": {"providers": ["Company"]}, "company": {"providers": ["Trust"]}}},
    }


@pytest.mark.parametrize("share", ["0 %", "25 %", "50 %", "100 %"])
def test_the_more_is_drawn_the_fewer_sessions_are_held(share):
    """Two radiographers a day, of them share x 0.5 drawn: each session is lost with half that chance."""
    changes = drawn(share)
    found = tables(laid_over(changes, QUARTER))
    days = np.sum(found.sessions["scanner"] == 0)
    chance = float(share.split()[0]) / 100 / 4
    assert abs(len(no_crew(found, 0)) / days - chance) <= 5 * (chance * (1 - chance) / days) ** 0.5


@pytest.mark.parametrize(
    ("over", "refilled_after", "parts"),
    [
        # after -1, 0, 5, 10, 15, 20, 30 and 35 days
        (10.0, float("inf"), [0, 0, 0.5, 1, 1, 1, 1, 1]),
        (0.0, float("inf"), [0, 1, 1, 1, 1, 1, 1, 1]),
        (10.0, 20.0, [0, 0, 0.5, 1, 1, 1, 0, 0]),
        (20.0, 10.0, [0, 0, 0.25, 0.5, 0.5, 0.5, 0, 0]),
        (0.0, 15.0, [0, 1, 1, 1, 0, 0, 0, 0]),
    ],
)
def test_those_who_leave_evenly_are_replaced_one_by_one(over, refilled_after, parts):
    gone = Drawn((), 1.0, over, refilled_after).gone
    assert [gone(days) for days in (-1, 0, 5, 10, 15, 20, 30, 35)] == pytest.approx(parts)
    assert Drawn((), 1.0, over).gone(1e6) == 1


def test_who_is_needed_last_comes_back_first():
    """Of a place for four that needs six from day 10 on and three from day 20 on, two and one are given back."""
    leaving = Leaving(Drawn((), 1.0, 0.0), None)
    leaving.need.on = lambda day: [4.0 if day < 10 else 6.0 if day < 20 else 3.0]
    for day, draws in ((0, [(0, 4)]), (9, [(0, 4)]), (10, [(0, 4), (10, 2)]), (20, [(0, 3)]), (21, [(0, 3)])):
        assert leaving.lost(day) == sum(posts for _, posts in draws)
        assert leaving.draws == draws


def test_what_is_drawn_and_given_back_in_full_leaves_nothing():
    leaving = Leaving(Drawn((), 0.5, 0.0), None)
    for day, need in ((0, 4.0), (1, 0.0), (2, 2.0)):
        leaving.need.on = lambda day, need=need: [need]
        assert leaving.lost(day) == need / 2
    assert leaving.draws == [(2, 2.0)]
