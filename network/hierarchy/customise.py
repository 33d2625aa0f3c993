"""Weights on a hierarchy: customised from scratch or in part, and made ready for matrices.

Of a slot (v, x), v below x, with weights up(v, x) and down(v, x), a *lower triangle* is a node u below both that is
joined to both. Customised weights satisfy

    up(v, x)   = min(best arc v -> x, min over u of down(u, v) + up(u, x))
    down(v, x) = min(best arc x -> v, min over u of down(u, x) + up(u, v))

so each is the length of the best way between its ends through lower nodes alone. The *perfect* weights are those of the
best ways through any nodes: working down from the root, the best over the higher neighbours of v. A directed slot whose
perfect weight is below its customised one lies on no shortest way and is dropped for sweeps (Dibbelt, Strasser and
Wagner 2016, Customizable contraction hierarchies).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from network.hierarchy.kernel import inner, kernel
from network.hierarchy.topology import LOOP, Int32, Int64, Shape, Topology

Float = NDArray[np.float64]
EXACT = 2.0**53


class Pruned(NamedTuple):
    """A graph in which every arc leads from a rank to a higher one (or, read backwards, from a higher one to it)."""

    start: Int64
    head: Int32
    weight: Float


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A hierarchy under weights; made by :func:`customise` and :func:`update`.

    Parameters
    ----------
    topology
        The hierarchy.
    weight
        Of each input arc; ``inf`` for closed.
    shift
        Weights are ``ms * 2**shift + dm``.
    up, down
        Customised weights of each slot.
    """

    topology: Topology
    weight: Float
    shift: int
    up: Float
    down: Float

    def __post_init__(self) -> None:
        for array in (self.weight, self.up, self.down):
            array.setflags(write=False)

    @cached_property
    def pruned(self) -> tuple[Pruned, Pruned]:
        """What sweeps run on: the slots, up and down, that are shortest ways; worked out once, when first asked for."""
        shape, height = self.topology.shape, self.topology.height
        up, down = self.up.copy(), self.down.copy()
        _perfect(shape, height, up, down)
        return (
            Pruned(*_keep(shape.start, shape.head, self.up, up)),
            Pruned(*_keep(shape.start, shape.head, self.down, down)),
        )


def customise(topology: Topology, weight: Float, shift: int) -> Metric:
    """Customise all slots for new weights.

    Parameters
    ----------
    weight
        Of each input arc: a whole number from 0 below 2**53, or ``inf`` where closed.
    shift
        Weights are ``ms * 2**shift + dm``; 0 for plain milliseconds.

    Raises
    ------
    ValueError
        If there are more or fewer weights than arcs, or one is negative, too large or not a number.
    """
    weight = np.array(weight, np.float64)
    if weight.shape != (topology.arcs,):
        raise ValueError(f"{weight.shape} weights for {topology.arcs} arcs")
    _check(weight)
    up = np.full(topology.slots, np.inf)
    down = np.full(topology.slots, np.inf)
    _fill(topology.shape.slot, weight, up, down)
    _customise(topology.shape, topology.height, up, down)
    return Metric(topology=topology, weight=weight, shift=shift, up=up, down=down)


def update(metric: Metric, arcs: NDArray[np.integer], weight: Float) -> Metric:
    """Return a metric in which some arcs weigh otherwise; the given one stays as it is.

    Only slots that hang on these arcs are worked out again, and only as far up as anything changes.

    Parameters
    ----------
    arcs
        Input arcs.
    weight
        Their new weights, as in :func:`customise`.

    Raises
    ------
    ValueError
        As :func:`customise`; or if an arc does not exist.
    """
    topology = metric.topology
    arcs = np.asarray(arcs, np.int64)
    new = metric.weight.copy()
    values = np.broadcast_to(np.asarray(weight, np.float64), arcs.shape)
    if len(arcs) and (arcs.min() < 0 or arcs.max() >= topology.arcs):
        raise ValueError("no such arc")
    _check(values)
    new[arcs] = values
    changed = np.unique(arcs[new[arcs] != metric.weight[arcs]])
    up, down = metric.up.copy(), metric.down.copy()
    slots = topology.shape.slot[changed]
    slots = np.unique(slots[slots != LOOP] >> 1)
    _update(topology.shape, new, up, down, slots)
    return replace(metric, weight=new, up=up, down=down)


def _check(weight: Float) -> None:
    """Raise if a weight cannot be added exactly."""
    if np.isnan(weight).any() or (weight < 0).any() or (np.isfinite(weight) & (weight >= EXACT)).any():
        raise ValueError("a weight is negative, too large to be exact, or not a number")
    finite = weight[np.isfinite(weight)]
    if (finite != np.floor(finite)).any():
        raise ValueError("a weight is not a whole number")


@kernel
def _fill(slot: Int64, weight: Float, up: Float, down: Float) -> None:
    """Give every slot the best of its own arcs."""
    for i in range(slot.size):
        s = slot[i]
        if s < 0:
            continue
        if s & 1:
            down[s >> 1] = min(down[s >> 1], weight[i])
        else:
            up[s >> 1] = min(up[s >> 1], weight[i])


