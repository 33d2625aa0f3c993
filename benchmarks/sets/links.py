"""Street networks of the arc routing sets: links with and without work, shortest ways between their ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from optimiser.rounds.plan import Act, Round
from optimiser.rounds.problem import Mode, RoundsProblem, Stop, TipSite
from optimiser.travel import UNREACHABLE, DenseTravel

Floats = NDArray[np.float64]
FINE = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A street from ``tail`` to ``head``.

    Parameters
    ----------
    both
        It may be driven, and served, in both directions.
    cost
        Of driving through without work.
    service
        Of driving through and working; ``None``: there is no work.
    demand
        What is picked up, by dimension.
    shape
        Points from tail to head, if the file has any.
    """

    tail: str
    head: str
    both: bool
    cost: float
    service: float | None = None
    demand: Mapping[str, float] | None = None
    shape: tuple[tuple[float, float], ...] = ()


def work_ids(links: Sequence[Link]) -> list[str]:
    """Return an id for each link with work: its ends, and a number if there are several between them."""
    seen: dict[tuple[str, str], int] = {}
    ids = []
    for link in links:
        ends = (link.tail, link.head)
        seen[ends] = seen.get(ends, 0) + 1
        ids.append(f"({link.tail},{link.head})" + (f"#{seen[ends]}" if seen[ends] > 1 else ""))
    return ids


def work_modes(link: Link, service_s: float) -> tuple[Mode, ...]:
    """Return the ways to serve a link: along it, and against it where both directions are open."""
    along = Mode(arrive=link.tail, leave=link.head, service_s=service_s)
    return (along, Mode(arrive=link.head, leave=link.tail, service_s=service_s)) if link.both else (along,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Costs of the cheapest ways between places; infinite where there is none."""

    rows: Mapping[str, int]
    columns: Mapping[str, int]
    cost: Floats

    def between(self, leave: str, arrive: str) -> float:
        """Return the cost of the cheapest way."""
        return float(self.cost[self.rows[leave], self.columns[arrive]])

    @property
    def scale(self) -> float:
        """Whole numbers to a unit of cost: 1 if all costs are whole, else a thousand."""
        finite = self.cost[np.isfinite(self.cost)]
        return 1.0 if np.array_equal(finite, np.rint(finite)) else FINE

    def travel(self, *, seconds: float = 0.0) -> DenseTravel:
        """Return the travel: ``scale`` decimetres and ``seconds`` to a unit of cost."""
        open_ = np.isfinite(self.cost)
        known = np.where(open_, self.cost, 0.0)
        distance = np.where(open_, np.rint(known * self.scale), UNREACHABLE)
        duration = np.where(open_, np.ceil(np.round(known * seconds * 1000.0, 6)), UNREACHABLE)
        if max(distance.max(initial=0), duration.max(initial=0)) > UNREACHABLE:
            raise ValueError("costs do not fit into whole numbers of this size")
        return DenseTravel(
            leaving=tuple(self.rows),
            arriving=tuple(self.columns),
            duration_ms=duration.astype(np.int32),
            distance_dm=distance.astype(np.int32),
        )


def shortest_ways(links: Iterable[Link], places: Sequence[str]) -> Ways:
    """Return the cheapest ways between nodes; of several links between two nodes the cheapest counts."""
    cheapest: dict[tuple[str, str], float] = {}
    for link in links:
        ends = [(link.tail, link.head), (link.head, link.tail)] if link.both else [(link.tail, link.head)]
        for pair in ends:
            cheapest[pair] = min(link.cost, cheapest.get(pair, np.inf))
    number: dict[str, int] = {}
    for node in (*places, *(node for pair in cheapest for node in pair)):
        number.setdefault(node, len(number))
    rows, cols = (np.array([number[pair[k]] for pair in cheapest], dtype=np.intp) for k in (0, 1))
    graph = csr_array((np.array(list(cheapest.values())), (rows, cols)), shape=(len(number), len(number)))
    wanted = np.array([number[place] for place in places], dtype=np.intp)
    cost = dijkstra(graph, indices=wanted)[:, wanted]
    at = {place: k for k, place in enumerate(places)}
    return Ways(rows=at, columns=at, cost=cost)


def empty_way(problem: RoundsProblem, ways: Ways, tour: Round) -> float:
    """Return the cost of a round's driving between its works, from the depot and home."""
    places: tuple[Stop | TipSite, ...] = (*problem.stops, *problem.tip_sites)
    items = {item.id: item for item in places}
    vehicle = next(vehicle for vehicle in problem.vehicles if vehicle.id == tour.vehicle)
    here, total = vehicle.start, 0.0
    for visit in tour.visits:
        if visit.act is Act.BREAK:
            continue
        mode = items[visit.id].modes[visit.mode]
        total += ways.between(here, mode.arrive)
        here = mode.leave
    return total + ways.between(here, vehicle.end)
