"""Random small problems for property tests; times and amounts are round so that a failure can be read."""

from __future__ import annotations

from hypothesis import strategies as st

from optimiser.rounds.problem import (
    Break,
    Limit,
    Mode,
    RoundsProblem,
    Shift,
    Stop,
    TipSite,
    Vehicle,
    VehicleCosts,
    Window,
)
from tests.notation import HOUR, grid_travel

SPOT = st.tuples(st.integers(0, 5), st.integers(0, 5))


@st.composite
def _windows(draw: st.DrawFn, earliest: float = 6.0, latest: float = 14.0) -> tuple[Window, ...]:
    edges = sorted(draw(st.sets(st.integers(int(earliest * 4), int(latest * 4)), min_size=0, max_size=4)))
    pairs = list(zip(edges[::2], edges[1::2], strict=False))
    return tuple(Window(open_s=a * HOUR / 4, close_s=b * HOUR / 4) for a, b in pairs)


@st.composite
def problems(
    draw: st.DrawFn, *, most_stops: int = 4, most_vehicles: int = 1, dimensions: int = 2, optional: bool = False
) -> RoundsProblem:
    """Return a problem with random streams, sites, windows, breaks, modes, fees and shifts."""
    dims = tuple(f"d{k}" for k in range(draw(st.integers(1, dimensions))))
    places: dict[str, tuple[int, int]] = {"depot": draw(SPOT)}

    def mode(name: str, service_s: int) -> Mode:
        places[name] = draw(SPOT)
        return Mode(arrive=name, leave=name, service_s=service_s)

    def loads() -> dict[str, float]:
        return {d: float(amount) for d in dims if (amount := draw(st.integers(0, 3)))}

    stops = tuple(
        Stop(
            id=f"s{i}",
            modes=tuple(
                mode(f"s{i}m{m}", draw(st.sampled_from([0, 300]))) for m in range(draw(st.sampled_from([1, 1, 1, 2])))
            ),
            loads=loads(),
            windows=draw(st.one_of(st.just(()), st.just(()), _windows())),
            prize=draw(st.sampled_from([None, 3.0, 30.0])) if optional else None,
        )
        for i in range(draw(st.integers(1, most_stops)))
    )
    sites = tuple(
        TipSite(
            id=f"t{i}",
            modes=(mode(f"t{i}", draw(st.sampled_from([0, 900]))),),
            accepts=frozenset(draw(st.sets(st.sampled_from(dims), min_size=1))),
            windows=draw(st.one_of(st.just(()), _windows())),
            fee_per_tip=float(draw(st.integers(0, 3))),
            fees={d: float(draw(st.integers(0, 4))) for d in dims},
        )
        for i in range(draw(st.integers(1, 2)))
    )
    vehicles = tuple(_vehicle(draw, f"v{i}", dims) for i in range(draw(st.integers(1, most_vehicles))))
    travel = grid_travel(places)
    return RoundsProblem(dimensions=dims, stops=stops, tip_sites=sites, vehicles=vehicles, travel={"truck": travel})


def _vehicle(draw: st.DrawFn, name: str, dims: tuple[str, ...]) -> Vehicle:
    rest = Break(
        id="lunch",
        duration_s=draw(st.sampled_from([900.0, 3600.0])),
        earliest_s=draw(st.sampled_from([6.0, 6.5, 7.0])) * HOUR,
        latest_s=draw(st.sampled_from([7.0, 7.5, 9.0])) * HOUR,
        paid=draw(st.booleans()),
    )
    return Vehicle(
        id=name,
        profile="truck",
        start="depot",
        end="depot",
        limits=(
            Limit(name="payload", weights=dict.fromkeys(dims, 1.0), at_most=float(draw(st.integers(3, 8)))),
            Limit(name="first bay", weights={dims[0]: 1.0}, at_most=float(draw(st.integers(2, 5)))),
        ),
        shift=Shift(
            start_s=6 * HOUR,
            end_s=draw(st.sampled_from([7.0, 9.0, 15.0])) * HOUR,
            max_duration_s=draw(st.sampled_from([None, 1.5 * HOUR, 3 * HOUR])),
        ),
        breaks=draw(st.sampled_from([(), (rest,)])),
        costs=VehicleCosts(
            fixed=draw(st.sampled_from([0.0, 5.0])),
            per_hour=draw(st.sampled_from([0.0, 12.0])),
            per_km=draw(st.sampled_from([0.0, 1.0])),
        ),
        must_end_empty=draw(st.sampled_from([True, True, True, False])),
    )
