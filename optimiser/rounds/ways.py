"""Modes, windows and breaks as whole milliseconds, as one kind of vehicle sees them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.clock import FOREVER_MS, closes_ms, opens_ms, to_ms
from optimiser.rounds.problem import Mode, TipSite, Vehicle, Window
from optimiser.travel import Travel

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Spans = tuple[tuple[int, int], ...]

NO_SPOT = -1  # of a mode whose set-up is always due

# Money per ms when the crew costs nothing: settles ties towards the shorter round, a millionth of a coin an hour.
TIE_WAGE_PER_MS = 1e-6 / 3.6e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A mode as numbers of one profile and service type.

    Column of arriving, row of leaving; work (a queue before it included) and set-up in ms; ``spot`` the number of the
    mode's ``place``; dm driven at work.
    """

    column: int
    row: int
    service_ms: int
    setup_ms: int = 0
    spot: int = NO_SPOT
    distance_dm: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A break in ms; ``saves`` is the money not paid while it lasts.

    ``latest_ms`` is the end of the last of its ``spans``; without ``ways`` it is taken where the vehicle stands.
    """

    id: str
    duration_ms: int
    earliest_ms: int
    latest_ms: int
    saves: float
    spans: Spans
    ways: tuple[Way, ...] = ()
    always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """A tip site as one kind of vehicle sees it; ``accepts`` is per class of waste, ``supplies`` per class of goods.

    ``fee_per_tip`` is all that a tip costs beside time and gate fees.
    """

    id: str
    ways: tuple[Way, ...]
    spans: Spans
    accepts: Bools
    fee_per_tip: float
    supplies: Bools


def ways_of(
    travel: Travel, modes: Iterable[Mode], spots: Mapping[str, int], service_type: str, *, queue_ms: int = 0
) -> tuple[Way, ...]:
    """Return modes as numbers; ``spots`` numbers the places."""
    return tuple(
        Way(
            column=travel.column(mode.arrive),
            row=travel.row(mode.leave),
            service_ms=queue_ms + to_ms(mode.service_by.get(service_type, mode.service_s)),
            setup_ms=to_ms(mode.setup_by.get(service_type, mode.setup_s)),
            spot=spots.get(mode.place, NO_SPOT),
            distance_dm=round(mode.distance_m * 10.0),
        )
        for mode in modes
    )


def spans_of(windows: tuple[Window, ...]) -> Spans:
    """Return windows in whole ms; one without end if there are none."""
    if not windows:
        return ((0, FOREVER_MS),)
    return tuple((opens_ms(w.open_s), closes_ms(w.close_s)) for w in windows)


def rests_of(travel: Travel, vehicle: Vehicle, wage_per_ms: float) -> tuple[Rest, ...]:
    """Return the breaks of a vehicle in order."""
    return tuple(
        Rest(
            id=rest.id,
            duration_ms=to_ms(rest.duration_s),
            earliest_ms=opens_ms(rest.earliest_s),
            latest_ms=closes_ms(rest.spans[-1].close_s),
            saves=0.0 if rest.paid else max(wage_per_ms, TIE_WAGE_PER_MS) * to_ms(rest.duration_s),
            spans=spans_of(rest.spans),
            ways=tuple(
                Way(column=travel.column(mode.arrive), row=travel.row(mode.leave), service_ms=to_ms(rest.duration_s))
                for mode in rest.modes
            ),
            always=rest.always,
        )
        for rest in vehicle.breaks
    )


def site_of(
    travel: Travel, vehicle: Vehicle, site: TipSite, spots: Mapping[str, int], accepts: Bools, supplies: Bools
) -> Site:
    """Return a site as the vehicle sees it."""
    return Site(
        id=site.id,
        ways=ways_of(travel, site.modes, spots, vehicle.service_type, queue_ms=to_ms(site.queue_s)),
        spans=spans_of(site.windows),
        accepts=accepts,
        fee_per_tip=site.fee_per_tip + vehicle.costs.per_tip,
        supplies=supplies,
    )
