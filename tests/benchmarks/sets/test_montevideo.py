from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.sets.montevideo import travel_minutes
from benchmarks.sets.registry import read_instance
from faults import InputError
from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.solve import solve


def places(*kilometres: float) -> list[dict[str, str]]:
    """Return places on the equator, so many kilometres east of the first."""
    degree = np.degrees(1 / 6371.0)
    return [{"id": str(k), "lon": f"{km * degree:.15f}", "lat": "0"} for k, km in enumerate(kilometres)]


def test_a_missing_time_goes_over_near_pairs_or_along_the_straight_line_at_their_pace() -> None:
    times = [
        {"from_id": str(a), "to_id": str(b), "minutes": "2"}
        for a, b in ((0, 1), (1, 0), (1, 2), (2, 1), (2, 3), (3, 2))
    ]
    minutes = travel_minutes(places(0, 1, 2, 3, 10), times)
    assert minutes[0, 1] == 2
    assert minutes[0, 3] == pytest.approx(6)
    assert minutes[0, 4] == pytest.approx(20)
    assert minutes[4, 3] == pytest.approx(14)
    assert not np.diagonal(minutes).any()


def test_municipio_b_is_done_by_less_than_its_published_fleet(data_dir: Path) -> None:
    instance = read_instance(data_dir / "osm" / "waste" / "montevideo-muni-b-containers.csv")
    assert instance.format == "montevideo"
    (part,) = instance.parts
    assert len(part.problem.stops) == 155
    assert len(part.problem.vehicles) == 3
    result = solve(part.problem, engine="pyvrp", budget=Budget(iterations=200), seed=1)
    assert result.plan is not None
    assert not check(part.problem, result.plan)
    assert not result.plan.unserved
    assert len(result.plan.rounds) == 2
    assert part.cost(result.plan) == pytest.approx(result.price.distance_m / 1000.0, abs=0.1)  # type: ignore[union-attr]


def test_without_the_tables_beside_it_the_reader_says_so(tmp_path: Path) -> None:
    file = tmp_path / "bins.csv"
    file.write_text("id,lon,lat,open_min,close_min,demand,service_min\n1,0,0,0,360,5,2\n")
    with pytest.raises(InputError):
        read_instance(file)
