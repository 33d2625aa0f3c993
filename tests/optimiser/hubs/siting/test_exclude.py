from __future__ import annotations

import numpy as np
import pytest

from optimiser.hubs.siting.exclude import Zone, exclude
from optimiser.hubs.siting.problem import Candidate


def test_who_falls_out_and_why() -> None:
    sites = tuple(
        Candidate(id=name, x=x, y=y) for name, x, y in (("in", 5, 5), ("near", 12, 5), ("far", 40, 5), ("at", 41, 5))
    )
    river = Zone(name="flood plain", corners=np.array([[0.0, 0], [10, 0], [10, 10], [0, 10]]), within=3.0)
    school = Zone(name="school", corners=np.array([[41.0, 5]]), within=1.0)
    found = {c.id: c.excluded for c in exclude(sites, (river, school))}
    assert found == {
        "in": "flood plain (inside)",
        "near": "flood plain (2 m away, 3 m is asked for)",
        "far": "school (1 m away, 1 m is asked for)",
        "at": "school (inside)",
    }
    twice = exclude(exclude(sites, (river,)), (Zone(name="water", corners=river.corners),))
    assert twice[0].excluded == "flood plain (inside); water (inside)"


def test_what_a_zone_needs() -> None:
    with pytest.raises(ValueError, match="corners"):
        Zone(name="z", corners=np.zeros((0, 2)))
    with pytest.raises(ValueError, match="negative"):
        Zone(name="z", corners=np.zeros((1, 2)), within=-1.0)
    with pytest.raises(ValueError, match="position"):
        exclude((Candidate(id="a"),), ())
