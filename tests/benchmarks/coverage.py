"""How often intervals hold the true mean. Run by hand; the table it prints stands in analysis/README.md.

    python tests/benchmarks/coverage.py --kept FOLDER

Two cases (light and heavy: 74 % and 95 % of the slots booked) of two arms each (a scanner open every day; as
many slots on three days) are simulated once, `--replications` times, and kept. Their mean is taken for the
truth. Groups of 10 and 30 replications are then drawn at random, each as if it were an experiment of its
own, and every kind of interval is asked whether it holds the truth: of means, and of differences in pairs.

`--pools N` tells what it matters that the replications kept are finite in number: N other pools of as many are
drawn from them with replacement, and the coverage of "ours" found in each is compared.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit, logit, stdtrit

HOME = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(HOME))

from analysis.statistics import stretch  # noqa: E402
from sim.measures import measure  # noqa: E402
from sim.model.simulation import World, simulate  # noqa: E402
from tests.world import world  # noqa: E402

HALF_A_YEAR = {"years": "0.5 years", "warm_up": "0 days"}
ATTENDANCE = {"missed": "7 %"}
SCANNING = {"MRI": {"uptime": "95 %", "repair_time": "2 days", "couch_time_variation": 0.2}}
CASES = {
    "light": {"demand": {"MRI": {"per_year": "700 per year"}}},
    "heavy": {"demand": {"MRI": {"per_year": "950 per year"}}},
}
ARMS = {
    "daily": {"slots_per_day": "3 per day"},
    "three days": {"slots_per_day": "7 per day", "days": ["monday", "wednesday", "friday"]},
}
KINDS_OF_MEASURE = {
    "waits and lists": ("wait_days_mean", "wait_days_p92", "list_size"),
    "percentages, 5 to 95": (
        "missed_percent", "slots_lost_percent", "downtime_percent", "load_percent",
        "over_6_weeks_percent", "result_in_28_days_percent",
    ),
    "rare events": ("displaced_per_1000", "over_6_weeks_percent", "result_in_28_days_percent"),
    "journeys and counts": ("travel_minutes_mean", "scans"),
}  # fmt: skip
MEASURES = sorted({name for names in KINDS_OF_MEASURE.values() for name in names})
EXPERIMENTS, SLOW_EXPERIMENTS = 10_000, 400
RESAMPLES = 499
Interval = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""Lower and upper ends, one a row, of rows of replications."""


@lru_cache
def world_of(case: str, arm: str) -> World:
    """A case as one arm works it."""
    plain = {"calendar": HALF_A_YEAR, "attendance": ATTENDANCE, "scanning": SCANNING}
    return world(CASES[case] | plain | {"fleet": {"scanner": ARMS[arm]}})


def simulated(case: str, arm: str, replication: int) -> list[float]:
    """The measures of one replication; NaN where one does not exist."""
    one = world_of(case, arm)
    values, _ = measure(simulate(one, 1, replication), one.days)
    return [values.get((name, "all"), np.nan) for name in MEASURES]


def replications(case: str, arm: str, count: int, kept: Path, workers: int) -> pd.DataFrame:
    """A row a replication, a column a measure; from `kept` where they are there."""
    file = kept / f"{case}, {arm}.parquet"
    if not file.is_file():
        with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
            rows = pool.map(simulated, [case] * count, [arm] * count, range(count), chunksize=50)
            pd.DataFrame(rows, columns=MEASURES).to_parquet(file)
    return pd.read_parquet(file)


# ---- intervals


