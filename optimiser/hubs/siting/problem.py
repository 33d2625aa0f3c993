"""The siting problem: demand, candidates, and the sparse arcs between them that lie within reach.

Distances are in one unit throughout (metres on the streets, or seconds on foot); weights are people, households or kg;
loads are what a capacity counts; money is in the scenario's own currency.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf, isfinite

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Sites = NDArray[np.int32]


class Aim(StrEnum):
    """What a good set of sites is; each is written out in :mod:`optimiser.hubs.siting.engines.models`."""

    MEDIAN = "median"  # p-median: least weight x distance
    CENTRE = "centre"  # p-centre: least distance of whoever is farthest
    COVER = "cover"  # LSCP: cheapest (fewest) sites that reach everyone
    MAX_COVER = "max-cover"  # MCLP: most weight within reach
    COST = "cost"  # fixed charge: least money, sites and serving
    ATTENDANCE = "attendance"  # most weight that comes, fewer from farther away
    EDE = "ede"  # Kolm-Pollak: least equally-distributed-equivalent distance
    WORST = "worst"  # least mean distance of the worst-off share


MAXIMISED = frozenset({Aim.MAX_COVER, Aim.ATTENDANCE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """Who is to be served, as columns of a table.

    Parameters
    ----------
    ids
        Unique.
    weight
        People (or kg, or households) of each; what the aims count.
    load
        What each takes of a capacity; ``None``: its weight.
    group
        Name of each one's population group or ward; empty: everybody is in one group without a name.
    """

    ids: tuple[str, ...]
    weight: Floats
    load: Floats | None = None
    group: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("demand ids are not unique")
        for name, column in (("weight", self.weight), ("load", self.load)):
            if column is not None:
                if column.shape != (len(self.ids),) or not (np.isfinite(column).all() and (column >= 0).all()):
                    raise ValueError(f"{name} must be one finite number of at least 0 for each demand")
                column.setflags(write=False)
        if self.group and len(self.group) != len(self.ids):
            raise ValueError("group must name one group for each demand, or none at all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """One size in which a site can be built: what it holds, and what it costs to have and for each unit of load."""

    name: str = ""
    capacity: float = inf
    fixed_cost: float = 0.0
    cost_per_load: float = 0.0

    def __post_init__(self) -> None:
        if not (self.capacity >= 0 and 0 <= self.fixed_cost < inf and 0 <= self.cost_per_load < inf):
            raise ValueError(f"size {self.name!r}: capacity and costs cannot be negative, nor costs endless")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A place where a site could stand.

    Parameters
    ----------
    sizes
        At least one; a site opens in exactly one of them.
    existing
        Stands already; closing it costs ``closing_cost``.
    mandatory
        Has to be open.
    excluded
        Why it may not be open; empty: it may.
    x, y
        Position on a plane in the unit of distance; needed only where sites must keep a separation.
    """

    id: str
    sizes: tuple[Size, ...] = (Size(),)
    existing: bool = False
    closing_cost: float = 0.0
    mandatory: bool = False
    excluded: str = ""
    x: float | None = None
    y: float | None = None

    def __post_init__(self) -> None:
        if not self.sizes:
            raise ValueError(f"candidate {self.id} has no size")
        if not 0 <= self.closing_cost < inf:
            raise ValueError(f"candidate {self.id}: closing_cost cannot be negative or endless")


