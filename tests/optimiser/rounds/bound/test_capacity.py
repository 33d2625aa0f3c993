"""What a trip can hold, in whole units that never say more than there is."""

import numpy as np
import pytest

from optimiser.rounds.bound.capacity import MOST_UNITS, capacity, day_share, waste_share
from optimiser.rounds.bound.kinds import kinds
from optimiser.rounds.problem import Limit
from tests.notation import stop, town, vehicle

PLACES = {"depot": (0, 0), "tip": (0, 0), "a": (1, 0), "b": (2, 0), "c": (3, 0)}


def of(stops, **more):
    problem = town(PLACES, stops=stops, vehicles=[vehicle(**more)])
    (kind,) = kinds(problem)
    return problem, kind, np.ones(len(stops), dtype=bool)


def test_whole_amounts_stay_whole():
    held = capacity(*of([stop("a", 20.0), stop("b", 30.0), stop("c", 50.0)], kg=70.0))
    assert held.use.tolist() == [2, 3, 5]
    assert held.cap == 7
    assert held.share.tolist() == pytest.approx([2 / 7, 3 / 7, 5 / 7])


def test_a_limit_between_units_holds_the_lower():
    held = capacity(*of([stop("a", 20.0), stop("b", 30.0), stop("c", 50.0)], kg=79.9))
    assert held.cap == 7


@pytest.mark.parametrize("seed", range(20))
def test_what_fits_fits_in_units(seed):
    rng = np.random.default_rng(seed)
    amounts = rng.uniform(0, 40, 3)
    held = capacity(*of([stop(name, float(x)) for name, x in zip("abc", amounts, strict=True)], kg=60.0))
    for mask in range(1, 8):
        chosen = [k for k in range(3) if mask >> k & 1]
        if amounts[chosen].sum() <= 60:
            assert held.use[chosen].sum() <= held.cap


def test_stops_without_load_take_a_unit_that_makes_no_room():
    held = capacity(*of([stop("a", 30.0), stop("b", 0.0), stop("c", 30.0)], kg=50.0))
    assert held.use.min() >= 1
    assert held.use[0] + held.use[1] <= held.cap
    assert held.use[0] + held.use[2] > held.cap


def test_nothing_limited_every_stop_fits():
    held = capacity(*of([stop("a", 0.0), stop("b", 0.0), stop("c", 0.0)]))
    assert held.use.sum() <= held.cap
    assert not held.share.any()


def test_goods_count_when_they_are_the_tighter():
    limits = (Limit(name="all", weights={"kg": 1.0}, at_most=10.0),)
    stops = [stop("a", 1.0, deliveries={"kg": 5.0}), stop("b", 1.0, deliveries={"kg": 4.0}), stop("c", 1.0)]
    problem, kind, served = of(stops, limits=limits)
    assert capacity(problem, kind, served).share.tolist() == pytest.approx([0.5, 0.4, 0.0])
    assert waste_share(problem, kind, served).tolist() == pytest.approx([0.1, 0.1, 0.1], rel=1e-5)


def test_of_loadings_the_widest_counts():
    ways = (
        (Limit(name="small", weights={"kg": 1.0}, at_most=4.0),),
        (Limit(name="large", weights={"kg": 1.0}, at_most=8.0),),
    )
    problem, kind, served = of([stop("a", 4.0), stop("b", 4.0), stop("c", 1.0)], limits=(), loadings=ways)
    held = capacity(problem, kind, served)
    assert held.share.tolist() == pytest.approx([0.5, 0.5, 0.125])


def test_the_day_counts_loads_and_stops():
    problem, kind, _ = of(["a", "b", "c"], day_limits=(Limit(name="day", weights={"kg": 1.0}, at_most=2.0),))
    assert day_share(problem, kind).tolist() == pytest.approx([0.5] * 3, rel=1e-5)
    problem, kind, _ = of(["a", "b", "c"], max_stops=4)
    assert day_share(problem, kind).tolist() == pytest.approx([0.25] * 3, rel=1e-5)


def test_units_stay_few():
    rng = np.random.default_rng(1)
    held = capacity(*of([stop(name, float(rng.uniform(1, 2e6))) for name in "abc"], kg=3e6))
    assert held.cap <= MOST_UNITS + 1
