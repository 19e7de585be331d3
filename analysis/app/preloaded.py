"""What a replication loads, and the opening scenario, loaded once in the process that workers branch off. Nothing of it may start a thread."""

import gc
from contextlib import suppress
from importlib import import_module

from analysis.app.opening import opening
from sim.scenario.faults import ScenarioFaults

gc.disable()
for name in ("sim.experiment.replication", "sim.measures", "sim.scenario.world", "holidays.countries"):
    import_module(name)
with suppress(ScenarioFaults):  # the page will say so
    opening()
gc.freeze()  # what workers share stays shared: no collection writes to it
gc.enable()
