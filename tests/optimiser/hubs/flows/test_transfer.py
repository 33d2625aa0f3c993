"""The break-even of a transfer station, worked out on paper and found again by planning."""

from math import inf

import pytest

from optimiser.hubs.flows.engines import arrays
from optimiser.hubs.flows.materials import Stream, transfer
from optimiser.hubs.flows.places import Arising, Offer, Outlet, Site, Size, Source
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.transfer import break_even_m, break_evens
from optimiser.hubs.flows.transport import Vehicle
from tests.optimiser.hubs.flows.whiteboard import links


def region(haul_m: float) -> FlowProblem:
    """10,000 kg, by cart to a station at 1 km and on by lorry, or by cart all the way.

    Cart: 500 kg, 1 a km and 3 an hour at 2 m/s: 2 * (0.001 + 3 / 3600 / 2) / 500 = 5.6667e-6 a kilogram and metre.
    Lorry: 5,000 kg, 2 a km and 9 an hour at 10 m/s: 2 * (0.002 + 9 / 3600 / 10) / 5000 = 0.9e-6, but half an hour of
    loading: 4.5 / 5000 = 0.0009 a kilogram. The station costs 100 + 10,000 * 0.005: 0.015 a kilogram. (The cart
    travels at the lorry's speed on the way that is compared: 2 * (0.001 + 3 / 3600 / 10) / 500 = 4.3333e-6.)

    Break-even: 0.0159 / (4.3333e-6 - 0.9e-6) = 4,631 m.
    """
    ways = (
        "a>station cart 1000 500",
        f"station>end lorry {haul_m} {haul_m / 10}",
        f"a>end cart {haul_m + 1000} {500 + haul_m / 10}",
    )
    return FlowProblem(
        streams=(Stream(id="mixed"),),
        processes=(transfer("transfer", ("mixed",), cost_per_kg=0.005),),
        sources=(Source(id="a", arisings=(Arising(stream="mixed", kg=10_000.0, least_share=1.0),)),),
        sites=(Site(id="station", sizes=(Size(id="one", fixed_cost=100.0),), processes=("transfer",)),),
        outlets=(Outlet(id="end", offers=(Offer(stream="mixed"),)),),
        vehicles=(
            Vehicle(id="cart", payload_kg=500.0, cost_per_km=1.0, cost_per_h=3.0),
            Vehicle(id="lorry", payload_kg=5000.0, cost_per_km=2.0, cost_per_h=9.0, handling_s=1800.0),
        ),
        links=links(("a", "station", "end"), ("cart", "lorry"), ways),
    )


@pytest.mark.parametrize(("haul_m", "opens"), [(4_500.0, False), (4_750.0, True)])
def test_the_station_opens_just_beyond_the_break_even(haul_m, opens):
    problem = region(haul_m)
    plan = arrays.solve(problem, deadline=None, iterations=None, seed=1).plan
    assert bool(plan.open) is opens


def test_the_break_even_is_told_with_what_is_saved():
    problem = region(10_000.0)
    plan = arrays.solve(problem, deadline=None, iterations=None, seed=1).plan
    (told,) = break_evens(problem, plan)
    assert (told.site, told.brought_by, told.taken_by) == ("station", "cart", "lorry")
    assert told.haul_m == pytest.approx(0.0159 / (13 / 3 - 0.9) * 1e6)
    assert told.actual_m == 10_000.0
    assert told.saved == pytest.approx(10_000 * ((13 / 3 - 0.9) * 1e-6 * 10_000 - 0.0159))


def test_never_when_the_large_vehicle_is_dearer():
    assert break_even_m(station_per_kg=1.0, small_per_kg_m=1.0, large_per_kg_m=1.0, large_per_kg=0.0) == inf
