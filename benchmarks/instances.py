"""Made-up problems of a size, each the same for the same seed."""

from __future__ import annotations

import numpy as np

from optimiser.hubs.problem import Aim, Candidate, DemandPoint, HubProblem
from optimiser.rounds.problem import Limit, Mode, RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts, Window
from optimiser.travel import DenseTravel

HOUR = 3600.0


def reload_instance(
    stops: int = 300, seed: int = 42, *, vehicles: int | None = None, payload_kg: float = 1000.0
) -> RoundsProblem:
    """Return stops in 16 x 16 km, half of them clustered, with two unloading sites at opposite corners.

    Loads of 30-129 kg, vehicles of ``payload_kg``, 15 min to unload, sites open 7-16 h, a third of the stops with 2 h
    windows, shifts of 9 h between 6 and 17 h, streets 1.3 times the straight line at 8 m/s, 1 per km and nothing else:
    the cost is kilometres. With 300 stops and seed 42 it is the disposal instance on which engines were first compared.
    """
    rng = np.random.default_rng(seed)
    fleet = vehicles if vehicles is not None else max(1, round(stops / 30))
    centres = rng.uniform(2500, 13500, (6, 2))
    xy = np.array(
        [
            rng.uniform(0, 16000, 2) if i % 2 else np.clip(rng.normal(centres[i % 6], 900), 0, 16000)
            for i in range(stops)
        ]
    )
    kg = rng.integers(30, 130, stops)
    service = rng.integers(120, 300, stops)
    opens = np.full(stops, 6.0 * HOUR)
    closes = np.full(stops, 17.0 * HOUR)
    for i in rng.choice(stops, stops // 3, replace=False):
        opens[i] = int(rng.integers(6 * 3600, 13 * 3600))
        closes[i] = opens[i] + 2 * HOUR
    spots = np.vstack([[[4000, 8000], [1000, 15500], [15500, 3000]], xy])
    names = ("garage", "north", "south", *(f"s{i}" for i in range(stops)))
    return RoundsProblem(
        dimensions=("kg",),
        stops=tuple(
            Stop(
                id=names[i + 3],
                modes=(Mode(arrive=names[i + 3], leave=names[i + 3], service_s=float(service[i])),),
                loads={"kg": float(kg[i])},
                windows=(Window(open_s=float(opens[i]), close_s=float(closes[i])),),
            )
            for i in range(stops)
        ),
        tip_sites=tuple(
            TipSite(
                id=name,
                modes=(Mode(arrive=name, leave=name, service_s=900.0),),
                accepts=frozenset({"kg"}),
                windows=(Window(open_s=7 * HOUR, close_s=16 * HOUR),),
            )
            for name in ("north", "south")
        ),
        vehicles=tuple(
            Vehicle(
                id=f"v{k}",
                profile="truck",
                start="garage",
                end="garage",
                limits=(Limit(name="payload", weights={"kg": 1.0}, at_most=payload_kg),),
                shift=Shift(start_s=6 * HOUR, end_s=17 * HOUR, max_duration_s=9 * HOUR),
                costs=VehicleCosts(per_km=1.0),
            )
            for k in range(fleet)
        ),
        travel={"truck": straight_travel(names, spots, metres_per_second=8.0)},
    )


def straight_travel(names: tuple[str, ...], spots: np.ndarray, *, metres_per_second: float) -> DenseTravel:
    """Return travel along streets 1.3 times as long as the straight line, whole metres and seconds."""
    gap = spots[:, None, :] - spots[None, :, :]
    metres = np.rint(1.3 * np.sqrt((gap**2).sum(axis=2)))
    seconds = np.rint(metres / metres_per_second)
    return DenseTravel(
        leaving=names,
        arriving=names,
        duration_ms=(seconds * 1000).astype(np.int32),
        distance_dm=(metres * 10).astype(np.int32),
    )


def hub_instance(
    points: int, candidates: int, *, aim: Aim = Aim.WALKING, capacities: bool = False, seed: int = 7
) -> HubProblem:
    """Return a city of 10 x 10 km, two thirds of it in twelve quarters, with candidates scattered alike.

    30-270 people a point who bring 0.05 kg a day each, walking 1.3 times the straight line, reach 1,500 m, a quarter
    of the candidates may open. With capacities the open ones could take four fifths of everything. Building costs
    40-120 a day, handling 20-60 a tonne, leaving out 400 a tonne.
    """
    rng = np.random.default_rng(seed)
    centres = rng.uniform(1000, 9000, (12, 2))

    def scattered(count: int) -> np.ndarray:
        near = centres[rng.integers(0, 12, count)] + rng.normal(0, 700, (count, 2))
        return np.clip(
            np.where(rng.random(count)[:, None] < 2 / 3, near, rng.uniform(0, 10_000, (count, 2))), 0, 10_000
        )

    at, to = scattered(points), scattered(candidates)
    people = rng.integers(30, 271, points).astype(np.float64)
    open_at_most = max(1, candidates // 4)
    room = 0.8 * 0.05 * people.sum() / open_at_most * rng.uniform(0.5, 1.5, candidates)
    fixed, handling = rng.uniform(40, 120, candidates), rng.uniform(20, 60, candidates)
    return HubProblem(
        demand=tuple(
            DemandPoint(id=f"d{i}", people=float(n), kg_per_day=0.05 * float(n)) for i, n in enumerate(people)
        ),
        candidates=tuple(
            Candidate(
                id=f"c{j}",
                capacity_kg_per_day=float(room[j]) if capacities else None,
                fixed_cost_per_day=float(fixed[j]),
                cost_per_tonne=float(handling[j]),
            )
            for j in range(candidates)
        ),
        distance_m=1.3 * np.hypot(*(at[:, None, :] - to[None, :, :]).transpose(2, 0, 1)),
        reach_m=1500.0,
        aim=aim,
        at_most=open_at_most,
        unserved_cost_per_tonne=400.0,
    )
