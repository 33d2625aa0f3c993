"""One-way streets: in which directions a profile may use a street."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.case import Case

Bools = NDArray[np.bool_]

FORWARD_ONLY = frozenset({"yes", "true", "1"})
BACKWARD_ONLY = frozenset({"-1", "reverse"})
BOTH_WAYS = frozenset({"no", "false", "0", "alternating"})
NEITHER_WAY = frozenset({"reversible"})
ROUND = frozenset({"roundabout", "circular"})
MOTORWAY = frozenset({"motorway", "motorway_link"})


def directions(case: Case) -> tuple[Bools, Bools]:
    """Return whether the profile may go along and against the direction each segment was mapped in."""
    along, against = np.ones(case.size, bool), np.ones(case.size, bool)
    decided = np.zeros(case.size, bool)
    keys = [f"oneway:{key}" for key in case.profile.access_keys if key != "access"]
    for key in keys if case.profile.movement == "foot" else [*keys, "oneway"]:
        column = case.tag(key)
        forward, backward = column.isin(FORWARD_ONLY), column.isin(BACKWARD_ONLY)
        neither = column.isin(NEITHER_WAY)
        said = (forward | backward | neither | column.isin(BOTH_WAYS)) & ~decided
        along &= ~(said & (backward | neither))
        against &= ~(said & (forward | neither))
        decided |= said
    if case.profile.movement == "drive":
        implied = case.read("junction").isin(ROUND) | case.read("highway").isin(MOTORWAY)
        against &= decided | ~implied
    return along, against
