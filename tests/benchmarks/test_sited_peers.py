from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.child import alone
from benchmarks.hubs import solve_file
from benchmarks.sited_peers import PEERS, Ask, against
from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.problem import Aim, Candidate, Demand, SitingProblem, Size

WAREHOUSES = "3 3\n 10 100.5\n 20 50.\n 9 500.\n 4\n 8. 40. 1.\n 6\n 12. 6. 1.\n 5\n 5. 50. 1.\n"
ASK = Ask(seconds=10.0, seed=1)


def single(room: float = 9.0) -> SitingProblem:
    cost = np.array([[1.0, 5.0], [2.0, 1.0], [3.0, 9.0]])
    size = Size(capacity=room, fixed_cost=2.0)
    return SitingProblem(
        demand=Demand(ids=("a", "b", "c"), weight=np.array([4.0, 5.0, 4.0])),
        candidates=(Candidate(id="H1", sizes=(size,)), Candidate(id="H2", sizes=(size,))),
        arcs=from_matrix(cost, cost=cost),
        aim=Aim.COST,
        single_source=True,
    )


@pytest.mark.parametrize("name", ["cbc", "cp-sat"])
def test_a_peer_keeps_the_rooms_and_proves(name: str) -> None:
    answer = PEERS[name](single(), ASK)
    assert answer.proven
    assert answer.size is not None
    assert answer.size.tolist() == [0, 0]
    assert answer.column is not None
    assert answer.column.tolist() == [0, 1, 0]


@pytest.mark.parametrize("name", ["cbc", "cp-sat"])
def test_a_peer_that_cannot_says_nothing(name: str) -> None:
    assert PEERS[name](single(room=3.0), ASK).size is None


@pytest.mark.parametrize("engine", ["auto", "highs", "pulp", "cbc"])
def test_warehouses_cost_what_they_cost_whoever_solves(tmp_path: Path, engine: str) -> None:
    (tmp_path / "c.txt").write_text(WAREHOUSES)
    found = solve_file(tmp_path / "c.txt", None, engine, 5.0, 1, None)
    assert found.value == pytest.approx(50 + 40 + 6 + 50)
    assert found.bound == pytest.approx(found.value, rel=1e-4)


def test_what_a_peer_cannot_state_is_said(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text(WAREHOUSES)
    assert solve_file(tmp_path / "c.txt", None, "cp-sat", 5.0, 1, None).why == "it cannot split demand"
    assert "p-median" in against("spopt", single())
    assert against("cp-sat", single()) == ""


def test_the_time_of_a_program_that_a_peer_starts_is_counted(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text(WAREHOUSES)
    assert alone(solve_file, tmp_path / "c.txt", None, "cbc", 5.0, 1, None).value.child_cpu_s > 0.0
    assert solve_file(tmp_path / "c.txt", None, "highs", 5.0, 1, None).child_cpu_s == 0.0
