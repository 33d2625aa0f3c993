"""Waste collection with disposal sites and a lunch break (Kim, Kim and Sahoo 2006, Computers & OR 33).

The reading is that of the set's own page and of the heads of its files, the strict one where they leave a choice:

- Distances are Manhattan, in feet, 5,280 to the mile, travelled at the speed of the file; nothing is rounded. The
  page's own figures: 15,387 feet are 2.914 miles and take 262.3 seconds. The cost is miles.
- Loads are yards. A vehicle carries the file's first number at a time and collects the second, from so many stops as
  the third says, in a day.
- Windows bound the beginning of the service, of stops as of disposal sites. Service takes as many seconds as the file
  says, an unloading too (15 to 2,700, file by file).
- A vehicle leaves the depot not before it opens, empty, and is back before it closes, empty: the way from the last site
  counts. It may wait wherever it is and unload at any site, whether it is full or not.
- Lunch lasts as long as the file says, begins from 11:00 to 12:00 (so it is over by 13:00, as the page has it), where
  the truck stands, and every driver takes it: whoever would be home earlier stays out. ``kim-home-by-noon`` asks for it
  only of rounds that are still out at 12:00.
- Alike vehicles, as many as one likes; fewer come first, then miles.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.sets.fleet import LOAD, above_all, capacity, enough
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.plane import Plane, manhattan
from benchmarks.sets.points import here, measured
from benchmarks.sets.source import NUMBER, Source, numbers, unreadable
from optimiser.rounds.problem import Break, RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts, Window

NAME = "kim"
OBJECTIVES = ("vehicles", "distance")
FEET_TO_MILE = 5280.0
LUNCH = (11 * 3600.0, 12 * 3600.0)
DEPOT, STOP, SITE = 0, 1, 2
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    id: str
    x: float
    y: float
    opens_s: float
    closes_s: float
    service_s: float
    load: float
    kind: int

    @property
    def window(self) -> tuple[Window, ...]:
        always = self.opens_s <= 0 and self.closes_s >= DAY_S
        return () if always else (Window(open_s=self.opens_s, close_s=self.closes_s),)


def recognises(source: Source) -> bool:
    """Return whether the head speaks of yards, lunch and stop types."""
    head = source.text[:1500].lower()
    return "stop_type" in head or ("lunch" in head and "yard" in head)


def read(source: Source, objective: str, *, everybody: bool = True) -> Instance:
    """Return the instance; ``everybody``: whether lunch is due in every round."""
    head, rows = _rows(source)
    per_load, per_day, most_stops, lunch_s, mph = head
    depots = [row for row in rows if row.kind == DEPOT]
    stops, sites = ([row for row in rows if row.kind == kind] for kind in (STOP, SITE))
    if len(depots) != 1 or not sites:
        raise unreadable(source.name, f"it has {len(depots)} depots and {len(sites)} disposal sites")
    depot = depots[0]
    plane = Plane(
        names=tuple(row.id for row in rows),
        xy=np.array([(row.x, row.y) for row in rows]),
        metric=manhattan,
        dm=100.0,
        ms=3.6e6 / mph / FEET_TO_MILE,
    )
    working_s = depot.closes_s - depot.opens_s
    least = max(
        sum(row.load for row in stops) / per_day,
        len(stops) / most_stops,
        sum(row.service_s for row in stops) / working_s,
    )
    per_km = 1e4 / (100.0 * FEET_TO_MILE)
    lunch = Break(id="lunch", duration_s=lunch_s, earliest_s=LUNCH[0], latest_s=LUNCH[1], always=everybody)
    first = above_all(plane.widest / FEET_TO_MILE, least) if objective == "vehicles" else 0.0
    problem = RoundsProblem(
        dimensions=(LOAD,),
        stops=tuple(
            Stop(id=row.id, modes=here(row.id, row.service_s), loads={LOAD: row.load}, windows=row.window)
            for row in stops
        ),
        tip_sites=tuple(
            TipSite(id=row.id, modes=here(row.id, row.service_s), accepts=frozenset({LOAD}), windows=row.window)
            for row in sites
        ),
        vehicles=tuple(
            Vehicle(
                id=f"v{k + 1}",
                profile="truck",
                start=depot.id,
                end=depot.id,
                limits=(capacity(per_load),),
                day_limits=(capacity(per_day),),
                max_stops=round(most_stops),
                shift=Shift(start_s=depot.opens_s, end_s=depot.closes_s),
                breaks=(lunch,) if lunch_s > 0 else (),
                costs=VehicleCosts(per_km=per_km, fixed=first),
            )
            for k in range(enough(least, len(stops)))
        ),
        travel={"truck": plane.travel()},
    )
    return Instance(
        name=source.name,
        format=NAME if everybody else f"{NAME}-home-by-noon",
        objective=objective,
        parts=(Part(problem=problem, cost=measured(problem, plane, unit=1 / FEET_TO_MILE), per_round=first),),
        digits=4,
        notes=(f"lunch is due in {'every round' if everybody else 'rounds that are still out at 12:00'}",),
    )


def _rows(source: Source) -> tuple[list[float], list[_Row]]:
    lines = [line for line in source.lines if line]
    head = [found for line in lines[:5] if (found := NUMBER.match(line))]
    if len(head) < 5:
        raise unreadable(source.name, "it should begin with capacity, daily capacity, stops, lunch and speed")
    figures = [float(found.group()) for found in head]
    if min(figures[0], figures[1], figures[2], figures[4]) <= 0:
        raise unreadable(source.name, "capacities, stops and speed must be above 0")
    rows = [_row(line, source.name) for line in lines[5:] if NUMBER.match(line)]
    if len({row.id for row in rows}) != len(rows):
        rows = [_renamed(row, k) for k, row in enumerate(rows)]
    return figures, rows


def _row(line: str, place: str) -> _Row:
    found = numbers(line, place, least=8)
    opens, closes = _seconds(found[3]), _seconds(found[4])
    if opens > closes:
        raise unreadable(place, f"{line[:80]!r}: it closes before it opens")
    kind = int(found[7])
    if kind not in {DEPOT, STOP, SITE}:
        raise unreadable(place, f"{line[:80]!r}: the last number should be 0, 1 or 2")
    prefix = {DEPOT: "depot ", STOP: "", SITE: "site "}[kind]
    return _Row(
        id=f"{prefix}{found[0]:.0f}",
        x=found[1],
        y=found[2],
        opens_s=opens,
        closes_s=closes,
        service_s=found[5],
        load=found[6],
        kind=kind,
    )


def _renamed(row: _Row, k: int) -> _Row:
    return _Row(**{**{name: getattr(row, name) for name in _Row.__dataclass_fields__}, "id": f"{row.id} row {k}"})


def _seconds(hhmm: float) -> float:
    """Return seconds since midnight; minutes above 59 (there are some, 1675) are counted on."""
    return 3600.0 * (int(hhmm) // 100) + 60.0 * (int(hhmm) % 100)
