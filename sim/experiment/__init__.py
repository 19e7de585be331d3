"""How often a scenario is run, where, and what is kept.

>>> from pathlib import Path
>>> from sim.experiment import Experiment, read_arms
>>> arms = read_arms([Path("scenarios/outsourced.yaml")])
>>> folder = Experiment(arms, replications=30, seed=1).run(Path("results/outsourced"))  # doctest: +SKIP
"""

from sim.experiment.experiment import Experiment
from sim.experiment.runner import Runner
from sim.scenario.read import read_arms

__all__ = ["Experiment", "Runner", "read_arms"]
