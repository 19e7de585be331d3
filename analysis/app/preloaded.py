"""What a replication loads, loaded once in the process that workers branch off. Nothing of it may start a thread."""

import gc
from importlib import import_module

gc.disable()
for name in ("sim.experiment.replication", "sim.measures", "sim.scenario.world", "holidays"):
    import_module(name)
gc.freeze()  # what workers share stays shared: no collection writes to it
gc.enable()
