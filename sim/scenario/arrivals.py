"""Who will come, from a checked scenario. Loads nothing that simulates."""

from __future__ import annotations

from sim.model.calendar import Days, days_of, reference_days
from sim.model.demand import MODALITIES, Arrivals, referrals_a_year
from sim.scenario.scenario import Scenario


def arrivals_of(scenario: Scenario, keys: list[str], days: Days, reference: Days) -> list[Arrivals]:
    """What draws each modality's referrals, planned scans and unscheduled patients. keys: of the places."""
    found = []
    for modality, whole in scenario.demand.items():
        for priority, demand in whole.streams():
            a_year = dict(zip(keys, referrals_a_year(demand, scenario.places).tolist()))
            number = MODALITIES.index(modality)
            found.append(Arrivals(number, demand, days, reference, a_year, priority))
    return found


def expected_referrals(scenario: Scenario) -> float:
    """Referrals of one replication before it is run, the warm-up and opening lists included; without what
    demand that reacts to the wait adds or takes away."""
    days, reference = days_of(scenario.calendar), reference_days(scenario.calendar)
    keys = [place.key or name for name, place in scenario.places.items()]
    made = arrivals_of(scenario, keys, days, reference)
    coming = sum(one.per_weight * one.weight.sum() * sum(one.a_year.values()) for one in made)
    return float(coming + sum(sum(one.bands) for one in scenario.opening_list.values()))
