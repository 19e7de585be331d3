"""Microseconds a referral, beside a textbook SimPy model timed in turn with it.

    python tests/benchmarks/engine.py [--rounds N]

Machines differ and drift, so read the ratios: both models run in turn in one process, and the
ratio is taken round by round. The textbook model is a process a patient through two stages with
`PriorityResource`, no backlog. Ours is a scenario file: drawing, run, laws and tables, without the
measures, which are timed beside it.
"""

from __future__ import annotations

import argparse
import gc
import random
import statistics
import sys
import time
from pathlib import Path

import simpy

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME))

from sim.measures import measure  # noqa: E402
from sim.model.simulation import simulate  # noqa: E402
from sim.scenario.read import read_arms  # noqa: E402
from sim.scenario.world import world_of  # noqa: E402

PATIENTS = 5_000
CASES = {
    "in_house": [],
    "outsourced": [],
    "outsourced, ten times the volume": [
        "demand.PET-CT.per_year=50000 per year",
        "workforce.planned_referrals.PET-CT=50000 per year",
        *(f"fleet.{name}.slots_per_day=240 per day" for name in ("oxford_site", "milton_keynes_mobile", "swindon_mobile")),
        "scanning.PET-CT.couch_time=2 minutes",
    ],
    "outsourced, a backlog that grows to 20,000": ["demand.PET-CT.per_year=11000 per year"],
}  # fmt: skip


def textbook() -> float:
    """Microseconds a patient of a process-per-patient model."""
    random.seed(1)
    env = simpy.Environment()
    stages = [simpy.PriorityResource(env, 3) for _ in range(2)]

    def patient(priority):
        for stage in stages:
            with stage.request(priority=priority) as request:
                yield request
                yield env.timeout(random.expovariate(1))

    def arriving():
        for _ in range(PATIENTS):
            yield env.timeout(random.expovariate(2))
            env.process(patient(random.randrange(3)))

    env.process(arriving())
    start = time.process_time()
    env.run()
    return (time.process_time() - start) / PATIENTS * 1e6


def main() -> None:
    """Time every case and print medians."""
    usage = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usage.add_argument("--rounds", type=int, default=7)
    rounds = usage.parse_args().rounds
    print(f"{'case':44} {'referrals':>9} {'us each':>8} {'textbook':>8} {'ratio':>6} {'measures':>8}")
    for name, settings in CASES.items():
        file = HOME / "scenarios" / ("in_house.yaml" if name == "in_house" else "outsourced.yaml")
        world = world_of(read_arms([file], settings)[-1].scenario)
        times, others, measuring = [], [], []
        for number in range(rounds + 1):
            others.append(textbook())
            gc.disable()
            start = time.process_time()
            tables = simulate(world, 1, number)
            middle = time.process_time()
            measure(tables, world.days)
            end = time.process_time()
            gc.enable()
            count = len(tables.referrals["referral"])
            times.append((middle - start) / count * 1e6)
            measuring.append((end - middle) / count * 1e6)
        ratio = statistics.median(o / t for o, t in zip(others[1:], times[1:]))
        ours, theirs, after = (statistics.median(column[1:]) for column in (times, others, measuring))
        print(f"{name:44} {count:9,} {ours:8.1f} {theirs:8.1f} {ratio:6.2f} {after:8.1f}")


if __name__ == "__main__":
    main()
