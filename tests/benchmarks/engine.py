"""Microseconds a referral, beside a textbook SimPy model timed in turn with it.

    python tests/benchmarks/engine.py [--rounds N] [--only WORD]

Machines differ and drift, so read the ratios: both models run in turn in one process, and the
ratio is taken round by round. The textbook model is a process a patient through two stages with
`PriorityResource`, no backlog. Ours is a scenario: drawing, run, laws and tables, without the
measures, which are timed beside it. Memory is the largest so far of the whole process.
"""

from __future__ import annotations

import argparse
import gc
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import simpy

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME))

from sim.measures import measure  # noqa: E402
from sim.model.simulation import World, simulate  # noqa: E402
from sim.scenario.document import Document, lay_over, read_document  # noqa: E402
from sim.scenario.read import read_arms, validate  # noqa: E402
from sim.scenario.world import world_of  # noqa: E402

PATIENTS = 5_000
TRUSTS = ("oxford", "great_western", "north_midlands", "wolverhampton")
TEN_TIMES = [
    "demand.PET-CT.per_year=50000 per year",
    "workforce.planned_referrals.PET-CT=50000 per year",
    *(
        f"fleet.{name}.slots_per_day=240 per day"
        for name in ("oxford_site", "milton_keynes_mobile", "swindon_mobile")
    ),
    "scanning.PET-CT.couch_time=2 minutes",
]
EVERYTHING = {
    "booking": {
        "hold_back": "10 %",
        "release": "3 days",
        "overbooking": "3 %",
        "short_notice": "20 %",
        "refusal": [{"travel": "30 minutes", "share": "0 %"}, {"travel": "120 minutes", "share": "80 %"}],
        "removal": [{"after": "0 days", "a_week": "0.3 %"}, {"after": "6 weeks", "a_week": "1 %"}],
    },
    "attendance": {"cancelled_by_patient": "5 %", "discharged_after": 3},
    "vetting": {"rejected": "2 %", "redirected": "1 %", "redirected_to": {"MRI": "CT"}},
    "eligibility": {"choice": "soonest"},
    "images": {"transfer_fails": "1 %", "noticed_after": "1 day"},
}
"""Laid over the four trusts: what they do not have by themselves."""
DETAILS = {
    "incomplete": "2 %",
    "couch_time_complex": "30 minutes",
    "missed_findings": {"share": "0.5 %", "after": "90 days"},
    "use_between_failures": "60 days",
    "engineers": 2,
}


def four_trusts(waiting: int | None = None, half: bool = False) -> World:
    """The shipped trusts in one region with everything switched on.

    waiting: so many on the lists. half: of each trust half of the referrals are complex, and every other
    scanner takes none of them.
    """
    region = Document(files=[HOME / "scenarios" / "trusts" / "oxford.yaml"])
    documents = [read_document(HOME / "scenarios" / "trusts" / f"{name}.yaml") for name in TRUSTS]
    rates: dict = {}
    for name, document in zip(TRUSTS, documents):
        tree = document.tree
        (place, answer), *_ = tree["places"].items()
        for modality, demand in tree["demand"].items():
            for stream, part in (("", demand), *((s, demand[s]) for s in ("planned", "unscheduled"))):
                per_1000 = 1000 * number(part.pop("per_year")) / number(answer["population"])
                rates.setdefault((modality, stream), {"default": "0 per 1000 people a year"})[place] = (
                    f"{per_1000:.6f} per 1000 people a year"
                )
        for section in ("fleet", "opening_list", "reporting"):
            tree[section] = {f"{name}_{key}": value for key, value in tree[section].items()}
        for entry in tree["opening_list"].values():
            entry["place"] = place
            if waiting is not None:
                entry["bands"] = [round(band * waiting / 45_000) for band in entry["bands"]]
        for scanner in tree["fleet"].values():
            scanner["maintenance"] = {"every": "13 weeks", "lasts": "1 day"}
            scanner["radiographers"] = "2 people"
        needed = 2 * 7 * len(tree["fleet"]) / 4.5
        crew = {"providers": tree["reporting"][f"{name}_radiologists"]["reports_for"], "sickness": "4 %"}
        crew |= {"establishment": f"{1.1 * needed:.1f} people", "sessions_per_week": "4.5 per week"}
        tree["workforce"] = {"crews": {name: crew}}
        lay_over(region, document)
    for (modality, stream), by_place in rates.items():
        answer = region.tree["demand"][modality]
        (answer[stream] if stream else answer)["per_1000"] = by_place
    details = {modality: dict(DETAILS) for modality in region.tree["scanning"]}
    lay_over(region, Document(tree=EVERYTHING | {"scanning": details}, files=region.files))
    if half:
        halve(region.tree, lambda scanner: (scanner["modality"], scanner["provider"]))
    return world_of(validate(region, region.files[0]))


