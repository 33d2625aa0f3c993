"""PyVRP alone: what one would write by hand for points, with or without unloading sites, without an adapter.

It shows what our relaxation, timing and repair add or cost. What can be stated is in ``plain.py``; whole units are the
largest that lose nothing, so that the library's settings meet figures as they stand in its own examples.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyvrp
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks, IteratedLocalSearchParams
from pyvrp.PenaltyManager import PenaltyParams
from pyvrp.solve import SolveParams
from pyvrp.stop import MaxRuntime

from benchmarks.plain import Ground, Matrix, ground
from optimiser.rounds.plan import Order, Plan
from optimiser.rounds.problem import RoundsProblem, Stop, TipSite
from optimiser.rounds.schedule import schedule

FORBIDDEN = 10**6
MOST_RELOADS = 5
OnCost = Callable[[float, int], None]


def bare_pyvrp(
    problem: RoundsProblem,
    *,
    seconds: float,
    seed: int,
    max_penalty: float | None = None,
    on_cost: OnCost | None = None,
) -> Plan:
    """Return PyVRP's plan, timed by us.

    Parameters
    ----------
    problem
        One that nothing in :func:`benchmarks.plain.against` speaks against.
    seconds
        They include building the model.
    max_penalty
        Of its penalties; ``None``: all settings are its own.
    on_cost
        Called with the net cost, as PyVRP counts it, and the rounds of every better feasible solution.

    The last tip is folded into the way home: each arc to a second copy of the garage goes over the nearest site. The
    site's opening hours are not seen there, so the timed plan may break one; the checker says so.
    """
    began = time.monotonic()
    places = ground(problem)
    data = _with_sites(problem, places) if problem.tip_sites else _without_sites(problem, places)
    params = SolveParams(
        ils=IteratedLocalSearchParams(callbacks=_Listener(on_cost=on_cost, net=_net_per_unit(problem, places))),
        penalty=PenaltyParams() if max_penalty is None else PenaltyParams(max_penalty=max_penalty),
    )
    left = MaxRuntime(max(seconds - (time.monotonic() - began), 0.01))
    best = pyvrp.solve(data, left, seed=seed, collect_stats=False, display=False, params=params).best
    orders = [
        Order(
            vehicle=problem.vehicles[k].id,
            visits=tuple(problem.stops[visit.idx].id for visit in route if visit.is_client()),
        )
        for k, route in enumerate(best.routes())
    ]
    return schedule(problem, orders)


@dataclass(slots=True, kw_only=True)
class _Listener(IteratedLocalSearchCallbacks):
    """Tells of better solutions."""

    on_cost: OnCost | None
    net: float

    def on_best(self, best: pyvrp.Solution) -> None:
        """Tell the cost of a feasible one."""
        if self.on_cost is not None and best.is_feasible():
            self.on_cost(self.net * best.distance(), best.num_routes())


def _net_per_unit(problem: RoundsProblem, places: Ground) -> float:
    return problem.vehicles[0].costs.per_km * places.unit_m / 1000


def _without_sites(problem: RoundsProblem, places: Ground) -> pyvrp.ProblemData:
    """Return the model with one depot, which is the garage."""
    return pyvrp.ProblemData(
        [pyvrp.Location(0.0, 0.0)] * (1 + len(problem.stops)),
        [_client(problem, places, stop, 1 + k) for k, stop in enumerate(problem.stops)],
        [pyvrp.Depot(0)],
        [_vehicles(problem, places)],
        list[Any]([places.metres]),  # the stubs of 0.14 name a type of matrix that does not exist
        list[Any]([places.seconds]),
    )


def _with_sites(problem: RoundsProblem, places: Ground) -> pyvrp.ProblemData:
    """Return the model with a garage for the morning, one for the evening, and sites to unload between."""
    sites = len(problem.tip_sites)
    home = 1 + sites + len(problem.stops)
    service = [places.time(site.modes[0].service_s) for site in problem.tip_sites]
    seconds_to, metres_to = _with_home(places, service)
    return pyvrp.ProblemData(
        [pyvrp.Location(0.0, 0.0)] * (home + 1),
        [_client(problem, places, stop, 1 + sites + k) for k, stop in enumerate(problem.stops)],
        [
            pyvrp.Depot(0),
            pyvrp.Depot(home),
            *(
                pyvrp.Depot(1 + k, **_window(places, site), service_duration=service[k])
                for k, site in enumerate(problem.tip_sites)
            ),
        ],
        [_vehicles(problem, places, end_depot=1, reload_depots=list(range(2, 2 + sites)), max_reloads=MOST_RELOADS)],
        list[Any]([metres_to]),
        list[Any]([seconds_to]),
    )


def _client(problem: RoundsProblem, places: Ground, stop: Stop, location: int) -> pyvrp.Client:
    dimension = next(iter(problem.vehicles[0].limits[0].weights))
    return pyvrp.Client(
        location,
        pickup=[round(stop.loads.get(dimension, 0.0))],
        service_duration=places.time(stop.modes[0].service_s),
        **_window(places, stop),
    )


def _window(places: Ground, item: Stop | TipSite) -> dict[str, Any]:
    """Return when service may begin, nothing if at any time."""
    if not item.windows:
        return {}
    return {"tw_early": places.time(item.windows[0].open_s), "tw_late": places.time(item.windows[0].close_s)}


def _vehicles(problem: RoundsProblem, places: Ground, **more: Any) -> pyvrp.VehicleType:
    vehicle = problem.vehicles[0]
    shift = vehicle.shift
    return pyvrp.VehicleType(
        len(problem.vehicles),
        [round(vehicle.limits[0].at_most)],
        tw_early=places.time(shift.start_s),
        tw_late=places.time(shift.end_s),
        shift_duration=places.time(shift.max_duration_s or shift.end_s - shift.start_s),
        **more,
    )


def _with_home(places: Ground, service: list[int]) -> tuple[Matrix, Matrix]:
    """Return seconds and metres with one more place: the garage in the evening, reached over a site."""
    duration, distance = places.seconds, places.metres
    size, sites = len(duration), len(service)
    seconds, metres = (np.full((size + 1, size + 1), FORBIDDEN, dtype=np.int64) for _ in range(2))
    seconds[:size, :size], metres[:size, :size] = duration, distance
    over_m = distance[:, 1 : 1 + sites] + distance[1 : 1 + sites, 0]
    over_s = duration[:, 1 : 1 + sites] + np.array(service) + duration[1 : 1 + sites, 0]
    nearest = over_m.argmin(axis=1)
    metres[:size, size], seconds[:size, size] = over_m[np.arange(size), nearest], over_s[np.arange(size), nearest]
    metres[1 : 1 + sites, size], seconds[1 : 1 + sites, size] = distance[1 : 1 + sites, 0], duration[1 : 1 + sites, 0]
    metres[[0, size], size] = seconds[[0, size], size] = 0
    return seconds, metres
