from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from optimiser.hubs.siting.arcs import from_matrix, from_pairs
from optimiser.hubs.siting.problem import Aim, Arcs, Candidate, Demand, Size, Within
from tests.optimiser.hubs.siting.made_up import problem

POSED = problem(0, Aim.MEDIAN)
WRONG: dict[str, dict[str, Any]] = {
    "not unique": {"candidates": POSED.candidates[:1] * 6},
    "rows for": {"arcs": from_matrix(np.ones((3, 6))), "decay": None},
    "not there": {"candidates": POSED.candidates[:2]},
    "cannot be negative": {"budget": -1.0},
    "position": {"separation": 1.0, "candidates": tuple(replace(c, x=None) for c in POSED.candidates)},
    "attendance needs": {"aim": Aim.ATTENDANCE, "decay": None},
    "decay must": {"decay": np.full(72, 1.5)},
    "kappa": {"aim": Aim.EDE, "kappa": 0.0},
    "worst_share": {"worst_share": 0.0},
    "nearer than an arc": {"unserved": np.zeros(12)},
    "one finite number": {"unserved": np.zeros(3)},
}


@pytest.mark.parametrize("says", WRONG)
def test_what_does_not_fit_is_said(says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(POSED, **WRONG[says])


def test_nouns_check_themselves() -> None:
    with pytest.raises(ValueError, match="unique"):
        Demand(ids=("a", "a"), weight=np.ones(2))
    with pytest.raises(ValueError, match="weight"):
        Demand(ids=("a",), weight=np.array([-1.0]))
    with pytest.raises(ValueError, match="group"):
        Demand(ids=("a",), weight=np.ones(1), group=("x", "y"))
    with pytest.raises(ValueError, match="negative"):
        Size(fixed_cost=-1.0)
    with pytest.raises(ValueError, match="no size"):
        Candidate(id="c", sizes=())
    with pytest.raises(ValueError, match="between 0 and 1"):
        Within(share=2.0)
    with pytest.raises(ValueError, match="start"):
        Arcs(start=np.array([0, 2]), site=np.zeros(1, np.int32), distance=np.ones(1))


def test_pairs_and_matrices_give_the_same_arcs() -> None:
    matrix = np.array([[3.0, 1.0, np.inf], [9.0, 2.0, 5.0]])
    dense = from_matrix(matrix, 5.0)
    rows, sites = np.nonzero(np.isfinite(matrix) & (matrix <= 5))
    sparse = from_pairs(2, rows[::-1], sites[::-1], matrix[rows, sites][::-1])
    assert dense.start.tolist() == sparse.start.tolist() == [0, 2, 4]
    assert sorted(zip(dense.site.tolist(), dense.distance.tolist(), strict=True)) == sorted(
        zip(sparse.site.tolist(), sparse.distance.tolist(), strict=True)
    )
