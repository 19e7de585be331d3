"""What theory says: closed forms and exact Markov chains, by name.

Each takes the inputs that a case's `formula` gives and returns {quantity: value}; a quantity that is
asked for at a time is a function of it. Rates and times are in the case's unit.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

Answer = float | Callable[[float], float]
Answers = dict[str, Answer]
"""By quantity, or by quantity and group such as `wait_mean referrer=inpatients`."""
STATES = 2_000
"""Where the chain of an unbounded queue is cut off, in servers' worth of patients beyond the mean."""


def m_m_c(arrivals: float, service: float, servers: float) -> Answers:
    """Erlang's delay system: Poisson arrivals, exponential service of mean `service`, one queue."""
    load = arrivals * service / servers
    waits = erlang_c(arrivals * service, int(servers))
    spare = servers / service - arrivals
    return {
        "share_waiting": waits,
        "share_waiting_over": lambda at: waits * math.exp(-spare * at),
        "waiting_mean": waits * load / (1 - load),
        "wait_mean": waits / spare,
        "present_mean": waits * load / (1 - load) + arrivals * service,
        "time_in_system_mean": waits / spare + service,
    }


def erlang_c(offered: float, servers: int) -> float:
    """The share that waits, from Erlang's recursion for the share lost."""
    lost = 1.0
    for k in range(1, servers + 1):
        lost = offered * lost / (k + offered * lost)
    return lost / (1 - offered / servers * (1 - lost))


def m_g_1(arrivals: float, service: float, variation: float) -> Answers:
    """Pollaczek and Khinchine: one server, service of any shape; variation: its coefficient."""
    load = arrivals * service
    wait = load * service * (1 + variation**2) / (2 * (1 - load))
    return {"wait_mean": wait, "waiting_mean": arrivals * wait, "share_waiting": load}


def m_d_c(arrivals: float, service: float, servers: float) -> Answers:
    """Constant service: the number present from one service time to the next is a Markov chain."""
    from scipy.stats import poisson

    c, rate, states = int(servers), arrivals * service, 400
    chance = np.zeros((states, states))
    for present in range(states):
        left = max(present - c, 0)
        chance[present, left:] = poisson.pmf(np.arange(states - left), rate)
        chance[present, -1] += 1 - chance[present].sum()
    at = null_vector(chance - np.eye(states), np.ones(states))
    queue = float(at @ np.maximum(np.arange(states) - c, 0))
    return {"waiting_mean": queue, "wait_mean": queue / arrivals}


def priorities(
    emergency_department: float, inpatients: float, other: float, service: float, servers: float
) -> Answers:
    """Cobham: priority without pre-emption, the same exponential service for all, one queue.

    The first three are the arrivals of each class, the most urgent first.
    """
    rates = (emergency_department, inpatients, other)
    names = ("emergency_department", "inpatients", "other")
    offered = sum(rates) * service
    to_the_next = erlang_c(offered, int(servers)) * service / servers
    load = np.concatenate(([0.0], np.cumsum(rates))) * service / servers
    waits = to_the_next / ((1 - load[:-1]) * (1 - load[1:]))
    found: Answers = {f"wait_mean referrer={name}": float(wait) for name, wait in zip(names, waits)}
    return found | {"wait_mean": float(np.dot(rates, waits) / sum(rates))}


def breakdown(arrivals: float, service: float, fails: float, repairs: float) -> Answers:
    """One server that fails, busy or idle, at a rate, and is repaired at a rate; the patient resumes."""
    a, m = arrivals, 1 / service
    present = (
        a * ((fails + repairs) ** 2 + m * fails) / ((fails + repairs) * (m * repairs - a * (fails + repairs)))
    )
    return {
        "availability": repairs / (fails + repairs),
        "present_mean": present,
        "time_in_system_mean": present / a,
    }


