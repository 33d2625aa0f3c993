"""What the tags of a street mean for one profile: usable, which way, to serve only, how fast.

Rules, in this order, after the OpenStreetMap wiki's pages Key:access, Key:oneway, Key:maxspeed, Key:incline and
Conditional restrictions; docs/streets.md tells them to planners, with where each figure comes from. Every key that is
asked with its conditions takes the value of ``key:conditional`` where one of its clauses holds
(:mod:`network.conditional`).

* *Class*: a highway class without a speed in the profile is not used; ``by_permission`` classes and
  ``service=emergency_access`` only where a key of the profile's own allows it; ``motorroad=yes`` is closed to those
  that are not allowed on motorways. Ferries are no streets and are never read; tunnels are streets like others.
* *Access* (:mod:`network.access`): the most specific key that carries a known value decides (``hgv`` before
  ``motor_vehicle`` before ``vehicle`` before ``access``; of each, ``hgv:backward`` before ``hgv``); among several
  values in one tag the most generous. Values nobody knows are ignored.
* *Serve only*: ``private``, ``destination``, ``delivery``, ``customers`` …, and what opens under the condition of such
  a purpose only (``no`` with ``yes @ delivery``, ``maxweight=3.5`` with ``none @ destination``): the vehicle may
  enter, at ``serve_factor`` of the speed. That it may not pass needs states (:mod:`network.states`). A street that is
  so in one direction counts so in both.
* *Size* (:mod:`network.limits`): closed where ``maxwidth``, ``maxheight``, their ``:physical``, ``maxlength``,
  ``maxweight``, ``maxweightrating`` or ``maxaxleload`` is less than the loaded vehicle, or the street itself is tagged
  narrower (``width:carriageway``, ``width``, ``est_width``), or, where nothing is tagged, is usually narrower
  (:mod:`network.fill`; no profile of ours is too wide for any). ``maxweight:hgv`` goes before ``maxweight:forward``
  before ``maxweight``. ``none``, ``default`` and the like set no limit; ``below_default`` is given a usual height.
  What cannot be read is ignored and counted (:mod:`network.soft`).
* *One way* (:mod:`network.oneway`): ``oneway:<key>`` of the profile's own keys before ``oneway``; roundabouts
  (``junction=roundabout|circular``) and motorways are one-way unless tagged otherwise; ``reversible`` closes both
  directions until a condition opens one. On foot only ``oneway:foot`` counts.
* *Speed* (:mod:`network.pace`), for each direction of its own: the lowest of class, ``maxspeed`` (``maxspeed:hgv``
  before ``maxspeed``; of each ``:forward`` and ``:backward`` first), caps by surface, smoothness, tracktype and
  ``service``, caps in fords and where floods are known, the profile's own cap, and what its power allows uphill. A cap
  of 0 closes the street. Tracks and paths of unknown surface count as ``ground``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.access import let_in
from network.case import BACKWARD, FORWARD, Case, on_streets
from network.conditional import Moment
from network.limits import fits
from network.oneway import BACKWARD_ONLY, BOTH_WAYS, FORWARD_ONLY, MOTORWAY, NEITHER_WAY, ROUND, directions
from network.pace import SpeedSource, pace
from network.profiles import VehicleProfile
from network.streets import StreetNetwork

__all__ = [
    "BACKWARD_ONLY",
    "BOTH_WAYS",
    "FORWARD_ONLY",
    "MOTORWAY",
    "NEITHER_WAY",
    "ROUND",
    "SpeedSource",
    "Usability",
    "decide",
    "usable",
]

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


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
    return decide(on_streets(network, profile, moment))


def decide(case: Case) -> Usability:
    """Return what a profile may do at a moment."""
    may, serve, kmh = {}, {}, {}
    access, size, speed = let_in(case), fits(case), pace(case)
    one_way = dict(zip((FORWARD, BACKWARD), directions(case), strict=True))
    for way, right_way in one_way.items():
        (through, let), (fit, serving) = access[way], size[way]
        kmh[way] = speed[way].kmh
        may[way] = (through | let) & fit & right_way & (kmh[way] > 0)
        serve[way] = may[way] & (let | serving)
    serve_only = serve[FORWARD] | serve[BACKWARD]
    held_up = np.where(serve_only, case.profile.serve_factor, 1.0)
    for way in one_way:
        kmh[way] = np.where(may[way], kmh[way] * held_up, 0.0)
    faster_back = kmh[BACKWARD] > kmh[FORWARD]
    return Usability(
        forward=may[FORWARD],
        backward=may[BACKWARD],
        serve_only=serve_only,
        forward_kmh=kmh[FORWARD],
        backward_kmh=kmh[BACKWARD],
        speed_source=np.where(faster_back, speed[BACKWARD].source, speed[FORWARD].source),
    )
