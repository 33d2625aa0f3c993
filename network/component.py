"""The part of the network in which a vehicle can get from everywhere to everywhere."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import breadth_first_order, connected_components

from network.conditional import Moment
from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from network.tags import Usability, usable

Bools = NDArray[np.bool_]


def component(network: StreetNetwork, use: Usability) -> Bools:
    """Return for each segment whether it lies in the largest strongly connected part of a profile.

    Turns do not count: whoever may use two streets that meet may go from one to the other. The largest part is the one
    with the most metres of usable street; none where nothing is usable or every street is a one-way dead end.
    """
    tail = np.concatenate([network.tail[use.forward], network.head[use.backward]])
    head = np.concatenate([network.head[use.forward], network.tail[use.backward]])
    arcs = csr_array((np.ones(len(tail)), (tail, head)), shape=(network.junctions, network.junctions))
    part = connected_components(arcs, directed=True, connection="strong")[1]
    within: Bools = (use.forward | use.backward) & (part[network.tail] == part[network.head])
    if not within.any():
        return within
    metres = np.bincount(part[network.tail[within]], weights=network.length_m[within])
    largest: Bools = within & (part[network.tail] == np.argmax(metres))
    return largest


def enclosed(network: StreetNetwork, use: Usability) -> Bools:
    """Return the public streets behind streets to serve only.

    Those that join such streets, directly or through others of their kind, and lie outside the largest part that
    public streets make up by themselves. No way from public street to public street of that part leads through them,
    so one may come to them and leave them as one does with streets to serve only.
    """
    used = use.forward | use.backward
    serve, public = used & use.serve_only, used & ~use.serve_only
    if not serve.any():
        return serve
    main = component(network, replace(use, forward=use.forward & public, backward=use.backward & public))
    beyond = np.flatnonzero(public & ~main & main.any())
    joined = (np.ones(len(beyond), np.int8), (network.tail[beyond], network.head[beyond]))
    pocket = connected_components(csr_array(joined, shape=(network.junctions,) * 2), directed=False)[1]
    private = np.zeros(network.junctions, bool)  # by pocket
    private[pocket[network.tail[serve]]] = True
    private[pocket[network.head[serve]]] = True
    inside = np.zeros(network.segments, bool)
    inside[beyond] = private[pocket[network.tail[beyond]]]
    return inside


def behind(network: StreetNetwork, profile: VehicleProfile, moment: Moment | None = None) -> Bools:
    """Return the public streets that only streets to serve only lead to, for vehicles of this kind, however small.

    What is too heavy for the public way there is not let through private ground instead: else it would be there sooner
    than a lighter one.
    """
    small = replace(profile, width_m=0.0, height_m=0.0, length_m=0.0, weight_t=0.0, axle_load_t=0.0)
    return enclosed(network, usable(network, small, moment))


class Strongest(NamedTuple):
    """The strongest part of a graph: what can be reached from it, what can reach it, and a state in it (-1: none)."""

    arrive: Bools
    leave: Bools
    root: int


def strongest(arcs: csr_array, segment: NDArray[np.int32], length_m: NDArray[np.float64]) -> Strongest:
    """Return the largest strongly connected part of a graph of states.

    The largest is the one with the most metres of street, each street counted once; a state on its own is no part
    unless it leads back to itself.

    Parameters
    ----------
    arcs
        From state to state, those that are open; what they weigh does not matter.
    segment
        The street each state belongs to.
    length_m
        Metres of each street.
    """
    states = arcs.shape[0]
    arrive, leave = np.zeros(states, bool), np.zeros(states, bool)
    part = connected_components(arcs, directed=True, connection="strong")[1]
    from_ = np.repeat(np.arange(states), np.diff(arcs.indptr))
    inside = np.zeros(states, bool)
    inside[from_[part[from_] == part[arcs.indices]]] = True
    if not inside.any():
        return Strongest(arrive, leave, -1)
    root = int(np.argmax(inside & (part == _longest(part[inside], segment[inside], length_m))))
    for reached, graph in ((arrive, arcs), (leave, arcs.T.tocsr())):
        reached[breadth_first_order(graph, root, return_predecessors=False)] = True
    return Strongest(arrive, leave, root)


def _longest(part: NDArray[np.int32], segment: NDArray[np.int32], length_m: NDArray[np.float64]) -> int:
    """Return the part with the most metres, the first of those that are equal."""
    most = int(np.argmax(np.bincount(part)))  # nearly all of a town: counted by marking streets, the rest by sorting
    mine = part == most
    marked = np.zeros(len(length_m), bool)
    marked[segment[mine]] = True
    pairs = np.unique(part[~mine].astype(np.int64) * len(length_m) + segment[~mine])
    metres = np.bincount(pairs // len(length_m), length_m[pairs % len(length_m)], minlength=int(part.max()) + 1)
    metres[most] = length_m[marked].sum()
    return int(np.argmax(metres))
