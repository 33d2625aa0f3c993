"""What is left to do at least: bounds that let the timing pass forget labels early.

With all windows and breaks forgotten, the rest of a round that stands at item ``i-1`` and last tipped after ``j`` items
costs

    G[i, j] = min( direct[i] + G[i+1, j]   if what was picked up since j fits together with item i,
                   via[i]    + G[i+1, i]   if item i fits alone )
    G[n, j] = direct[n] if nothing is on board since j (or need not be unloaded), else via[n]
    S[i]    = away[i] + G[i+1, i]          when it stands at a site instead

where ``direct[i]`` leads from item ``i-1`` to the end of item ``i`` in their cheapest modes, ``via[i]`` does so with a
tip at the cheapest site between, and ``away[i]`` comes from the nearest site. A tip is taken to empty every class, so
this is a lower bound also where sites accept different things. The same sum over milliseconds bounds the time.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from optimiser.rounds.chart import HOME, Chart
from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.tables import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ToGo:
    """Least to go from a stop, ``[items done][items done at the last tip]``, and from a site, ``[items done]``.

    ``inf`` where it cannot be done.
    """

    from_stop: list[list[float]]
    from_site: list[float]


def cost_to_go(chart: Chart) -> ToGo:
    """Return the least money and wages to go, for a chart with free tips."""
    wage, fees = chart.kind.wage_per_ms, np.array([site.fee_per_tip for site in chart.kind.sites])
    driven = np.array([0.0 if way is None else way.distance_dm * chart.kind.per_dm for way in chart.work])
    legs = _time_ms(chart) * wage + chart.money + driven  # of work by where it is arrived at
    return _to_go(chart, _gaps(chart, legs, wage + chart.kind.service_per_ms, fees))


def time_to_go(chart: Chart) -> ToGo:
    """Return the least time to go in ms, for a chart with free tips."""
    return _to_go(chart, _gaps(chart, _time_ms(chart), 1.0, np.zeros(len(chart.kind.sites))))


def _time_ms(chart: Chart) -> Floats:
    return np.where(chart.duration < FOREVER_MS, chart.duration.astype(np.float64), np.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gaps:
    """Cost of each gap with the item that ends it; the last ends at the depot."""

    direct: Floats
    via: Floats
    away: Floats


def _gaps(chart: Chart, legs: Floats, per_ms: float, fees: Floats) -> _Gaps:
    kind, count = chart.kind, len(chart.items)
    toll = np.array([per_ms * way.service_ms + fees[s] for s, site in enumerate(kind.sites) for way in site.ways])
    first = chart.site_places[0] if kind.sites else 0
    at = np.arange(first, first + len(toll))
    alike = chart.held.shape[1] <= 1  # else two sites may follow each other
    direct, via, away = (np.full(count + 1, np.inf) for _ in range(3))
    before = np.array([HOME])
    for i in range(count + 1):
        places, service = np.array([HOME]), np.zeros(1)
        if i < count:
            places = np.arange(chart.places[i], chart.places[i] + len(chart.items[i].ways))
            service = np.array([per_ms * way.service_ms for way in chart.items[i].ways])
        direct[i] = (legs[np.ix_(before, places)] + service).min()
        if len(at):
            there = legs[np.ix_(before, at)].min(axis=0) + toll
            onward = (legs[np.ix_(at, places)] + service).min(axis=1)
            away[i] = onward.min()
            via[i] = (there + onward).min() if alike else there.min() + away[i]
        before = places
    return _Gaps(direct=direct, via=via, away=away)


def _to_go(chart: Chart, gaps: _Gaps) -> ToGo:
    count = len(chart.items)
    held, used = chart.held.sum(axis=1), chart.used.sum(axis=2)
    aboard = (held[count] > held) & chart.kind.vehicle.must_end_empty
    stop = np.full((count + 1, count + 1), np.inf)
    site = np.full(count + 1, gaps.away[count])
    stop[count] = np.where(aboard, gaps.via[count], min(gaps.via[count], gaps.direct[count]))
    for i in range(count - 1, -1, -1):
        fits = (used[i + 1] - used[: i + 1] <= chart.kind.limits).all(axis=1)
        site[i] = gaps.away[i] + stop[i + 1, i] if fits[i] else np.inf
        tipped = gaps.via[i] + stop[i + 1, i] if fits[i] else np.inf
        stop[i, : i + 1] = np.minimum(np.where(fits, gaps.direct[i] + stop[i + 1, : i + 1], np.inf), tipped)
    return ToGo(from_stop=stop.tolist(), from_site=site.tolist())
