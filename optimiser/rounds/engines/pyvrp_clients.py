"""Clients, exclusive groups and shipments of the PyVRP model.

A stop with several ways or windows is a group of clients, at most one of which is visited; so is a choice between
single stops. Both ends of a shipment stand in their first mode, and of several windows only the hull counts.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import pyvrp

from optimiser.rounds.engines.pyvrp_arcs import ticks
from optimiser.rounds.engines.pyvrp_parts import Parts, prizes


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A client: a stop in one of its modes, in one of its windows (ms on the true clock)."""

    stop: int
    mode: int
    opens: int
    closes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Clients with what they stand for, their groups, and shipments with the stops they join."""

    alternatives: tuple[Alternative, ...]
    clients: list[pyvrp.Client]
    groups: list[pyvrp.ClientGroup]
    pairs: tuple[tuple[int, int], ...]
    shipments: list[pyvrp.Shipment]


def work(parts: Parts) -> Work:
    """Return all that is to be visited.

    Required stops may be left out too, at more than it costs to serve any one of them alone: a fleet may be too small,
    and moves that take a stop out for a while made the search better, not worse.
    """
    known, stated = parts.known, set(parts.spots.stops)
    brought = prizes(parts)
    alternatives = [
        Alternative(stop=k, mode=mode, opens=opens, closes=closes)
        for k in parts.spots.stops
        if known.partner[k] < 0
        for mode, (opens, closes) in product(range(len(known.problem.stops[k].modes)), known.spans[k])
    ]
    clients, groups = _clients(parts, alternatives, brought)
    pairs = [
        (known.stop_at[shipment.pickup], known.stop_at[shipment.delivery])
        for shipment in known.problem.shipments
        if {known.stop_at[shipment.pickup], known.stop_at[shipment.delivery]} <= stated
    ]
    return Work(
        alternatives=tuple(alternatives),
        clients=clients,
        groups=groups,
        pairs=tuple(pairs),
        shipments=[_shipment(parts, first, last, brought[first] + brought[last]) for first, last in pairs],
    )


def _clients(
    parts: Parts, alternatives: list[Alternative], brought: list[int]
) -> tuple[list[pyvrp.Client], list[pyvrp.ClientGroup]]:
    """Return the clients, and a group for all the alternatives to the same work."""
    units = _units(parts)
    members: dict[int, list[int]] = {}
    for n, one in enumerate(alternatives):
        members.setdefault(units[one.stop], []).append(n)
    numbers: dict[int, int] = {}
    groups: list[pyvrp.ClientGroup] = []
    for unit, own in members.items():
        if len(own) > 1:
            numbers[unit] = len(groups)
            groups.append(pyvrp.ClientGroup(own, required=False))
    return [_client(parts, one, brought[one.stop], numbers.get(units[one.stop])) for one in alternatives], groups


def _units(parts: Parts) -> dict[int, int]:
    """Return stop -> the first stop of the work that it is an alternative for."""
    units = {k: k for k in parts.spots.stops}
    at = parts.known.stop_at
    for choice in parts.known.problem.choices:
        named = [at[option[0]] for option in choice.options if len(option) == 1 and at[option[0]] in units]
        units |= dict.fromkeys(named, min(named, default=-1))
    return units


def _client(parts: Parts, one: Alternative, prize: int, group: int | None) -> pyvrp.Client:
    place = parts.spots.stop_at[one.stop] + one.mode
    setup = int(parts.ways.setup_ms[place])  # it is in the arcs, and windows are for when it begins
    early, late = parts.span(one.opens + setup, one.closes + setup)
    return pyvrp.Client(
        place,
        delivery=parts.dimensions.delivery[one.stop].tolist(),
        pickup=parts.dimensions.pickup[one.stop].tolist(),
        service_duration=ticks(int(parts.ways.service_ms[place])),
        tw_early=early,
        tw_late=late,
        release_time=parts.tick(int(parts.known.release_ms[one.stop]), up=True),
        prize=prize,
        required=False,
        group=group,
    )


def _shipment(parts: Parts, first: int, last: int, prize: int) -> pyvrp.Shipment:
    places = [parts.spots.stop_at[k] for k in (first, last)]
    setups = [int(parts.ways.setup_ms[place]) for place in places]
    service = [ticks(int(parts.ways.service_ms[place])) for place in places]
    hulls = [(parts.known.spans[k][0][0], parts.known.spans[k][-1][1]) for k in (first, last)]
    spans = [parts.span(opens + setup, closes + setup) for (opens, closes), setup in zip(hulls, setups, strict=True)]
    return pyvrp.Shipment(
        places[0],
        places[1],
        pickup_tw_early=spans[0][0],
        pickup_tw_late=spans[0][1],
        pickup_service_duration=service[0],
        delivery_tw_early=spans[1][0],
        delivery_tw_late=max(spans[1][1], spans[0][0]),  # one that cannot be done is refused by the exact timing
        delivery_service_duration=service[1],
        amount=parts.dimensions.parcel[first].tolist(),
        prize=prize,
        required=False,
    )
