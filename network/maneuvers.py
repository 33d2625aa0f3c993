"""What a driver does at a junction, in OSRM's words: turn, new name, continue, merge, ramps, fork, end of road.

After the guidance of OSRM 26 (its ``docs/http.md``, StepManeuver, and the angles of ``getTurnDirection``), reduced to
what the streets of one network tell. A driver is told nothing where there is nothing to decide: where no other street
may be entered, or where the street goes on straight under its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from network.crossroads import Crossroads

Kind = Literal[
    "depart", "turn", "new name", "continue", "merge", "on ramp", "off ramp", "fork", "end of road",
    "roundabout", "rotary", "exit roundabout", "exit rotary", "arrive",
]  # fmt: skip
Modifier = Literal["", "uturn", "sharp right", "right", "slight right", "straight", "slight left", "left", "sharp left"]

STRAIGHT_DEG, SLIGHT_DEG, TURN_DEG = 20.0, 40.0, 120.0  # up to these: straight, slight, turn; beyond: sharp
U_TURN_DEG = 179.0
CLEAR_DEG = 20.0  # a street this much straighter than every other is the one that goes on
FORK_DEG = 45.0  # streets no farther than this from straight on are ahead
LANE = 1  # classes of this rank or lower do not compete with streets
SQUARE_DEG = (50.0, 130.0)  # the arms of a T lie between these


class Maneuver(NamedTuple):
    """A word of OSRM's and its modifier."""

    kind: Kind
    modifier: Modifier


def modifier(turn_deg: float) -> Modifier:
    """Return OSRM's word for an angle (above 0: to the left)."""
    size = abs(turn_deg)
    if size <= STRAIGHT_DEG:
        return "straight"
    if size >= U_TURN_DEG:
        return "uturn"
    left = turn_deg > 0
    if size <= SLIGHT_DEG:
        return "slight left" if left else "slight right"
    if size <= TURN_DEG:
        return "left" if left else "right"
    return "sharp left" if left else "sharp right"


def maneuver(
    cross: Crossroads, driven: int, onward: int, open_arms: Sequence[int], street: str, next_street: str
) -> Maneuver | None:
    """Return what a driver coming along ``driven`` does to go ``onward``; ``None`` where nothing need be said.

    Parameters
    ----------
    cross
        The junctions as this driver sees them.
    driven, onward
        Directed segments, one ending where the other starts; none on a roundabout.
    open_arms
        Directed segments that may be entered coming along ``driven``, ``onward`` among them.
    street, next_street
        The name the driver is following, and that of ``onward`` (``""``: none).
    """
    if onward == driven ^ 1:
        return Maneuver("continue", "uturn")
    angle = cross.turn_deg(driven, onward)
    ramps = _ramps(cross, driven, onward, angle, alone=len(open_arms) <= 1)
    if ramps:
        return ramps
    others = [arm for arm in open_arms if arm not in (onward, driven ^ 1)]
    renamed = bool(next_street) and next_street != street
    if not others or _goes_on(cross, driven, onward, others, angle):
        return Maneuver("new name", modifier(angle)) if renamed else None
    fork = _fork(cross, driven, others, angle)
    if fork:
        return Maneuver("fork", fork)
    if _end_of_road(cross, driven, onward, angle):
        return Maneuver("end of road", modifier(angle))
    return Maneuver("continue" if next_street and not renamed else "turn", modifier(angle))


def _ramps(cross: Crossroads, driven: int, onward: int, angle: float, *, alone: bool) -> Maneuver | None:
    """Return what is done on to, off, and from ramps."""
    before, after = driven >> 1, onward >> 1
    leaning: Modifier = modifier(angle)
    if leaning == "straight":
        leaning = "slight left" if angle >= 0 else "slight right"
    if cross.ramp[before] and cross.fast[after]:
        return Maneuver("merge", _merging(cross, driven, onward) or leaning)
    if cross.ramp[after] and not cross.ramp[before] and not alone:
        return Maneuver("off ramp" if cross.fast[before] else "on ramp", leaning)
    return None


def _merging(cross: Crossroads, driven: int, onward: int) -> Modifier | None:
    """Return to which side of the ramp the traffic runs that it joins."""
    main = [arm for arm in cross.arms(cross.end(driven)) if cross.fast[arm >> 1] and arm != onward]
    if not main:
        return None
    aside = 180.0 - (180.0 - float(cross.bearing[driven ^ 1] - cross.bearing[main[0]])) % 360.0
    return "slight left" if aside < 0 else "slight right"


def _goes_on(cross: Crossroads, driven: int, onward: int, others: Sequence[int], angle: float) -> bool:
    """Tell whether a driver who is told nothing goes on this way: clearly the straightest, lanes and ramps apart."""
    if abs(angle) > SLIGHT_DEG:
        return False
    before, after = driven >> 1, onward >> 1
    on_street = min(cross.rank[before], cross.rank[after]) > LANE
    on_main = cross.fast[before] and cross.fast[after]
    rivals = [
        arm
        for arm in others
        if not ((on_street and cross.rank[arm >> 1] <= LANE) or (on_main and cross.ramp[arm >> 1]))
    ]
    return all(abs(cross.turn_deg(driven, arm)) > abs(angle) + CLEAR_DEG for arm in rivals)


def _fork(cross: Crossroads, driven: int, others: Sequence[int], angle: float) -> Modifier | None:
    """Return which branch of a fork is taken, if several streets lie ahead."""
    rivals = [turn for turn in (cross.turn_deg(driven, arm) for arm in others) if abs(turn) <= FORK_DEG]
    if abs(angle) > FORK_DEG or not rivals:
        return None
    if max(rivals) < angle:
        return "slight left"
    return "slight right" if min(rivals) > angle else "straight"


def _end_of_road(cross: Crossroads, driven: int, onward: int, angle: float) -> bool:
    """Tell whether the street ends at another that runs across, to both sides."""
    across = [arm for arm in cross.arms(cross.end(driven)) if arm not in (driven ^ 1, onward)]
    if len(across) != 1:
        return False
    other = cross.turn_deg(driven, across[0])
    low, high = SQUARE_DEG
    return low <= abs(angle) <= high and low <= abs(other) <= high and angle * other < 0
