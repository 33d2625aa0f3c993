"""Costs and times from place to place for one kind of vehicle: what heuristics look at before the exact timing.

Places are the stops, then the sites, then the depot (its row leaves, its column comes home), each in its first mode.
Up to ``DENSE_PLACES`` of them all pairs are worked out at once; of more, each where it is looked at, and lists of the
nearest stops say where to look first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.near import near
from optimiser.rounds.tables import Floats, Ints, Kind, Tables, Way, useful_sites
from optimiser.travel import UNREACHABLE, IntArray, Travel

NO_WAY = 1e15  # far above any cost or time, and sums and differences of it stay numbers
DENSE_PLACES = 2_000  # two arrays of all pairs: 64 MB, and half a second to work out
NEAREST = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDemand:
    """What it takes from place to place, worked out where it is looked at: indexed by rows and columns like an array.

    ``per_ms`` and ``per_dm`` are what a ms and a dm count.
    """

    travel: Travel
    rows: Ints
    cols: Ints
    per_ms: float
    per_dm: float

    def __getitem__(self, key: tuple[Any, Any]) -> Any:
        row, col = (
            np.arange(len(self.rows))[part] if isinstance(part, slice) else np.asarray(part, dtype=np.intp)
            for part in key
        )
        if row.ndim == 0 or col.ndim == 0:
            found = self.travel.block(self.rows[row].ravel(), self.cols[col].ravel())
            shape = row.shape or col.shape
        else:
            row, col = np.broadcast_arrays(row, col)
            found = self.travel.legs(self.rows[row].ravel(), self.cols[col].ravel())
            shape = row.shape
        return _counted(*found, self.per_ms, self.per_dm).reshape(shape)[()]


def _counted(duration: IntArray, distance: IntArray, per_ms: float, per_dm: float) -> Floats:
    cut_off = (duration >= UNREACHABLE) | (distance >= UNREACHABLE)
    return np.where(cut_off, NO_WAY, duration * per_ms + distance * per_dm)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The whole problem as one kind of vehicle sees it; ``NO_WAY`` where there is no way or no site.

    Parameters
    ----------
    cost, time_ms
        From place to place: money with the crew's wages, and milliseconds.
    service_ms
        By place.
    opens, closes
        By stop and window, ms; windows that a stop does not have open and close at ``inf``.
    limits
        Of what is on board at any moment; ``loadings`` are not among them.
    use, bring, haul
        By stop and limit: what it adds until the next tip; what is on board from the start until it is brought there;
        what a shipment adds at its pickup and takes off at its delivery.
    home_ms
        By stop: from there over the nearest useful site to the depot, unloading included; straight if it need not be
        empty.
    useful
        Places of the sites that take what such a vehicle may have on board.
    near
        By stop: the nearest others, -1 where there are no more; ``None`` where all pairs are at hand.
    """

    kind: Kind
    cost: Floats | OnDemand
    time_ms: Floats | OnDemand
    service_ms: Floats
    opens: Floats
    closes: Floats
    limits: Floats
    use: Floats
    bring: Floats
    haul: Floats
    home_ms: Floats
    useful: NDArray[np.intp]
    near: NDArray[np.int32] | None

    def legs(self, place: int, others: NDArray[np.intp]) -> tuple[Floats, Floats]:
        """Return money and ms from a place to others."""
        if isinstance(self.cost, OnDemand):
            lazy = self.cost
            found = lazy.travel.block(lazy.rows[[place]], lazy.cols[others])
            money, time_ms = (_counted(*found, *per)[0] for per in ((lazy.per_ms, lazy.per_dm), (1.0, 0.0)))
            return money, time_ms
        return self.cost[place, others], np.asarray(self.time_ms[place, others])

    @property
    def stops(self) -> int:
        """Number of stops; the first site's place."""
        return len(self.opens)

    @property
    def depot(self) -> int:
        """Place of the depot."""
        return len(self.service_ms) - 1

    @property
    def sites(self) -> range:
        """Places of the sites."""
        return range(self.stops, self.depot)


