"""Readers of OR-Library's siting instances, and of the list of their published optima."""

from __future__ import annotations

import csv
import gzip
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PMedian:
    """Open ``p`` of the nodes so that the sum of distances to the nearest open one is least (Beasley 1985)."""

    p: int
    distance: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Warehouses:
    """Warehouse location with capacities; demand may be split (Beasley 1988).

    ``cost[i, j]`` is the price of serving the whole demand of client ``i`` from site ``j``.
    """

    capacity: Floats
    fixed: Floats
    demand: Floats
    cost: Floats


def numbers(file: Path, *, capacity: float | None = None) -> Floats:
    """Return all numbers of a file, gzipped or not; the word ``capacity`` stands for the one given."""
    opener = gzip.open if file.suffix == ".gz" else open
    with opener(file, "rt", encoding="ascii") as stream:
        words = stream.read().split()
    return np.array([capacity if word == "capacity" else word for word in words], dtype=np.float64)


def read_pmedian(file: Path) -> PMedian:
    """Read ``pmed*.txt``: n m p, then edges i j cost, of which the last one counts if a pair is repeated."""
    values = numbers(file)
    size, _, p = values[:3].astype(int)
    edges = values[3:].reshape(-1, 3)
    ends = np.sort(edges[:, :2].astype(np.int64) - 1, axis=1)
    _, last = np.unique(ends[::-1], axis=0, return_index=True)
    kept = len(ends) - 1 - last
    graph = csr_array((edges[kept, 2], (ends[kept, 0], ends[kept, 1])), shape=(size, size))
    return PMedian(p=int(p), distance=np.asarray(shortest_path(graph, directed=False)))


def read_warehouses(file: Path, *, capacity: float | None = None) -> Warehouses:
    """Read ``cap*.txt``: m n, sites (capacity, fixed cost), then for each client its demand and m costs."""
    values = numbers(file, capacity=capacity)
    sites, clients = values[:2].astype(int)
    site = values[2 : 2 + 2 * sites].reshape(sites, 2)
    client = values[2 + 2 * sites :].reshape(clients, sites + 1)
    return Warehouses(
        capacity=site[:, 0].copy(), fixed=site[:, 1].copy(), demand=client[:, 0].copy(), cost=client[:, 1:].copy()
    )


def published(folder: Path, family: str) -> dict[str, float]:
    """Return instance -> best published value of a family, from the list ``bks.csv``."""
    with (folder / "bks.csv").open(encoding="utf-8", newline="") as stream:
        return {row["instance"]: float(row["bks"]) for row in csv.DictReader(stream) if row["family"] == family}
