"""VRPLIB and PyVRP's dialect of it. What is in the file decides which problem it is, and so the convention.

- CVRP (X, Belgium and other CVRPLIB files): distances rounded to whole numbers (``EUC_2D``), or up (``CEIL_2D``), or as
  listed (``EXPLICIT``); fleet free. ``DISTANCE`` and ``SERVICE_TIME`` limit a round's distance and service together.
- With time windows (VRPTW, multi-trip, prizes): distances and times truncated to tenths. Multi-trip (Yang 2023) and
  prize-collecting costs are counted in tenths, VRPTW in units. The fleet is that of the file.
- With prizes: the cost has ten times the prize of every customer left out.
- With a capacity for each vehicle (HFVRP, Pessoa et al. 2018): exact distances; unit and fixed costs divided by 100; of
  alike vehicles no more are kept than could be missed.

With ``VEHICLES_RELOAD_DEPOT_SECTION`` the depot is also where a vehicle is emptied between trips, in no time; a trip
sets out no earlier than the release of each of its customers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.sets.fleet import DAY_S, LOAD, above_all, capacity, enough
from benchmarks.sets.instance import Instance, Part
from benchmarks.sets.links import Ways, empty_way
from benchmarks.sets.plane import Metric, Plane, euclid, nearest_whole, rounded_up, tenths
from benchmarks.sets.points import here, measured
from benchmarks.sets.source import Source, unreadable
from benchmarks.sets.vrplib_text import Vrplib, parse
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import RoundsProblem, Shift, Stop, TipSite, Vehicle, VehicleCosts, Window

NAME = "vrplib"
OBJECTIVES = ("distance", "vehicles")
DEPOT = "depot"
FINE = 10_000.0  # decimetres to a unit of exact distance
UNIT_S = 10.0  # a unit of time of the sets with windows: a tenth is a second
METRICS = {"EUC_2D": nearest_whole, "CEIL_2D": rounded_up}
Figures = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """The convention of a file.

    ``metric`` is in the smallest unit; ``dm``, ``cost`` and ``second`` are decimetres, cost and seconds to it.
    """

    metric: Metric
    dm: float = 1.0
    cost: float = 1.0
    second: float = 0.0
    digits: int | None = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Type:
    """A vehicle of the file."""

    id: str
    capacity: float
    fixed: float
    rate: float


def recognises(source: Source) -> bool:
    """Return whether it has sections of VRPLIB."""
    text = source.text.upper()
    return "DEMAND_SECTION" in text and bool(re.search(r"^\s*DIMENSION\b", text, re.MULTILINE))


def read(source: Source, objective: str) -> Instance:
    """Return the instance."""
    file = parse(source)
    kind = _kind(file)
    names = _names(file)
    fleet, first = _fleet(file, objective)
    part = _posed(file, kind, names, fleet, first)
    return Instance(
        name=source.name,
        format=NAME,
        objective=objective,
        parts=(part,),
        digits=kind.digits,
        notes=(f"{len(part.problem.vehicles)} vehicles",),
    )


def _kind(file: Vrplib) -> _Kind:
    weights = file.keys.get("EDGE_WEIGHT_TYPE", "EUC_2D").upper()
    if "CAPACITY_SECTION" in file.sections:
        return _Kind(metric=euclid, dm=FINE, cost=1.0, digits=2)
    if "TIME_WINDOW_SECTION" in file.sections:
        in_tenths = file.sections.keys() & {"RELEASE_TIME_SECTION", "PRIZE_SECTION", "VEHICLES_RELOAD_DEPOT_SECTION"}
        return _Kind(metric=tenths, cost=1.0 if in_tenths else 0.1, second=UNIT_S / 10, digits=0 if in_tenths else 1)
    if weights in METRICS:
        return _Kind(metric=METRICS[weights])
    if weights == "EXPLICIT":
        return _Kind(metric=nearest_whole)
    raise unreadable(file.name, f"EDGE_WEIGHT_TYPE {weights} is not read; {', '.join(METRICS)} and EXPLICIT are")


def _names(file: Vrplib) -> list[str]:
    """Return our ids by node: published solutions count customers from 1, the depot left out if it is the first."""
    return [DEPOT if k == file.depot else str(k) for k in range(file.nodes)]


def _demand(file: Vrplib) -> Figures:
    demand = file.by_node("DEMAND_SECTION")
    if demand is None:
        raise unreadable(file.name, "DEMAND_SECTION is missing")
    return demand[:, 0]


def _fleet(file: Vrplib, objective: str) -> tuple[list[_Type], float]:
    """Return the vehicles, and what makes fewer of them come first."""
    total = float(_demand(file).sum())
    listed = file.by_vehicle("CAPACITY_SECTION")
    if listed is not None:
        fixed = file.by_vehicle("VEHICLES_FIXED_COST_SECTION") or [0.0] * len(listed)
        rate = file.by_vehicle("VEHICLES_UNIT_DISTANCE_COST_SECTION") or [100.0] * len(listed)
        rows = [_Type(id=f"v{k + 1}", capacity=c, fixed=f / 100, rate=r / 100)
                for k, (c, f, r) in enumerate(zip(listed, fixed, rate, strict=True))]  # fmt: skip
        return list(_kept(rows, total, file.nodes - 1)), 0.0
    room = file.figure("CAPACITY")
    if not room:
        raise unreadable(file.name, "CAPACITY is missing")
    stated = file.figure("VEHICLES")
    count = int(stated) if stated and "TIME_WINDOW_SECTION" in file.sections else enough(total / room, file.nodes - 1)
    rows = [_Type(id=f"v{k + 1}", capacity=room, fixed=0.0, rate=1.0) for k in range(count)]
    coord = file.by_node("NODE_COORD_SECTION", 2)
    widest = 1.0 if coord is None else float(np.hypot(*np.ptp(coord, axis=0)))
    return rows, above_all(10 * widest, total / room) if objective == "vehicles" else 0.0


def _kept(rows: Sequence[_Type], total: float, customers: int) -> Iterator[_Type]:
    """Yield the vehicles without those of a type of which there are more than can be used with profit."""
    used: dict[tuple[float, float, float], int] = {}
    for row in rows:
        kind = (row.capacity, row.fixed, row.rate)
        used[kind] = used.get(kind, 0) + 1
        if used[kind] <= enough(total / max(row.capacity, 1e-9), customers):
            yield row


def _posed(file: Vrplib, kind: _Kind, names: list[str], fleet: list[_Type], first: float) -> Part:
    ground = _explicit(file, names) or _plane(file, kind, names)
    windows = file.by_node("TIME_WINDOW_SECTION", 2)
    opens, closes = (0.0, DAY_S) if windows is None else (UNIT_S * windows[file.depot]).tolist()
    reload_ = TipSite(id="reload", modes=here(DEPOT), accepts=frozenset({LOAD}))
    per_km = 1e4 * kind.cost / (ground.dm if isinstance(ground, Plane) else ground.scale)
    problem = RoundsProblem(
        dimensions=(LOAD,),
        stops=tuple(_stops(file, kind, names)),
        tip_sites=(reload_,) if "VEHICLES_RELOAD_DEPOT_SECTION" in file.sections else (),
        vehicles=tuple(
            Vehicle(
                id=row.id,
                profile="truck",
                start=DEPOT,
                end=DEPOT,
                limits=(capacity(row.capacity),),
                shift=Shift(start_s=opens, end_s=closes, max_duration_s=file.figure("DISTANCE")),
                costs=VehicleCosts(fixed=row.fixed + first, per_km=per_km * row.rate),
                must_end_empty=False,
            )
            for row in fleet
        ),
        travel={
            "truck": ground.travel()
            if isinstance(ground, Plane)
            else ground.travel(seconds=1.0 if "DISTANCE" in file.keys else 0.0)
        },
    )
    missed = {stop.id: stop.prize for stop in problem.stops if stop.prize is not None}
    cost = _cost(problem, ground, fleet, kind, missed)
    return Part(problem=problem, cost=cost, offset=sum(missed.values()), per_round=first)


def _cost(
    problem: RoundsProblem, ground: Plane | Ways, fleet: list[_Type], kind: _Kind, missed: dict[str, float]
) -> Callable[[Plan], float]:
    if isinstance(ground, Ways):
        return lambda plan: sum(empty_way(problem, ground, tour) for tour in plan.rounds)
    fixed = {row.id: row.fixed for row in fleet}
    return measured(problem, ground, fixed=fixed, rate={row.id: kind.cost * row.rate for row in fleet}, missed=missed)


def _stops(file: Vrplib, kind: _Kind, names: list[str]) -> Iterator[Stop]:
    demand = _demand(file)
    windows, release, prizes = (
        file.by_node(section, width)
        for section, width in (("TIME_WINDOW_SECTION", 2), ("RELEASE_TIME_SECTION", 1), ("PRIZE_SECTION", 1))
    )
    each = file.by_node("SERVICE_TIME_SECTION")
    service = np.full(file.nodes, file.figure("SERVICE_TIME") or 0.0) if each is None else each[:, 0]
    unit_s = UNIT_S if kind.second else 1.0
    for k, name in enumerate(names):
        if k == file.depot:
            continue
        yield Stop(
            id=name,
            modes=here(name, unit_s * float(service[k]) if kind.second or "DISTANCE" in file.keys else 0.0),
            loads={LOAD: float(demand[k])},
            windows=() if windows is None else (Window(open_s=UNIT_S * windows[k, 0], close_s=UNIT_S * windows[k, 1]),),
            release_s=0.0 if release is None else UNIT_S * float(release[k, 0]),
            prize=None if prizes is None else 10.0 * float(prizes[k, 0]),
        )


def _plane(file: Vrplib, kind: _Kind, names: list[str]) -> Plane:
    xy = file.by_node("NODE_COORD_SECTION", 2)
    if xy is None:
        raise unreadable(file.name, "NODE_COORD_SECTION is missing")
    second = kind.second or (1.0 if "DISTANCE" in file.keys else 0.0)
    return Plane(names=tuple(names), xy=xy, metric=kind.metric, dm=kind.dm, ms=1000.0 * second)


def _explicit(file: Vrplib, names: list[str]) -> Ways | None:
    """Return the listed distances, ``None`` if distances follow from coordinates."""
    if file.keys.get("EDGE_WEIGHT_TYPE", "").upper() != "EXPLICIT":
        return None
    given = [value for row in file.sections.get("EDGE_WEIGHT_SECTION", []) for value in row]
    size, form = file.nodes, file.keys.get("EDGE_WEIGHT_FORMAT", "FULL_MATRIX").upper()
    below = {"LOWER_ROW": -1, "LOWER_DIAG_ROW": 0, "LOWER_COL": 1, "UPPER_ROW": 1, "UPPER_DIAG_ROW": 0}
    cost = np.zeros((size, size))
    if form == "FULL_MATRIX" and len(given) == size * size:
        cost = np.array(given).reshape(size, size)
    elif form in below and len(given) == size * (size - 1) // 2 + (size if below[form] == 0 else 0):
        half = (
            np.tril_indices(size, below[form])
            if form in {"LOWER_ROW", "LOWER_DIAG_ROW"}
            else np.triu_indices(size, below[form])
        )
        cost[half] = given
        cost = np.maximum(cost, cost.T)
    else:
        raise unreadable(file.name, f"EDGE_WEIGHT_FORMAT {form} with {len(given)} weights for {size} nodes")
    at = {name: k for k, name in enumerate(names)}
    return Ways(rows=at, columns=at, cost=cost)
