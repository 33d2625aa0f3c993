"""Legs and random numbers: what everything else in the kernel asks for most."""

from __future__ import annotations

import math

import numpy as np

from optimiser.plane_kernel import leg as plane_leg
from optimiser.rounds.strings import views as of
from optimiser.rounds.strings.compiled import inner, small
from optimiser.rounds.strings.layout import I64, Whole
from optimiser.rounds.strings.views import DENSE

SHIFT_A, SHIFT_B, SHIFT_C = np.uint64(13), np.uint64(7), np.uint64(17)
HIGH = np.uint64(11)
TINY = 1e-300
UNIT = 1.0 / 9007199254740992.0  # 2 ** -53


@small
def chance(w: I64) -> Whole:
    """Return a random number from 0 up to, but not, 1 (xorshift: Marsaglia 2003, J. Statistical Software 8, 14)."""
    x = of.dice(w)[0]
    x ^= x << SHIFT_A
    x ^= x >> SHIFT_B
    x ^= x << SHIFT_C
    of.dice(w)[0] = x
    return (x >> HIGH) * UNIT


@small
def allowed(w: I64, temperature: Whole) -> Whole:
    """Return by how many ticks a change may be worse: -temperature log(u), u uniform (Metropolis et al. 1953)."""
    return -temperature * math.log(chance(w) + TINY)


@small
def below(w: I64, most: Whole) -> Whole:
    """Return a random whole number from 0 to ``most - 1``."""
    return np.int64(chance(w) * most)


@inner
def drawn(s: I64, a: Whole, b: Whole) -> Whole:
    """Return the ticks between two places of a plane."""
    return np.int64(plane_leg(of.xy(s), a, b, int(of.plane(s)[0]), of.plane(s)[1], 0.0)[1])


@small
def leg(s: I64, profile: Whole, a: Whole, b: Whole) -> Whole:
    """Return the ticks from leaving place ``a`` to arriving at place ``b``; one row of memory for one ``a``."""
    if s[DENSE]:
        return np.int64(of.cost(s)[profile, a, b])
    return drawn(s, a, b)


@small
def leg_from(s: I64, profile: Whole, a: Whole, b: Whole) -> Whole:
    """Return the same as :func:`leg`; one row of memory for one ``b``."""
    if s[DENSE]:
        return np.int64(of.back(s)[profile, b, a])
    return leg(s, profile, a, b)


@small
def ride(s: I64, profile: Whole, a: Whole, b: Whole) -> Whole:
    """Return the ms from leaving place ``a`` to arriving at place ``b``."""
    return np.int64(of.time(s)[profile, a, b])


@small
def ride_from(s: I64, profile: Whole, a: Whole, b: Whole) -> Whole:
    """Return the same as :func:`ride`; one row of memory for one ``b``."""
    return np.int64(of.time_back(s)[profile, b, a])
