"""A waiting list by weeks waited, day by day and without chance: the fluid limit of the model's own clerk.

Each day the slots go to the people who wait, each drawn with the weight of the weeks they have waited until
the slots are gone; then everybody is a day older and the day's referrals join. In the limit of many people
somebody of weight w still waits after the day with chance exp(-r w), r being such that the slots are used up.
"""

from __future__ import annotations

import numpy as np

from sim.model.bands import BAND_COUNT, LAST_BAND

WEEK = 7
AGES = LAST_BAND * WEEK + 1
"""Ages in days 0 to 90, and 91 or more."""
STEPS = 4
LEAST = 1e-12


def month_ends(
    start: np.ndarray, joining: np.ndarray, slots: np.ndarray, days: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """People by weeks waited at each month's end, (..., months, 14).

    start: (..., 14) people by weeks waited, spread evenly over each week. joining, slots: (..., months) people
    who join and who leave in the month, evenly over its days. days: (..., months). weights: (..., 14). All
    but the last axes are broadcast against each other.
    """
    flows = [np.asarray(flow, float) / days for flow in (joining, slots)]
    alike = np.broadcast_shapes(start.shape[:-1], weights.shape[:-1], *(flow.shape[:-1] for flow in flows))
    weights = np.broadcast_to(weights / weights.max(-1, keepdims=True), (*alike, BAND_COUNT))
    people = np.broadcast_to(by_day(start), (*alike, AGES)).copy()
    ends = []
    for month in range(flows[0].shape[-1]):
        joins, leaves = (np.broadcast_to(flow[..., month], alike) for flow in flows)
        for _ in range(int(np.max(days[..., month]))):
            people = day_older(people * by_age(still_waiting(to_bands(people), leaves, weights)))
            people[..., 0] = joins
        ends.append(to_bands(people))
    return np.stack(ends, axis=-2)


def still_waiting(people: np.ndarray, slots: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """The part of each week's people that is not taken, (..., 14); where slots suffice for all, next to nobody.

    The r with sum of people (1 - exp(-r w)) = slots is found from below by Newton's method: the sum is
    concave in r, so no step goes too far.
    """
    most = people.sum(-1)
    wanted = np.minimum(slots, most)
    rate = np.zeros_like(wanted)
    for _ in range(STEPS):
        left = people * np.exp(-rate[..., None] * weights)
        rate = rate + (wanted - (most - left.sum(-1))) / np.maximum((weights * left).sum(-1), LEAST)
        rate = np.clip(rate, 0, 1e6)
    return np.exp(-rate[..., None] * weights)


def by_day(bands: np.ndarray) -> np.ndarray:
    """People by whole weeks (..., 14) as people by age in days (..., AGES), evenly within a week."""
    return np.concatenate([np.repeat(bands[..., :-1] / WEEK, WEEK, axis=-1), bands[..., -1:]], axis=-1)


def by_age(bands: np.ndarray) -> np.ndarray:
    """A number a week (..., 14) as the same number for each of its days (..., AGES)."""
    return np.concatenate([np.repeat(bands[..., :-1], WEEK, axis=-1), bands[..., -1:]], axis=-1)


def to_bands(people: np.ndarray) -> np.ndarray:
    """People by age in days (..., AGES) as people by whole weeks (..., 14)."""
    weeks = people[..., :-1].reshape(*people.shape[:-1], LAST_BAND, WEEK).sum(-1)
    return np.concatenate([weeks, people[..., -1:]], axis=-1)


def day_older(people: np.ndarray) -> np.ndarray:
    """Everybody a day older, nobody new."""
    older = np.zeros_like(people)
    older[..., 1:] = people[..., :-1]
    older[..., -1] += people[..., -1]
    return older
