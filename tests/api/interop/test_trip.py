"""Orders of trips against all permutations."""

from itertools import pairwise, permutations

import numpy as np
import pytest

from api.interop import trip
from api.interop.trip import order

KINDS = [
    (True, False, False),
    (True, True, False),
    (True, False, True),
    (True, True, True),
    (False, True, False),
    (False, False, True),
    (False, True, True),
]


def table(count: int, seed: int) -> np.ndarray:
    seconds = np.random.default_rng(seed).integers(1, 100, (count, count)).astype(float)
    np.fill_diagonal(seconds, 0)
    return seconds


def spent(seconds: np.ndarray, tour: list[int] | tuple[int, ...], *, roundtrip: bool) -> float:
    return sum(seconds[a, b] for a, b in pairwise(tour)) + (seconds[tour[-1], tour[0]] if roundtrip else 0)


def allowed(tour: tuple[int, ...], *, roundtrip: bool, first: bool, last: bool) -> bool:
    starts = tour[0] == 0 or not (first or roundtrip) or (last and not first)
    return starts and (tour[-1] == len(tour) - 1 or not last)


@pytest.mark.parametrize(("roundtrip", "first", "last"), KINDS)
@pytest.mark.parametrize("count", range(2, 7))
def test_few_places_are_visited_in_the_best_order(count: int, roundtrip: bool, first: bool, last: bool) -> None:
    for seed in range(8):
        seconds = table(count, seed)
        found = order(seconds, roundtrip=roundtrip, first=first, last=last)
        assert found is not None
        assert allowed(tuple(found), roundtrip=roundtrip, first=first, last=last)
        best = min(
            spent(seconds, tour, roundtrip=roundtrip)
            for tour in permutations(range(count))
            if allowed(tour, roundtrip=roundtrip, first=first, last=last)
        )
        assert spent(seconds, found, roundtrip=roundtrip) == pytest.approx(best)


@pytest.mark.parametrize(("roundtrip", "first", "last"), KINDS)
def test_many_places_are_visited_once_and_hardly_longer_than_best(
    monkeypatch: pytest.MonkeyPatch, roundtrip: bool, first: bool, last: bool
) -> None:
    ratios = []
    for seed in range(12):
        seconds = table(9, seed)
        exact = order(seconds, roundtrip=roundtrip, first=first, last=last)
        monkeypatch.setattr(trip, "EXACT", 2)
        found = order(seconds, roundtrip=roundtrip, first=first, last=last)
        monkeypatch.undo()
        assert found is not None
        assert exact is not None
        assert allowed(tuple(found), roundtrip=roundtrip, first=first, last=last)
        assert sorted(found) == list(range(9))
        ratios.append(spent(seconds, found, roundtrip=roundtrip) / spent(seconds, exact, roundtrip=roundtrip))
    assert min(ratios) >= 1 - 1e-9
    assert np.median(ratios) < 1.25


def test_where_no_way_leads_there_is_no_trip() -> None:
    seconds = table(4, 0)
    seconds[:, 2] = np.nan
    assert order(seconds, roundtrip=True, first=False, last=False) is None
    assert order(seconds, roundtrip=False, first=True, last=False) is None


def test_a_place_that_can_only_be_left_begins_an_open_trip() -> None:
    seconds = table(4, 0)
    seconds[[0, 1, 3], 2] = np.inf
    found = order(seconds, roundtrip=False, first=False, last=True)
    assert found is not None
    assert (found[0], found[-1]) == (2, 3)
