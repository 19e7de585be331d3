"""What scanning costs the public, what the contractor is paid, and what is left to each provider.

The public pays the costs of its own providers, what the contractor is paid, VAT and guarantee included, and
the one-off cost, in which scanners count that are handed over and do not come back. The tariff moves money
inside it, so it counts in surpluses only. All amounts are of the data-collection period; the one-off cost
counts in it whole.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sim.measures.cut import take
from sim.model.calendar import Days
from sim.model.couch import ATTENDED
from sim.model.decisions import CONTRACT
from sim.model.tables import Table, Tables
from sim.provision.contract import Terms

MONTHS_A_YEAR = 12
SIX_WEEKS = 42


@dataclass
class Accounts:
    """Pounds and scans of the data-collection period, arrays by [provider, modality]; nan: not known.

    cost: of scanning. income: tariff or price. public: what the public pays: of a public provider its
    cost, of the contractor its income and VAT. scans, in_six_weeks: complete ones. payments, one_off: by
    modality, what the contractor is paid with VAT, and the modality's part of the one-off cost, the worth
    of its own scanners included. not_made: scans that are paid for by the guarantee alone, by modality.
    """

    cost: np.ndarray
    income: np.ndarray
    public: np.ndarray
    scans: np.ndarray
    in_six_weeks: np.ndarray
    payments: np.ndarray
    one_off: np.ndarray
    not_made: np.ndarray


def measure(tables: Tables, days: Days, terms: Terms | None) -> dict[tuple[str, str], float]:
    """{(measure, group): pounds}: over everybody, by modality and by provider; nothing without terms.

    What needs an amount that nobody has said does not exist.
    """
    if terms is None:
        return {}
    accounts = accounts_of(tables, days, terms)
    found: dict[tuple[str, str], float] = {}
    for group, providers, modalities in groups_of(tables, accounts.scans):
        values = of_the_public(accounts, providers, modalities)
        if providers == slice(None):
            values["payments_pounds"] = accounts.payments[modalities].sum()
        else:
            values["surplus_pounds"] = (accounts.income - accounts.cost)[providers, modalities].sum()
        found |= {(name, group): float(value) for name, value in values.items() if np.isfinite(value)}
    handed = float(was_agreed(tables.decisions))
    found["one_off_pounds", "all"] = terms.one_off + handed * float(terms.worth.sum())
    if terms.charity_bought.any():
        found["charity_bought_lost_pounds", "all"] = handed * float(terms.charity_bought.sum())
    if terms.contractor >= 0 and terms.guaranteed.any():
        found["times_acted", "mechanism=guaranteed scans not made"] = float(np.round(accounts.not_made.sum()))
    return found


def groups_of(tables: Tables, scans: np.ndarray) -> Iterator[tuple[str, slice | int, slice | int]]:
    """(group, providers, modalities): everybody, modalities, providers, and with several modalities both."""
    everything = slice(None)
    modalities = {
        f"modality={tables.labels['modality'][m]}": int(m) for m in np.flatnonzero(scans.any(axis=0))
    }
    providers = {f"provider={name}": number for number, name in enumerate(tables.labels["provider"])}
    yield "all", everything, everything
    yield from ((group, everything, modality) for group, modality in modalities.items())
    yield from ((group, provider, everything) for group, provider in providers.items())
    for group, modality in modalities.items() if len(modalities) > 1 else ():
        yield from ((f"{group};{one}", provider, modality) for one, provider in providers.items())


def of_the_public(accounts: Accounts, providers: slice | int, modalities: slice | int) -> dict[str, float]:
    """Cost to the public over scans, and over those made within six weeks; none of nobody."""
    cost = accounts.public[providers, modalities].sum()
    if providers == slice(None):
        cost += accounts.one_off[modalities].sum()
    found = {}
    for name, scans in (("", accounts.scans), ("_in_6_weeks", accounts.in_six_weeks)):
        made = scans[providers, modalities].sum()
        if made:
            found[f"cost_per_scan{name}_pounds"] = cost / made
    return found


def accounts_of(tables: Tables, days: Days, terms: Terms) -> Accounts:
    """The period's accounts."""
    scans = scans_made(tables, days)
    shape = len(tables.labels["provider"]), len(tables.labels["modality"])
    cell = (scans["provider"], scans["modality"])
    complete = scans["complete"] == 1
    cost = by_cell(shape, cell, scan_costs(scans, terms))
    held = sessions_held(tables, days)
    cost += by_cell(shape, (held["provider"], held["modality"]), session_costs(held, terms))
    made = by_cell(shape, cell, complete)
    income = times(terms.tariff, made)
    public, payments, one_off, not_made = cost.copy(), *np.zeros((3, shape[1]))
    if terms.contractor >= 0:
        mine = {name: column[complete & (cell[0] == terms.contractor)] for name, column in scans.items()}
        under, outside, not_made = settled(mine, days, terms, in_force(tables.decisions))
        paid = times(terms.price, under)
        income[terms.contractor] = paid + times(terms.tariff, outside)
        payments = income[terms.contractor] + terms.vat * paid
        public[terms.contractor] = payments
        one_off = terms.one_off * shared(payments, made[terms.contractor])
        if was_agreed(tables.decisions):
            one_off += terms.worth
    quick = by_cell(shape, cell, complete & (scans["waited"] < SIX_WEEKS))
    return Accounts(cost, income, public, made, quick, payments, one_off, not_made)


