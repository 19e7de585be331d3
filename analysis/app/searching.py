"""What takes many runs and is asked for by a button: the decomposition and the tipping point.

The searches are the engine's own (`sim.experiment`); their arms are run by the live engine, in a lane of
the visitor's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from analysis import report
from analysis.app.live import Asking, Live, Refused, in_words
from analysis.app.shown import results_of
from analysis.loaded import Results
from sim.experiment.trials import Search
from sim.scenario.faults import ScenarioFaults
from sim.scenario.read import Arm

if TYPE_CHECKING:
    from analysis.app.visitor import Visitor

LANE = "search"
MOST_REPLICATIONS = 20
"""Of every arm of a search: there are many arms."""


class GivenUp(Exception):
    """Something else was asked, or the visitor has left."""


class Searching(threading.Thread):
    """One search on its way, in a thread of its own.

    make: the search, which may raise `ScenarioFaults`. failure: a sentence, once it went wrong. asking: of
    the last arms that it asked for, whose progress is shown. found: the results, once it is finished.
    """

    def __init__(
        self, live: Live, visitor: Visitor, answer, make: Callable[[], Search], replications: int
    ) -> None:
        super().__init__(daemon=True)
        self.failure, self.found, self.asking, self.tried = "", None, None, 0
        self._live, self._visitor, self._answer, self._make = live, visitor, answer, make
        self._replications = min(replications, MOST_REPLICATIONS)
        self._askings: dict[str, Asking] = {}
        self._arms: dict[str, Arm] = {}
        self._given_up = False

    def give_up(self) -> None:
        """Stop soon; nothing is found."""
        self._given_up = True
        self._live.cancel(self._visitor.name, LANE)

    @property
    def settled(self) -> bool:
        """Whether nothing more comes."""
        return not self.is_alive()

    def run(self) -> None:
        """Search, and lay the results down beside those of the answer."""
        try:
            search = self._make()
            told = search.asked | search.run(lambda arms: self._outcomes(search, arms))
            self.found = self._results(told)
        except (ScenarioFaults, Refused) as refused:
            self.failure = str(refused)
        except GivenUp:
            self.failure = "The search ended because this page was closed or out of reach. Start it again."
        except Exception as error:
            self.failure = in_words(error)

    def _outcomes(self, search: Search, arms: list[Arm]) -> dict[str, np.ndarray]:
        """The outcome in each replication, by arm name."""
        new = list({arm.name: arm for arm in arms if arm.name not in self._arms}.values())
        if new:
            asking = self._ask(new)
            self._arms |= {arm.name: arm for arm in new}
            self._askings |= {arm.name: asking for arm in new}
        return {
            arm.name: np.array(
                [
                    search.read(self._askings[arm.name].replication(arm.name, n).measured, list)
                    for n in range(self._replications)
                ]
            )
            for arm in arms
        }

    def _ask(self, arms: list[Arm]) -> Asking:
        if self._given_up or self._visitor.left:
            raise GivenUp
        seed = self._answer.asking.seed
        self.asking = asking = self._live.ask(self._visitor.name, arms, seed, self._replications, lane=LANE)
        while not asking.wait(1.0):
            asking.look()
        if asking.failure:
            raise Refused(asking.failure)
        if self._given_up or asking.cancelled:
            raise GivenUp
        self.tried += asking.asked
        return asking

    def _results(self, told: dict) -> Results:
        """Those of the answer's own arms, with all that were tried beside them; and their files."""
        every = gathered(self._arms, self._askings, self._answer.asking, self._replications)
        manifest = self._answer.manifest | {"asked": told}
        results = results_of(every, self._answer.folder, manifest, self._replications)
        report.write_tables(results)
        return results


def gathered(arms: dict[str, Arm], askings: dict[str, Asking], first: Asking, replications: int) -> Asking:
    """All finished arms as one asking: those of the answer first."""
    every = {arm.name: arm for arm in first.arms} | arms
    whole = Asking(first.visitor, list(every.values()), first.seed, replications, patients=False)
    for name, mark in whole.marks.items():
        for number in range(replications):
            found = askings.get(name, first).replication(name, number)
            whole.give((mark, number), found, {})
    return whole
