"""Kerbside streets on the ground: where they lie in the network, and how each profile may run along them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from network.drive import Drive
from network.fill import widths
from network.lines import along_lines
from network.parts import Pieces
from network.roadsides import Runs, Ways, ends, names, runs, standing
from network.snap import Snapped
from network.stances import Stances
from network.streets import StreetNetwork
from scenarios.kerbside.fleet import QUIET
from scenarios.model.kerbside import FACING, KerbsideStreet, Side

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Stands:
    """Stretches of kerbside streets as the profiles of a fleet meet them.

    Parameters
    ----------
    position
        Stretch -> its position in all arrays.
    pieces
        Where each stretch lies.
    length_m, width_m, quiet
        Its metres; its width where it is widest; whether all of it is of a quiet class.
    runs
        Profile -> how it may run along each stretch.
    ways
        Ways of serving that have rows and columns in the travel: for everybody, or for those who serve the far side.
    ids
        Their ids.
    plain, far
        Position of the way of each stretch and direction (columns: ahead, back) for the near and for the far side, -1
        for none.
    """

    network: StreetNetwork
    position: Mapping[str, int]
    pieces: Pieces
    length_m: Floats
    width_m: Floats
    quiet: Bools
    runs: Mapping[str, Runs]
    ways: Ways
    ids: tuple[str, ...]
    plain: Ints
    far: Ints

    @cached_property
    def can(self) -> Bools:
        """Whether some profile can run along each stretch in each direction."""
        found: Bools = np.any([run.open_ for run in self.runs.values()], axis=0)
        return found

    @cached_property
    def way_of(self) -> dict[str, int]:
        """Id of a way -> its position."""
        return {id_: k for k, id_ in enumerate(self.ids)}

    @cached_property
    def lines(self) -> list[Floats]:
        """The line of each stretch in its own direction, lon and lat rows."""
        pieces = self.pieces
        points, start = along_lines(self.network, pieces.directed >> 1, pieces.from_m, pieces.to_m)
        return [points[a:b] for a, b in pairwise(start[pieces.start].tolist())]

    def places(self) -> Snapped:
        """Return the ends of all stretches as places on the streets."""
        return ends(self.network, self.pieces)

    def stances(self, profile: str, first_place: int) -> tuple[Stances, Stances]:
        """Return the rows and the columns of a profile."""
        run = self.runs[profile]
        part, back = self.ways.part, self.ways.back.astype(np.int64)
        may = run.open_[part, back] & (~self.ways.far | beyond(run)[part, back])
        return standing(self.pieces, self.ways, self.ids, may, first_place)


def directions(stands: Stands, street: KerbsideStreet) -> Iterator[tuple[int, bool, int]]:
    """Yield how some profile serves a side: direction (0 ahead, 1 back), whether across the street, and the way.

    Both sides of a street at once are across the street for half of the work.
    """
    k = stands.position[street.stretch]
    near = Side.LEFT if stands.network.left_hand else Side.RIGHT
    for back, by in enumerate((near, FACING[near])):
        far = street.side is not by
        way = int(stands.far[k, back] if far else stands.plain[k, back])
        if way >= 0 and stands.can[k, back]:
            yield back, far, way


def beyond(run: Runs) -> Bools:
    """Return in which directions a profile serves the far side of a stretch as well."""
    return run.one_way | run.crossing[:, None]


def stands(network: StreetNetwork, streets: Sequence[KerbsideStreet], drives: Mapping[str, Drive]) -> Stands:
    """Find kerbside streets in a network, and how they can be run along.

    Raises
    ------
    ValueError
        If a piece is not in this network: streets of another extract are matched first (``rematch``).
    """
    first = {street.stretch: street for street in reversed(streets)}
    known = {stretch: k for k, stretch in enumerate(dict.fromkeys(street.stretch for street in streets))}
    found = locate(network, [first[stretch] for stretch in known])
    each = {name: runs(drive, found) for name, drive in drives.items()}
    metres = np.abs(found.to_m - found.from_m)
    width = widths(network.tag).metres[found.directed >> 1]
    quiet = network.tag("highway").isin(QUIET)[found.directed >> 1]
    low = found.start[:-1]
    plain, far, ways = _ways(each, len(known))
    return Stands(
        network=network,
        position=known,
        pieces=found,
        length_m=np.add.reduceat(metres, low) if known else np.zeros(0),
        width_m=np.maximum.reduceat(width, low) if known else np.zeros(0),
        quiet=np.logical_and.reduceat(quiet, low) if known else np.zeros(0, bool),
        runs=each,
        ways=ways,
        ids=names(ways, tuple(known)),
        plain=plain,
        far=far,
    )


def locate(network: StreetNetwork, streets: Sequence[KerbsideStreet]) -> Pieces:
    """Return the pieces of streets as pieces of directed segments.

    Raises
    ------
    ValueError
        If one is not in this network.
    """
    every = [piece for street in streets for piece in street.pieces]
    start = np.cumsum([0, *(len(street.pieces) for street in streets)]).astype(np.int64)
    wanted = np.array([(p.way, p.tail, p.head) for p in every], np.int64).reshape(-1, 3)
    there = np.stack(
        [network.way_id, network.junction_id[network.tail], network.junction_id[network.head]], axis=-1
    ).astype(np.int64)
    number = np.unique(np.concatenate([there, wanted]), axis=0, return_inverse=True)[1].ravel()
    order = np.argsort(number[: len(there)], kind="stable")
    at = np.searchsorted(number[order], number[len(there) :])
    segment = order[np.minimum(at, len(order) - 1)]
    if (missing := np.flatnonzero(number[segment] != number[len(there) :])).size:
        piece = every[missing[0]]
        raise ValueError(f"there is no street {piece.way}:{piece.tail}-{piece.head} in {network.source}")
    from_m = np.array([p.from_m for p in every], np.float64)
    to_m = np.array([p.to_m for p in every], np.float64)
    return Pieces(start=start, directed=2 * segment + (to_m < from_m), from_m=from_m, to_m=to_m)


def _ways(each: Mapping[str, Runs], stretches: int) -> tuple[Ints, Ints, Ways]:
    """Return the ways for the near and the far side: one for both where all profiles serve both alike.

    Where no profile can run along a stretch at all, one way ahead stays, which leads nowhere.
    """
    can = np.zeros((stretches, 2), bool)
    some, every = np.zeros_like(can), np.ones_like(can)
    for run in each.values():
        can |= run.open_
        some |= run.open_ & beyond(run)
        every &= ~run.open_ | beyond(run)
    can[~can.any(axis=1), 0] = True
    apart = some & ~every
    plain, far = np.full((stretches, 2), -1, np.int64), np.full((stretches, 2), -1, np.int64)
    one, two = np.argwhere(can), np.argwhere(apart)
    plain[can] = np.arange(len(one))
    far[some & every] = plain[some & every]
    far[apart] = len(one) + np.arange(len(two))
    both = np.concatenate([one, two])
    ways = Ways(
        part=both[:, 0].astype(np.int64),
        back=both[:, 1].astype(bool),
        far=np.arange(len(both)) >= len(one),
    )
    return plain, far, ways