def ground(known: Tables, kind: Kind) -> Ground:
    """Return what one kind of vehicle sees."""
    ways = [w[0] for w in kind.ways] + [site.ways[0] for site in kind.sites]
    cost, time_ms = _legs(kind, ways)
    service = np.array([way.service_ms for way in ways] + [0], dtype=np.float64)
    stops = len(kind.ways)
    widest = max((len(spans) for spans in known.spans), default=1)
    opens, closes = np.full((stops, widest), np.inf), np.full((stops, widest), np.inf)
    for k, spans in enumerate(known.spans):
        opens[k, : len(spans)], closes[k, : len(spans)] = zip(*spans, strict=True)
    wanted = {site.id for site in useful_sites(kind)}
    useful = np.array([stops + s for s, site in enumerate(kind.sites) if site.id in wanted], dtype=np.intp)
    all_pairs = isinstance(time_ms, np.ndarray)
    return Ground(
        kind=kind,
        cost=cost,
        time_ms=time_ms,
        service_ms=service,
        opens=opens,
        closes=closes,
        limits=np.array([limit.at_most * (1 + 1e-9) for limit in kind.vehicle.limits]),
        use=_weights(kind, [stop.loads for stop in known.problem.stops]),
        bring=_weights(kind, [stop.deliveries for stop in known.problem.stops]),
        haul=_haul(known, kind),
        home_ms=_home(kind, time_ms, service, useful),
        useful=useful,
        near=None if all_pairs else near(known.problem, kind.vehicle.profile, NEAREST),
    )


def _legs(kind: Kind, ways: Sequence[Way]) -> tuple[Floats, Floats] | tuple[OnDemand, OnDemand]:
    """Return money and time from place to place."""
    rows = np.array([*(way.row for way in ways), kind.start_row], dtype=np.intp)
    cols = np.array([*(way.column for way in ways), kind.end_column], dtype=np.intp)
    if len(rows) > DENSE_PLACES:
        lazy = OnDemand(travel=kind.travel, rows=rows, cols=cols, per_ms=kind.wage_per_ms, per_dm=kind.per_dm)
        return lazy, replace(lazy, per_ms=1.0, per_dm=0.0)
    duration, distance = kind.travel.block(rows, cols)
    return _counted(duration, distance, kind.wage_per_ms, kind.per_dm), _counted(duration, distance, 1.0, 0.0)


def _home(kind: Kind, time_ms: Floats | OnDemand, service: Floats, useful: NDArray[np.intp]) -> Floats:
    every = np.arange(len(kind.ways))
    straight: Floats = time_ms[every, len(service) - 1]
    if not kind.vehicle.must_end_empty:
        return straight
    over = time_ms[every[:, None], useful] + service[useful] + time_ms[useful, len(service) - 1]
    return np.where(kind.holds.any(axis=1), over.min(axis=1, initial=NO_WAY), straight)


def _weights(kind: Kind, amounts: Sequence[Mapping[str, float]]) -> Floats:
    """Return what amounts weigh, by limit."""
    limits = kind.vehicle.limits
    table = [[sum(limit.weights.get(d, 0.0) * q for d, q in one.items()) for limit in limits] for one in amounts]
    return np.array(table, dtype=np.float64).reshape(len(amounts), len(limits))


def _haul(known: Tables, kind: Kind) -> Floats:
    haul = np.zeros((len(known.problem.stops), len(kind.vehicle.limits)))
    shipments = known.problem.shipments
    weights = _weights(kind, [shipment.loads for shipment in shipments])
    for shipment, weight in zip(shipments, weights, strict=True):
        haul[known.stop_at[shipment.pickup]] += weight
        haul[known.stop_at[shipment.delivery]] -= weight
    return haul
