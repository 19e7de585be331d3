"""Slow decisions: what it costs when several boards have to agree."""

from __future__ import annotations

from matplotlib.axes import Axes

from analysis.app.lessons.lesson import Given, Lesson, Slider
from analysis.app.lessons.pictures import lists_over_time
from analysis.app.lessons.predictions import Guess
from analysis.app.lessons.seen import Quantity, Seen
from analysis.app.lessons.words import by_how_much, value, which_way
from analysis.figures.style import legend_below
from analysis.verdicts import Difference
from analysis.words import number

PROCUREMENT = 30
DAYS = "decision_days_mean"
ONE_DAYS = Quantity("one board: request to first slot", "one_board", "days", DAYS)
MORE_DAYS = Quantity("more boards: request to first slot", "four_boards", "days", DAYS)
ONE_WAIT = Quantity("one board: wait", "one_board", "days")
MORE_WAIT = Quantity("more boards: wait", "four_boards", "days")
LABELS = {"one_board": "one board", "four_boards": "more boards"}


def settings(given: Given) -> dict[str, list[str]]:
    """Boards that all meet as often and are as easily convinced."""
    board = f"{{meets_every: {given['meets']:.0f} days, agrees: {given['agrees']:g} %, tries: 50 meetings}}"

    def boards(count: int) -> str:
        """So many of them, as `--set` has it."""
        return "decisions.boards={" + ", ".join(f"board {n}: {board}" for n in range(1, count + 1)) + "}"

    return {"one_board": [boards(1)], "four_boards": [boards(round(given["boards"]))]}


def theory(given: Given) -> dict[Quantity, float | None]:
    """Half the time between meetings until a board sees it, as often again as it says no, and procurement."""
    every = given["meets"]
    one = (every + 1) / 2 + (100 / given["agrees"] - 1) * every
    return {ONE_DAYS: one + PROCUREMENT, MORE_DAYS: given["boards"] * one + PROCUREMENT}


def came(seen: Seen) -> Difference:
    """Days from the request to the first extra slot with more boards."""
    return seen.mean(MORE_DAYS)


def sentences(seen: Seen, given: Given) -> list[str]:
    """What the numbers say."""
    later, wait = seen.apart(MORE_DAYS, ONE_DAYS), seen.apart(MORE_WAIT, ONE_WAIT)
    return [
        f"With one board it takes {value(seen.mean(ONE_DAYS), 'days')} from the request to the first extra slot, with "
        f"{given['boards']:.0f} boards {value(seen.mean(MORE_DAYS), 'days')}. That is {which_way(later, 'later', 'sooner')}{by_how_much(later, 'days')}.",
        f"Over the run people wait {value(seen.mean(ONE_WAIT), 'days')} with one board and {value(seen.mean(MORE_WAIT), 'days')} with "
        f"{given['boards']:.0f}: {which_way(wait, 'longer', 'shorter')}{by_how_much(wait, 'days')}.",
        "Every working day until then one more is referred than scanned, so the list at its highest is what it was when somebody "
        "asked, and one more for every working day of deciding. Boards may also prevent slots that nobody needs; here they are needed.",
    ]


def draw(seen: Seen, given: Given, ax: Axes) -> None:
    """Both lists month by month."""
    lists_over_time(ax, seen, LABELS)
    legend_below(ax)


def alt_text(seen: Seen, given: Given) -> str:
    """The picture in a sentence."""
    parts = [
        f"{label} {number(lists.max())} people at its highest, in month {int(lists.argmax()) + 1}"
        for label, lists in ((label, seen.lists(arm).mean(axis=0)) for arm, label in LABELS.items())
    ]
    return f"Mean lists at month ends over the run: {'; '.join(parts)}."


LESSON = Lesson(
    name="slow_decisions",
    title="Slow decisions",
    question="A list grows by one a day until extra evening slots are agreed. How long does it take if several boards have to agree, one after the other?",
    story=(
        "Eleven are referred each working day, and ten can be scanned. When fifty wait at a month's end, evening sessions are asked for.",
        "Each board meets at fixed times and may say no; it is then asked again at its next meeting. After the last yes it takes 30 days "
        "until the evenings begin.",
    ),
    arms=LABELS,
    sliders=(
        Slider("boards", "Boards that have to agree", "boards", 2, 6, 1, 4),
        Slider("meets", "Time between a board's meetings", "days", 7, 42, 7, 28),
        Slider("agrees", "Chance that a board agrees at a meeting", "%", 50, 100, 5, 75),
    ),
    prediction=Guess("With four boards, each meeting every 28 days and agreeing three times in four: how long from the request to the first "
                     "extra slot?", "days", 0, 365, 5),
    settings=settings,
    quantities=(ONE_DAYS, MORE_DAYS, ONE_WAIT, MORE_WAIT),
    theory=theory,
    formula="Each board: half the time between meetings, and a whole one for every no, of which there are 1/p - 1 in the mean; then 30 days.",
    departs="Where deciding takes very long, some runs end before it is through, and those are not counted.",
    came=came,
    sentences=sentences,
    draw=draw,
    alt_text=alt_text,
)  # fmt: skip
