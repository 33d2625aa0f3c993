"""Ways along the junctions of a drawn network, as a driver would tell them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from network.crossroads import crossroads
from network.instructions import Driven, Step, steps
from tests.network.drawing import Point, Street, draw


class Town:
    """A drawn network whose junctions are called by letters; streets are two-way unless tagged oneway=yes."""

    def __init__(self, junctions: Mapping[str, Point], streets: Sequence[Street], *, left_hand: bool = False) -> None:
        drawn = draw(junctions, streets)
        self.network = replace(drawn, left_hand=left_hand)
        self.letters = list(junctions)
        network = self.network
        self.tails = np.stack([network.tail, network.head], axis=-1).ravel()
        self.heads = np.stack([network.head, network.tail], axis=-1).ravel()
        self.may = np.ones(2 * network.segments, bool)
        self.may[1::2] = ~network.tag("oneway").isin({"yes"})
        self.cross = crossroads(network, np.ones(network.segments, bool))

    def directed(self, way: str) -> list[int]:
        """Return the directed segments of a way written as letters, the first that fits for each pair."""
        found = []
        for a, b in pairwise(way):
            ends = self.letters.index(a), self.letters.index(b)
            fits = (self.tails == ends[0]) & (self.heads == ends[1]) & self.may
            found.append(int(np.flatnonzero(fits)[0]))
        return found

    def driven(self, way: str) -> Driven:
        directed = self.directed(way)
        network = self.network
        arms = [np.flatnonzero((self.tails == self.heads[d]) & self.may).astype(np.int32) for d in directed[:-1]]
        dm = np.round(network.length_m[np.array(directed) >> 1] * 10).astype(np.int64)
        ends = [self.letters.index(way[0]), self.letters.index(way[-1])]
        return Driven(
            directed=np.array(directed, np.int32),
            ms=dm * 7,
            dm=dm,
            turn_ms=np.arange(1, len(directed), dtype=np.int64) * 1000,
            open_start=np.concatenate([[0], np.cumsum([len(a) for a in arms])]).astype(np.int64),
            open_arms=np.concatenate([*arms, np.zeros(0, np.int32)]).astype(np.int32),
            point=np.arange(len(directed) + 1, dtype=np.int64),
            ends=np.stack([network.junction_lon[ends], network.junction_lat[ends]], axis=-1),
            bearings=(float(self.cross.bearing[directed[0]]), float(self.cross.bearing[directed[-1] ^ 1] + 180) % 360),
            side="right",
        )

    def steps(self, way: str) -> tuple[Step, ...]:
        return steps(self.cross, self.driven(way))

    def told(self, way: str) -> list[str]:
        """Return the steps between start and end as words."""
        return [
            f"{s.kind}|{s.modifier}|{s.name}{'' if s.exit is None else f'|{s.exit}'}" for s in self.steps(way)[1:-1]
        ]
