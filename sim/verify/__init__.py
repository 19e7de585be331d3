"""Known answers against the engine: cases in, a table of theory beside what was simulated out.

    python -m sim.verify [--quick] [--json FILE] [CASE.yaml ...]

There is no event loop here: every case is a scenario file and runs through `sim.model`.
"""
