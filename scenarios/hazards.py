"""What closes or slows streets beside the map: works, markets, floods; put together for a profile and a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.closures import Closures, close_areas, close_streets, together
from network.closures import Polygon as Area
from network.floods import flooded
from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from scenarios.scenario import ClosureRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """A closure of the scenario with what its file holds.

    Parameters
    ----------
    areas
        Where it closes or slows.
    depth_mm
        Of each segment: how deep the water stands; ``None`` for what is no flood.
    """

    ref: ClosureRef
    areas: tuple[Area, ...] = ()
    depth_mm: NDArray[np.float64] | None = None


def closures_on(
    hazards: Sequence[Hazard], network: StreetNetwork, profile: VehicleProfile, day: str
) -> Closures | None:
    """Return what is closed or slowed for a profile on a day; ``None`` where nothing is.

    A closure without days holds on every day; a day of no week has those only. One without profiles holds for all.
    """
    due = [
        hazard
        for hazard in hazards
        if (not hazard.ref.days or day in hazard.ref.days)
        and (not hazard.ref.profiles or profile.id in hazard.ref.profiles)
    ]
    sets = [made for hazard in due for made in _sets(hazard, network, profile)]
    if not sets:
        return None
    return sets[0] if len(sets) == 1 else together(" + ".join(dict.fromkeys(part.name for part in sets)), sets)


def differ_by_day(hazards: Sequence[Hazard]) -> bool:
    """Return whether any of them holds on some days only."""
    return any(hazard.ref.days for hazard in hazards)


def _sets(hazard: Hazard, network: StreetNetwork, profile: VehicleProfile) -> list[Closures]:
    ref, sets = hazard.ref, []
    if hazard.areas:
        sets.append(close_areas(network, hazard.areas, ref.name, factor=ref.speed_factor))
    if ref.streets:
        sets.append(close_streets(network, ref.streets, ref.name, factor=ref.speed_factor))
    if hazard.depth_mm is not None:
        sets.append(flooded(network, profile, hazard.depth_mm, ref.name))
    return sets
