"""Stops and sites as flat arrays, for the compiled timing pass."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.rounds.ways import Ints, Spans, Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """The ways and spans of many works, one after the other.

    Those of work ``i`` are ``way_first[i]`` to ``way_first[i + 1]``, likewise its spans; ``ways`` has a column each for
    column of arriving, row of leaving, service and set-up in ms, spot, and dm driven at work; ``spans`` has when they
    open and close.
    """

    way_first: Ints
    ways: Ints
    span_first: Ints
    spans: Ints


def nodes_of(ways: Sequence[Sequence[Way]], spans: Sequence[Spans]) -> Nodes:
    """Return works as flat arrays."""
    flat = [(w.column, w.row, w.service_ms, w.setup_ms, w.spot, w.distance_dm) for group in ways for w in group]
    return Nodes(
        way_first=np.cumsum([0, *map(len, ways)], dtype=np.int64),
        ways=np.array(flat, dtype=np.int64).reshape(len(flat), 6),
        span_first=np.cumsum([0, *map(len, spans)], dtype=np.int64),
        spans=np.array([span for group in spans for span in group], dtype=np.int64).reshape(-1, 2),
    )


def taken(first: Ints, rows: Ints, order: Ints) -> tuple[Ints, Ints]:
    """Return the rows of these works one after the other, with where each begins."""
    counts = first[order + 1] - first[order]
    begins = np.zeros(len(order) + 1, dtype=np.int64)
    np.cumsum(counts, out=begins[1:])
    at = np.repeat(first[order] - begins[:-1], counts) + np.arange(begins[-1])
    return begins, rows[at]
