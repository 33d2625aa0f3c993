"""Ways and nodes on their way from a file into arrays."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field

import numpy as np
from osmium.osm import Node, Way

from network.assemble import Alias, Ways
from network.keys import CLASSES, NODE_KEYS, NODE_MARKS, NOT_BUILT, node_tag_matters
from network.nodes import Nodes
from network.streets import Box
from network.tagging import Vocabulary


def no_street(way: Way) -> str:
    """Return why a way is no street, ``""`` if it is one, ``"route"`` if it was never meant to be one."""
    tags = way.tags
    highway = tags.get("highway")
    if tags.get("route") == "ferry":
        return "ferry"
    if highway not in CLASSES:
        return "route" if highway is None else "not-built" if highway in NOT_BUILT else "no-usable-tags"
    if tags.get("area") == "yes":
        return "area"
    return "too-few-nodes" if len(way.nodes) < 2 else ""


class Batch:
    """Ways with the tags that are read."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.way_id, self.ref = array("q"), array("q")
        self.size, self.x, self.y = array("i"), array("i"), array("i")
        self.tags, self.tag = array("i"), array("i")  # of each way, how many; their numbers

    def add(self, way: Way) -> None:
        """Append a way with its nodes and its tags."""
        nodes = list(way.nodes)
        self.ref.extend([node.ref for node in nodes])
        places = [node.location for node in nodes]
        self.x.extend([place.x for place in places])
        self.y.extend([place.y for place in places])
        known, learn = self.vocabulary.numbers.get, self.vocabulary.learn
        tags = [known(tag) or learn(tag) for tag in way.tags]
        self.tag.extend(tags)
        self.tags.append(len(tags))
        self.way_id.append(way.id)
        self.size.append(len(nodes))

    def ways(self) -> Ways:
        """Return what was gathered."""
        way, key, value = self.vocabulary.rows(self.tag, self.tags)
        return Ways(
            way_id=np.array(self.way_id, np.int64),
            way=np.arange(len(self.way_id), dtype=np.int32),
            start=np.concatenate([[0], np.cumsum(np.array(self.size, np.int64))]),
            ref=np.array(self.ref, np.int64),
            x=np.array(self.x, np.int32),
            y=np.array(self.y, np.int32),
            tag_way=way,
            tag_key=key,
            tag_value=value,
        )


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
