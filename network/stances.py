"""How a vehicle stands at a place: in which direction of its street, at the near kerb or either one.

The near side of a street is the one traffic keeps to: a bin there is reached by going the way its kerb lies. Whether a
crew also serves the other side is the place's own rule and, street by street, the profile's (``crosses``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from network.snap import Snapped
from network.turns import kerb as kerb_sides
from network.turns import near_side

if TYPE_CHECKING:
    from network.drive import Drive

Bools = NDArray[np.bool_]
Kerb = Literal["near", "any", "yard"]
MARKS = AHEAD, BACK = ">", "<"  # at the end of the id of a stance; no id of a place is another's with one of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Stances:
    """Ways of standing at places: each one row (a way of leaving) or one column (a way of arriving).

    Parameters
    ----------
    ids
        One for each. A place served from one direction at a time has the stance ``"id>"`` (along the direction its
        street was mapped in), ``"id<"`` (against it), or both; a yard has the one stance ``"id"``.
    place
        Position of the place among those snapped.
    ahead, back
        In which directions of its street it may be left and arrived in. Both in one stance: whoever stops there turns
        round at no cost, as in a yard.
    across
        The place lies at the other kerb: the crew crosses the street. None unless given.
    """

    ids: tuple[str, ...]
    place: NDArray[np.int32]
    ahead: Bools
    back: Bools
    across: Bools = field(default_factory=lambda: np.zeros(0, bool))

    def __post_init__(self) -> None:
        if not len(self.across):
            object.__setattr__(self, "across", np.zeros(len(self.ids), bool))
        if any(len(array) != len(self.ids) for array in (self.place, self.ahead, self.back, self.across)):
            raise ValueError("the arrays of stances differ in length")
        for array in (self.place, self.ahead, self.back, self.across):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of stances."""
        return len(self.ids)

    def at(self, place: int) -> tuple[str, ...]:
        """Return the ids of the stances at one place."""
        return tuple(self.ids[k] for k in np.flatnonzero(self.place == place))


def stances(drive: Drive, snapped: Snapped, ids: Sequence[str], *, kerb: Kerb | Sequence[Kerb] = "any") -> Stances:
    """Return how each place may be stood at.

    A place served from one direction gets a stance only for directions in which it can be arrived at and left again.
    At the near kerb there is one, unless the street cannot be driven that way (a one-way street): then the other,
    across the street. On streets the profile's crew may cross (``crosses``), ``"any"`` gives one for each direction.
    A place on no street, or on one that serves it in no direction, gets the stance ``"id"`` that leads nowhere: its
    row and column are unreachable.

    Parameters
    ----------
    snapped
        Places snapped for the same network and profile.
    ids
        One for each place.
    kerb
        ``"near"``: from its own side of the street only. ``"any"``: from both where the crew may cross. ``"yard"``:
        depots, unloading sites and whoever goes on foot: entered and left in any direction, with room to turn inside.
        One for all places, or one each.

    Raises
    ------
    ValueError
        If ids or kerbs and places differ in number.
    """
    rules = [kerb] * len(snapped) if isinstance(kerb, str) else list(kerb)
    if len(ids) != len(snapped) or len(rules) != len(snapped):
        raise ValueError(f"{len(ids)} ids and {len(rules)} kerbs for {len(snapped)} places")
    rule = np.array(rules, dtype=object)
    yard = (rule == "yard") | (drive.profile.movement == "foot")
    network, served = drive.prepared.network, drive.serving
    near = np.stack(kerb_sides(network, served, snapped.segment, snapped.side), axis=-1)
    either = (rule == "any") & np.append(drive.crossing, False)[snapped.segment]
    kerbside = np.where(either[:, None], _on(snapped, served), near)
    return _listed(ids, yard, np.where(yard[:, None], _on(snapped, drive.usable), kerbside), _far(drive, snapped))


def _on(snapped: Snapped, directed: Bools) -> Bools:
    """Return what holds for the two directions of the streets that places are on; nothing for those on none."""
    padded = np.append(directed, [False, False])  # the last two are for segment -1
    street = 2 * snapped.segment.astype(np.int64)
    return np.stack([padded[street], padded[street + 1]], axis=-1)


def _far(drive: Drive, snapped: Snapped) -> Bools:
    """Return in which directions a place lies at the other kerb."""
    near = near_side(drive.prepared.network, snapped.segment, snapped.side)
    return np.stack([near == 1, near == 0], axis=-1)


def _listed(ids: Sequence[str], yard: Bools, ways: Bools, far: Bools) -> Stances:
    """Put one or two stances to each place, in their order."""
    one = yard | ~ways.any(axis=1)
    place = np.repeat(np.arange(len(ids), dtype=np.int32), np.where(one, 1, ways.sum(axis=1)))
    second = np.flatnonzero(place[1:] == place[:-1]) + 1
    ahead, back = ways[place, 0].copy(), ways[place, 1].copy()
    back[second - 1] = False  # the first of two looks ahead, the second one back
    ahead[second] = False
    one = one[place]
    mark = np.where(one, "", np.where(ahead, AHEAD, BACK))
    return Stances(
        ids=tuple(f"{ids[k]}{sign}" for k, sign in zip(place.tolist(), mark, strict=True)),
        place=place,
        ahead=ahead,
        back=back,
        across=~one & np.where(ahead, far[place, 0], far[place, 1]),
    )
