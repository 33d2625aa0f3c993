"""The worked example of docs/siting.md: three households on a road at km 0, 1 and 4."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optimiser.hubs.siting.arcs import from_matrix
from optimiser.hubs.siting.problem import Aim, Candidate, Demand, SitingProblem, Size
from optimiser.hubs.siting.solve import solve
from optimiser.result import Budget

KM = np.abs(np.subtract.outer(np.array([0.0, 1, 4]), np.array([0.0, 1, 4])))
CASES: dict[Aim, tuple[float, dict[str, Any]]] = {
    Aim.MEDIAN: (4.0, {"at_most": 1}),
    Aim.CENTRE: (3.0, {"at_most": 1}),
    Aim.COVER: (2.0, {}),
    Aim.MAX_COVER: (2.0, {"at_most": 1}),
    Aim.COST: (5.0, {}),
    Aim.ATTENDANCE: (1.5, {"at_most": 1}),
    Aim.EDE: (2.07, {"at_most": 1, "kappa": 1.0}),
    Aim.WORST: (3.0, {"at_most": 1, "worst_share": 1 / 3}),
}


@pytest.mark.parametrize("aim", CASES)
def test_the_example_of_the_page(aim: Aim) -> None:
    wanted, more = CASES[aim]
    arcs = from_matrix(KM, 2.0 if aim in (Aim.COVER, Aim.MAX_COVER) else np.inf)
    posed = SitingProblem(
        demand=Demand(ids=("a", "b", "c"), weight=np.ones(3)),
        candidates=tuple(
            Candidate(id=f"km{k}", sizes=(Size(fixed_cost=2.0 if aim is Aim.COST else 0.0),)) for k in (0, 1, 4)
        ),
        arcs=arcs,
        aim=aim,
        decay=np.interp(arcs.distance, [0, 1, 2], [1, 0.5, 0]),
        **more,
    )
    result = solve(posed, budget=Budget(seconds=20))
    assert result.price is not None
    assert result.price.objective == pytest.approx(wanted, abs=0.005)
