"""The streets of one profile as a graph of whole decimetres, with places standing in it as nodes; turns do not count.

For who is near what (:mod:`network.walking`). Times, turns and kerbs are those of states (:mod:`network.states`).

A segment of length l m is round(10 l) dm long, and a place at a metres from the tail stands at round(10 a) dm. Hence
pieces add up to their segment exactly, places at one position are one node, and a place at an end is the junction
itself. Halves are rounded up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from network.component import component
from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from network.tags import usable

IntArray = NDArray[np.int64]
FloatArray = NDArray[np.float64]


class Arcs(NamedTuple):
    """Directed pieces of street."""

    tail: IntArray
    head: IntArray
    dm: IntArray
    segment: IntArray

    def take(self, chosen: NDArray[np.intp] | NDArray[np.bool_]) -> Arcs:
        """Return the chosen ones."""
        return Arcs(*(column[chosen] for column in self))

    def turned(self) -> Arcs:
        """Return the same pieces the other way round."""
        return self._replace(tail=self.head, head=self.tail)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetGraph:
    """A graph of one profile, arcs sorted by tail and head, one for each pair of nodes.

    Parameters
    ----------
    nodes
        How many: the junctions of the network, then the places that stand between junctions.
    place
        Node of each place, -1 for those that are on no street.
    arcs
        What joins the nodes.
    """

    nodes: int
    place: IntArray
    arcs: Arcs

    def weighted(self) -> csr_array:
        """Return the graph as a sparse array of decimetres (zeros count as arcs)."""
        start = np.searchsorted(self.arcs.tail, np.arange(self.nodes + 1))
        parts = (self.arcs.dm.astype(np.float64), self.arcs.head.astype(np.int32), start.astype(np.int32))
        return csr_array(parts, shape=(self.nodes, self.nodes))


def street_graph(
    network: StreetNetwork,
    profile: VehicleProfile,
    segment: NDArray[np.int32],
    along_m: FloatArray,
) -> StreetGraph:
    """Build the graph of a profile's largest strongly connected part.

    Parameters
    ----------
    segment, along_m
        Where the places stand; segment -1 for a place that is on no street.

    Raises
    ------
    ValueError
        If a place stands on a street that is not in that part.
    """
    use = usable(network, profile)
    inside = component(network, use)
    on = np.flatnonzero(segment >= 0)
    if not inside[segment[on]].all():
        raise ValueError(
            f"a place stands on a street that profile {profile.id} cannot reach; snap with the same profile"
        )
    length_dm = _rounded(network.length_m * 10)
    position = np.clip(_rounded(along_m[on] * 10), 0, length_dm[segment[on]])
    place = np.full(len(segment), -1, np.int64)
    cuts, place[on] = _stand(network, segment[on].astype(np.int64), position, length_dm)
    ahead = _pieces(network, inside & use.forward, cuts, length_dm)
    back = _pieces(network, inside & use.backward, cuts, length_dm).turned()
    arcs = _shortest(Arcs(*map(np.concatenate, zip(ahead, back, strict=True))))
    return StreetGraph(nodes=network.junctions + len(cuts.node), place=place, arcs=arcs)


def _rounded(values: FloatArray) -> IntArray:
    """Round to whole numbers, halves up."""
    return np.floor(values + 0.5).astype(np.int64)


class _Cuts(NamedTuple):
    """Nodes between junctions, sorted by segment and position."""

    segment: IntArray
    position: IntArray
    node: IntArray


def _stand(
    network: StreetNetwork, segment: IntArray, position: IntArray, length_dm: IntArray
) -> tuple[_Cuts, IntArray]:
    """Return the new nodes, and the node at which each place stands."""
    between = (position > 0) & (position < length_dm[segment])
    spots, which = np.unique(np.stack([segment[between], position[between]]), axis=1, return_inverse=True)
    node = np.where(position > 0, network.head[segment], network.tail[segment]).astype(np.int64)
    node[between] = network.junctions + which.ravel()
    return _Cuts(spots[0], spots[1], network.junctions + np.arange(spots.shape[1])), node


def _pieces(network: StreetNetwork, inside: NDArray[np.bool_], cuts: _Cuts, length_dm: IntArray) -> Arcs:
    """Cut the segments inside at the places; pieces in the direction the segments were mapped in."""
    whole = np.flatnonzero(inside)
    cuts = _Cuts(*(part[inside[cuts.segment]] for part in cuts))
    segment = np.concatenate([whole, cuts.segment, whole])
    node = np.concatenate([network.tail[whole], cuts.node, network.head[whole]])
    at_dm = np.concatenate([np.zeros(len(whole), np.int64), cuts.position, length_dm[whole]])
    rank = np.repeat([0, 1, 2], [len(whole), len(cuts.node), len(whole)])
    order = np.lexsort((at_dm, rank, segment))
    first = np.flatnonzero(rank[order] < 2)
    a, b = order[first], order[first + 1]
    return Arcs(node[a], node[b], at_dm[b] - at_dm[a], segment[a].astype(np.int64))


def _shortest(arcs: Arcs) -> Arcs:
    """Return the arcs sorted by tail and head, the shortest of those that are parallel, none from a node to itself."""
    arcs = arcs.take(arcs.tail != arcs.head)
    arcs = arcs.take(np.lexsort((arcs.segment, arcs.dm, arcs.head, arcs.tail)))
    same = (arcs.tail[1:] == arcs.tail[:-1]) & (arcs.head[1:] == arcs.head[:-1])
    return arcs.take(np.flatnonzero(np.r_[True, ~same])) if len(arcs.tail) else arcs
