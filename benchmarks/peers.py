"""The libraries alone: what one would write by hand for the made-up problem with unloading sites, without an adapter.

It shows what our relaxation, timing and repair add or cost. Only for :func:`benchmarks.instances.reload_instance`: one
load, one kind of vehicle, cost in kilometres, no breaks.
"""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pyvrp
from numpy.typing import NDArray
from pyvrp.stop import MaxRuntime

from optimiser.rounds.plan import Order, Plan
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import schedule

Matrix = NDArray[np.int64]
FORBIDDEN = 10**6


def bare_pyvrp(problem: RoundsProblem, *, seconds: float, seed: int) -> Plan:
    """Return PyVRP's plan with its own settings, timed; ``seconds`` include building the model.

    The last tip is folded into the way home: each arc to a second copy of the garage goes over the nearest site. The
    site's opening hours are not seen there, so the timed plan may break one; the checker says so.
    """
    began = time.monotonic()
    vehicle = problem.vehicles[0]
    limit, travel, shift = vehicle.limits[0], problem.travel[vehicle.profile], vehicle.shift
    places = [
        vehicle.start,
        *(s.modes[0].arrive for s in problem.tip_sites),
        *(s.modes[0].arrive for s in problem.stops),
    ]
    at = np.array([travel.row(place) for place in places], dtype=np.intp)
    duration_ms, distance_dm = travel.block(at, at)
    service = [round(site.modes[0].service_s) for site in problem.tip_sites]
    sites, home = len(service), len(places)
    seconds_to, metres_to = _with_home(
        duration_ms.astype(np.int64) // 1000, distance_dm.astype(np.int64) // 10, service
    )
    data = pyvrp.ProblemData(
        [pyvrp.Location(0.0, 0.0)] * (home + 1),
        [
            pyvrp.Client(
                1 + sites + k,
                pickup=[round(stop.loads[next(iter(limit.weights))])],
                service_duration=round(stop.modes[0].service_s),
                tw_early=round(stop.windows[0].open_s),
                tw_late=round(stop.windows[0].close_s),
            )
            for k, stop in enumerate(problem.stops)
        ],
        [
            pyvrp.Depot(0),
            pyvrp.Depot(home),
            *(
                pyvrp.Depot(1 + k, round(site.windows[0].open_s), round(site.windows[0].close_s), service[k])
                for k, site in enumerate(problem.tip_sites)
            ),
        ],
        [
            pyvrp.VehicleType(
                len(problem.vehicles),
                [round(limit.at_most)],
                start_depot=0,
                end_depot=1,
                tw_early=round(shift.start_s),
                tw_late=round(shift.end_s),
                shift_duration=round(shift.max_duration_s or shift.end_s - shift.start_s),
                reload_depots=list(range(2, 2 + sites)),
                max_reloads=5,
            )
        ],
        list[Any]([metres_to]),  # the stubs of 0.14 name a type of matrix that does not exist
        list[Any]([seconds_to]),
    )
    left = MaxRuntime(max(seconds - (time.monotonic() - began), 0.01))
    best = pyvrp.solve(data, left, seed=seed, collect_stats=False, display=False).best
    orders = [
        Order(
            vehicle=problem.vehicles[k].id,
            visits=tuple(problem.stops[visit.idx].id for visit in route if visit.is_client()),
        )
        for k, route in enumerate(best.routes())
    ]
    return schedule(problem, orders)


def _with_home(duration: Matrix, distance: Matrix, service: list[int]) -> tuple[Matrix, Matrix]:
    """Return seconds and metres with one more place: the garage in the evening, reached over a site."""
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
