"""Candidates that fall out by where they are, with the reason: in or near a flood plain, school, water, airport."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from optimiser.hubs.siting.problem import Candidate, Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Where no site may stand: within ``within`` of a polygon (0: inside it), or of a point if it has one corner.

    Parameters
    ----------
    name
        The reason, as the planner reads it: "flood plain", "school".
    corners
        Shape (k, 2), on the plane of the candidates, in the unit of distance.
    """

    name: str
    corners: Floats
    within: float = 0.0

    def __post_init__(self) -> None:
        if self.corners.ndim != 2 or self.corners.shape[1] != 2 or not len(self.corners):
            raise ValueError(f"zone {self.name}: corners must be (k, 2), at least one")
        if not self.within >= 0:
            raise ValueError(f"zone {self.name}: within cannot be negative")


def exclude(candidates: tuple[Candidate, ...], zones: Sequence[Zone], *, unit: str = "m") -> tuple[Candidate, ...]:
    """Return the candidates, those that fall out with all their reasons and how near they are, in ``unit``.

    Raises
    ------
    ValueError
        When a candidate has no position.
    """
    if any(c.x is None or c.y is None for c in candidates):
        raise ValueError("every candidate needs a position to be excluded by it")
    place = np.array([(c.x, c.y) for c in candidates], dtype=np.float64).reshape(-1, 2)
    reasons: list[list[str]] = [[c.excluded] if c.excluded else [] for c in candidates]
    for zone in zones:
        away = np.where(inside(place, zone.corners), 0.0, to_edge(place, zone.corners))
        for j in np.flatnonzero(away <= zone.within):
            told = "inside" if away[j] == 0.0 else f"{away[j]:.0f} {unit} away, {zone.within:g} {unit} is asked for"
            reasons[j].append(f"{zone.name} ({told})")
    return tuple(replace(c, excluded="; ".join(why)) for c, why in zip(candidates, reasons, strict=True))


def inside(place: Floats, corners: Floats) -> np.ndarray:
    """Return which places lie in a polygon: a ray crosses its edges an odd number of times."""
    ahead = np.roll(corners, -1, axis=0)
    x, y = place[:, :1], place[:, 1:]
    across = (corners[:, 1] > y) != (ahead[:, 1] > y)
    rise = np.where(ahead[:, 1] == corners[:, 1], 1.0, ahead[:, 1] - corners[:, 1])
    at = corners[:, 0] + (y - corners[:, 1]) * (ahead[:, 0] - corners[:, 0]) / rise
    odd: np.ndarray = (across & (x < at)).sum(axis=1) % 2 == 1
    return odd


def to_edge(place: Floats, corners: Floats) -> Floats:
    """Return how far each place is from the nearest edge of a polygon."""
    ahead = np.roll(corners, -1, axis=0)
    edge, way = ahead - corners, place[:, None, :] - corners[None]
    length = np.maximum(np.sum(edge**2, axis=1), 1e-300)
    along = np.clip(np.sum(way * edge, axis=2) / length, 0.0, 1.0)
    off = way - along[:, :, None] * edge
    return np.asarray(np.sqrt(np.sum(off**2, axis=2)).min(axis=1))
