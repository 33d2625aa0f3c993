"""Who is let in: access tags of streets and barriers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.case import CONDITIONAL, Case
from network.profiles import VehicleProfile
from network.values import parts

Bools = NDArray[np.bool_]
Verdicts = NDArray[np.int8]

REFUSED = frozenset(
    {"no", "psv", "bus", "agricultural", "forestry", "emergency", "military", "use_sidepath", "dismount"}
)
SAYS_NOTHING, SAYS_NO, SERVES, OPEN = 0, 1, 2, 3
"""What access tags say of a profile, the more generous the higher."""


class Ruling(NamedTuple):
    """What the access tags say, and what those of the profile's own keys say, without the general ``access``."""

    all: Verdicts
    own: Verdicts


def ruling(case: Case, way: str = "") -> Ruling:
    """Return what the access tags say; where only its purpose opens a way, it is let in to serve.

    ``way`` is "forward" or "backward" for what holds in one direction alone (``hgv:backward``).
    """
    asked = _ruling(case, way)
    if case.depends(_forms(case, way)):
        passing = _ruling(case.passing(), way)
        eased = (asked.all == OPEN) & ((passing.all == SAYS_NO) | (passing.all == SERVES))
        asked.all[eased] = SERVES
    return asked


def _forms(case: Case, way: str) -> list[str]:
    """Return the keys that are asked, the most specific first."""
    keys = case.profile.access_keys
    return [form for key in keys for form in ((f"{key}:{way}", key) if way else (key,))]


def _ruling(case: Case, way: str) -> Ruling:
    verdict, own = np.zeros(case.size, np.int8), np.zeros(case.size, np.int8)
    for key in case.profile.access_keys:
        for form in (f"{key}:{way}", key) if way else (key,):
            column = case.tag(form)
            if len(column.values) > 1:
                found = np.array([_verdict(value, case.profile) for value in column.values], np.int8)[column.codes]
                verdict = np.where(verdict == SAYS_NOTHING, found, verdict)
        if key != "access":
            own = verdict
    return Ruling(verdict.copy(), own)


def _verdict(value: str, profile: VehicleProfile) -> int:
    """Return the most generous verdict among the values of one access tag."""
    known = dict.fromkeys(REFUSED, SAYS_NO) | dict.fromkeys(profile.serve, SERVES)
    known |= dict.fromkeys(profile.allowed, OPEN)
    return max((known.get(part, SAYS_NOTHING) for part in parts(value)), default=SAYS_NOTHING)


def let_in(case: Case) -> dict[str, tuple[Bools, Bools]]:
    """Return for each direction where the profile is let through, and where it is let in to serve only."""
    shut = case.read("highway").isin(case.profile.by_permission)
    if case.profile.movement == "drive":
        shut |= case.read("service").isin({"emergency_access"})
    barred = np.zeros(case.size, bool)
    if "motorway" not in case.profile.speed_kmh:
        barred = case.read("motorroad").isin({"yes"})

    def one_way(way: str) -> tuple[Bools, Bools]:
        says = ruling(case, way)
        free = ~(barred | (shut & (says.own < SERVES)))
        return free & ((says.all == OPEN) | (says.all == SAYS_NOTHING)), free & (says.all == SERVES)

    forms = [f"{key}:{{}}{when}" for key in case.profile.access_keys for when in ("", CONDITIONAL)]
    return case.each_way(forms, one_way)
