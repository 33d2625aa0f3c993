"""The part of the network in which a vehicle can get from everywhere to everywhere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from network.streets import StreetNetwork
from network.tags import Usability


def component(network: StreetNetwork, use: Usability) -> NDArray[np.bool_]:
    """Return for each segment whether it lies in the largest strongly connected part of a profile.

    The largest part is the one with the most metres of usable street; none where nothing is usable or every street is
    a one-way dead end.
    """
    tail = np.concatenate([network.tail[use.forward], network.head[use.backward]])
    head = np.concatenate([network.head[use.forward], network.tail[use.backward]])
    arcs = csr_array((np.ones(len(tail)), (tail, head)), shape=(network.junctions, network.junctions))
    part = connected_components(arcs, directed=True, connection="strong")[1]
    within: NDArray[np.bool_] = (use.forward | use.backward) & (part[network.tail] == part[network.head])
    if not within.any():
        return within
    metres = np.bincount(part[network.tail[within]], weights=network.length_m[within])
    largest: NDArray[np.bool_] = within & (part[network.tail] == np.argmax(metres))
    return largest
