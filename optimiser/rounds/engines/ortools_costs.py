"""What OR-Tools' model counts in money along the way."""

from __future__ import annotations

import numpy as np

from optimiser.rounds.engines.ortools_model import Model
from optimiser.rounds.engines.working import add_setups
from optimiser.rounds.tables import Floats, Kind

MOST_CELLS = 4_000_000  # of matrices with a price for changes, one for each vehicle


def add_costs(model: Model) -> None:
    """State what legs, work, tips and going out cost; all but the hours, which go with the time."""
    evaluators: dict[tuple[object, ...], int] = {}
    changes = states_changes(model)
    for v, vehicle in enumerate(model.problem.vehicles):
        kind = model.kind(v)
        key: tuple[object, ...] = (
            (vehicle.profile, vehicle.service_type, vehicle.tip_sites)
            + (kind.per_dm, kind.driving_per_ms, kind.service_per_ms)
            + ((vehicle.id,) if changes else ())
            + tuple(site.fee_per_tip for site in kind.sites)
        )
        if key not in evaluators:
            cost = _costs(model, kind)
            if changes:
                cost += _changes(model, vehicle.id)[None, :]
            whole = np.rint(cost * model.scale).astype(np.int64)
            evaluators[key] = model.routing.RegisterTransitMatrix(whole.tolist())
        model.routing.SetArcCostEvaluatorOfVehicle(evaluators[key], v)
        model.routing.SetFixedCostOfVehicle(round(vehicle.costs.fixed * model.scale), v)


def states_changes(model: Model) -> bool:
    """Return whether the model has the price of a change: if there is one, and it is small enough."""
    cells = len(model.nodes) ** 2 * len(model.problem.vehicles)
    return model.problem.aims.change_per_stop > 0 and cells <= MOST_CELLS


def _costs(model: Model, kind: Kind) -> Floats:
    duration_ms, distance_dm = model.nodes.travel(kind.vehicle.profile)
    work = model.nodes.done_by(kind)
    cost: Floats = (distance_dm + work.distance_dm[None, :]) * np.float64(kind.per_dm)
    cost += np.minimum(duration_ms, 10**9) * kind.driving_per_ms + work.service_ms[None, :] * kind.service_per_ms
    add_setups(work, np.zeros_like(duration_ms), cost, kind.service_per_ms)
    fees = fees_at(model, kind)
    cost += fees[None, :]
    return cost


def _changes(model: Model, vehicle: str) -> Floats:
    """Return by node what serving it by this vehicle costs as a change against today."""
    nodes, price = model.nodes, model.problem.aims.change_per_stop
    other = [stop.usual is not None and stop.usual != vehicle for stop in model.problem.stops]
    found = np.zeros(len(nodes))
    found[: nodes.first_tip] = price * np.array(other, dtype=np.float64)[nodes.stops]
    return found


def fees_at(model: Model, kind: Kind) -> Floats:
    """Return money for arriving at each node: per tip, and what a typical load costs beyond the cheapest site."""
    problem, nodes = model.problem, model.nodes
    held: dict[str, float] = {}
    for limit in kind.vehicle.limits:
        for dimension, weight in limit.weights.items():
            if weight > 0:
                held[dimension] = min(held.get(dimension, np.inf), limit.at_most / weight)
    cheapest = {d: min((s.fees.get(d, 0.0) for s in problem.tip_sites if d in s.accepts), default=0.0) for d in held}
    per_tip = {site.id: site.fee_per_tip for site in kind.sites}
    fees = np.zeros(len(nodes))
    for node in nodes.tip_nodes:
        site = nodes.site(node)
        extra = [(site.fees.get(d, 0.0) - cheapest[d]) * held[d] for d in held if d in site.accepts]
        fees[node] = per_tip.get(site.id, 0.0) + max(extra, default=0.0)
    return fees