@kernel
def _customise(shape: Shape, height: int, up: Float, down: Float) -> None:
    """Relax all lower triangles: for x rising, for u below x, for y above x: x - y by way of u."""
    n = shape.start.size - 1
    climb = np.full(height, np.inf)  # weights of the slots of x, by depth of the higher end
    descend = np.full(height, np.inf)
    for x in range(n):
        if shape.start[x] == shape.start[x + 1] or shape.low_start[x] == shape.low_start[x + 1]:
            continue
        for k in range(shape.start[x], shape.start[x + 1]):
            climb[shape.place[k]] = up[k]
            descend[shape.place[k]] = down[k]
        for q in range(shape.low_start[x], shape.low_start[x + 1]):
            i = shape.low[q]
            to_x = up[i]
            from_x = down[i]
            for j in range(i + 1, shape.start[shape.tail[i] + 1]):
                p = shape.place[j]
                a = from_x + up[j]
                b = to_x + down[j]
                climb[p] = min(climb[p], a)
                descend[p] = min(descend[p], b)
        for k in range(shape.start[x], shape.start[x + 1]):
            up[k] = climb[shape.place[k]]
            down[k] = descend[shape.place[k]]


@kernel
def _perfect(shape: Shape, height: int, up: Float, down: Float) -> None:
    """Relax the other triangles: for x falling, v below x, y above x: v - x by way of y, and v - y by way of x."""
    n = shape.start.size - 1
    climb = np.full(height, np.inf)
    descend = np.full(height, np.inf)
    for x in range(n - 1, -1, -1):
        if shape.start[x] == shape.start[x + 1]:
            continue
        for k in range(shape.start[x], shape.start[x + 1]):
            climb[shape.place[k]] = up[k]
            descend[shape.place[k]] = down[k]
        for q in range(shape.low_start[x], shape.low_start[x + 1]):
            i = shape.low[q]
            to_x = up[i]
            from_x = down[i]
            for j in range(i + 1, shape.start[shape.tail[i] + 1]):
                p = shape.place[j]
                to_y = up[j]
                from_y = down[j]
                to_x = min(to_x, to_y + descend[p])
                from_x = min(from_x, climb[p] + from_y)
                up[j] = min(to_y, to_x + climb[p])
                down[j] = min(from_y, descend[p] + from_x)
            up[i] = to_x
            down[i] = from_x


@kernel
def _keep(start: Int64, head: Int32, customised: Float, perfect: Float) -> tuple[Int64, Int32, Float]:
    """Return the slots that are shortest ways."""
    count = 0
    for i in range(head.size):
        count += customised[i] == perfect[i] and customised[i] < np.inf
    first = np.zeros(start.size, np.int64)
    heads = np.empty(count, np.int32)
    weight = np.empty(count)
    k = 0
    for v in range(start.size - 1):
        for i in range(start[v], start[v + 1]):
            if customised[i] == perfect[i] and customised[i] < np.inf:
                heads[k] = head[i]
                weight[k] = customised[i]
                k += 1
        first[v + 1] = k
    return first, heads, weight


@kernel
def _update(shape: Shape, weight: Float, up: Float, down: Float, slots: Int64) -> None:
    """Work out slots again, lower ends first, and all that hang on those that change."""
    n = shape.start.size - 1
    waiting = np.zeros(shape.head.size, np.bool_)
    rows = np.zeros(n, np.bool_)
    for s in slots:
        waiting[s] = True
        rows[shape.tail[s]] = True
    below = np.full(n, -1, np.int64)  # of a lower node u: its slot to the v of the moment, if it leads there
    for v in range(n):
        if not rows[v]:
            continue
        for q in range(shape.low_start[v], shape.low_start[v + 1]):
            below[shape.tail[shape.low[q]]] = shape.low[q]
        for s in range(shape.start[v], shape.start[v + 1]):
            if waiting[s]:
                climb, descend = _again(s, shape, weight, up, down, below)
                if climb != up[s] or descend != down[s]:
                    up[s] = climb
                    down[s] = descend
                    _mark(s, shape, waiting, rows)


@inner
def _again(s: int, shape: Shape, weight: Float, up: Float, down: Float, below: Int64) -> tuple[float, float]:
    """Return the weights of a slot from its own arcs and its lower triangles."""
    v, x = shape.tail[s], shape.head[s]
    climb = np.inf
    descend = np.inf
    for k in range(shape.own_start[v], shape.own_start[v + 1]):
        if shape.slot[shape.own[k]] == 2 * s:
            climb = min(climb, weight[shape.own[k]])
        elif shape.slot[shape.own[k]] == 2 * s + 1:
            descend = min(descend, weight[shape.own[k]])
    for q in range(shape.low_start[x], shape.low_start[x + 1]):
        i = shape.low[q]
        u = shape.tail[i]
        if u >= v:
            break
        j = below[u]
        if j >= 0 and shape.head[j] == v:
            climb = min(climb, down[j] + up[i])
            descend = min(descend, down[i] + up[j])
    return climb, descend


@inner
def _mark(s: int, shape: Shape, waiting: NDArray[np.bool_], rows: NDArray[np.bool_]) -> None:
    """Mark the slots that have slot s in a lower triangle: those between its higher end and its tail's other ones."""
    v = shape.tail[s]
    x = shape.head[s]
    for j in range(shape.start[v], shape.start[v + 1]):
        y = shape.head[j]
        if y == x:
            continue
        a, b = min(x, y), max(x, y)
        left, right = shape.start[a], shape.start[a + 1]
        while left < right:
            middle = (left + right) >> 1
            if shape.head[middle] < b:
                left = middle + 1
            else:
                right = middle
        waiting[left] = True
        rows[a] = True
