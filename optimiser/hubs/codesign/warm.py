"""Compile the quick search once, on a handful of stops."""

from __future__ import annotations

from functools import cache

import numpy as np

from optimiser.hubs.codesign.rough.cooling import cool
from optimiser.hubs.codesign.rough.layout import Land, nothing


@cache
def warm() -> None:
    """Compile the quick search if it is not compiled yet, and keep it for later runs."""
    place = np.random.default_rng(1).random((6, 2))
    legs = np.sqrt(((place[:, None] - place[None]) ** 2).sum(axis=2))
    land = Land(
        legs=legs[:4, :4].copy(), out=legs[4:, :4].copy(), back=legs[4:, :4].copy(), use=np.full(4, 0.4),
        held=np.ones((2, 4)), near=np.argsort(legs[:4, :4], axis=1)[:, 1:].astype(np.int64),
        room=np.array([2.0, 9.0]), most=np.array([2, 2]), opening=np.ones(2), fixed=np.ones(2),
        allowed=np.ones(2, np.int64), miss=np.full(4, 99.0),
    )  # fmt: skip
    cool(land, nothing(land, 4), seed=1, steps=10)
