"""The exact timing pass for one vehicle and one order of stops: where to tip, when to rest, when to leave.

Minimise    per_km * distance + wage * (paid time) + gate fees
over        a mode and a window for each stop, a tip at any site after any stop (or tips exactly as listed), a place
            for each break, and the start of the day
subject to  limits of load, windows, opening hours, shift, length of the day, breaks due, empty at the end

by labels (see ``labels.py``) that move from stop to stop (``search.py``). Of equal cost, the shorter round wins, then
the earlier one; its start is the latest that does not delay its end.

A first pass follows only a few labels at a time. If it gives nothing up, or meets the lower bound of ``togo.py``, its
round is the best; else a full pass looks for one that is cheaper, and the first one's cost lets it forget labels early.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from optimiser.rounds.chart import HOME, Chart, Item, chart, items
from optimiser.rounds.clock import to_s
from optimiser.rounds.labels import STAY
from optimiser.rounds.plan import Act, Round, Visit
from optimiser.rounds.search import Found, Search, explore
from optimiser.rounds.tables import Tables
from optimiser.rounds.togo import cost_to_go, time_to_go

FEW_LABELS = 12
MOST_LABELS = 300


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
    world = _world(known, vehicle, visits, tips=tips, weigh=weigh)
    if world is None:
        return None
    search = Search(
        world=world,
        cost_left=cost_to_go(world) if world.free else None,
        time_left=time_to_go(world) if world.free else None,
        weigh=weigh,
    )
    found = explore(search, most=FEW_LABELS)
    if search.cut and not quick and (found is None or not found.proven):
        dearest = inf if found is None else found.cost + 1e-9 * max(1.0, abs(found.cost))
        found = explore(search, most=MOST_LABELS, dearest=dearest) or found
    return None if found is None else _told(world, vehicle, found)


def _world(known: Tables, vehicle: str, visits: Sequence[str], *, tips: str, weigh: bool) -> Chart | None:
    """Return the chart of what is to be visited, ``None`` if this vehicle may not."""
    kind = known.kind(vehicle)
    wanted: list[Item] = []
    for item in items(known, kind, visits, tips):
        if item is None:
            return None
        wanted.append(item)
    stops = [item.stop for item in wanted if item.stop is not None]
    if kind.vehicle.max_stops is not None and len(stops) > kind.vehicle.max_stops:
        return None
    if weigh and not all(known.allows(vehicle, stop) for stop in stops):
        return None
    if weigh and (kind.scales.day[stops].sum(axis=0) > kind.scales.day_most).any():
        return None
    return chart(kind, wanted, free=tips == "free")


def _told(world: Chart, vehicle: str, found: Found) -> Round:
    """Return the round with every action as early as it can be done from its start on."""
    now, place = found.start_ms, HOME
    visits = []
    for action in found.story:
        if action.place != STAY:
            now += int(world.duration[place, action.place])
            place = action.place
        begin = max(now, action.opens)
        visits.append(
            Visit(
                act=Act(action.act),
                id=action.id,
                mode=action.mode,
                arrive_s=to_s(now),
                start_s=to_s(begin),
                end_s=to_s(begin + action.service_ms),
            )
        )
        now = begin + action.service_ms
    now += int(world.duration[place, HOME])
    return Round(vehicle=vehicle, start_s=to_s(found.start_ms), end_s=to_s(now), visits=tuple(visits))
