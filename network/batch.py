"""Which ways of a file are streets, and which of its nodes matter."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from osmium.osm import Node

from network.assemble import Alias, Ways
from network.keys import CLASSES, NODE_KEYS, NODE_MARKS, NOT_BUILT, node_tag_matters
from network.nodes import Nodes
from network.streets import Box
from network.tagging import Vocabulary

REASONS = ("", "route", "ferry", "no-usable-tags", "not-built", "area", "too-few-nodes")
_STREET, _ROUTE, _FERRY, _UNUSABLE, _NOT_BUILT, _AREA, _SHORT = range(len(REASONS))


def street_tag_matters(key: str, value: str) -> bool:
    """Return whether a tag of a way is read: of two keys only what makes the way no street."""
    return {"route": value == "ferry", "area": value == "yes"}.get(key, True)


def no_streets(ways: Ways, vocabulary: Vocabulary) -> NDArray[np.int8]:
    """Return why each way is no street, as a position in :data:`REASONS`; ``route`` was never meant to be one."""
    verdicts = {
        **dict.fromkeys(vocabulary.values["highway"], _UNUSABLE),
        **dict.fromkeys(NOT_BUILT, _NOT_BUILT),
        **dict.fromkeys(CLASSES, _STREET),
    }
    highway = _of_ways(ways, vocabulary, "highway")
    reason = np.array([_ROUTE, *(verdicts[value] for value in vocabulary.values["highway"])], np.int8)[highway]
    street = reason == _STREET
    reason[street & (np.diff(ways.start) < 2)] = _SHORT
    reason[street & (_of_ways(ways, vocabulary, "area") > 0)] = _AREA
    reason[_of_ways(ways, vocabulary, "route") > 0] = _FERRY
    return reason


def _of_ways(ways: Ways, vocabulary: Vocabulary, key: str) -> NDArray[np.int32]:
    """Return the code of a key's value for each way."""
    codes = np.zeros(len(ways.way_id), np.int32)
    mine = ways.tag_key == vocabulary.position[key]
    codes[ways.tag_way[mine]] = ways.tag_value[mine]
    return codes


@dataclass(slots=True)
class TaggedNodes:
    """Nodes with the tags that are read, if they lie within bounds."""

    bounds: Box | None = None
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary(NODE_KEYS, node_tag_matters))
    ref: array[int] = field(default_factory=lambda: array("q"))
    tags: array[int] = field(default_factory=lambda: array("i"))
    tag: array[int] = field(default_factory=lambda: array("i"))

    def add(self, node: Node) -> None:
        """Append a node if one of its tags says that it matters."""
        known, learn = self.vocabulary.numbers.get, self.vocabulary.learn
        tags = [known(tag) or learn(tag) for tag in node.tags]
        marks, key = len(NODE_MARKS), self.vocabulary.key
        if not any(number and key[number] < marks for number in tags):
            return
        if self.bounds:
            place = node.location
            west, south, east, north = self.bounds
            if not (place.valid() and west <= place.lon <= east and south <= place.lat <= north):
                return
        self.ref.append(node.id)
        self.tag.extend(tags)
        self.tags.append(len(tags))

    def nodes(self, alias: Alias) -> Nodes:
        """Return the nodes by the names they go by."""
        node, key, value = self.vocabulary.rows(self.tag, self.tags)
        ref = alias.of(np.array(self.ref, np.int64))
        return Nodes(ref=ref, tag_node=node, tag_key=key, tag_value=value, codes=self.vocabulary.values)
