"""Small networks with rules of the road; junctions are called a, b, c … in the order they are given."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import numpy as np

from network.restrictions import Restrictions
from network.streets import StreetNetwork
from tests.network.drawing import Point, Street, column, draw

CROSS: Mapping[str, Point] = {"a": (0, 0), "b": (-100, 0), "c": (100, 0), "d": (0, 100), "e": (0, -100)}
ARMS: Sequence[Street] = [("b", "a"), ("a", "c"), ("a", "d"), ("e", "a")]  # west, east, north, south


def town(
    junctions: Mapping[str, Point],
    streets: Sequence[Street],
    rules: Sequence[tuple[str, str]] = (),
    nodes: Mapping[str, Mapping[str, str]] | None = None,
    *,
    left_hand: bool = False,
) -> StreetNetwork:
    """Return a drawn network; a rule is what it says and the junctions driven ("no_left_turn", "bad")."""
    network = draw(junctions, streets)
    tags = [(nodes or {}).get(letter, {}) for letter in junctions]
    keys = sorted(set().union(*tags))
    said = [words(text) for text, _ in rules]
    return replace(
        network,
        left_hand=left_hand,
        junction_tags={key: column([tag.get(key, "") for tag in tags]) for key in keys},
        restrictions=restrictions(
            [(kind, directed(network, way)) for (kind, _), (_, way) in zip(said, rules, strict=True)], said
        ),
    )


def words(text: str) -> tuple[str, Mapping[str, str]]:
    """Split "no_left_turn key=restriction:hgv"."""
    kind, *rest = text.split()
    return kind, dict(word.split("=", 1) for word in rest)


def restrictions(
    paths: Sequence[tuple[str, Sequence[int]]], said: Sequence[tuple[str, Mapping[str, str]]] = ()
) -> Restrictions:
    more = [tags for _, tags in said] or [{}] * len(paths)
    return Restrictions(
        start=np.cumsum([0, *(len(path) for _, path in paths)], dtype=np.int64),
        path=np.array([d for _, path in paths for d in path], np.int32),
        kind=column([kind for kind, _ in paths]),
        key=column([tags.get("key", "restriction") for tags in more]),
        when=column([tags.get("when", "") for tags in more]),
        exempt=column([tags.get("except", "") for tags in more]),
        relation_id=np.arange(len(paths), dtype=np.int64),
    )


def directed(network: StreetNetwork, way: str) -> list[int]:
    """Return the directed segments between junctions, the first street that joins each pair."""
    ends = np.stack([np.stack([network.tail, network.head], axis=-1), np.stack([network.head, network.tail], axis=-1)])
    ends = ends.transpose(1, 0, 2).reshape(-1, 2)
    return [
        int(np.flatnonzero((ends == [ord(a) - ord("a"), ord(b) - ord("a")]).all(axis=1))[0]) for a, b in pairwise(way)
    ]
