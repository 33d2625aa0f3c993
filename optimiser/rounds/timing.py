"""The exact timing pass for one vehicle and one order of stops: where to tip, when to rest, when to leave.

Minimise    per_km * distance + wage * (paid time) + what driving, work, tips and overtime cost on top + gate fees
over        a mode and a window for each stop, a tip at any site after any stop (or tips exactly as listed), a place
            for each break and driving rest, a loading, and the start of the day
subject to  limits of load, windows, opening hours, releases, shift, length of the day, breaks due, driving rests, most
            driving and distance, empty at the end

by compiled labels (see ``labels.py``) that move from stop to stop (``search.py``). Of equal cost, the shorter round
wins, then the earlier one; its start is the latest that does not delay its end. No two driving rests follow each other
without a visit between.

A first pass follows only a few labels at a time. If it gives nothing up, or meets the lower bound of ``togo.py``, its
round is the best; else a full pass looks for one that is cheaper, and the first one's cost lets it forget labels early.
With several periods of the day, see ``dayparts.py``.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

import numpy as np

from optimiser.rounds.course import Course, course
from optimiser.rounds.dayparts import over_the_day
from optimiser.rounds.flat import DEAREST, PERIODS, TIME_STOP, flat
from optimiser.rounds.kinds import Kind
from optimiser.rounds.passes import Found, explored
from optimiser.rounds.plan import Round
from optimiser.rounds.tables import Tables
from optimiser.rounds.terms import Terms
from optimiser.rounds.togo import look_ahead
from optimiser.rounds.told import told
from optimiser.rounds.ways import Ints


def best_round(
    known: Tables,
    vehicle: str,
    visits: Sequence[str],
    *,
    tips: str = "free",
    weigh: bool = True,
    quick: bool = False,
) -> Round | None:
    """Return the cheapest feasible round that makes these visits in this order, or ``None`` if there is none.

    With more than ``MOST_LABELS`` undecided partial rounds at once (many windows, sites and load states together) the
    least promising are given up: the round may then be slightly dearer than the best.

    Parameters
    ----------
    known
        The problem as numbers.
    vehicle
        Id of the vehicle.
    visits
        Ids of stops, and of tip sites with ``tips="listed"``; with ``"free"`` tip sites are passed over.
    weigh
        ``False`` looks at times only: loads, sites that refuse and the empty end of the day do not count. Only for
        listed tips, where loads cannot change the timing.
    quick
        Make the first pass only: near the best and faster, but ``None`` is then no proof.
    """
    kind = known.kind(vehicle)
    held = known.terms[known.kind_of[vehicle]]
    free = tips == "free"
    order = _order(known, kind, visits, free=free)
    if order is None or not _may(known, vehicle, kind, order[order < len(known.stop_at)], weigh=weigh):
        return None
    found = _found(held, course(known, kind, held, order, free=free, weigh=weigh), kind, quick=quick)
    if found is None:
        return None
    problem = known.problem
    names = [problem.stops[k].id if k < len(problem.stops) else "" for k in order.tolist()]
    w, best = found
    return told(vehicle, names, kind, w, best.start_ms, best.story)


def reaches(known: Tables, vehicle: str, visits: Sequence[str]) -> bool:
    """Return whether ways lead from the start over these stops, in order, and to a site if it must unload, to the end.

    Loads, windows and the clock do not count.
    """
    kind, held = known.kind(vehicle), known.terms[known.kind_of[vehicle]]
    order = _order(known, kind, visits, free=True)
    assert order is not None
    w, x = flat(held, course(known, kind, held, order, free=True, weigh=True), np.full(len(held.row_break), np.inf))
    look_ahead(w, x)
    return bool(x[w[TIME_STOP]] < inf)


def _order(known: Tables, kind: Kind, visits: Sequence[str], *, free: bool) -> Ints | None:
    """Return the nodes to be visited, ``None`` if there is a site that this kind may not use."""
    stops = len(known.stop_at)
    if free:
        return np.array([known.stop_at[visit] for visit in visits if visit in known.stop_at], dtype=np.int64)
    order = np.array([known.node_at[visit] for visit in visits if visit in known.node_at], dtype=np.int64)
    sites = order[order >= stops] - stops
    return None if (kind.site_at[sites] < 0).any() else order


def _may(known: Tables, vehicle: str, kind: Kind, stops: Ints, *, weigh: bool) -> bool:
    """Return whether the vehicle may serve these stops in this order, times and what is on board apart."""
    most = kind.vehicle.max_stops
    if most is not None and len(stops) > most:
        return False
    if not weigh:
        return True
    if (kind.scales.day[stops].sum(axis=0) > kind.scales.day_most).any():
        return False
    return all(known.allows(vehicle, stop) for stop in stops.tolist()) and _paired(known, stops)


def _paired(known: Tables, stops: Ints) -> bool:
    """Return whether of every shipment both stops are there, in order."""
    partners = known.partner[stops]
    if (partners < 0).all():
        return True
    position = {stop: n for n, stop in enumerate(stops.tolist())}
    return all(
        partner < 0 or (partner in position and (n < position[partner]) == bool(known.fetched[stop]))
        for n, (stop, partner) in enumerate(zip(stops.tolist(), partners.tolist(), strict=True))
    )


def _found(held: Terms, world: Course, kind: Kind, *, quick: bool) -> tuple[Ints, Found] | None:
    """Return the best round over all loadings, with the arrays that it was found in."""
    best: tuple[Ints, Found] | None = None
    for ceiling in kind.scales.ceilings:
        w, x = flat(held, world, ceiling)
        if best is not None:
            x[DEAREST] = best[1].cost
        if world.free:
            look_ahead(w, x)
        one = explored(w, x, quick=quick) if w[PERIODS] == 1 else over_the_day(w, x, quick=quick)
        if one is not None and (best is None or one.cost < best[1].cost):
            best = w, one
    return best
