"""Times in OR-Tools' model: legs and work, windows, shifts, overtime, breaks, rests, and limits on the way.

Breaks that the whole fleet has in common are cut out of the clock (``cut_clock.py``), which made the search five times
faster; where there are breaks of a finer kind, or the problem is small, they are interval variables. The library lets
such a break lie before or after the round, which is what a break that is not due does; one that is always due is held
inside. A rest after so many hours of work is one of several spare intervals; after so many hours of driving it is left
to the timing pass, and so are the ways to breaks and what may be on board meanwhile.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp

from optimiser.rounds.clock import FOREVER_MS, to_ms
from optimiser.rounds.engines.cut_clock import resting_ms
from optimiser.rounds.engines.ortools_model import Model
from optimiser.rounds.engines.ortools_nodes import NO_WAY_MS
from optimiser.rounds.engines.working import add_setups
from optimiser.rounds.tables import Kind, Rest, Spans


def add_time(model: Model) -> Any:
    """State when things happen, and return the dimension of time."""
    nodes, routing = model.nodes, model.routing
    vehicles = range(len(model.problem.vehicles))
    last = max(model.moment(kind.shift[1] + kind.overtime_ms) for kind in nodes.known.kinds)
    registered: dict[tuple[str, str], int] = {}
    evaluators = []
    for vehicle in model.problem.vehicles:
        key = vehicle.profile, vehicle.service_type
        if key not in registered:
            duration_ms, _ = nodes.travel(vehicle.profile)
            work = nodes.done_by(nodes.known.kind(vehicle.id))
            add_setups(work, duration_ms, np.zeros(duration_ms.shape), 0.0)
            registered[key] = routing.RegisterTransitMatrix((duration_ms + work.service_ms[:, None]).tolist())
        evaluators.append(registered[key])
    routing.AddDimensionWithVehicleTransits(evaluators, last, last, False, "time")
    time = routing.GetDimensionOrDie("time")
    setups = np.max([nodes.done_by(kind).setup_ms for kind in nodes.known.kinds], axis=0)
    for node in range(nodes.first_depot):
        _open(model, time.CumulVar(model.index(node)), _spans(model, node), int(setups[node]), last)
    for v in vehicles:
        _add_shift(model, time, v, last)
    _add_releases(model, time)
    return time


def _spans(model: Model, node: int) -> Spans:
    nodes, known = model.nodes, model.nodes.known
    if node < nodes.first_tip:
        return known.spans[nodes.works[node][0]]
    site = nodes.site(node).id
    return next((own.spans for kind in known.kinds for own in kind.sites if own.id == site), ())


def _open(model: Model, variable: Any, spans: Spans, setup_ms: int, last: int) -> None:
    """Restrict a time to spans; ``setup_ms`` is over when work begins, and they are for its beginning."""
    moved = [
        (model.moment(opens + setup_ms), last if closes >= FOREVER_MS else model.moment(closes + setup_ms))
        for opens, closes in spans
    ]
    if not moved:
        return
    variable.SetRange(min(moved[0][0], last), min(moved[-1][1], last))
    for (_, closes), (opens, _) in pairwise(moved):
        if closes + 1 < opens:
            variable.RemoveInterval(closes + 1, opens - 1)


def _add_shift(model: Model, time: Any, v: int, last: int) -> None:
    routing, kind = model.routing, model.kind(v)
    start, end = time.CumulVar(routing.Start(v)), time.CumulVar(routing.End(v))
    opens, closes = model.moment(kind.shift[0]), model.moment(kind.shift[1])
    late = model.moment(kind.shift[1] + kind.overtime_ms)
    start.SetRange(opens, late)
    end.SetRange(opens, late)
    longest = kind.longest_ms
    if model.clock is not None:
        longest -= resting_ms(kind)
    else:
        _add_breaks(model, time, v, last)
    if longest + kind.overtime_ms < late - opens:
        time.SetSpanUpperBoundForVehicle(max(longest + kind.overtime_ms, 0), v)
    if kind.overtime_ms and kind.overtime_per_ms:
        dear = max(round(kind.overtime_per_ms * model.scale), 1)
        if longest < closes - opens:
            time.SetSoftSpanUpperBoundForVehicle(pywrapcp.BoundCost(max(longest, 0), dear), v)
        else:
            time.SetCumulVarSoftUpperBound(routing.End(v), closes, dear)
    if kind.vehicle.costs.per_hour > 0:
        time.SetSpanCostCoefficientForVehicle(max(round(kind.wage_per_ms * model.scale), 1), v)
    routing.AddVariableMinimizedByFinalizer(end)
    routing.AddVariableMaximizedByFinalizer(start)


def _add_breaks(model: Model, time: Any, v: int, last: int) -> None:
    """State the breaks and the rests after so many hours of work of a vehicle."""
    kind, solver, routing = model.kind(v), model.routing.solver(), model.routing
    intervals = [_break(model, time, v, rest, last) for rest in kind.rests]
    rest = kind.vehicle.driving_rest
    if rest is not None and rest.of == "work":
        length, after = to_ms(rest.duration_s), to_ms(rest.after_s)
        spare = (last - kind.shift[0]) // max(after, 1)
        intervals += [solver.FixedDurationIntervalVar(0, last, length, True, f"{rest.id} {n}") for n in range(spare)]
    if not intervals:
        return
    service_ms = model.nodes.done_by(kind).service_ms
    work = [int(service_ms[model.manager.IndexToNode(i)]) for i in range(routing.Size())]
    time.SetBreakIntervalsOfVehicle(intervals, v, work)
    if rest is not None and rest.of == "work":
        time.SetBreakDistanceDurationOfVehicle(to_ms(rest.after_s), to_ms(rest.duration_s), v)


def _break(model: Model, time: Any, v: int, rest: Rest, last: int) -> Any:
    solver, routing = model.routing.solver(), model.routing
    opens, closes = rest.spans[0][0], rest.spans[-1][1]
    interval = solver.FixedDurationIntervalVar(opens, closes, rest.duration_ms, False, rest.id)
    begin = interval.StartExpr().Var()
    for (_, shut), (open_, _) in pairwise(rest.spans):
        if shut + 1 < open_:
            begin.RemoveInterval(shut + 1, open_ - 1)
    if rest.always:
        room = (last + closes + rest.duration_ms) * (1 - routing.ActiveVehicleVar(v))
        solver.Add(begin + room >= time.CumulVar(routing.Start(v)))
        solver.Add(begin + rest.duration_ms <= time.CumulVar(routing.End(v)) + room)
    return interval


def _add_releases(model: Model, time: Any) -> None:
    """Nobody leaves the depot before the releases of the stops of its trip; after a tip the timing pass sees to it."""
    known, routing, solver = model.nodes.known, model.routing, model.routing.solver()
    for node, (k, _) in enumerate(model.nodes.works):
        if not known.release_ms[k]:
            continue
        release, index = model.moment(int(known.release_ms[k])), model.index(node)
        earliest = time.CumulVar(index)
        earliest.SetMin(max(int(earliest.Min()), min(release, int(earliest.Max()))))
        if not model.nodes.tips:
            for v in range(routing.vehicles()):
                served = routing.VehicleVar(index) == v
                solver.Add(time.CumulVar(routing.Start(v)) >= release * served)


def add_limits_on_the_way(model: Model) -> None:
    """State the most driving and the longest way of a round."""
    for name, most_of in (("driving", _most_driving), ("distance", _most_dm)):
        kinds = [model.kind(v) for v in range(model.routing.vehicles())]
        most = [most_of(kind) for kind in kinds]
        if min(most) >= FOREVER_MS:
            continue
        evaluators = [_way(model, kind, name) for kind in kinds]
        model.routing.AddDimensionWithVehicleTransitAndCapacity(evaluators, 0, most, True, name)


def _most_driving(kind: Kind) -> int:
    return kind.most_driving_ms


def _most_dm(kind: Kind) -> int:
    return kind.most_dm


def _way(model: Model, kind: Kind, name: str) -> int:
    duration_ms, distance_dm = model.nodes.travel(kind.vehicle.profile)
    own = np.where(duration_ms >= NO_WAY_MS, 0, duration_ms)
    if name == "distance":
        own = distance_dm + model.nodes.done_by(kind).distance_dm[:, None]
    return int(model.routing.RegisterTransitMatrix(own.tolist()))
