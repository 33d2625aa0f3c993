"""Buildings go to the street of their address if it is near, else to the nearest one; checked against brute force."""

from __future__ import annotations

import numpy as np
import pytest

from network.frontage import fronts, plain
from network.snap import nearest_k
from network.tagcolumn import TagColumn
from tests.network.drawing import column, degrees, draw, grid

NETWORK = draw(
    {"a": (0, 0), "b": (300, 0), "c": (0, 60), "d": (300, 60), "e": (400, 60), "f": (700, 60)},
    [
        ("a", "b", {"name": "Main Street"}),
        ("c", "d", {"name": "Back  Lane"}),
        ("d", "e", {"name": "Back Lane"}),
        ("e", "f"),
    ],
)
EVERY = np.ones(4, bool)


def at(x: float, y: float, name: str, *, limit_m: float = 60.0, named_limit_m: float = 200.0) -> tuple[int, int, bool]:
    lon, lat = degrees([x], [y])
    found = fronts(NETWORK, EVERY, lon, lat, column([name]), limit_m=limit_m, named_limit_m=named_limit_m)
    return int(found.segment[0]), int(found.side[0]), bool(found.named[0])


def test_the_address_goes_before_the_nearest_street() -> None:
    assert at(100, 20, "") == (0, -1, False)
    assert at(100, 20, "back lane") == (1, 1, True)
    assert at(100, -20, "Main Street") == (0, 1, True)


def test_of_a_street_in_pieces_the_nearest_piece_counts() -> None:
    assert at(360, 70, "Back Lane") == (2, -1, True)


def test_a_street_of_that_name_too_far_away_does_not_count() -> None:
    assert at(100, 20, "Back Lane", named_limit_m=30.0) == (0, -1, False)
    assert at(600, 55, "Main Street", named_limit_m=200.0) == (3, 1, False)


def test_a_name_that_no_street_has_is_no_name() -> None:
    assert at(100, 20, "Ocean Drive") == (0, -1, False)


def test_who_is_far_from_every_street_fronts_none() -> None:
    lon, lat = degrees([100.0], [500.0])
    found = fronts(NETWORK, EVERY, lon, lat, None, limit_m=60.0, named_limit_m=60.0)
    assert found.segment.tolist() == [-1]
    assert np.isinf(found.distance_m).all()


def test_names_are_compared_without_capitals_and_doubled_spaces() -> None:
    assert plain(" Rue  de la PAIX ") == "rue de la paix"


@pytest.mark.parametrize("seed", range(3))
def test_the_named_piece_is_the_nearest_of_all_of_its_name(seed: int) -> None:
    network = grid(7, 7, seed=seed)
    random = np.random.default_rng(seed)
    lon, lat = degrees(random.uniform(0, 600, 200), random.uniform(0, 600, 200))
    names = ("", "Mango Road", "Acacia Lane", "Market Street")
    street = TagColumn(codes=random.integers(0, 4, 200).astype(np.int32), values=names)
    chosen = random.random(network.segments) < 0.9
    found = fronts(network, chosen, lon, lat, street, limit_m=50.0, named_limit_m=150.0)
    for k in range(200):
        name = names[street.codes[k]]
        of_name = chosen & np.array([value == name for value in network.name.values])[network.name.codes]
        near = nearest_k(
            network, of_name if name else chosen, lon[k : k + 1], lat[k : k + 1], 1, 150.0 if name else 50.0
        )
        if name and near.segment[0, 0] >= 0:
            assert found.named[k]
            assert found.distance_m[k] == pytest.approx(near.distance_m[0, 0], abs=1e-6)
        elif not name:
            assert found.segment[k] == near.segment[0, 0]
