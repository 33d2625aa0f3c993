"""Copies of a real network side by side, joined by bridges: streets as they are, and more of them."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from network.geometry import metres_between
from network.restrictions import Restrictions
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn

BRIDGES = 12  # between two neighbouring copies
APART = 1.02  # widths of the network from one copy to the next
FIRST_BRIDGE = 10**12


def merged(network: StreetNetwork, copies: int) -> StreetNetwork:
    """Return copies from west to east at the same latitude, with two-way secondary streets as bridges between them."""
    width = (network.box[2] - network.box[0]) * APART
    shift = np.arange(copies) * width
    tail, head, lat = _bridges(network, copies)
    start, end = network.junction_lon[tail % network.junctions], network.junction_lon[head % network.junctions]
    start, end = start + shift[tail // network.junctions], end + shift[head // network.junctions]
    bridges, points = len(tail), np.diff(network.shape_start)
    restrictions = _restrictions(network.restrictions, network.segments, copies)
    way = network.way_id.max(initial=0) + 1
    node = network.junction_id.max(initial=0) + 1
    shapes = np.concatenate([np.tile(points, copies), np.full(bridges, 2)])
    return replace(
        network,
        junction_id=(network.junction_id[None, :] + node * np.arange(copies)[:, None]).ravel(),
        junction_lon=(network.junction_lon[None, :] + shift[:, None]).ravel(),
        junction_lat=np.tile(network.junction_lat, copies),
        tail=np.concatenate([_numbered(network.tail, network.junctions, copies), tail]).astype(np.int32),
        head=np.concatenate([_numbered(network.head, network.junctions, copies), head]).astype(np.int32),
        length_m=np.concatenate([np.tile(network.length_m, copies), metres_between(start, lat[:, 0], end, lat[:, 1])]),
        way_id=np.concatenate([_numbered(network.way_id, int(way), copies), FIRST_BRIDGE + np.arange(bridges)]),
        tags={
            key: _longer(column, copies, bridges, "secondary" if key == "highway" else "")
            for key, column in network.tags.items()
        },
        name=_longer(network.name, copies, bridges, ""),
        shape_start=np.concatenate([[0], np.cumsum(shapes)]),
        shape_lon=np.concatenate(
            [(network.shape_lon[None, :] + shift[:, None]).ravel(), np.stack([start, end], 1).ravel()]
        ),
        shape_lat=np.concatenate([np.tile(network.shape_lat, copies), lat.ravel()]),
        source=f"{copies} copies of {network.source} side by side",
        box=(network.box[0], network.box[1], network.box[2] + float(shift[-1]), network.box[3]),
        junction_tags={key: _longer(column, copies, 0, "") for key, column in network.junction_tags.items()},
        restrictions=restrictions,
    )


def _bridges(network: StreetNetwork, copies: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return junctions joined between neighbours: ends of streets for all traffic, from south to north."""
    open_ = network.tag("highway").isin({"primary", "secondary", "tertiary", "residential"})
    open_ &= network.tag("oneway").isin({"", "no"}) & network.tag("access").isin({""})
    there = np.unique(np.concatenate([network.tail[open_], network.head[open_]])).astype(np.int64)
    middle = np.quantile(network.junction_lat[there], np.linspace(0.02, 0.98, BRIDGES + 1))
    east, west = [], []
    for low, high in pairwise(middle):
        band = there[(network.junction_lat[there] >= low) & (network.junction_lat[there] <= high)]
        east.append(int(band[np.argmax(network.junction_lon[band])]))
        west.append(int(band[np.argmin(network.junction_lon[band])]))
    pairs = np.array([(copy, band) for copy in range(copies - 1) for band in range(BRIDGES)], np.int64).reshape(-1, 2)
    tail = np.array(east)[pairs[:, 1]] + pairs[:, 0] * network.junctions
    head = np.array(west)[pairs[:, 1]] + (pairs[:, 0] + 1) * network.junctions
    lat = np.stack([network.junction_lat[tail % network.junctions], network.junction_lat[head % network.junctions]], 1)
    return tail, head, lat


def _numbered(column: NDArray[np.integer], step: int, copies: int) -> NDArray[np.int64]:
    numbered: NDArray[np.int64] = (column.astype(np.int64)[None, :] + step * np.arange(copies)[:, None]).ravel()
    return numbered


def _longer(column: TagColumn, copies: int, more: int, value: str) -> TagColumn:
    """Return a column for all copies, and one value for what is added."""
    values = column.values if value in column.values else (*column.values, value)
    added = np.full(more, values.index(value), np.int32)
    return TagColumn(codes=np.concatenate([np.tile(column.codes, copies), added]).astype(np.int32), values=values)


def _restrictions(rules: Restrictions, segments: int, copies: int) -> Restrictions:
    path = _numbered(rules.path, 2 * segments, copies).astype(np.int32)
    start = np.concatenate([[0], np.cumsum(np.tile(np.diff(rules.start), copies))])
    columns = {key: _longer(getattr(rules, key), copies, 0, "") for key in ("kind", "key", "when", "exempt")}
    return replace(rules, start=start, path=path, relation_id=np.tile(rules.relation_id, copies), **columns)
