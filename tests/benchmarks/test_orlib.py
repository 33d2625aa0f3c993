from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hubs import cost, posed, solve_pmedian, solve_warehouses
from benchmarks.orlib import Warehouses, published, read_pmedian, read_warehouses
from optimiser.hubs.arrays import Shares

WAREHOUSES = "2 3\n 10 100.5\n 20 50.\n 4\n 8. 40.\n 6\n 12. 6.\n 5\n 5. 50.\n"


def test_p_median_the_last_cost_of_a_repeated_edge_counts(tmp_path: Path) -> None:
    (tmp_path / "p.txt").write_text(" 4 5 2 \n 1 2 9\n 2 3 1\n 2 1 3\n 3 4 2\n 1 4 7\n")
    instance = read_pmedian(tmp_path / "p.txt")
    assert instance.p == 2
    assert instance.distance.tolist() == [[0, 3, 4, 6], [3, 0, 1, 3], [4, 1, 0, 2], [6, 3, 2, 0]]
    found = solve_pmedian(instance, 5.0)
    assert found.value == found.bound == 3.0


def test_warehouses_plain_or_gzipped_with_the_capacity_given(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text(WAREHOUSES)
    with gzip.open(tmp_path / "c.txt.gz", "wt") as stream:
        stream.write(WAREHOUSES.replace(" 10 ", " capacity ").replace(" 20 ", " capacity "))
    plain, packed = read_warehouses(tmp_path / "c.txt"), read_warehouses(tmp_path / "c.txt.gz", capacity=17)
    assert plain.capacity.tolist() == [10, 20]
    assert packed.capacity.tolist() == [17, 17]
    for instance in (plain, packed):
        assert instance.fixed.tolist() == [100.5, 50]
        assert instance.demand.tolist() == [4, 6, 5]
        assert instance.cost.tolist() == [[8, 40], [12, 6], [5, 50]]


def test_warehouses_are_solved_and_their_cost_is_ours(tmp_path: Path) -> None:
    (tmp_path / "c.txt").write_text(WAREHOUSES)
    instance = read_warehouses(tmp_path / "c.txt")
    found = solve_warehouses(instance, 5.0)
    assert found.value == pytest.approx(50 + 40 + 6 + 50)
    assert found.bound == pytest.approx(found.value, rel=1e-4)
    problem, values = posed(instance)
    assert (values.weight[:, None] * values.unit).tolist() == pytest.approx(instance.cost)
    assert [c.capacity_kg_per_day for c in problem.candidates] == [10, 20]


def test_a_plan_that_leaves_somebody_out_or_overfills_has_no_cost() -> None:
    instance = Warehouses(
        capacity=np.array([5.0]), fixed=np.array([1.0]), demand=np.array([3.0, 4.0]), cost=np.array([[2.0], [2.0]])
    )
    everybody = Shares(row=np.array([0, 1]), column=np.array([0, 0]), share=np.array([1.0, 1.0]))
    half = Shares(row=np.array([0, 1]), column=np.array([0, 0]), share=np.array([1.0, 0.5]))
    is_open = np.array([True])
    assert np.isnan(cost(instance, is_open, everybody))
    assert np.isnan(cost(instance, is_open, half))
    roomy = Warehouses(capacity=np.array([7.0]), fixed=instance.fixed, demand=instance.demand, cost=instance.cost)
    assert cost(roomy, is_open, everybody) == 5.0
    assert np.isnan(cost(roomy, np.array([False]), everybody))


def test_the_published_instances_are_read_and_met(data_dir: Path) -> None:
    folder = data_dir / "benchmarks"
    medians, warehouses = published(folder, "pmedian"), published(folder, "cflp_orlib")
    assert len(medians) == 24
    assert len(warehouses) == 22
    assert solve_pmedian(read_pmedian(folder / "pmedian" / "pmed1.txt"), 20.0).value == medians["pmed1"]
    found = solve_warehouses(read_warehouses(folder / "cflp_orlib" / "cap61.txt"), 20.0)
    assert found.value == pytest.approx(warehouses["cap61"], abs=0.01)
