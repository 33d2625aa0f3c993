"""What stands in the way at a junction, and which turn restrictions bind: for one profile at one moment.

Barriers after the OpenStreetMap wiki's Key:barrier and the pages of its values, access tags on the node first:

* *Access tags* decide where they name the profile: ``hgv`` before ``motor_vehicle`` before ``vehicle`` before
  ``access``, with their conditions. Who is let in, if only to serve (``private``, ``destination``), passes. A gate
  cannot tell whether one comes to serve: that is for the street behind it to say.
* *Limits* on the node (``maxheight``, ``maxwidth``, ``maxweight``, ``maxaxleload``, ``maxlength``) stop what is larger,
  whatever its access; a ``height_restrictor`` without a figure is given a usual height.
* *Gates* (``gate``, ``lift_gate``, ``swing_gate``, ``sliding_gate`` …) without access tags let service vehicles
  through. The wiki leaves it open for gates and takes ``motor_vehicle=private`` for lift gates, and a private way may
  be entered to serve. Not so where ``locked=yes``.
* *Open places* (``entrance``, ``toll_booth``, ``border_control``, ``cattle_grid``, ``sally_port``, ``kerb``) let
  everybody through.
* *Posts and blocks* (``bollard``, ``block``, ``jersey_barrier``) and kinds that are not known stop vehicles, but not
  what is narrower than a tagged ``maxwidth``; ``bollard=rising`` goes down. Carts pass gaps as wide as is usual.
* *Stiles, turnstiles, chains, logs, cycle barriers* stop carts as well, unless a tagged ``maxwidth`` is wide enough.
  Walkers pass these and the ones above.
* *Walls and fences* stop everybody.
* *Fords*: ``boat`` stops everybody, ``stepping_stones`` stop wheels.

Turn restrictions bind drivers: ``restriction`` unless ``except`` names the profile's own kind, ``restriction:hgv``
where it is of that kind, with their conditions; walkers only ``restriction:foot``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from network.access import SAYS_NO, SAYS_NOTHING, ruling
from network.case import Case, at_junctions
from network.conditional import Moment, holds, terms
from network.fill import figure
from network.limits import LIMITS, stated
from network.profiles import VehicleProfile
from network.restrictions import Restrictions
from network.streets import StreetNetwork
from network.values import metres, parsed, parts

Bools = NDArray[np.bool_]

# fmt: off
OPEN_PLACES = frozenset({
    "no", "entrance", "toll_booth", "border_control", "cattle_grid", "sally_port", "kerb", "height_restrictor", "arch",
    "checkpoint", "toll", "weighbridge", "tree", "sump_buster", "coupure", "avalanche_protection",
})
GATES = frozenset({
    "gate", "lift_gate", "swing_gate", "sliding_gate", "sliding_beam", "bump_gate", "hampshire_gate", "gated_entry",
    "barrier_gate", "boom_gate", "rope", "spikes", "flood_gate",
})
GAPS = frozenset({"bollard", "block", "jersey_barrier", "planter", "bollards", "yes", "bus_trap", "delineators"})
FOR_WALKERS = frozenset({
    "turnstile", "full-height_turnstile", "kissing_gate", "stile", "step_over", "horse_stile", "cycle_barrier",
    "motorcycle_barrier", "wicket_gate", "swing_stile", "log", "debris", "chain", "handrail", "chicane", "hole",
    "stone",
})
WALLS = frozenset({
    "wall", "fence", "hedge", "retaining_wall", "city_wall", "guard_rail", "cable_barrier", "ditch", "railing",
    "wire_fence", "noise_barrier",
})
# fmt: on
RISING = frozenset({"rising"})
STONES, BOAT = frozenset({"stepping_stones"}), frozenset({"boat"})


def passable(network: StreetNetwork, profile: VehicleProfile, moment: Moment | None = None) -> Bools:
    """Return which junctions a profile can pass: what stands there, and who is let through.

    Parameters
    ----------
    moment
        When; without one, conditions on day and hour do not hold.
    """
    case = at_junctions(network, profile, moment)
    barrier = case.read("barrier")
    something = barrier.codes > 0
    says = ruling(case).all
    stands = np.where(says == SAYS_NOTHING, _physically(case), says != SAYS_NO) | ~something
    return stands & _small_enough(case) & ~_water(case)


def _physically(case: Case) -> Bools:
    """Return what can be passed where no access tag decides."""
    barrier, profile = case.read("barrier"), case.profile
    gates, locked = barrier.isin(GATES), case.read("locked").isin({"yes"})
    walls = barrier.isin(WALLS) | (gates & locked)
    free = barrier.isin(OPEN_PLACES) | (gates & ~locked)
    free |= barrier.isin({"bollard"}) & case.read("bollard").isin(RISING)
    if profile.movement == "foot" and not profile.width_m:
        return ~walls
    gap = np.minimum(*(parsed(case.read(key), metres) for key in ("maxwidth", "maxwidth:physical")))
    usual = figure("gap", "bollard") if profile.movement == "foot" else 0.0
    gap = np.where(np.isfinite(gap), gap, np.where(barrier.isin(FOR_WALKERS), 0.0, usual))
    passes: Bools = free | (~walls & (gap >= profile.width_m))
    return passes


def _small_enough(case: Case) -> Bools:
    """Return where the vehicle stays below the limits on the node."""
    fit = np.ones(case.size, bool)
    bar = case.read("barrier").isin({"height_restrictor"})
    for limit in LIMITS:
        size = getattr(case.profile, limit.dimension)
        column = case.tag(limit.key)
        if size and len(column.values) > 1:
            bound = stated(column, limit)
            fit &= ~(bound < size)
            bar &= np.isnan(bound) if limit.dimension == "height_m" else True
    return fit & ~bar if figure("height", "height_restrictor") < case.profile.height_m else fit


def _water(case: Case) -> Bools:
    """Return where water stops the profile."""
    ford, wheels = case.read("ford"), case.profile.width_m > 0
    stopped: Bools = ford.isin(BOAT) | (ford.isin(STONES) & wheels)
    return stopped


def applies(restrictions: Restrictions, profile: VehicleProfile, moment: Moment | None = None) -> Bools:
    """Return which turn restrictions bind a profile at a moment.

    Parameters
    ----------
    moment
        When; without one, restrictions by day and hour do not bind.
    """
    general = profile.movement == "drive"
    meant = np.array([_is_meant(key, profile, general=general) for key in restrictions.key.values], bool)
    exempt = np.array([bool(profile.kinds & set(parts(value))) for value in restrictions.exempt.values], bool)
    then = np.array([holds(terms(when), profile, moment) for when in restrictions.when.values], bool)
    binding: Bools = meant[restrictions.key.codes] & then[restrictions.when.codes]
    binding &= ~exempt[restrictions.exempt.codes]
    return binding


def _is_meant(key: str, profile: VehicleProfile, *, general: bool) -> bool:
    """Return whether a tag such as "restriction:hgv" speaks of a profile."""
    _, named, kind = key.partition(":")
    return kind in profile.kinds if named else general and bool(key)
