"""The same case in a textbook SimPy model and in Ciw: two stages, two priorities."""

import datetime
from collections.abc import Callable

import numpy as np
import pytest
import simpy
from scipy.stats import t

from sim.model.simulation import simulate
from sim.scenario.document import Document, lay_over, read_document
from sim.scenario.read import validate
from sim.scenario.world import world_of
from sim.verify.__main__ import PUBLISHED
from sim.verify.observed import Observed

RATES = {"emergency_department": 0.66, "inpatients": 0.99}
"""Patients every five minutes; three scanners of five minutes a scan then have a load of 55 %."""
SCANNERS, SCAN, REPORT = 3, 1.0, 0.36
REPLICATIONS = 20
UNITS = 31 * 288
"""A July in five minutes; June is warm-up. Neither has a bank holiday, so somebody reads every day."""
WIDEST = 0.01

Total = dict[str, float]
"""Mean time from turning up to the report, by who sent the patient."""


def ours(replication: int) -> Total:
    """Through `sim.model`: scanners on call, and one reader day and night."""
    document = read_document(PUBLISHED / "scenarios" / "m_m_3.yaml")
    week = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    shares = {name: f"{100 * rate / sum(RATES.values())} %" for name, rate in RATES.items()}
    changes = {
        "calendar": {"start": datetime.date(2019, 6, 1), "years": "0.0834 years"},
        "demand": {"MRI": {"unscheduled": {
            "per_year": f"{sum(RATES.values()) * 288 * 365.25} per year", "referrers": shares, "first": ["emergency_department"],
        }}},
        "reporting": {"radiologists": {"days": week, "reports_per_day": f"{288 / REPORT} per day"}},
    }  # fmt: skip
    lay_over(document, Document(tree=changes))
    world = world_of(validate(document, PUBLISHED))
    tables = simulate(world, 1, replication)
    seen, rows = Observed(tables, world, 1 / 288), tables.referrals
    reported = (rows["reported"] >= world.days.window[0]) & (rows["reported"] < world.days.window[1])
    total = (rows["reported"] - seen.came) * 288
    names = tables.labels["referrer"]
    return {name: float(total[reported & (rows["referrer"] == names.index(name))].mean()) for name in RATES}


def textbook(replication: int) -> Total:
    """A process a patient, a resource a stage."""
    env, draw = simpy.Environment(), np.random.default_rng(replication)
    scanners, reader = simpy.PriorityResource(env, SCANNERS), simpy.Resource(env)
    total: dict[str, list[float]] = {name: [] for name in RATES}

    def patient(name: str, priority: int):
        came = env.now
        with scanners.request(priority) as turn:
            yield turn
            yield env.timeout(draw.exponential(SCAN))
        with reader.request() as turn:
            yield turn
            yield env.timeout(REPORT)
        if env.now > UNITS:
            total[name].append(env.now - came)

    def coming(name: str, priority: int):
        while True:
            yield env.timeout(draw.exponential(1 / RATES[name]))
            env.process(patient(name, priority))

    for priority, name in enumerate(RATES):
        env.process(coming(name, priority))
    env.run(until=2 * UNITS)
    return {name: float(np.mean(times)) for name, times in total.items()}


def in_ciw(replication: int) -> Total:
    """Ciw; after the scan all are of one class, for the reader is first come, first served."""
    import ciw

    ciw.seed(replication)
    names, after = list(RATES), "scanned"
    classes = [*names, after]
    network = ciw.create_network(
        arrival_distributions={
            n: [ciw.dists.Exponential(RATES[n]) if n in RATES else None, None] for n in classes
        },
        service_distributions={
            n: [ciw.dists.Exponential(1 / SCAN), ciw.dists.Deterministic(REPORT)] for n in classes
        },
        number_of_servers=[SCANNERS, 1],
        routing={n: [[0.0, 1.0], [0.0, 0.0]] for n in classes},
        priority_classes={names[0]: 0, names[1]: 1, after: 0},
        class_change_matrices=[
            {n: {m: float(m == after) for m in classes} for n in classes},
            {n: {m: float(m == n) for m in classes} for n in classes},
        ],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(2 * UNITS)
    came, total = {}, {name: [] for name in RATES}
    for record in sorted(simulation.get_all_records(), key=lambda r: r.node):
        if record.node == 1:
            came[record.id_number] = record.original_customer_class, record.arrival_date
        elif record.exit_date > UNITS:
            name, at = came[record.id_number]
            total[name].append(record.exit_date - at)
    return {name: float(np.mean(times)) for name, times in total.items()}


def intervals(model: Callable[[int], Total]) -> dict[str, tuple[float, float]]:
    """(mean, half-width of the 95 % interval) by who sent the patient."""
    runs = [model(replication) for replication in range(REPLICATIONS)]
    found = {}
    for name in RATES:
        values = np.array([run[name] for run in runs])
        half = float(t.ppf(0.975, REPLICATIONS - 1) * values.std(ddof=1) / np.sqrt(REPLICATIONS))
        found[name] = float(values.mean()), half
    return found


@pytest.mark.slow
@pytest.mark.parametrize("other", [textbook, in_ciw])
def test_another_engine_gives_the_same_answer(other):
    """Half-widths of at most 1 %; the intervals overlap."""
    here, there = intervals(ours), intervals(other)
    for name in RATES:
        (one, half), (two, its) = here[name], there[name]
        assert max(half / one, its / two) <= WIDEST, f"no power: {name} {here} {there}"
        assert abs(one - two) <= half + its, f"{name}: {here} here, {there} there"
