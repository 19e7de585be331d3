"""Keep a random sample of the mutants of a session.

python tests/mutation/sample.py mutants.sqlite 300 [SEED]
"""

from __future__ import annotations

import random
import sqlite3
import sys

TABLES = ("work_results", "mutation_specs", "work_items")


def main(path: str, count: str, seed: str = "1") -> int:
    """Delete all mutants that have no result yet but `count`, drawn by a seed; tells from how many."""
    with sqlite3.connect(path) as session:
        done = {job for (job,) in session.execute("select job_id from work_results")}
        jobs = [
            job
            for (job,) in session.execute(
                "select job_id from mutation_specs order by module_path, operator_name, occurrence"
            )
        ]
        pending = [job for job in jobs if job not in done]
        kept = set(random.Random(int(seed)).sample(pending, min(int(count), len(pending))))
        for table in TABLES:
            session.executemany(
                f"delete from {table} where job_id = ?", [(job,) for job in pending if job not in kept]
            )
    print(f"{len(kept)} of {len(pending)} mutants kept")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
