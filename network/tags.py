"""What the tags of a street mean for one profile: usable, which way, to serve only, how fast.

Rules, in this order, after the OpenStreetMap wiki's pages Key:access, Key:oneway and Key:maxspeed:

* *Class*: a highway class without a speed in the profile is not used; ``by_permission`` classes only where
  a key of the profile's own allows it; ``motorroad=yes`` is closed to those that are not allowed on
  motorways.
* *Access*: the most specific key that carries a known value decides (``hgv`` before ``motor_vehicle`` before
  ``vehicle`` before ``access``); among several values in one tag the most generous. Values nobody knows are
  ignored. Conditional keys (``access:conditional``) are not read.
* *Serve only*: ``private``, ``destination``, ``delivery``, ``customers``: the vehicle may enter and pass, at
  ``serve_factor`` of the speed, so that a way through stays possible but is taken only where it saves much. A
  strict "no way through" needs states, which a node graph does not have.
* *Size*: closed where ``maxwidth``, ``width``, ``est_width``, ``maxheight``, ``maxweight`` or
  ``maxweightrating`` is less than the vehicle; what cannot be parsed is ignored.
* *One way*: ``oneway:<key>`` of the profile's own keys before ``oneway``; roundabouts and motorways are
  one-way unless tagged otherwise; ``reversible`` closes both directions. On foot only ``oneway:foot``
  counts.
* *Speed*: the lowest of class, ``maxspeed`` (of both directions, where only they are given), surface,
  smoothness and tracktype caps and the profile's own cap. A cap of 0 closes the street.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from network.conditional import Moment
from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from network.values import capped, kmh, metres, parsed, parts, tonnes

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


class SpeedSource(IntEnum):
    """What set the speed of a segment."""

    CLASS = 0
    MAXSPEED = 1
    SURFACE = 2
    SMOOTHNESS = 3
    TRACKTYPE = 4
    PROFILE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Usability:
    """What one profile may do on each segment; arrays aligned with the segments of the network.

    Parameters
    ----------
    forward, backward
        Usable in the direction it was mapped, and against it.
    serve_only
        Usable, but let in to serve only; the speed already carries the profile's ``serve_factor``.
    forward_kmh, backward_kmh
        Speed in the direction it was mapped, and against it; 0 where it is not usable that way.
    speed_source
        :class:`SpeedSource` codes: which rule set the speed of the faster direction (before the serve factor).
    """

    forward: Bools
    backward: Bools
    serve_only: Bools
    forward_kmh: Floats
    backward_kmh: Floats
    speed_source: NDArray[np.int8]

    def __post_init__(self) -> None:
        for name in self.__slots__:
            getattr(self, name).setflags(write=False)

    @property
    def speed_kmh(self) -> Floats:
        """The higher speed of the two directions; 0 where it is not usable in any."""
        return np.maximum(self.forward_kmh, self.backward_kmh)


def usable(network: StreetNetwork, profile: VehicleProfile, moment: Moment | None = None) -> Usability:
    """Return which segments the profile may use, which way, and how fast (km/h).

    Parameters
    ----------
    moment
        When; without one, conditions on day and hour do not hold.
    """
    del moment  # nothing depends on it yet
    allowed, serve = _access(network, profile)
    speed, source = _speed(network, profile)
    open_ = (allowed | serve) & (speed > 0) & _fits(network, profile)
    along, against = _directions(network, profile)
    forward, backward = open_ & along, open_ & against
    used = forward | backward
    serve &= used
    speed = np.where(serve, speed * profile.serve_factor, speed)
    return Usability(
        forward=forward,
        backward=backward,
        serve_only=serve,
        forward_kmh=np.where(forward, speed, 0.0),
        backward_kmh=np.where(backward, speed, 0.0),
        speed_source=source,
    )


REFUSED = frozenset(
    {"no", "psv", "bus", "agricultural", "forestry", "emergency", "military", "use_sidepath", "dismount"}
)
_UNKNOWN, _REFUSED, _SERVE, _ALLOWED = 0, 1, 2, 3


def _verdict(value: str, profile: VehicleProfile) -> int:
    """Return the most generous verdict among the values of one access tag."""
    known = dict.fromkeys(REFUSED, _REFUSED) | dict.fromkeys(profile.serve, _SERVE)
    known |= dict.fromkeys(profile.allowed, _ALLOWED)
    return max((known.get(part, _UNKNOWN) for part in parts(value)), default=_UNKNOWN)


def _access(network: StreetNetwork, profile: VehicleProfile) -> tuple[Bools, Bools]:
    """Return where the profile is let through, and where it is let in to serve only."""
    verdict = np.zeros(network.segments, np.int8)
    own = np.zeros(network.segments, np.int8)  # of the profile's own keys, without the general `access`
    for key in profile.access_keys:
        column = network.tag(key)
        found = np.array([_verdict(value, profile) for value in column.values], np.int8)[column.codes]
        verdict = np.where(verdict == _UNKNOWN, found, verdict)
        if key != "access":
            own = verdict
    highway = network.tag("highway")
    shut = highway.isin(profile.by_permission) & (own < _SERVE)
    if "motorway" not in profile.speed_kmh:
        shut |= network.tag("motorroad").isin({"yes"})
    allowed = ~shut & ((verdict == _ALLOWED) | (verdict == _UNKNOWN))
    return allowed, ~shut & (verdict == _SERVE)


FORWARD_ONLY = frozenset({"yes", "true", "1"})
BACKWARD_ONLY = frozenset({"-1", "reverse"})
BOTH_WAYS = frozenset({"no", "false", "0", "alternating"})
NEITHER_WAY = frozenset({"reversible"})
ROUND = frozenset({"roundabout", "circular"})
MOTORWAY = frozenset({"motorway", "motorway_link"})


def _directions(network: StreetNetwork, profile: VehicleProfile) -> tuple[Bools, Bools]:
    """Return whether the profile may go along and against the direction each segment was mapped in."""
    along, against = np.ones(network.segments, bool), np.ones(network.segments, bool)
    decided = np.zeros(network.segments, bool)
    keys = [f"oneway:{key}" for key in profile.access_keys if key != "access"]
    for key in keys if profile.movement == "foot" else [*keys, "oneway"]:
        column = network.tag(key)
        forward, backward = column.isin(FORWARD_ONLY), column.isin(BACKWARD_ONLY)
        neither = column.isin(NEITHER_WAY)
        said = (forward | backward | neither | column.isin(BOTH_WAYS)) & ~decided
        along &= ~(said & (backward | neither))
        against &= ~(said & (forward | neither))
        decided |= said
    if profile.movement == "drive":
        implied = network.tag("junction").isin(ROUND) | network.tag("highway").isin(MOTORWAY)
        against &= decided | ~implied
    return along, against


def _speed(network: StreetNetwork, profile: VehicleProfile) -> tuple[Floats, NDArray[np.int8]]:
    """Return km/h by segment, 0 where the class or a cap closes it, and the rule that set it."""
    speed = network.tag("highway").map(profile.speed_kmh, 0.0)
    source = np.full(network.segments, SpeedSource.CLASS, np.int8)
    limits = [
        (SpeedSource.MAXSPEED, _maxspeed(network, profile)),
        (SpeedSource.SURFACE, capped(network.tag("surface"), profile.surface_kmh)),
        (SpeedSource.SMOOTHNESS, capped(network.tag("smoothness"), profile.smoothness_kmh)),
        (SpeedSource.TRACKTYPE, capped(network.tag("tracktype"), profile.tracktype_kmh)),
        (SpeedSource.PROFILE, np.full(network.segments, profile.kmh_cap)),
    ]
    for code, limit in limits:
        lower = limit < speed
        speed = np.where(lower, limit, speed)
        source[lower] = code
    return speed, source


def _maxspeed(network: StreetNetwork, profile: VehicleProfile) -> Floats:
    """Return the signed limit in km/h, infinite where there is none that binds."""
    limit = np.full(network.segments, np.inf)
    if not profile.heeds_maxspeed:
        return limit
    for key in (*(f"maxspeed:{key}" for key in profile.access_keys if key != "access"), "maxspeed"):
        limit = np.where(np.isfinite(limit), limit, parsed(network.tag(key), kmh))
    each_way = [parsed(network.tag(f"maxspeed:{way}"), kmh) for way in ("forward", "backward")]
    return np.where(np.isfinite(limit), limit, np.minimum(*each_way))


def _fits(network: StreetNetwork, profile: VehicleProfile) -> Bools:
    """Return whether the vehicle is narrow, low and light enough."""
    width = np.minimum(parsed(network.tag("maxwidth"), metres), _street_width(network))
    height = parsed(network.tag("maxheight"), metres)
    weight = np.minimum(parsed(network.tag("maxweight"), tonnes), parsed(network.tag("maxweightrating"), tonnes))
    fits: Bools = (width >= profile.width_m) & (height >= profile.height_m) & (weight >= profile.weight_t)
    return fits


def _street_width(network: StreetNetwork) -> Floats:
    """Return the width of the street in metres, as measured or else as estimated; infinite where unknown."""
    measured = parsed(network.tag("width"), metres)
    return np.where(np.isfinite(measured), measured, parsed(network.tag("est_width"), metres))
