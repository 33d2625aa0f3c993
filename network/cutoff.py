"""Who can no longer be reached, by name, and through which closures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.closures import Closures
from network.drive import Drive, serving, weighed
from network.snap import Snapped


@dataclass(frozen=True, slots=True, kw_only=True)
class CutOff:
    """A place that cannot be reached and left again.

    Parameters
    ----------
    id
        Of the place.
    by
        Names of the sets of closures each of which cuts it off alone; the name of all together if only together they
        do; none if it is cut off without any.
    closed_here
        Why its own street is closed, ``""`` if that is open and only the way to it is closed.
    """

    id: str
    by: tuple[str, ...]
    closed_here: str


def unreachable(drive: Drive, snapped: Snapped, ids: Sequence[str]) -> tuple[CutOff, ...]:
    """Return the places that a drive under its closures cannot reach and leave again, in their order.

    Parameters
    ----------
    snapped
        Places snapped before anything was closed.
    ids
        One for each place.
    """
    if len(ids) != len(snapped):
        raise ValueError(f"{len(ids)} ids for {len(snapped)} places")
    lost = np.flatnonzero(~_reached(drive.allowed, snapped))
    if not len(lost):
        return ()
    closures = drive.closures
    sets = () if closures is None else closures.parts or (closures,)
    without = _reached(_alone(drive, None), snapped)
    alone = [~_reached(_alone(drive, part), snapped) for part in sets]
    found = []
    for k in lost.tolist():
        by = tuple(part.name for part, cut in zip(sets, alone, strict=True) if cut[k]) if without[k] else ()
        if without[k] and not by and closures is not None:
            by = (closures.name,)
        segment = int(snapped.segment[k])
        here = (
            ""
            if closures is None or segment < 0 or not closures.closed[2 * segment : 2 * segment + 2].any()
            else (closures.why.values[closures.why.codes[segment]])
        )
        found.append(CutOff(id=ids[k], by=by, closed_here=here))
    return tuple(found)


def _reached(allowed: NDArray[np.bool_], snapped: Snapped) -> NDArray[np.bool_]:
    """Return which places stand on a street that serves them."""
    reached: NDArray[np.bool_] = np.append(allowed, [False])[snapped.segment]
    return reached


def _alone(drive: Drive, closures: Closures | None) -> NDArray[np.bool_]:
    """Return which segments serve a place if nothing else is closed."""
    served = serving(weighed(drive, closures))
    return served[::2] | served[1::2]
