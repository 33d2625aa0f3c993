"""What is on board through a round: waste, goods to deliver and shipments.

- *Waste* is picked up at stops and emptied at tips that accept it.
- *Goods* are what stops have delivered: on board from the last tip before at a site that supplies the dimension, or
  from the start of the round. As much is loaded as will be delivered.
- A *shipment* is on board between its two stops, if both are in the round and in order.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from optimiser.rounds.problem import Stop, TipSite
from optimiser.rounds.view import RoundView, Step

RELATIVE_TOLERANCE = 1e-6
Amounts = Mapping[str, float]
NOTHING: Amounts = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """What is on board before and after a visit; dimension -> amount.

    ``before`` and ``after`` are everything on board; ``waste_before`` and ``waste_after`` what can be tipped of it;
    ``unloaded`` was tipped on this visit, ``loaded`` are the goods that were taken on.
    """

    step: Step
    before: Amounts
    after: Amounts
    waste_before: Amounts
    waste_after: Amounts
    unloaded: Amounts
    loaded: Amounts


def cargo(view: RoundView) -> Iterator[Cargo]:
    """Yield what is on board around each visit; an unknown id changes nothing."""
    goods, loaded = _goods(view)
    parcels = _parcels(view)
    waste: dict[str, float] = {}
    before = goods[0]
    for k, step in enumerate(view.steps):
        held, unloaded = waste, NOTHING
        if isinstance(step.work, Stop):
            waste = dict(held)
            for dimension, amount in step.work.loads.items():
                waste[dimension] = waste.get(dimension, 0.0) + amount
        elif isinstance(step.work, TipSite):
            accepts = step.work.accepts
            unloaded = {d: amount for d, amount in held.items() if amount > 0 and d in accepts}
            waste = {d: amount for d, amount in held.items() if d not in accepts}
        after = added((waste, goods[k + 1], *parcels[k])) if goods[k + 1] or parcels[k] else waste
        yield Cargo(
            step=step,
            before=before,
            after=after,
            waste_before=held,
            waste_after=waste,
            unloaded=unloaded,
            loaded=loaded[k],
        )
        before = after


def aboard_at_start(view: RoundView) -> Amounts:
    """Return the goods on board when the round starts."""
    return _goods(view)[0][0]


def added(amounts: Iterable[Amounts]) -> dict[str, float]:
    """Return the sum by dimension."""
    total: dict[str, float] = defaultdict(float)
    for one in amounts:
        for dimension, amount in one.items():
            total[dimension] += amount
    return dict(total)


def _goods(view: RoundView) -> tuple[list[Amounts], list[Amounts]]:
    """Return the goods on board at the start and after each visit, and those loaded on each visit.

    Found from the end backwards: on board is what will be delivered before the dimension is loaded again.
    """
    if not view.known.deliveries:
        return [NOTHING] * (len(view.steps) + 1), [NOTHING] * len(view.steps)
    aboard: list[Amounts] = [NOTHING]
    loaded: list[Amounts] = []
    for step in reversed(view.steps):
        need, taken = aboard[-1], NOTHING
        if isinstance(step.work, Stop) and step.work.deliveries:
            need = added((need, step.work.deliveries))
        elif isinstance(step.work, TipSite) and step.work.supplies:
            supplies = step.work.supplies
            taken = {d: amount for d, amount in need.items() if d in supplies}
            need = {d: amount for d, amount in need.items() if d not in supplies}
        aboard.append(need)
        loaded.append(taken)
    return aboard[::-1], loaded[::-1]


def _parcels(view: RoundView) -> list[tuple[Amounts, ...]]:
    """Return the loads of the shipments on board after each visit."""
    if not view.known.shipments:
        return [()] * len(view.steps)
    last = {step.work.id: k for k, step in enumerate(view.steps) if isinstance(step.work, Stop)}
    aboard: dict[str, Amounts] = {}
    held = []
    for k, step in enumerate(view.steps):
        shipment = view.known.shipments.get(step.visit.id) if isinstance(step.work, Stop) else None
        if shipment and step.visit.id == shipment.delivery:
            aboard.pop(shipment.id, None)
        elif shipment and last.get(shipment.delivery, -1) > k:
            aboard[shipment.id] = shipment.loads
        held.append(tuple(aboard.values()))
    return held
