"""Small random problems of every class that the search knows; amounts are round so that a failure can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from optimiser.rounds.problem import Limit, Mode, RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts, Window
from optimiser.rounds.strings.anneal import anneal
from optimiser.rounds.strings.desk import empty
from optimiser.rounds.strings.layout import Work
from optimiser.rounds.strings.scene import Stage, stage
from optimiser.rounds.strings.search import FILL
from optimiser.rounds.strings.views import table
from optimiser.rounds.tables import tables
from optimiser.travel import UNREACHABLE, DenseTravel

HOUR = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Class:
    """What a problem has."""

    modes: int = 1
    timed: bool = False
    windows: bool = False
    paid: bool = False
    sites: int = 0
    dimensions: int = 1
    must: bool = True
    kinds: int = 1
    optional: bool = False
    overtime: bool = False
    most_stops: int | None = None
    restricted: bool = False
    day: bool = False
    released: bool = False
    stops: int = 12


CLASSES: Mapping[str, Class] = {
    "plain": Class(),
    "plain, unlike vehicles": Class(kinds=3),
    "plain, optional": Class(optional=True, kinds=2),
    "plain, restricted": Class(restricted=True, kinds=2),
    "plain, limits of the day": Class(day=True),
    "modes": Class(modes=2),
    "modes, unlike vehicles": Class(modes=2, kinds=3, optional=True),
    "windows": Class(timed=True, windows=True),
    "wages": Class(timed=True, windows=True, paid=True, kinds=2),
    "overtime": Class(timed=True, windows=True, paid=True, overtime=True),
    "windows and modes": Class(timed=True, windows=True, paid=True, modes=2, stops=9),
    "tips": Class(sites=1),
    "tips at two sites, two limits": Class(sites=2, dimensions=2),
    "tips, not at the end": Class(sites=2, dimensions=2, must=False),
    "tips, modes, unlike vehicles": Class(sites=2, modes=2, kinds=3, must=False),
    "tips and windows": Class(sites=2, dimensions=2, timed=True, windows=True, paid=True),
    "tips, most stops": Class(sites=1, most_stops=3, timed=True),
    "tips, limits of the day": Class(sites=1, day=True),
    "tips, restricted": Class(sites=2, restricted=True, kinds=2, optional=True),
    "releases": Class(timed=True, windows=True, paid=True, released=True, kinds=2),
    "releases and trips": Class(sites=1, must=False, timed=True, released=True),
    "releases, trips and modes": Class(
        sites=2, dimensions=2, modes=2, timed=True, windows=True, paid=True, released=True, kinds=2, optional=True,
        overtime=True, stops=9,
    ),
    "all": Class(
        modes=2, timed=True, windows=True, paid=True, sites=2, dimensions=2, kinds=2, optional=True, overtime=True,
        most_stops=5, restricted=True, stops=9,
    ),
}  # fmt: skip


def problem_of(what: Class, seed: int) -> RoundsProblem:
    """Return a problem of a class."""
    rng = np.random.default_rng(seed)
    dims = tuple(f"d{k}" for k in range(what.dimensions))
    names = [f"depot{k}" for k in range(what.kinds)]

    def modes(of: str, service_s: float) -> tuple[Mode, ...]:
        found = []
        for k in range(int(rng.integers(1, what.modes + 1))):
            names.extend((f"{of}.{k}", f"{of}.{k}.out") if what.modes > 1 else (f"{of}.{k}",))
            found.append(Mode(arrive=f"{of}.{k}", leave=names[-1], service_s=service_s + 30.0 * k * what.timed))
        return tuple(found)

    vehicles = tuple(_vehicle(what, dims, k, rng) for k in range(2 + what.kinds))
    stops = tuple(
        Stop(
            id=f"s{k}",
            modes=modes(f"s{k}", float(rng.integers(1, 10) * 60) * what.timed),
            loads={d: float(rng.integers(1, 4)) for d in dims},
            windows=_window(what, rng),
            prize=float(rng.integers(1, 60)) if what.optional and rng.random() < 0.5 else None,
            vehicles=frozenset({"v0", "v2"}) if what.restricted and rng.random() < 0.3 else None,
            needs=frozenset({"crane"}) if what.restricted and rng.random() < 0.2 else frozenset(),
            release_s=HOUR * float(rng.integers(22, 34)) / 4 if what.released and rng.random() < 0.7 else 0.0,
        )
        for k in range(what.stops)
    )
    sites = tuple(
        TipSite(
            id=f"t{k}",
            modes=modes(f"t{k}", 600.0 * what.timed),
            queue_s=120.0 * what.timed,
            accepts=frozenset(dims),
            fee_per_tip=float(rng.integers(0, 3)),
        )
        for k in range(what.sites)
    )
    travel = _travel(tuple(names), what, rng)
    return RoundsProblem(dimensions=dims, stops=stops, tip_sites=sites, vehicles=vehicles, travel={"truck": travel})


def _vehicle(what: Class, dims: tuple[str, ...], k: int, rng: np.random.Generator) -> Vehicle:
    kind = k % what.kinds
    costs = VehicleCosts(
        fixed=float(5 * kind + 3),
        per_km=1.0 + (what.sites > 0) * kind,
        per_hour=20.0 * what.paid,
        per_tip=1.0 * (what.sites > 1),
        per_driving_hour=6.0 * what.paid,
        per_service_hour=3.0 * what.paid,
        overtime_per_hour=15.0 * what.overtime,
    )
    limits = [Limit(name="payload", weights=dict.fromkeys(dims, 1.0), at_most=float(9 + 4 * kind + 4 * len(dims)))]
    limits += [Limit(name="bay", weights={dims[1]: 1.0}, at_most=5.0)] if len(dims) > 1 else []
    longest = 3.0 * HOUR if what.overtime else None
    return Vehicle(
        id=f"v{k}", profile="truck", start=f"depot{kind}", end=f"depot{kind}", limits=tuple(limits), costs=costs,
        day_limits=(Limit(name="day", weights={dims[0]: 1.0}, at_most=8.0),) if what.day else (),
        shift=Shift(
            start_s=6 * HOUR, end_s=(10 if what.windows else 14) * HOUR, max_duration_s=longest,
            overtime_s=HOUR * what.overtime,
        ),
        tip_sites=frozenset({"t0"}) if what.restricted and what.sites > 1 and k == 0 else None,
        max_stops=what.most_stops, must_end_empty=what.must and what.sites > 0 and not (what.kinds > 1 and kind == 1),
        skills=frozenset({"crane"}) if k == 0 else frozenset(),
    )  # fmt: skip


def _window(what: Class, rng: np.random.Generator) -> tuple[Window, ...]:
    if not what.windows or rng.random() < 0.4:
        return ()
    opens = 6 * HOUR + 900.0 * float(rng.integers(0, 12))
    return (Window(open_s=opens, close_s=opens + 900.0 * float(rng.integers(1, 8))),)


def _travel(names: tuple[str, ...], what: Class, rng: np.random.Generator) -> DenseTravel:
    xy = rng.integers(0, 10_000, size=(len(names), 2)).astype(np.float64)
    gap = xy[:, None, :] - xy[None, :, :]
    dm = np.rint(np.abs(gap).sum(axis=2) * 10.0 + 200.0 * (gap[:, :, 0] > 0)).astype(np.int32)  # dearer eastward
    ms = (dm * 12 * what.timed).astype(np.int32)
    return DenseTravel(leaving=names, arriving=names, duration_ms=ms, distance_dm=dm)


def staged(problem: RoundsProblem) -> Stage:
    """Return the problem as the kernel sees it."""
    return stage(tables(problem))


def searched(
    posed: Stage, *, seed: int = 1, iterations: int = 300, temperature: float = 3.0, neighbours: int = 120
) -> Work:
    """Return the plan in the making after a greedy start and so many iterations; temperatures are in mean legs."""
    work = empty(posed, seed)
    scene, table_of = table(posed.scene), table(work)
    neighbours = min(neighbours, posed.scene.near.shape[1])
    anneal(scene, table_of, FILL, 1.0, 1.0, neighbours)
    if iterations:
        anneal(scene, table_of, iterations, temperature * posed.leg, 0.999, neighbours)
    return work


def without_ways(problem: RoundsProblem, missing: Iterable[tuple[str, str]]) -> RoundsProblem:
    """Return the problem without these ways, in which no time passes."""
    travel = problem.travel["truck"]
    assert isinstance(travel, DenseTravel)
    distance, duration = travel.distance_dm.copy(), np.zeros_like(travel.duration_ms)
    for a, b in missing:
        distance[travel.row(a), travel.column(b)] = UNREACHABLE
        duration[travel.row(a), travel.column(b)] = UNREACHABLE
    return replace(problem, travel={"truck": replace(travel, distance_dm=distance, duration_ms=duration)})