def breakdowns(arrivals: float, service: float, fails: float, repairs: float, servers: float) -> Answers:
    """Several servers that fail and are repaired each on its own; whose server fails waits at it.

    The chain of (waiting; busy, down with a patient, down without one), solved by blocks of the number
    waiting: exact, no state is cut off (Neuts' matrix-geometric form).
    """
    c, m = int(servers), 1 / service
    states = [(b, d, e) for b in range(c + 1) for d in range(c + 1 - b) for e in range(c + 1 - b - d)]
    full = [s for s in states if sum(s) == c]
    there = {s: k for k, s in enumerate(states)}
    at = {s: k for k, s in enumerate(full)}
    n, f = len(states), len(full)
    empty, up = np.zeros((n, n)), np.zeros((n, f))
    stay, more, less, first = np.zeros((f, f)), np.eye(f) * arrivals, np.zeros((f, f)), np.zeros((f, n))
    for (b, d, e), k in there.items():
        idle = c - b - d - e
        moves = [
            ((b - 1, d, e), b * m), ((b - 1, d + 1, e), b * fails), ((b, d, e + 1), idle * fails),
            ((b + 1, d - 1, e), d * repairs), ((b, d, e - 1), e * repairs),
        ]  # fmt: skip
        for to, rate in moves:
            if rate:
                empty[k, there[to]] += rate
        if idle:
            empty[k, there[b + 1, d, e]] += arrivals
        else:
            up[k, at[b, d, e]] += arrivals
    for (b, d, e), k in at.items():
        if b:
            stay[k, at[b - 1, d + 1, e]] += b * fails
            less[k, k] += b * m
            first[k, there[b, d, e]] += b * m
        if d:
            stay[k, at[b + 1, d - 1, e]] += d * repairs
        if e:
            less[k, at[b + 1, d, e - 1]] += e * repairs
            first[k, there[b + 1, d, e - 1]] += e * repairs
    np.fill_diagonal(empty, -(empty.sum(1) + up.sum(1)))
    stay -= np.diag(stay.sum(1) + less.sum(1) + arrivals)
    rate = geometric_rate(more, stay, less)
    chain = np.block([[empty, up], [first, stay + rate @ less]])
    weight = np.concatenate([np.ones(n), np.linalg.solve(np.eye(f) - rate, np.ones(f))])
    p = null_vector(chain, weight)
    beyond = np.linalg.solve(np.eye(f) - rate, np.eye(f))
    with_a_patient = np.array([b + d for b, d, _ in states])
    waiting = float(p[n:] @ beyond @ beyond @ np.ones(f))
    served = float(p[:n] @ with_a_patient + p[n:] @ beyond @ np.array([b + d for b, d, _ in full]))
    present = waiting + served
    return {"waiting_mean": waiting, "present_mean": present, "time_in_system_mean": present / arrivals}


def geometric_rate(more: np.ndarray, stay: np.ndarray, less: np.ndarray) -> np.ndarray:
    """R of a quasi-birth-death chain: p of one more level is p of a level times R."""
    back = np.linalg.inv(-stay)
    rate = np.zeros_like(stay)
    while True:
        after = (more + rate @ rate @ less) @ back
        if np.abs(after - rate).max() < 1e-15:
            return after
        rate = after


