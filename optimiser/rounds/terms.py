"""What holds for every round of one kind of vehicle, as the flat arrays and numbers that the compiled pass reads.

*Fixed places* are numbered from 0: the depot, then the ways of each site, then the ways of each break that has some.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from optimiser.rounds.clock import FOREVER_MS, closes_ms, to_ms
from optimiser.rounds.kinds import Kind
from optimiser.rounds.ways import NO_SPOT, Bools, Floats, Ints, Rest, Site, Way

HOME = 0  # place number of the depot
DRIVING, WORK = 1, 2  # what gathers before a driving rest is due
SERVICE, SETUP, SPOT, WORKED = 0, 1, 2, 3  # columns of what is done at places: ms, ms, number, dm
NOWHERE = NO_SPOT - 1  # spot of the depot


class Terms(NamedTuple):
    """What holds for a kind of vehicle; times in ms, distances in dm, money a ms or dm.

    Of site ``s`` the places are ``site_first[s]`` to ``site_first[s + 1]``, the opening hours likewise in
    ``site_spans``; of break ``b`` the same (no place: where the vehicle stands). ``rest_of`` is 0 without a driving
    rest. ``starts`` is when the periods of the day start.
    """

    opens: int
    closes: int
    longest: int
    overtime: int
    wage: float
    per_dm: float
    driving_per_ms: float
    service_per_ms: float
    overtime_per_ms: float
    most_driving: int
    most_dm: int
    must_empty: bool
    rest_of: int
    rest_after: int
    rest_ms: int
    rest_saves: float
    work: Ints  # fixed place x (service, set-up, spot, dm)
    site_first: Ints
    site_span_first: Ints
    site_spans: Ints
    accepts: Bools
    supplies: Bools
    fee: Floats
    break_first: Ints
    break_span_first: Ints
    break_spans: Ints
    break_ms: Ints
    break_latest: Ints
    break_saves: Floats
    break_always: Bools
    break_resets: Bools
    row_break: Ints
    starts: Ints


def terms(kind: Kind) -> Terms:
    """Return what holds for a kind of vehicle."""
    shift, longest = kind.vehicle.shift, kind.longest_ms
    rest, rests, sites = kind.vehicle.driving_rest, kind.rests, kind.sites
    site_first = np.cumsum([1, *(len(site.ways) for site in sites)], dtype=np.int64)
    return Terms(
        opens=kind.shift[0],
        closes=kind.shift[1],
        longest=longest,
        overtime=closes_ms(shift.overtime_s),
        wage=kind.wage_per_ms,
        per_dm=kind.per_dm,
        driving_per_ms=kind.driving_per_ms,
        service_per_ms=kind.service_per_ms,
        overtime_per_ms=kind.overtime_per_ms,
        most_driving=kind.most_driving_ms,
        most_dm=kind.most_dm,
        must_empty=kind.vehicle.must_end_empty,
        rest_of=0 if rest is None else DRIVING if rest.of == "driving" else WORK,
        rest_after=FOREVER_MS if rest is None else closes_ms(rest.after_s),
        rest_ms=0 if rest is None else to_ms(rest.duration_s),
        rest_saves=0.0 if rest is None or rest.paid else kind.wage_per_ms * to_ms(rest.duration_s),
        work=_work(kind),
        site_first=site_first,
        site_span_first=np.cumsum([0, *(len(site.spans) for site in sites)], dtype=np.int64),
        site_spans=np.array([span for site in sites for span in site.spans], dtype=np.int64).reshape(-1, 2),
        accepts=np.array([site.accepts for site in sites], dtype=bool).reshape(len(sites), kind.holds.shape[1]),
        supplies=np.array([site.supplies for site in sites], dtype=bool).reshape(len(sites), kind.brings.shape[1]),
        fee=np.array([site.fee_per_tip for site in sites], dtype=np.float64),
        break_first=np.cumsum([site_first[-1], *(len(pause.ways) for pause in rests)], dtype=np.int64),
        break_span_first=np.cumsum([0, *(len(pause.spans) for pause in rests)], dtype=np.int64),
        break_spans=np.array([span for pause in rests for span in pause.spans], dtype=np.int64).reshape(-1, 2),
        break_ms=np.array([pause.duration_ms for pause in rests], dtype=np.int64),
        break_latest=np.array([pause.latest_ms for pause in rests], dtype=np.int64),
        break_saves=np.array([pause.saves for pause in rests], dtype=np.float64),
        break_always=np.array([pause.always for pause in rests], dtype=bool),
        break_resets=np.array(
            [rest is not None and pause.duration_ms >= to_ms(rest.duration_s) for pause in rests], dtype=bool
        ),
        row_break=kind.scales.row_break,
        starts=np.array(kind.starts_ms, dtype=np.int64),
    )


def fixed_ways(kind: Kind) -> list[Way]:
    """Return the ways of sites and breaks in the order of their places."""
    works: tuple[Site | Rest, ...] = (*kind.sites, *kind.rests)
    return [way for work in works for way in work.ways]


def _work(kind: Kind) -> Ints:
    rows = [(way.service_ms, way.setup_ms, way.spot, way.distance_dm) for way in fixed_ways(kind)]
    return np.array([(0, 0, NOWHERE, 0), *rows], dtype=np.int64)