def half_may_not(waiting: int) -> World:
    """Great Western with so many on its lists: half are complex, and every other scanner takes none of them."""
    document = read_document(HOME / "scenarios" / "trusts" / "great_western.yaml")
    tree = document.tree
    halve(tree, lambda scanner: scanner["modality"])
    there_are = sum(sum(entry["bands"]) for entry in tree["opening_list"].values())
    for entry in tree["opening_list"].values():
        entry["bands"] = [round(band * waiting / there_are) for band in entry["bands"]]
    return world_of(validate(document, document.files[0]))


def halve(tree: dict, alike: Callable[[dict], object]) -> None:
    """Half of all referrals are complex, and of scanners that are alike every other one takes none of them."""
    fleet: dict = {}
    for name, scanner in tree["fleet"].items():
        fleet.setdefault(alike(scanner), []).append(name)
    simple = [name for names in fleet.values() for name in names[1::2]]
    tree["eligibility"]["takes"] = {name: {"complexity": ["standard"]} for name in simple}
    for demand in tree["demand"].values():
        demand["complex"] = "50 %"


def shipped(name: str, *settings: str) -> World:
    """A shipped scenario as it is, but for some values."""
    return world_of(read_arms([HOME / "scenarios" / f"{name}.yaml"], list(settings))[-1].scenario)


def number(written: dict | str) -> float:
    """The bare number of a value."""
    return float(str(written["value"] if isinstance(written, dict) else written).split()[0].replace(",", ""))


CASES = {
    "in_house": lambda: shipped("in_house"),
    "outsourced": lambda: shipped("outsourced"),
    "outsourced, ten times the volume": lambda: shipped("outsourced", *TEN_TIMES),
    "outsourced, a backlog that grows to 20,000": lambda: shipped("outsourced", "demand.PET-CT.per_year=11000 per year"),
    "one trust as shipped": lambda: shipped("trusts/great_western"),
    "the network today, one year": lambda: shipped("network_today", "calendar.years=1 year"),
    "a body for all trusts, one year": lambda: shipped("network_joint_venture_llp", "calendar.years=1 year"),
    "half may not go to half, 1,000 waiting": lambda: half_may_not(1_000),
    "half may not go to half, 1,000,000 waiting": lambda: half_may_not(1_000_000),
    "four trusts, everything on": four_trusts,
    "the same, 1,000 waiting at the start": lambda: four_trusts(1_000),
    "the same, 10,000 waiting at the start": lambda: four_trusts(10_000),
    "the same, 100,000 waiting at the start": lambda: four_trusts(100_000),
    "the same, 1,000,000 waiting at the start": lambda: four_trusts(1_000_000),
    "the same, half may not to half, 1,000": lambda: four_trusts(1_000, half=True),
    "the same, half may not to half, 1,000,000": lambda: four_trusts(1_000_000, half=True),
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
    usage.add_argument("--only", default="", help="cases with this word in their name")
    asked = usage.parse_args()
    rounds = asked.rounds
    columns = f"{'us each':>8} {'textbook':>8} {'ratio':>6} {'measures':>8} {'MB':>6}"
    print(f"{'case':44} {'referrals':>9} {columns}")
    for name, make in CASES.items():
        if asked.only not in name:
            continue
        world = make()
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
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        ours, theirs, after = (statistics.median(column[1:]) for column in (times, others, measuring))
        print(f"{name:44} {count:9,} {ours:8.1f} {theirs:8.1f} {ratio:6.2f} {after:8.1f} {memory:6,}")


if __name__ == "__main__":
    main()