def null_vector(chain: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """p with p chain = 0 and p weight = 1."""
    system = np.column_stack([chain[:, 1:], weight])
    return np.linalg.solve(system.T, np.concatenate([np.zeros(len(chain) - 1), [1.0]]))


def leaving(arrivals: float, service: float, servers: float, leaves: float) -> Answers:
    """Erlang-A, M/M/c+M: who waits leaves at a rate. A birth-death chain."""
    c = int(servers)
    most = c + STATES + int(2 * max(0.0, arrivals - servers / service) / leaves)
    n = np.arange(1, most + 1)
    steps = np.log(arrivals) - np.log(np.minimum(n, c) / service + np.maximum(n - c, 0) * leaves)
    p = np.concatenate(([0.0], np.cumsum(steps)))
    p = np.exp(p - p.max())
    p /= p.sum()
    queue = float(np.maximum(np.arange(most + 1) - c, 0) @ p)
    return {
        "waiting_mean": queue,
        "share_leaving": leaves * queue / arrivals,
        "share_waiting": float(p[c:].sum()),
    }


def machine_repair(machines: float, fails: float, repairs: float, engineers: float) -> Answers:
    """Machines that fail at a rate while up, and engineers who repair one each. A birth-death chain."""
    down = np.arange(int(machines) + 1)
    steps = np.log((machines - down[:-1]) * fails / (np.minimum(down[1:], engineers) * repairs))
    p = np.exp(np.concatenate(([0.0], np.cumsum(steps))))
    p /= p.sum()
    mean, rate = float(p @ down), float(p @ ((machines - down) * fails))
    return {"down_mean": mean, "repairs": rate, "down_time_mean": mean / rate}


def time_of_day(mean: float, swing: float, service: float) -> Answers:
    """Unlimited servers, arrivals mean + swing sin(2 pi t / 24) an hour as the means of 24 hours.

    present_at an hour: the day's arrivals that are still there, and those of all days before.
    """
    edges = 2 * math.pi * np.arange(25) / 24
    hourly = mean + swing * 24 / (2 * math.pi) * (np.cos(edges[:-1]) - np.cos(edges[1:]))
    stay, m = math.exp(-1 / service), 1 / service
    one_hour = hourly / m * (1 - stay)
    from_empty = 0.0
    for came in one_hour:
        from_empty = from_empty * stay + came
    at = [from_empty / (1 - stay**24)]
    for came in one_hour:
        at.append(at[-1] * stay + came)
    return {"present_at": lambda hour: at[int(hour)]}


def diary(arrivals: float, slots: float) -> Answers:
    """Bailey's bulk service: X' = (X + Poisson(arrivals) - slots)+, by Spitzer's identity.

    Terms fall as exp(-k (slots - arrivals)^2 / (2 arrivals)); what is left out is below 1e-15.
    """
    from scipy.stats import poisson

    k = np.arange(1, 100 + math.ceil(80 * arrivals / (slots - arrivals) ** 2))
    mean, room = k * arrivals, k * slots
    over = mean * poisson.sf(room - 1, mean) - room * poisson.sf(room, mean)
    left = float(np.sum(over / k))
    return {"list_after_clerk": left, "extra_days_mean": left / arrivals}


def diary_with_priorities(
    urgent_suspected_cancer: float, urgent: float, routine: float, slots: float
) -> Answers:
    """Bailey's bulk service, most urgent first: to each class the less urgent are not there."""
    rates = {"urgent_suspected_cancer": urgent_suspected_cancer, "urgent": urgent, "routine": routine}
    found: Answers = {}
    total = before = 0.0
    for name, rate in rates.items():
        total += rate
        left = diary(total, slots)["list_after_clerk"]
        found[f"list_after_clerk priority={name}"] = left - before
        found[f"extra_days_mean priority={name}"] = (left - before) / rate
        before = left
    return found | {"list_after_clerk": before, "extra_days_mean": before / total}


def rule_of_thumb(queue: float, demand: float, capacity: float, target: float, relief: float) -> Answers:
    """Fong and others 2022: numbers a week, target and relief in weeks. Exponential waits, load under 1."""
    wait = target / 4
    return {
        "load": demand / capacity,
        "target_wait_mean": wait,
        "target_queue": demand * wait,
        "relief_capacity": demand + (queue - demand * wait) / relief,
        "target_capacity": demand + 1 / wait,
    }


FORMULAS: dict[str, Callable[..., Answers]] = {
    formula.__name__: formula
    for formula in (
        m_m_c, m_g_1, m_d_c, priorities, breakdown, breakdowns, leaving, machine_repair, time_of_day, diary,
        diary_with_priorities, rule_of_thumb,
    )
}  # fmt: skip
