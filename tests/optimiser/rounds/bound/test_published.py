"""Never above a proven best, on published instances; they lie outside the project (``MZUNGUKO_DATA``)."""

from pathlib import Path

import pytest

from benchmarks.sets.known import best_known
from benchmarks.sets.registry import read_instance
from optimiser.result import Budget
from optimiser.rounds.bound import bound

QUICK = {"carp/gdb/gdb19.dat": 0.03, "carp/gdb/gdb1.dat": 0.0, "carp/val/val1B.dat": 0.0, "carp/kshs/kshs1.dat": 0.03}
MOST_STOPS = 105
NOISE = 1e-6


def gap(file: Path, budget: Budget) -> float | None:
    """Return the gap to the proven best, ``None`` if the file has none that is plain money."""
    instance = read_instance(file)
    known = best_known(file, instance.objective)
    part = instance.parts[0]
    if known is None or not known.proven or len(instance.parts) > 1 or part.per_round:
        return None
    if len(part.problem.stops) > MOST_STOPS:
        return None
    found = bound(part.problem, budget=budget)
    assert found is not None
    return 1 - (part.unit * found.value + part.offset) / known.value


@pytest.mark.parametrize("name", QUICK)
def test_small_streets_are_met(data_dir, name):
    found = gap(data_dir / "benchmarks" / name, Budget(iterations=120))
    assert found is not None
    assert -NOISE <= found <= QUICK[name] + NOISE


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("family", ["carp", "cvrp_x", "vrptw_solomon", "mtvrptw", "waste_rwcp_turn", "waste_pvrpif"])
def test_never_above_a_proven_best(data_dir, family):
    files = sorted(
        file
        for file in (data_dir / "benchmarks" / family).rglob("*")
        if file.is_file() and "sol" not in file.name.split(".")[1:] and "solution" not in file.name
    )
    gaps = {file.name: gap(file, Budget(seconds=15)) for file in files}
    proven = {name: value for name, value in gaps.items() if value is not None}
    assert proven or family == "waste_pvrpif"
    assert not {name: value for name, value in proven.items() if value < -NOISE}