@dataclass(frozen=True, slots=True, kw_only=True)
class Arcs:
    """Who can reach which candidate, row by row of the demand (compressed sparse rows).

    Parameters
    ----------
    start
        ``start[i]`` to ``start[i + 1]`` are the arcs of demand ``i``.
    site
        Position of the candidate of each arc, each at most once in a row.
    distance
        Of each arc.
    cost
        Money to serve the *whole* demand over the arc, for ``Aim.COST``; ``None``: weight x distance.
    """

    start: Ints
    site: Sites
    distance: Floats
    cost: Floats | None = None

    def __post_init__(self) -> None:
        size = len(self.site)
        if self.start[0] != 0 or self.start[-1] != size or (np.diff(self.start) < 0).any():
            raise ValueError("start must rise from 0 to the number of arcs")
        for name, column in (("distance", self.distance), ("cost", self.cost)):
            if column is not None:
                if column.shape != (size,) or not (np.isfinite(column).all() and (column >= 0).all()):
                    raise ValueError(f"{name} must be one finite number of at least 0 for each arc")
                column.setflags(write=False)
        self.start.setflags(write=False)
        self.site.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """At least ``share`` of a group's weight is served within ``distance``; group ``None`` is everybody."""

    share: float
    distance: float = inf
    group: str | None = None

    def __post_init__(self) -> None:
        if not (0 <= self.share <= 1 and self.distance >= 0):
            raise ValueError("share must lie between 0 and 1, and distance cannot be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness:
    """What a plan owes to those who are worse off; ``None`` or empty: nothing.

    Parameters
    ----------
    ede_at_most
        Limit of the Kolm-Pollak equally-distributed-equivalent distance at the problem's ``kappa``.
    worst_at_most
        Limit of the mean distance of the worst-off ``worst_share``.
    farthest_at_most
        Nobody is farther than this, and nobody is left unserved.
    within
        Shares that groups are owed within a distance.
    """

    ede_at_most: float | None = None
    worst_at_most: float | None = None
    farthest_at_most: float | None = None
    within: tuple[Within, ...] = ()

    def __bool__(self) -> bool:
        limits = (self.ede_at_most, self.worst_at_most, self.farthest_at_most)
        return bool(self.within) or any(limit is not None for limit in limits)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingProblem:
    """Which candidates open, and who goes where.

    Parameters
    ----------
    unserved
        What each demand counts for when nobody serves it: a distance (median, centre, EDE, worst; beyond every
        arc of its row), money for the whole demand (cost, cover). ``None``: everybody must be served (maximal covering
        and attendance: being unserved is worth nothing).
    at_most, at_most_new, at_most_closed
        Sites open in all, sites that do not exist yet, existing sites that close; ``None``: no limit.
    budget
        Limit of the fixed costs of what is open and the closing costs of what closes.
    separation
        Open sites stand at least so far apart, in a straight line.
    single_source
        Each demand goes wholly to one site. Without capacities it always may.
    decay
        For attendance: share of the weight that comes over each arc, between 0 and 1.
    kappa
        Inequality aversion of the EDE, 1/distance, above 0: see :func:`optimiser.hubs.siting.equity.kappa_for`.
    worst_share
        Share of the weight that counts as worst off.
    fairness
        Constraints beside the aim.
    """

    demand: Demand
    candidates: tuple[Candidate, ...]
    arcs: Arcs
    aim: Aim
    unserved: Floats | None = None
    at_most: int | None = None
    at_most_new: int | None = None
    at_most_closed: int | None = None
    budget: float | None = None
    separation: float = 0.0
    single_source: bool = False
    decay: Floats | None = None
    kappa: float | None = None
    worst_share: float = 0.1
    fairness: Fairness = field(default_factory=Fairness)

    def __post_init__(self) -> None:
        if faults := list(_faults(self)):
            raise ValueError("; ".join(faults))
        for column in (self.unserved, self.decay):
            if column is not None:
                column.setflags(write=False)


def _faults(problem: SitingProblem) -> Sequence[str]:
    """Return everything that does not fit together."""
    n, m, arcs = len(problem.demand.ids), len(problem.candidates), problem.arcs
    limits = (problem.at_most, problem.at_most_new, problem.at_most_closed, problem.budget)
    needs_kappa = problem.aim is Aim.EDE or problem.fairness.ede_at_most is not None
    kappa, share = problem.kappa, problem.decay
    known = kappa is not None and kappa > 0 and isfinite(kappa)
    placed = all(c.x is not None and c.y is not None for c in problem.candidates)
    shares = share is None or (share.shape == arcs.distance.shape and bool(((share >= 0) & (share <= 1)).all()))
    wrong = {
        "candidate ids are not unique": len({candidate.id for candidate in problem.candidates}) != m,
        f"arcs have {len(arcs.start) - 1} rows for {n} demands": len(arcs.start) != n + 1,
        "an arc leads to a candidate that is not there": bool(((arcs.site < 0) | (arcs.site >= m)).any()),
        "limits and the separation cannot be negative": any(limit is not None and not limit >= 0 for limit in limits)
        or not problem.separation >= 0,
        "a separation needs the position of every candidate": problem.separation > 0 and not placed,
        "attendance needs the decay of every arc": problem.aim is Aim.ATTENDANCE and share is None,
        "decay must be one share between 0 and 1 for each arc": not shares,
        "the EDE needs a kappa above 0": needs_kappa and not known,
        "worst_share must be above 0 and at most 1": not 0 < problem.worst_share <= 1,
    }
    found = [fault for fault, holds in wrong.items() if holds]
    return found or _unserved_faults(problem)


def _unserved_faults(problem: SitingProblem) -> Sequence[str]:
    lost, n = problem.unserved, len(problem.demand.ids)
    if lost is None:
        return []
    if lost.shape != (n,) or not (np.isfinite(lost).all() and (lost >= 0).all()):
        return ["unserved must be one finite number of at least 0 for each demand"]
    by_distance = problem.aim in (Aim.MEDIAN, Aim.CENTRE, Aim.EDE, Aim.WORST)
    if by_distance and (problem.arcs.distance > np.repeat(lost, np.diff(problem.arcs.start))).any():
        return ["unserved must not be nearer than an arc of its row"]
    return []
