"""How long it takes to serve a stretch of street, for each kind of crew.

    T = max(L / collecting speed, driving time) + f (doors x t_household + bins x t_bin)

f = 1 at the near side, and at both sides of a one-way street; the crossing factor for the far side of a two-way one;
the factor of working at both sides at once. In and out of a dead end the first term counts twice and turning round is
added; or, where that is quicker, both sides are served on the way in. On foot there is no near side: f = 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.profiles import PROFILES
from scenarios.data.defaults import lookup
from scenarios.kerbside.estimate import household_s
from scenarios.kerbside.ref import KerbsideRef
from scenarios.kerbside.stands import Stands
from scenarios.scenario import Scenario

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
MEN = frozenset({"handcart", "foot"})  # profiles that fetch from the door, one household after the other


@dataclass(frozen=True, kw_only=True)
class Times:
    """Seconds of work of each profile; arrays of stretches, or of stretches and directions (ahead, back).

    ``moving`` is without any work; ``near`` (always 1), ``far`` and ``at_once`` are the factors on the work.
    """

    moving: Mapping[str, Floats]
    far: Mapping[str, Floats]
    at_once: Mapping[str, float]
    household: Mapping[str, float]
    bin: float
    round: Mapping[str, Floats]
    narrow: NDArray[np.bool_]

    def work(self, profile: str, doors: float, bins: float) -> float:
        """Return the seconds of lifting at the near side."""
        return doors * self.household[profile] + bins * self.bin


def times(scenario: Scenario, ref: KerbsideRef, stands: Stands) -> Times:
    """Return the times of all profiles at all stretches."""
    country = scenario.country
    crossing, both = (lookup(f"kerbside-{name}-factor", country).value for name in ("crossing", "at-once"))
    moving, far, once, round_ = {}, {}, {}, {}
    for name, run in stands.runs.items():
        walks = PROFILES[name].movement == "foot"
        at_speed = stands.length_m * 3.6 / PROFILES[name].collect_kmh
        moving[name] = np.maximum(at_speed[:, None], run.ms / 1000.0)
        far[name] = np.where(run.one_way | walks, 1.0, crossing)
        once[name] = 1.0 if walks else both
        round_[name] = np.where(run.round_ms >= 0, run.round_ms / 1000.0, PROFILES[name].u_turn_s)
    by_hand = lookup("service-per-household-handcart-s", country).value
    sack = household_s(scenario, ref)
    return Times(
        moving=moving,
        far=far,
        at_once=once,
        household={name: by_hand if name in MEN and ref.household_s is None else sack for name in stands.runs},
        bin=lookup("service-per-bin-rear-loader-s", country).value,
        round=round_,
        narrow=stands.quiet & (stands.width_m <= ref.at_once_width_m),
    )