def students(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Student's t."""
    n = values.shape[1]
    half = stdtrit(n - 1, 0.975) * values.std(axis=1, ddof=1) / np.sqrt(n)
    return values.mean(axis=1) - half, values.mean(axis=1) + half


def skewness(values: np.ndarray) -> np.ndarray:
    """Third moment over the cube of the standard deviation, each with its small-sample factor."""
    n = values.shape[1]
    apart = values - values.mean(axis=1, keepdims=True)
    third = n / ((n - 1) * (n - 2)) * (apart**3).sum(axis=1)
    sd = values.std(axis=1, ddof=1)
    return np.divide(third, sd**3, out=np.zeros_like(sd), where=sd > 0)


def johnsons(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Johnson's modified t (1978): Student's interval, moved by a sixth of the skewness."""
    n = values.shape[1]
    lower, upper = students(values)
    move = skewness(values) * values.std(axis=1, ddof=1) / (6 * n)
    return lower + move, upper + move


def willinks(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Willink's interval (2005): Hall's cubic transformation with Student's quantiles."""
    n = values.shape[1]
    a = skewness(values) / (6 * np.sqrt(n))
    a = np.where(np.abs(a) < 1e-9, 1e-9, a)
    t = stdtrit(n - 1, 0.975)
    over, under = ((np.cbrt(1 + 6 * a * (side - a)) - 1) / (2 * a) for side in (t, -t))
    se = values.std(axis=1, ddof=1) / np.sqrt(n)
    return values.mean(axis=1) - over * se, values.mean(axis=1) - under * se


def ours(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """What the program gives: Student's, with the half on the side of the longer tail as long as Willink's."""
    down, up = stretch(skewness(values), values.shape[1])
    lower, upper = students(values)
    mean = values.mean(axis=1)
    return mean - down * (mean - lower), mean + up * (upper - mean)


def bootstrap_t(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bootstrap-t: the quantiles of the studentised mean over resamples of the replications."""
    count, n = values.shape
    places = np.random.default_rng(1).integers(n, size=(count, RESAMPLES, n))
    drawn = np.take_along_axis(values[:, None, :], places, axis=2)
    mean, se = values.mean(axis=1), values.std(axis=1, ddof=1) / np.sqrt(n)
    error = drawn.std(axis=2, ddof=1) / np.sqrt(n)
    apart = drawn.mean(axis=2) - mean[:, None]
    t = np.divide(apart, error, out=np.zeros_like(apart), where=error > 0)
    low, high = np.quantile(t, [0.025, 0.975], axis=1)
    return mean - high * se, mean - low * se


def on_logit_scale(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Student's t of a percentage on the logit scale, by the delta method."""
    lower, upper = students(values)
    mean = values.mean(axis=1) / 100
    inside = (mean > 0) & (mean < 1)
    safe = np.where(inside, mean, 0.5)
    half = (upper - lower) / 200 / (safe * (1 - safe))
    at = logit(safe)
    return tuple(np.where(inside, 100 * expit(at + s * half), 100 * mean) for s in (-1, 1))


def on_log_scale(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Student's t of a mean above zero on the log scale, by the delta method."""
    lower, upper = students(values)
    mean = values.mean(axis=1)
    safe = np.where(mean > 0, mean, 1)
    part = (upper - lower) / 2 / safe
    return tuple(np.where(mean > 0, safe * np.exp(s * part), mean) for s in (-1, 1))


FOR_ALL: dict[str, Interval] = {
    "Student": students,
    "Johnson": johnsons,
    "Willink": willinks,
    "bootstrap-t": bootstrap_t,
    "ours": ours,
}
FOR_MEANS: dict[str, Interval] = {"log": on_log_scale}
FOR_SHARES: dict[str, Interval] = {"logit": on_logit_scale}


# ---- coverage


def cells(
    case: str, of: dict[str, pd.DataFrame]
) -> Iterator[tuple[str, str, np.ndarray, dict[str, Interval]]]:
    """(kind of measure, measure, all replications, intervals to try) of both arms and their difference."""
    one, other = of.values()
    for kind, names in KINDS_OF_MEASURE.items():
        for name in names:
            if (kind.startswith("percent") != (5 <= one[name].mean() <= 95)) and name.endswith("_percent"):
                continue
            if one[name].std() == 0 or other[name].std() == 0:
                continue
            extra = FOR_SHARES if name.endswith("_percent") else FOR_MEANS
            for arm, values in of.items():
                yield kind, f"{name}, {case}, {arm}", values[name].to_numpy(), FOR_ALL | extra
            yield f"difference: {kind}", f"{name}, {case}", (other[name] - one[name]).to_numpy(), FOR_ALL


def coverage(values: np.ndarray, interval: Interval, n: int, experiments: int) -> float:
    """How many in a hundred experiments of `n` replications hold the mean of all, and half-widths."""
    rng = np.random.default_rng(n)
    drawn = values[rng.integers(len(values), size=(experiments, n))]
    lower, upper = interval(drawn)
    truth = values.mean()
    return 100 * np.mean((lower <= truth) & (truth <= upper)), np.mean(upper - lower) / 2


def error_of_pool(values: np.ndarray, n: int, pools: int) -> tuple[float, float]:
    """Bias and standard deviation, in points, of the coverage of "ours" for want of more replications.

    Bootstrap: the pool stands in for all replications there could be, pools drawn from it for the pool. What the
    `EXPERIMENTS` drawn from each add by chance is taken out.
    """
    rng = np.random.default_rng(pools)
    size = len(values)
    found = [coverage(values[rng.integers(size, size=size)], ours, n, EXPERIMENTS)[0] for _ in range(pools)]
    held = coverage(values, ours, n, 10 * EXPERIMENTS)[0]
    chance = held * (100 - held) / EXPERIMENTS
    return np.mean(found) - held, np.sqrt(max(np.var(found, ddof=1) - chance, 0))


def show_errors_of_pools(kept: dict[str, dict[str, pd.DataFrame]], pools: int) -> None:
    """Print the root mean square of both by kind of measure, and the largest."""
    rows = [
        (kind, case, n, *error_of_pool(values[np.isfinite(values)], n, pools))
        for case, of in kept.items()
        for kind, _, values, _ in cells(case, of)
        for n in (10, 30)
    ]
    table = pd.DataFrame(rows, columns=["kind", "case", "n", "bias", "sd"]).set_index(["kind", "case", "n"])
    by = (table**2).groupby(level=[0, 1, 2], sort=False)
    print(np.sqrt(by.mean().join(by.max().add_suffix(", largest"))).round(2).to_string())


def main() -> None:
    """Simulate what is not kept, and print coverage by kind of measure."""
    usage = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    usage.add_argument("--kept", type=Path, required=True, help="folder for the simulated replications")
    usage.add_argument("--replications", type=int, default=1500)
    usage.add_argument("--workers", type=int, default=2)
    usage.add_argument(
        "--only",
        nargs="+",
        help="intervals to try (default: all): " + ", ".join(FOR_ALL | FOR_MEANS | FOR_SHARES),
    )
    usage.add_argument("--pools", type=int, default=0, help="only tell the error for want of replications")
    asked = usage.parse_args()
    asked.kept.mkdir(parents=True, exist_ok=True)
    kept = {
        case: {arm: replications(case, arm, asked.replications, asked.kept, asked.workers) for arm in ARMS}
        for case in CASES
    }
    if asked.pools:
        return show_errors_of_pools(kept, asked.pools)
    rows = []
    for case, of in kept.items():
        for kind, name, values, intervals in cells(case, of):
            for label, interval in intervals.items():
                if asked.only and label not in asked.only:
                    continue
                for n in (10, 30):
                    count = EXPERIMENTS if interval is not bootstrap_t else SLOW_EXPERIMENTS
                    held, half = coverage(values[np.isfinite(values)], interval, n, count)
                    rows.append((kind, case, name, label, n, held, half))
    table = pd.DataFrame(rows, columns=["kind", "case", "cell", "interval", "n", "coverage", "half_width"])
    table.to_csv(asked.kept / "coverage.csv", index=False)
    for keys in (["kind", "interval"], ["kind", "case", "interval"]):
        by = table.groupby([*keys, "n"], sort=False).coverage
        print(by.agg(["mean", "min"]).unstack("n").round(1).to_string(), end="\n\n")


if __name__ == "__main__":
    main()
