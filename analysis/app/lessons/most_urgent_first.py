"""First come, or the most urgent first."""

from __future__ import annotations

from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import beside_theory, rows_in_words
from analysis.app.lessons.predictions import Choice
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.town import diary_wait_days, per_year, wait_days
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.verdicts import Difference
from sim.verify.theory import diary

SLOTS = 10
FIRST_COME = Quantity("first come: everybody", "town", "days")
EVERYBODY = Quantity("urgent first: everybody", "most_urgent_first", "days")
URGENT = Quantity("urgent first: the urgent", "most_urgent_first", "days", group="priority=urgent")
ROUTINE = Quantity("urgent first: the others", "most_urgent_first", "days", group="priority=routine")


def settings(given: Given) -> dict[str, list[str]]:
    """The same patients; in one arm some of them go before the others."""
    demand = f"demand.MRI.per_year={per_year(SLOTS * given['load'] / 100)}"
    share = f"{{urgent_suspected_cancer: 0 %, urgent: {given['urgent']:g} %, routine: {100 - given['urgent']:g} %}}"
    return {"town": [demand], "most_urgent_first": [demand, f"demand.MRI.priority={share}"]}


def theory(given: Given) -> dict[Quantity, float | None]:
    """To the urgent the others are not there; what they gain the others lose."""
    comes = SLOTS * given["load"] / 100
    urgent = comes * given["urgent"] / 100
    routine = comes - urgent
    first, all_of_them = (diary(rate, SLOTS)["list_after_clerk"] for rate in (urgent, comes))
    mean = diary_wait_days(comes, SLOTS)
    return {
        FIRST_COME: mean,
        EVERYBODY: mean,
        URGENT: wait_days(first / urgent, place=0.5 * urgent / SLOTS),
        ROUTINE: wait_days((all_of_them - first) / routine, place=(urgent + 0.5 * routine) / SLOTS),
    }


def came(seen: Seen) -> Difference:
    """How much longer everybody waits in the mean where the most urgent go first."""
    return seen.apart(EVERYBODY, FIRST_COME)


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say."""
    apart, urgent, routine = came(seen), seen.apart(URGENT, FIRST_COME), seen.apart(ROUTINE, FIRST_COME)
    small = max(abs(apart.lower), abs(apart.upper)) <= LESSON.prediction.matters
    mean = (
        "as long as before, to within half an hour" if small else which_way(apart, "longer", "shorter") + by_how_much(apart, "days")
    )  # fmt: skip
    return [
        f"First come, first served: {value(seen.mean(FIRST_COME), 'days')} for everybody. The most urgent first: "
        f"{value(seen.mean(URGENT), 'days')} for the urgent and {value(seen.mean(ROUTINE), 'days')} for the others.",
        f"The mean wait of everybody is {mean}. The urgent wait {which_way(urgent, 'longer', 'less')}{by_how_much(urgent, 'days')}; "
        f"the others {which_way(routine, 'longer', 'less')}{by_how_much(routine, 'days')}.",
        "Order makes no slots: no slot is left empty that the other order would fill. It can only decide who waits.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Waits by priority, theory beside them."""
    beside_theory(ax, LESSON.compared(seen, given), "mean wait, days")


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    return f"Mean waits with {given['urgent']:g} % urgent: {rows_in_words(LESSON.compared(seen, given))}."


LESSON = Lesson(
    name="most_urgent_first",
    title="First come, or most urgent first",
    question="When the most urgent go first, does everybody together wait longer, less, or as long?",
    story=(
        "One scanner, ten slots a day. In one world the clerk takes whoever has waited longest. In the other the "
        "same people come on the same days, but the urgent among them go first.",
    ),
    arms={"town": "first come, first served", "most_urgent_first": "the most urgent first"},
    sliders=(
        Slider("urgent", "Urgent among those referred", "%", 5, 90, 5, 30),
        Slider("load", "Slots used", "%", 80, 97, 1, 95),
    ),
    prediction=Choice(
        "With the most urgent first, the mean wait of everybody together is ...",
        {"longer": "longer", "shorter": "shorter", "same": "the same"},
        less="shorter", more="longer", same="same", matters=0.02,
    ),
    settings=settings,
    quantities=(FIRST_COME, EVERYBODY, URGENT, ROUTINE),
    theory=theory,
    formula="Bailey's diary for the urgent alone, since to them the others are not there; the others get what is left. "
    "Kleinrock's conservation law: an order that looks only at urgency cannot change the mean over everybody.",
    departs="Runs begin with an empty list, and near 100 % it takes long to fill.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
