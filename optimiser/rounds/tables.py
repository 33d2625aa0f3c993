"""A rounds problem as numbers: what timing, repair and engines need, worked out once.

Vehicles that differ in nothing but their id share a :class:`Kind` (``kinds.py``). See ``ways.py`` for modes, windows
and breaks as numbers, ``scales.py`` for limits, ``nodes.py`` and ``terms.py`` for the flat arrays that the compiled
pass reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from optimiser.rounds.clock import opens_ms
from optimiser.rounds.kinds import Common, Kind, kind_of, useful_sites
from optimiser.rounds.problem import RoundsProblem, Stop, TipSite
from optimiser.rounds.scales import amounts
from optimiser.rounds.terms import Terms, terms
from optimiser.rounds.ways import TIE_WAGE_PER_MS, Bools, Floats, Ints, Rest, Site, Spans, Way, spans_of

__all__ = [
    "TIE_WAGE_PER_MS",
    "Bools",
    "Floats",
    "Ints",
    "Kind",
    "Rest",
    "Site",
    "Spans",
    "Tables",
    "Way",
    "tables",
    "useful_sites",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """A problem as numbers; ``stop_at`` is the position of a stop in ``problem.stops``.

    ``node_at`` is that of a stop or site among stops and sites together.
    ``partner`` leads from a stop of a shipment to the other one (-1: none), ``fetched`` says which stops are the first
    of their shipment; ``release_ms`` is before when the trip that serves a stop does not set out.
    """

    problem: RoundsProblem
    stop_at: Mapping[str, int]
    node_at: Mapping[str, int]
    spans: tuple[Spans, ...]  # by stop
    kinds: tuple[Kind, ...]
    kind_of: Mapping[str, int]  # vehicle -> position in kinds
    terms: tuple[Terms, ...]  # by kind
    partner: Ints
    fetched: Bools
    release_ms: Ints

    def kind(self, vehicle: str) -> Kind:
        """Return the kind of a vehicle."""
        return self.kinds[self.kind_of[vehicle]]

    def allows(self, vehicle: str, stop: int) -> bool:
        """Return whether the vehicle may serve the stop, has the skills, and can hold what it has, were it alone."""
        allowed = self.problem.stops[stop].vehicles
        return bool(self.kind(vehicle).carries[stop]) and (allowed is None or vehicle in allowed)


def tables(problem: RoundsProblem) -> Tables:
    """Return the problem as numbers."""
    alike: dict[str, int] = {}
    kinds: list[Kind] = []
    position: dict[str, int] = {}
    works: tuple[Stop | TipSite, ...] = (*problem.stops, *problem.tip_sites)
    named = sorted({mode.place for work in works for mode in work.modes} - {""})
    common = Common(problem=problem, held=amounts(problem), spots={name: k for k, name in enumerate(named)})
    for vehicle in problem.vehicles:
        key = repr(replace(vehicle, id=""))
        if key not in alike:
            alike[key] = len(kinds)
            kinds.append(kind_of(common, vehicle))
        position[vehicle.id] = alike[key]
    stop_at = {stop.id: k for k, stop in enumerate(problem.stops)}
    partner, fetched = np.full(len(stop_at), -1, dtype=np.int64), np.zeros(len(stop_at), dtype=bool)
    for shipment in problem.shipments:
        first, last = stop_at[shipment.pickup], stop_at[shipment.delivery]
        partner[first], partner[last], fetched[first] = last, first, True
    return Tables(
        problem=problem,
        stop_at=stop_at,
        node_at={work.id: k for k, work in enumerate(works)},
        spans=tuple(spans_of(stop.windows) for stop in problem.stops),
        kinds=tuple(kinds),
        kind_of=position,
        terms=tuple(terms(kind) for kind in kinds),
        partner=partner,
        fetched=fetched,
        release_ms=np.array([opens_ms(stop.release_s) for stop in problem.stops], dtype=np.int64),
    )
