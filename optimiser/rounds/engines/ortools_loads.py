"""Loads in OR-Tools' model: what is on board, from where to where, within every limit.

For each set of weights that a limit has, what is on board is a sum of *layers*:

- waste, one layer for each class of dimensions that the same sites accept: it starts at nothing, grows at stops, and
  may fall by anything at a copy of a site that accepts it;
- goods, one for each class that the same sites supply: it shrinks at stops, and may start at anything and grow by
  anything at a copy of a site that supplies it (told backwards if it is alone: what has been brought since);
- what shipments have on board.

A single layer has the limit as its capacity; of several, the sum is held within it at every place. Without sites all
of it is one layer that starts with what is delivered in the whole round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimiser.rounds.engines.carrying import Weighting, chosen_limits, day_limits, finest, on_board
from optimiser.rounds.engines.ortools_model import Model
from optimiser.rounds.scales import amounts
from optimiser.rounds.tables import Floats, Ints

LOAD = 1_000_000  # about the largest capacity in whole numbers, if amounts are no decimals of a few places


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    """A part of what is on board: by stop how much it grows, the tip nodes where it may change, whether it is goods."""

    grows: Ints
    nodes: frozenset[int]
    goods: bool = False


def add_loads(model: Model) -> None:
    """State every limit on what is carried, at any moment and in the day."""
    limits = [chosen_limits(model.kind(v)) for v in range(model.routing.vehicles())]
    for n, weights in enumerate(dict.fromkeys(key for own in limits for key in own)):
        _add_limit(model, f"load {n}", weights, np.array([own.get(weights, np.inf) for own in limits]))
    days = [day_limits(model.kind(v)) for v in range(model.routing.vehicles())]
    for n, weights in enumerate(dict.fromkeys(key for own in days for key in own)):
        waste = on_board(model.nodes.known, amounts(model.problem), weights)[0]
        most = np.array([own.get(weights, np.inf) for own in days])
        scale = _scale(waste, most)
        _dimension(model, f"day {n}", _Layer(grows=_up(waste * scale), nodes=frozenset()), _down(most * scale))


def _scale(amounts_: Floats, most: Floats) -> float:
    """Return whole numbers to a unit."""
    largest = float(most[np.isfinite(most)].max(initial=0.0)) or 1.0
    return finest(amounts_, max(LOAD / largest, 1e-9)) if largest < LOAD else LOAD / largest


def _up(amounts_: Floats) -> Ints:
    return np.ceil(amounts_ - 1e-3).astype(np.int64)


def _down(most: Floats) -> Ints:
    return np.floor(np.minimum(most, 1e15) + 1e-3).astype(np.int64)


def _add_limit(model: Model, name: str, weights: Weighting, most: Floats) -> None:
    waste, goods, parcels = on_board(model.nodes.known, amounts(model.problem), weights)
    scale = _scale(np.array([waste, goods, parcels]), most)
    room = _down(most * scale)
    if not model.nodes.tips:
        _add_whole_round(model, name, _up(waste * scale), _up(goods * scale), _signed(parcels * scale), room)
        return
    layers = [*_layers(model, weights, scale, goods=False), *_layers(model, weights, scale, goods=True)]
    if parcels.any():
        layers.append(_Layer(grows=_signed(parcels * scale), nodes=frozenset()))
    alone = len(layers) == 1
    dimensions = [_dimension(model, f"{name}.{n}", layer, room, backwards=alone) for n, layer in enumerate(layers)]
    for layer, dimension in zip(layers, dimensions, strict=True):
        _empty_ends(model, layer, dimension)
    if not alone:
        _hold_sum(model, dimensions, room)


def _signed(amounts_: Floats) -> Ints:
    """Return parcels as whole numbers, as much where they are fetched as where they are brought."""
    return (np.sign(amounts_) * _up(np.abs(amounts_))).astype(np.int64)


def _layers(model: Model, weights: Weighting, scale: float, *, goods: bool) -> list[_Layer]:
    """Return the layers of waste or of goods: one for each set of sites that take (or supply) some of it."""
    nodes, problem, held = model.nodes, model.problem, amounts(model.problem)
    classes: dict[frozenset[int], list[tuple[str, float]]] = {}
    for dimension, weight in weights:
        at = frozenset(
            node
            for node in nodes.tip_nodes
            if dimension in (nodes.site(node).supplies if goods else nodes.site(node).accepts)
        )
        classes.setdefault(at, []).append((dimension, weight))
    found = []
    for at, own in classes.items():
        by_dimension = dict(own)
        each = np.array([by_dimension.get(d, 0.0) for d in problem.dimensions])
        grows = (held.deliveries if goods else held.loads) @ each
        if grows.any():
            found.append(_Layer(grows=_up(grows * scale), nodes=at, goods=goods))
    return found


def _dimension(model: Model, name: str, layer: _Layer, room: Ints, *, backwards: bool = True) -> Any:
    """Return the dimension of a layer; goods shrink, unless they are told backwards."""
    nodes, routing = model.nodes, model.routing
    shrinks = layer.goods and not backwards
    everything = int(max(room.max(initial=1), np.abs(layer.grows).sum(), 1))
    own = (-layer.grows if shrinks else layer.grows)[nodes.stops].tolist() if len(nodes.stops) else []
    falls = [-everything if node in layer.nodes and not shrinks else 0 for node in nodes.tip_nodes]
    evaluator = routing.RegisterUnaryTransitVector([*own, *falls, *([0] * len(nodes.depots))])
    most = np.minimum(room, everything).tolist()
    routing.AddDimensionWithVehicleCapacity(evaluator, everything, most, not shrinks, name)
    dimension = routing.GetDimensionOrDie(name)
    for node in set(range(nodes.first_depot)) - layer.nodes:
        dimension.SlackVar(model.index(node)).SetValue(0)
    for v in range(routing.vehicles()):
        dimension.SlackVar(routing.Start(v)).SetValue(0)
    return dimension


def _empty_ends(model: Model, layer: _Layer, dimension: Any) -> None:
    """Hold waste at nothing at the end of rounds that must end empty."""
    for v, vehicle in enumerate(model.problem.vehicles):
        if vehicle.must_end_empty and not layer.goods and (layer.grows >= 0).all():
            dimension.CumulVar(model.routing.End(v)).SetValue(0)


def _hold_sum(model: Model, dimensions: Sequence[Any], room: Ints) -> None:
    """Hold the sum of the layers within the room of the vehicle at every place."""
    routing, solver = model.routing, model.routing.solver()
    most = [int(room.max(initial=0)), *room.tolist()]
    for node in range(model.nodes.first_depot):
        index = model.index(node)
        total = solver.Sum([dimension.CumulVar(index) for dimension in dimensions])
        if len(set(most)) == 1:
            solver.Add(total <= most[0])
        else:
            solver.Add(total <= solver.Element(most, (routing.VehicleVar(index) + 1).Var()))
    for v in range(routing.vehicles()):
        for index in (routing.Start(v), routing.End(v)):
            solver.Add(solver.Sum([dimension.CumulVar(index) for dimension in dimensions]) <= most[v + 1])


def _add_whole_round(model: Model, name: str, waste: Ints, goods: Ints, parcels: Ints, room: Ints) -> None:
    """State a limit where nothing can be tipped or loaded on the way."""
    routing = model.routing
    if not waste.any() and not parcels.any():
        _dimension(model, name, _Layer(grows=goods, nodes=frozenset()), room)
        return
    net = (waste - goods + parcels)[model.nodes.stops].tolist()
    everything = int(max(room.max(initial=1), waste.sum() + goods.sum() + np.abs(parcels).sum(), 1))
    evaluator = routing.RegisterUnaryTransitVector([*net, *([0] * len(model.nodes.depots))])
    most = np.minimum(room, everything).tolist()
    routing.AddDimensionWithVehicleCapacity(evaluator, 0, most, not goods.any(), name)
    load = routing.GetDimensionOrDie(name)
    brought = None
    if goods.any():
        brought = _dimension(model, f"{name} brought", _Layer(grows=goods, nodes=frozenset()), room * 0 + everything)
    for v, vehicle in enumerate(model.problem.vehicles):
        if brought is not None:
            start = load.CumulVar(routing.Start(v))
            routing.solver().Add(start == brought.CumulVar(routing.End(v)))
        if vehicle.must_end_empty and waste.any():
            load.CumulVar(routing.End(v)).SetValue(0)
