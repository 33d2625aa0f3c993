"""What a request wants to avoid: classes of streets, and areas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from network.closures import Closures
    from network.streets import StreetNetwork

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Avoid:
    """Part of a request that changes the streets.

    Parameters
    ----------
    classes
        Of :data:`CLASSES`.
    areas
        Polygons, each an outline and its holes, corners as longitude and latitude.
    """

    classes: frozenset[str] = frozenset()
    areas: tuple[tuple[Ring, ...], ...] = ()


CLASSES: Mapping[str, Callable[[StreetNetwork], NDArray[np.bool_]]] = {
    "motorway": lambda streets: streets.tag("highway").isin({"motorway", "motorway_link"}),
    "toll": lambda streets: streets.tag("toll").isin({"yes"}),
    "ferry": lambda streets: np.zeros(streets.segments, bool),  # no ferries are read at all
    "ford": lambda streets: ~streets.tag("ford").isin({"", "no"}),
    "steps": lambda streets: streets.tag("highway").isin({"steps"}),
}


def closures(network: StreetNetwork, avoid: Avoid) -> Closures | None:
    """Return what is closed for a request, if anything is.

    Raises
    ------
    InputError
        ``area-broken``: an area that is none.
    """
    from network.closures import close_areas, closing, together

    sets = [close_areas(network, avoid.areas, "avoided areas")] if avoid.areas else []
    for name in sorted(avoid.classes):
        chosen = CLASSES[name](network)
        sets.append(closing(f"avoided: {name}", np.repeat(chosen, 2), chosen))
    return together("avoided", sets) if sets else None
