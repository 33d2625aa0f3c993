"""Vehicles alike, and the places that they go to, numbered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.kinds import Kind
from optimiser.rounds.tables import Tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Vehicles alike, with the stops that they may serve."""

    kind: Kind
    vehicles: tuple[str, ...]
    may: NDArray[np.uint8]


def teams_of(known: Tables) -> list[Team]:
    """Return the vehicles of a problem by what they are and whom they may serve."""
    problem = known.problem
    open_to_all = not any(stop.vehicles is not None for stop in problem.stops)
    found: dict[tuple[int, bytes], list[str]] = {}
    may: dict[tuple[int, bytes], NDArray[np.uint8]] = {}
    for vehicle in problem.vehicles:
        k = known.kind_of[vehicle.id]
        serves = known.kinds[k].carries.astype(np.uint8)
        if not open_to_all:
            named = [stop.vehicles is None or vehicle.id in stop.vehicles for stop in problem.stops]
            serves = serves & np.array(named, dtype=np.uint8)
        key = k, b"" if open_to_all else serves.tobytes()
        found.setdefault(key, []).append(vehicle.id)
        may[key] = serves
    return [Team(kind=known.kinds[k], vehicles=tuple(ids), may=may[k, key]) for (k, key), ids in found.items()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spots:
    """Places: the modes of all stops, then of all sites, then the depots; ``ways`` has those of each work by slot."""

    ways: NDArray[np.int32]
    modes: int
    depots: Mapping[tuple[int, int, int], int]

    def rows(self, kind: Kind) -> NDArray[np.intp]:
        """Return the row that each place is left by; depots of other travel than the kind's are nowhere in its own."""
        own = id(kind.travel)
        depots = (row if travel == own else kind.start_row for travel, row, _ in self.depots)
        return np.array([*kind.nodes.ways[:, 1], *depots], dtype=np.intp)

    def columns(self, kind: Kind) -> NDArray[np.intp]:
        """Return the column that each place is arrived at by; as for rows."""
        own = id(kind.travel)
        depots = (column if travel == own else kind.end_column for travel, _, column in self.depots)
        return np.array([*kind.nodes.ways[:, 0], *depots], dtype=np.intp)

    def depot(self, kind: Kind) -> int:
        """Return the place of a kind's depot."""
        return self.depots[id(kind.travel), kind.start_row, kind.end_column]


def spots_of(teams: Sequence[Team]) -> Spots:
    """Return the places of all stops, sites and depots."""
    nodes = teams[0].kind.nodes
    counts = np.diff(nodes.way_first)
    ways = np.full((len(counts), counts.max(initial=1)), -1, dtype=np.int32)
    for slot in range(ways.shape[1]):
        has = counts > slot
        ways[has, slot] = nodes.way_first[:-1][has] + slot
    depots: dict[tuple[int, int, int], int] = {}
    for team in teams:
        kind = team.kind
        depots.setdefault((id(kind.travel), kind.start_row, kind.end_column), len(nodes.ways) + len(depots))
    return Spots(ways=ways, modes=len(nodes.ways), depots=depots)