def scans_made(tables: Tables, days: Days) -> Table:
    """Scans of the period that were not broken off, complete or not; `waited`: days on the clock."""
    made, rows = tables.appointments, tables.referrals
    first, last = days.window
    here = (made["outcome"] == ATTENDED) & (made["scan_end"] >= first) & (made["scan_end"] < last)
    kept = {name: made[name][here] for name in ("scanner", "provider", "complete", "scan_end")}
    referral = made["referral"][here]
    kept |= {name: rows[name][referral] for name in ("modality", "complexity")}
    return kept | {"waited": kept["scan_end"] - rows["clock_start"][referral]}


def sessions_held(tables: Tables, days: Days) -> Table:
    """Sessions of the period, time on call left out, with their `month`."""
    held = tables.sessions
    here = (held["day"] >= days.window[0]) & (held["day"] < days.window[1]) & (held["open_seconds"] > 0)
    kept = {name: column[here] for name, column in held.items()}
    return kept | {"month": np.searchsorted(days.months, kept["day"], side="right") - 1}


def scan_costs(scans: Table, terms: Terms) -> np.ndarray:
    """What each scan costs."""
    scanner = scans["scanner"]
    return terms.per_scan[scanner] + scans["complexity"] * terms.more_per_complex_scan[scanner]


def session_costs(held: Table, terms: Terms) -> np.ndarray:
    """What each session costs; a day's visit and a month of a vehicle stand at their first session."""
    scanner = held["scanner"]
    nobody = held["maintenance_seconds"] + held["no_crew_seconds"] >= held["open_seconds"]
    went = np.where(nobody, 0.0, terms.per_session[scanner] + held["slots"] * terms.per_slot[scanner])
    visits = first_of(scanner, held["day"], ~nobody)
    months = first_of(terms.vehicle[scanner], held["month"], np.ones(len(scanner), dtype=bool))
    went[visits] += terms.per_mobile_day[scanner[visits]]
    went[months] += terms.per_year[scanner[months]] / MONTHS_A_YEAR
    return went


def first_of(one: np.ndarray, other: np.ndarray, among: np.ndarray) -> np.ndarray:
    """The rows that hold the first of each pair of values, of the rows `among`."""
    rows = np.flatnonzero(among)
    pairs = one[rows] * (other.max(initial=0) + 1) + other[rows]
    _, first = np.unique(pairs, return_index=True)
    return rows[first]


def was_agreed(decisions: Table) -> bool:
    """Whether a contract was agreed by the end, so that scanners were handed over."""
    return bool(((decisions["does"] == CONTRACT) & np.isnan(decisions["refused"])).any())


def in_force(decisions: Table) -> tuple[float, float]:
    """From when until when the contractor works under the contract, in days; no time at all after a failed
    tender."""
    contract = take(decisions, (decisions["does"] == CONTRACT) & np.isnan(decisions["refused"]))
    opens, over = contract["in_effect"], contract["ended"]
    if not np.isfinite(opens).any():
        return 0.0, 0.0
    return float(opens[0]), float(over[0]) if np.isfinite(over[0]) else math.inf


def settled(
    mine: Table, days: Days, terms: Terms, runs: tuple[float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(scans paid for under the contract, scans outside it, those paid for that were not made) by modality, of
    the contractor's scans.

    The cap holds for each calendar month, the guarantee for each twelve months of the period; for a
    part of either, in proportion to the days on which the contract runs.
    """
    starts = [month for month in days.months if month >= days.window[0]]
    month = np.searchsorted(starts, mine["scan_end"], side="right") - 1
    inside = (mine["scan_end"] >= runs[0]) & (mine["scan_end"] < runs[1])
    shape = len(starts) - 1, len(terms.price)
    made = by_cell(shape, (month, mine["modality"]), inside)
    running = np.diff(np.clip(starts, *runs)) / np.diff(starts)
    with np.errstate(invalid="ignore"):  # no cap, in a month in which the contract does not run
        most = np.where(running[:, None] > 0, terms.cap * running[:, None], 0.0)
    paid = np.minimum(made, most)
    years = range(0, shape[0], MONTHS_A_YEAR)
    promised = [terms.guaranteed * running[y : y + MONTHS_A_YEAR].sum() / MONTHS_A_YEAR for y in years]
    done = [paid[y : y + MONTHS_A_YEAR].sum(axis=0) for y in years]
    outside = by_cell(shape, (month, mine["modality"]), ~inside).sum(axis=0)
    return (
        np.maximum(done, promised).sum(axis=0),
        outside,
        np.maximum(np.subtract(promised, done), 0).sum(axis=0),
    )


def by_cell(shape: tuple[int, int], cell: tuple[np.ndarray, np.ndarray], values: np.ndarray) -> np.ndarray:
    """The sums of values by their cell."""
    flat = cell[0].astype(np.int64) * shape[1] + cell[1]
    return np.bincount(flat, weights=values, minlength=shape[0] * shape[1]).reshape(shape).astype(float)


def times(pounds: np.ndarray, count: np.ndarray) -> np.ndarray:
    """An amount for each, and nothing for none, even where nobody has said how much."""
    return np.where(count > 0, pounds * count, 0.0)


def shared(payments: np.ndarray, scans: np.ndarray) -> np.ndarray:
    """The part of each modality in what is not paid for one: as the payments, without any as the scans."""
    parts = payments if payments.sum() > 0 else scans
    return parts / parts.sum() if parts.sum() > 0 else np.zeros(len(parts))
