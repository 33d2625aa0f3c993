"""The load dimensions of the PyVRP model.

One for each distinct set of limit weights, scaled so that the mean stop counts about ``TYPICAL_PICKUP`` and rounded up.
One for each group of stops that the same vehicles may serve: such a stop weighs one, and others have no room for it.
One that counts stops, if a vehicle may only make so many. All start anew after each tip, so the count, and limits of
the whole day, are relaxed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.rounds.engines.carrying import (
    Weighting,
    chosen_limits,
    day_limits,
    finest,
    groups_of,
    on_board,
    who_may,
)
from optimiser.rounds.scales import amounts
from optimiser.rounds.tables import Bools, Ints, Tables

TYPICAL_PICKUP = 1_000
MOST_RESTRICTIONS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Loads:
    """What stops add and what kinds have room for, in whole load units.

    Parameters
    ----------
    pickup, delivery, parcel
        By stop and load dimension: waste, goods, and what a shipment fetched there puts on board.
    may, restrictions
        Who may serve what, by stop and vehicle; the groups that not everybody may serve.
    room
        By kind and weighting.
    counted
        Whether the last dimension counts stops.
    """

    pickup: Ints
    delivery: Ints
    parcel: Ints
    may: Bools
    restrictions: tuple[tuple[bool, ...], ...]
    room: Ints
    counted: bool

    def capacity(self, known: Tables, vehicle: int) -> list[int]:
        """Return the room of a vehicle in each load dimension."""
        noun, stops = known.problem.vehicles[vehicle], len(self.may)
        room: list[int] = self.room[known.kind_of[noun.id]].tolist()
        room += [stops if group[vehicle] else 0 for group in self.restrictions]
        return room + [stops if noun.max_stops is None else noun.max_stops] * self.counted


def loads(known: Tables, stops: Sequence[int]) -> Loads:
    """Return the load dimensions of a problem whose model states these stops."""
    limits = [_at_any_moment(known, n) for n in range(len(known.kinds))]
    held, chosen = amounts(known.problem), np.array(stops, dtype=np.intp)
    columns, room = [], []
    plenty = 100 * TYPICAL_PICKUP * (len(stops) + 1)
    for weights in dict.fromkeys(key for own in limits for key in own):
        loaded = on_board(known, held, weights)
        used = np.maximum(loaded[:, chosen], 0.0)
        if not used.any():
            continue
        most = np.array([own.get(weights, np.inf) for own in limits])
        factor = finest(used, TYPICAL_PICKUP * np.count_nonzero(used) / used.sum())
        columns.append(np.ceil(np.maximum(loaded, 0.0) * factor - 1e-6).astype(np.int64))
        room.append(np.floor(np.minimum(most * factor, plenty * max(1.0, factor)) + 1e-6).astype(np.int64))
    may = _who_may(known, stops)
    groups = list(dict.fromkeys(map(tuple, may[chosen].tolist())))
    restrictions = tuple(group for group in groups if not all(group))
    own = np.array([[tuple(row) == group for group in restrictions] for row in may.tolist()], dtype=np.int64)
    own = own.reshape(len(may), len(restrictions))
    counted = any(vehicle.max_stops is not None for vehicle in known.problem.vehicles)
    ones = np.ones((len(may), int(counted)), dtype=np.int64)
    weighed = np.array(columns, dtype=np.int64).reshape(len(columns), 3, len(may))
    return Loads(
        pickup=np.hstack([weighed[:, 0].T, own, ones]),
        delivery=np.hstack([weighed[:, 1].T, 0 * own, 0 * ones]),
        parcel=np.hstack([weighed[:, 2].T, own, 0 * ones]),
        may=may,
        restrictions=restrictions,
        room=np.array(room, dtype=np.int64).reshape(len(room), len(known.kinds)).T,
        counted=counted,
    )


def _who_may(known: Tables, stops: Sequence[int]) -> Bools:
    """Return who may serve what; locks are left to the timing pass if they make too many groups."""
    may = who_may(known)
    if groups_of(may[list(stops)]) > MOST_RESTRICTIONS:
        may = who_may(known, locks=False)
    return may


def _at_any_moment(known: Tables, kind: int) -> dict[Weighting, float]:
    """Return the limits of a kind; no trip may carry more than the whole day."""
    found = chosen_limits(known.kinds[kind])
    for weights, most in day_limits(known.kinds[kind]).items():
        found[weights] = min(found.get(weights, np.inf), most)
    return found
