"""Requests for capacity worked out by hand: when they are made, what boards answer, when capacity is there.

Half of 2019: the months end on days 31, 59, 90, 120, 151 and 181. The scanner of the small world has no slot of
its own here, so whoever is asked for stays on the list until a request brings slots.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.model.decisions import DOES, Asking, Board, LongList, Request
from sim.model.simulation import Simulation
from sim.model.streams import DECISIONS, Streams
from sim.model.tables import Tables
from tests.functional.model.two_towns import laid_over
from tests.unit.model.by_hand import MRI, Patient, appointments, at
from tests.unit.model.suites_by_hand import (
    SECOND,
    WEEK,
    Constant,
    by_hand,
    constant_breakdowns,
    not_scanned,
    scanned,
    scans,
)

EVENING = {
    "days": WEEK, "opens": "18:00", "closes": "20:00", "slots_per_day": "2 per day", "in_reserve": True,
    "on_bank_holidays": True,
}  # fmt: skip
EVENINGS = {"does": "extra_sessions", "sessions": {"scanner": ["evening"]}}
VAN = {name: value for name, value in SECOND.items() if name != "days"}
VAN |= {"kind": "mobile", "visits": WEEK, "in_reserve": True, "on_bank_holidays": True}
HIRED = {"does": "hired_mobile", "scanners": ["van"], "lasts": "20 days"}
THREE_WAIT = [Patient(at(10, f"10:0{minute}")) for minute in range(3)]
NO_SLOTS = {
    "calendar": {"years": "0.5 years"},
    "fleet": {
        "scanner": {
            "slots_per_day": "0 per day", "on_bank_holidays": True, "more_sessions": {"evening": EVENING},
        }
    },
}  # fmt: skip
MORE_THAN_TWO_WAIT = {"modality": "MRI", "list_size": "2 referrals"}


def board(every: int = 10, agrees: str = "100 %", tries: int = 1) -> dict[str, str]:
    """Meetings as a scenario writes them."""
    return {"meets_every": f"{every} days", "agrees": agrees, "tries": f"{tries} meetings"}


def decides(
    there_are: dict | None = None, fleet: dict | None = None, about: dict | None = None, **request: Any
) -> dict:
    """A world in which nobody is scanned before a request `more` is in effect.

    there_are: the boards. about: what else is said about all decisions.
    """
    asked = {"by": "Trust", "when": MORE_THAN_TWO_WAIT, "procurement": "0 days", "installation": "0 days"}
    asked |= EVENINGS if "does" not in request else {}
    decisions = {"boards": there_are or {}, "requests": {"more": asked | request}} | (about or {})
    return laid_over(NO_SLOTS, {"fleet": fleet or {}, "decisions": decisions})


def lots(first: dict[str, float], answers: dict[str, list[float]] | None = None):
    """Decides beforehand: by board the uniform of its first meeting, and those of its meetings on `more`."""

    def prepare(sim: Simulation) -> None:
        drawn = sim.streams.row

        def row(purpose: int, entity: str, number: int, **where: Any) -> np.ndarray:
            if purpose != DECISIONS:
                return drawn(purpose, entity, number, **where)
            name = entity.removeprefix("meetings of ").removesuffix(" on more")
            if entity.endswith(" on more"):
                u = (answers or {}).get(name, [0.0] * 9)[number]
            else:
                u = first.get(name, 0.0)
            return np.array([u, 0.0, 0.0, 0.0])

        sim.streams.row = row

    return prepare


def decided(tables: Tables) -> list[dict]:
    """The rows of the table, without the days that did not come."""
    rows = []
    for n in range(len(tables.decisions["request"])):
        row = {name: column[n].item() for name, column in tables.decisions.items()}
        for name in ("request", "by"):
            row[name] = tables.labels[name][row[name]]
        row["does"] = DOES[row["does"]]
        rows.append({name: value for name, value in row.items() if value == value})
    return rows


def days_of(tables: Tables) -> list[dict]:
    """The days of each row."""
    return [{k: v for k, v in row.items() if isinstance(v, float)} for row in decided(tables)]


def days_held(tables: Tables, opens: str) -> list[int]:
    """The days of the sessions of so many seconds."""
    seconds = {"evening": 2 * 3600, "whole day": 10 * 3600}[opens]
    return sorted(tables.sessions["day"][tables.sessions["open_seconds"] == seconds].tolist())


# ---- when a request is made


@pytest.mark.parametrize("months, day", [(1, 31), (2, 59), (3, 90)])
def test_a_request_is_made_once_the_list_was_too_long_at_so_many_month_ends(months, day):
    when = MORE_THAN_TWO_WAIT | {"for_months": f"{months} months"}
    tables = by_hand(decides(when=when), THREE_WAIT)
    assert days_of(tables) == [{"requested": day, "agreed": day, "in_effect": day}]
    assert [row["by"] for row in decided(tables)] == ["Trust"]


def test_a_month_end_without_a_reason_starts_the_count_again():
    reasons = iter([True, False, True, True, True])
    when = SimpleNamespace(holds=lambda sim, lists: next(reasons))
    asking = Asking(0, Request("more", "", "", when, 2, (), False, 0.0, 0, 0))
    sim = SimpleNamespace(env=SimpleNamespace(now=0.0))
    assert [asking.asks(sim, {}) for _ in range(5)] == [False, False, False, True, True]


def test_as_many_as_the_limit_are_not_too_many():
    assert days_of(by_hand(decides(), THREE_WAIT[:2])) == []


def test_who_is_asked_for_on_the_first_of_the_month_was_not_on_the_list_at_the_end_of_the_last():
    late = Patient(at(31, "00:00"))
    assert days_of(by_hand(decides(), [*THREE_WAIT[:2], late]))[0]["requested"] == 59
    assert (
        days_of(by_hand(decides(), [*THREE_WAIT[:2], late._replace(referred=30.999)]))[0]["requested"] == 31
    )


@pytest.mark.parametrize("limit, day", [("49 %", 59), ("50 %", 90)])
def test_six_weeks_are_forty_two_days_at_midnight(limit, day):
    """On day 59 one of two has waited 42 days, and the other half a day less."""
    when = {"modality": "MRI", "over_6_weeks": limit}
    tables = by_hand(decides(when=when), [Patient(at(17, "00:00")), Patient(at(17, "12:00"))])
    assert days_of(tables)[0]["requested"] == day


def test_with_two_limits_both_have_to_hold():
    when = {"modality": "MRI", "over_6_weeks": "50 %", "list_size": "2 referrals"}
    patients = [Patient(at(10, "10:00")), Patient(at(10, "10:01")), Patient(at(100, "10:00"))]
    assert days_of(by_hand(decides(when=when), patients))[0]["requested"] == 120


def test_only_people_of_the_places_count():
    spot = {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
    places = {"Village": {"population": "9 people", "households_without_car": "0 %"} | spot}
    patients = [*THREE_WAIT, Patient(at(40, "10:00"), place=1)]
    when = MORE_THAN_TWO_WAIT | {"list_size": "0 referrals"}
    for name, day in (("Town", 31), ("Village", 59)):
        changes = decides(when=when, places=[name]) | {"places": places}
        assert days_of(by_hand(changes, patients))[0]["requested"] == day


def test_a_scanner_past_its_age_is_a_reason():
    """Nine years and eleven months at the start: on day 31 past ten years, on its birthday not yet."""
    age = {"scanner": {"age": f"{10 - 31 / 365.25} years"}}
    when = {"scanner": "scanner", "older_than": "10 years"}
    assert days_of(by_hand(decides(when=when, fleet=age), []))[0]["requested"] == 59


# ---- boards


THREE_BOARDS = {"a": board(), "b": board(), "c": board()}
MEETINGS = {"a": 0.35, "b": 0.8, "c": 0.2}
"""With a meeting every 10 days these lots mean: a on days 3, 13, ...; b on 8, 18, ...; c on 2, 12, ..."""


@pytest.mark.parametrize("order, agreed", [("one_after_the_other", 42), ("together", 38)])
def test_boards_are_asked_one_after_the_other_or_together(order, agreed):
    """Asked on day 31: a meets on 33, b on 38, and c on 32 or, asked after b, on 42."""
    tables = by_hand(decides(THREE_BOARDS, about={"order": order}), THREE_WAIT, prepare=lots(MEETINGS))
    assert days_of(tables) == [{"requested": 31, "agreed": agreed, "in_effect": agreed}]
    assert decided(tables)[0]["boards"] == 3


def test_what_comes_on_the_day_of_the_meeting_waits_for_the_next():
    tables = by_hand(decides({"a": board()}), THREE_WAIT, prepare=lots({"a": 0.19}))
    assert days_of(tables)[0]["agreed"] == 41


def test_only_the_boards_that_are_named_are_asked():
    tables = by_hand(decides(THREE_BOARDS, boards=["b"]), THREE_WAIT, prepare=lots(MEETINGS))
    assert days_of(tables)[0]["agreed"] == 38
    tables = by_hand(decides(THREE_BOARDS, boards=[]), THREE_WAIT, prepare=lots(MEETINGS))
    assert days_of(tables)[0]["agreed"] == 31


@pytest.mark.parametrize("tries, outcome", [(2, {"refused": 43}), (3, {"agreed": 53, "in_effect": 53})])
def test_a_board_has_refused_when_it_did_not_agree_at_so_many_meetings(tries, outcome):
    changes = decides({"a": board(10, "50 %", tries)}, about={"ask_again_after": "200 days"})
    tables = by_hand(changes, THREE_WAIT, prepare=lots(MEETINGS, {"a": [0.9, 0.5, 0.49]}))
    assert days_of(tables) == [{"requested": 31} | outcome]
    assert bool(scans(tables)) == ("agreed" in outcome)


def test_asked_together_the_first_refusal_ends_it_and_asked_in_turn_the_next_is_not_asked():
    no = {"a": [1.0] * 3, "b": [1.0] * 3}
    boards = {"a": board(10, "50 %", 2), "b": board(10, "50 %", 1), "c": board()}
    for order, refused in (("one_after_the_other", 43), ("together", 38)):
        about = {"order": order, "ask_again_after": "200 days"}
        tables = by_hand(decides(boards, about=about), THREE_WAIT, prepare=lots(MEETINGS, no))
        assert days_of(tables) == [{"requested": 31, "refused": refused}]


def test_commissioners_are_a_board_for_each_place_that_is_served():
    spot = {"latitude": "51.9 degrees", "longitude": "-1.3 degrees"}
    village = {"population": "9 people", "households_without_car": "0 %"} | spot
    about = {"commissioners": board()}
    meetings = lots({"a": 0.35, "commissioners of Town": 0.8, "commissioners of Village": 0.2})

    def agreed(**request: Any) -> tuple:
        changes = decides({"a": board()}, about=about, **request) | {"places": {"Village": village}}
        row = decided(by_hand(changes, THREE_WAIT, prepare=meetings))[0]
        return row["boards"], row["agreed"]

    assert agreed() == (3, 42)
    assert agreed(places=["Town"]) == (2, 38)
    assert agreed(asks_commissioners=False) == (1, 33)


# ---- in effect, and again


def test_capacity_is_there_when_it_is_procured_and_installed():
    changes = decides({"a": board()}, procurement="20 days", installation="7 days")
    tables = by_hand(changes, THREE_WAIT, prepare=lots(MEETINGS))
    assert days_of(tables) == [{"requested": 31, "agreed": 33, "in_effect": 60}]
    assert scans(tables) == [
        scanned(0, 60, "18:00", "18:30"),
        scanned(1, 60, "19:00", "19:30"),
        scanned(2, 61, "18:00", "18:30"),
    ]


@pytest.mark.parametrize("installation", [0, 2, 27, 28, 29, 60])
def test_extra_sessions_are_held_from_their_first_day_until_they_end(installation):
    """Also on days that the clerk, who looks 28 days ahead, had opened before."""
    tables = by_hand(decides(installation=f"{installation} days", lasts="30 days"), THREE_WAIT)
    first = 31 + installation
    assert days_of(tables)[0] == {
        "requested": 31,
        "agreed": 31,
        "in_effect": first,
        "ended": first + 30,
    }
    assert days_held(tables, "evening") == list(range(first, first + 30))


def test_the_first_slots_of_extra_sessions_are_booked_as_soon_as_they_are_agreed():
    tables = by_hand(decides(installation="14 days"), THREE_WAIT)
    assert [row[1] for row in appointments(tables)] == [at(45, "18:00"), at(45, "19:00"), at(46, "18:00")]
    assert set(tables.appointments["booked"].tolist()) == {at(31, "08:00")}


def test_a_hired_mobile_comes_with_all_its_sessions_and_goes():
    fleet = {"van": VAN | {"more_sessions": {"late": EVENING | {"in_reserve": False}}}}
    tables = by_hand(decides(fleet=fleet, **HIRED, procurement="5 days"), THREE_WAIT)
    assert decided(tables)[0]["does"] == "hired_mobile"
    assert days_of(tables) == [{"requested": 31, "agreed": 31, "in_effect": 36, "ended": 56}]
    assert days_held(tables, "whole day") == days_held(tables, "evening") == list(range(36, 56))


def test_nobody_is_booked_on_a_mobile_after_it_has_gone():
    """Two slots a day for twenty days, and fifty people."""
    fifty = [Patient(at(10, f"10:{minute:02d}")) for minute in range(50)]
    fleet = {"van": VAN | {"slots_per_day": "2 per day"}}
    tables = by_hand(
        decides(fleet=fleet, **HIRED, when=MORE_THAN_TWO_WAIT | {"for_months": "1 month"}), fifty
    )
    assert len(scans(tables)) == 50 and not_scanned(tables) == []
    held = days_held(tables, "whole day")
    assert held == [*range(31, 51), *range(59, 79)], "asked for again at the next month end"


@pytest.mark.parametrize(
    "again, days", [(0, [31, 59, 90, 120, 151]), (9, [31, 90, 120, 151]), (100, [31, 151])]
)
def test_what_has_ended_is_asked_for_again_after_a_time(again, days):
    """The mobile, which takes nobody, is there from day 31 to 51; 59 is eight days later."""
    about = {"ask_again_after": f"{again} days"}
    fleet = {"van": VAN | {"slots_per_day": "0 per day"}}
    tables = by_hand(decides(fleet=fleet, about=about, **HIRED), THREE_WAIT)
    assert [row["requested"] for row in days_of(tables)] == days


@pytest.mark.parametrize("again, days", [(0, [31, 59, 90, 120, 151]), (60, [31, 120])])
def test_what_was_refused_is_asked_for_again_after_a_time(again, days):
    changes = decides({"a": board(10, "0 %")}, about={"ask_again_after": f"{again} days"})
    tables = by_hand(changes, THREE_WAIT, prepare=lots(MEETINGS))
    assert [row["requested"] for row in days_of(tables)] == days
    assert all(row["refused"] == row["requested"] + 2 or row["requested"] != 31 for row in days_of(tables))


def test_what_stays_for_good_is_asked_for_once():
    fleet = {"van": VAN | {"slots_per_day": "0 per day"}}
    changes = decides(fleet=fleet, does="new_scanner", scanners=["van"])
    assert [row["requested"] for row in days_of(by_hand(changes, THREE_WAIT))] == [31]


def test_several_requests_can_be_open_at_once():
    changes = decides({"a": board(), "b": board(60)}, boards=["b"])
    changes["fleet"]["van"] = VAN
    hire = {"by": "Trust", "when": MORE_THAN_TWO_WAIT, "procurement": "9 days", "installation": "0 days"}
    changes["decisions"]["requests"]["hire"] = hire | HIRED | {"boards": ["a"]}
    tables = by_hand(changes, THREE_WAIT, prepare=lots({"a": 0.35, "b": 0.7}))
    assert [(row["request"], row["agreed"], row["in_effect"]) for row in decided(tables)[:2]] == [
        ("more", 42, 42),
        ("hire", 33, 42),
    ]


# ---- a scanner is replaced


REPLACED = {
    "does": "replacement",
    "scanners": ["scanner"],
    "when": {"scanner": "scanner", "older_than": "9 years"},
}
TEN_SLOTS = {"scanner": {"slots_per_day": "10 per day", "age": "10 years"}}


@pytest.mark.parametrize("procurement, closes", [(60, 91), (28, 59), (27, 59), (0, 59)])
def test_a_scanner_that_is_replaced_closes_after_the_days_that_were_open_for_booking(procurement, closes):
    """On day 30 the clerk has opened the days to 58."""
    changes = decides(fleet=TEN_SLOTS, **REPLACED, procurement=f"{procurement} days", installation="10 days")
    everybody = [Patient(at(day, "10:00")) for day in range(20, 110)]
    tables = by_hand(changes, everybody)
    assert days_of(tables) == [{"requested": 31, "agreed": 31, "in_effect": closes + 10}]
    held = set(days_held(tables, "whole day"))
    assert set(range(1, 150)) - held == set(range(closes, closes + 10))
    assert not_scanned(tables) == [] and len(scans(tables)) == 90


def test_a_new_scanner_fails_less_often_than_the_old():
    """Two days from a repair to the next failure when new, one when ten years old; repairs take a day."""
    ten_years = {
        "uptime": "66.666666666666 %",
        "repair_time": "1 day",
        "failures_grow": "7.177346253629316 % a year",
    }
    changes = decides(fleet=TEN_SLOTS, **REPLACED, procurement="40 days")
    failures: list[float] = []

    def notice(sim: Simulation) -> None:
        constant_breakdowns(sim)
        add = sim.downtimes[0].add
        sim.downtimes[0].add = lambda fails, works: (failures.append(fails), add(fails, works))

    by_hand(changes | {"scanning": {"MRI": ten_years}}, [], prepare=notice)
    between = np.diff(failures)
    before, after = np.array(failures[:-1]) < 69, np.array(failures[:-1]) > 71
    assert between[before] == pytest.approx(2.0, abs=0.02)
    assert between[after] == pytest.approx(3.0, abs=0.06)


def test_what_is_in_reserve_or_closed_keeps_no_engineer_busy():
    changes = decides(fleet={"van": VAN}, **HIRED) | {
        "scanning": {"MRI": {"uptime": "50 %", "repair_time": "1 day", "engineers": 1}}
    }
    down: dict[int, list[float]] = {0: [], 1: []}

    def notice(sim: Simulation) -> None:
        sim.streams.generator = lambda purpose, entity: Constant()
        for number, downtimes in enumerate(sim.downtimes):
            downtimes.add = lambda fails, works, number=number: down[number].append(fails)

    by_hand(changes, THREE_WAIT, prepare=notice)
    assert min(down[0]) == 1.0 and (min(down[1]), max(down[1])) >= (31, 31) and max(down[1]) < 51


def test_all_entries_of_a_vehicle_are_replaced_together():
    entry = VAN | {"unit": "van", "in_reserve": False}
    fleet = {"on_monday": entry | {"visits": ["monday"]}, "on_friday": entry | {"visits": ["friday"]}}
    changes = decides(fleet=fleet, **REPLACED | {"scanners": ["on_friday"]}, installation="30 days")
    changes["fleet"]["scanner"]["age"] = "10 years"
    tables = by_hand(changes, [])
    closed = set(range(59, 89))
    days = {n: set(tables.sessions["day"][tables.sessions["scanner"] == n].tolist()) for n in (1, 2)}
    assert all(days.values()) and not (days[1] | days[2]) & closed


# ---- luck


def test_a_board_has_the_same_luck_whatever_is_decided_elsewhere():
    one, same = (Board("Oxford", every, 0.3, 5) for every in (28, 28))
    found = [one.answer(Streams(1, r), "more", 0, 31.0) for r in range(40)]
    assert found == [same.answer(Streams(1, r), "more", 0, 31.0) for r in range(40)]
    assert len(set(found)) > 20
    assert found != [one.answer(Streams(1, r), "other", 0, 31.0) for r in range(40)]
    assert found != [one.answer(Streams(1, r), "more", 1, 31.0) for r in range(40)]


def test_who_agrees_more_readily_agrees_to_all_that_the_other_agrees_to():
    for replication in range(40):
        answers = [
            Board("Oxford", 28, p, 3).answer(Streams(1, replication), "more", 0, 31.0)
            for p in (0.2, 0.5, 0.9)
        ]
        days = [day if agrees else 9999 for day, agrees in answers]
        assert days == sorted(days, reverse=True)


@pytest.mark.parametrize("boards, every, agrees", [(1, 28, 1.0), (1, 28, 0.4), (4, 28, 1.0), (3, 14, 0.5)])
def test_boards_in_turn_take_as_long_as_their_meetings_and_refusals(boards, every, agrees):
    """N boards: each (M + 1) / 2 days to its next meeting, and M more for each of (1 - p) / p refusals."""
    asked = tuple(Board(f"board {n}", every, agrees, 1000) for n in range(boards))
    request = Request("more", "", "", LongList(MRI, frozenset(), 0, 0), 1, asked, False, 0.0, 0, 0)
    days = [request.answer(Streams(1, replication), 0, 100.0)[0] - 100 for replication in range(600)]
    expected = boards * ((every + 1) / 2 + every * (1 - agrees) / agrees)
    error = np.std(days) / np.sqrt(len(days))
    assert abs(np.mean(days) - expected) < 3.5 * error and error < 0.05 * expected


# ---- meetings and answers, worked out


def drawn_for_boards(first: float, answers: dict[str, list[float]] | None = None) -> SimpleNamespace:
    """Streams in which every board has this uniform for its first meeting, and these for its answers."""

    def row(purpose: int, entity: str, number: int, month: int = 0) -> list[float]:
        assert purpose == DECISIONS
        if entity.startswith("meetings of "):
            return [first]
        board, _, request = entity.partition(" on ")
        assert request == "more"
        return [(answers or {}).get(board, [])[number + 10 * month]]

    return SimpleNamespace(row=row)


@pytest.mark.parametrize(
    ("first", "after", "meets"),
    [
        (0.35, 2.9, 3),
        (0.35, 3, 13),
        (0.35, 3.1, 13),
        (0.35, 12.9, 13),
        (0.0, -1, 0),
        (0.99, 0, 9),
        (0.35, -8, -7),
    ],
)
def test_a_board_meets_every_so_many_days_and_next_after_the_day_itself(first, after, meets):
    assert Board("a", 10, 1.0, 1).next_meeting(drawn_for_boards(first), after) == meets


@pytest.mark.parametrize(
    ("lots", "answer"),
    [
        ([0.49], (3, True)),
        ([0.5, 0.1], (13, True)),
        ([0.5, 0.6, 0.4], (23, True)),
        ([0.5, 0.6, 0.7], (23, False)),
    ],
)
def test_a_board_answers_on_the_day_on_which_it_agrees_or_of_the_last_meeting(lots, answer):
    board = Board("a", 10, 0.5, 3)
    assert board.answer(drawn_for_boards(0.35, {"a": lots}), "more", 0, 2) == answer


def test_a_request_that_is_made_again_has_other_luck():
    streams = drawn_for_boards(0.35, {"a": [0.9] * 10 + [0.1] * 10})
    board = Board("a", 10, 0.5, 1)
    assert board.answer(streams, "more", 0, 2) == (3, False)
    assert board.answer(streams, "more", 1, 2) == (3, True)


@pytest.mark.parametrize(
    ("lots", "in_turn", "together"),
    [
        ({"a": [0.1], "b": [0.1]}, (13, True), (3, True)),
        ({"a": [0.9, 0.1], "b": [0.1]}, (23, True), (13, True)),
        ({"a": [0.9, 0.9], "b": [0.1]}, (13, False), (13, False)),
        ({"a": [0.1], "b": [0.9, 0.9]}, (23, False), (13, False)),
        ({"a": [0.9, 0.9], "b": [0.9, 0.9]}, (13, False), (13, False)),
    ],
)
def test_boards_in_turn_and_together(lots, in_turn, together):
    """Both meet on days 3, 13, 23 and hear a request at two meetings; asked on day 2."""
    boards = Board("a", 10, 0.5, 2), Board("b", 10, 0.5, 2)
    streams = drawn_for_boards(0.35, lots)
    for at_once, answer in ((False, in_turn), (True, together)):
        made = Request("more", "", "", None, 1, boards, at_once, 0.0, 0, 0)
        assert made.answer(streams, 0, 2) == answer


@pytest.mark.parametrize("at_once", [False, True])
def test_where_no_board_has_to_agree_the_answer_is_there_at_once(at_once):
    made = Request("more", "", "", None, 1, (), at_once, 0.0, 0, 0)
    assert made.answer(drawn_for_boards(0.0), 0, 31) == (31, True)


def test_a_request_for_good_brings_nothing_by_itself_and_ends_never():
    made = Request("more", "", "", None, 1, (), False, 0.0, 0, 0)
    assert (made.lasts, made.brings, made.renews) == (float("inf"), (), ())
