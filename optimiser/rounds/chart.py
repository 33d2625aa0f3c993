"""One vehicle's order of visits as a little world of places, with running sums of what is picked up on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from optimiser.rounds.clock import FOREVER_MS
from optimiser.rounds.tables import Floats, Ints, Kind, Spans, Tables, Way
from optimiser.travel import UNREACHABLE

HOME = 0  # place number of the depot
NO_WAY_MS = 2 * FOREVER_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A stop (its position among the problem's stops) or a listed tip (its position among the kind's sites)."""

    id: str
    ways: tuple[Way, ...]
    spans: Spans
    stop: int | None = None
    site: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One vehicle's items as a little world of places: the depot, the ways of each item, the ways of each site.

    ``work[p]`` is the way of a place (``None``: the depot).
    ``duration`` (ms) and ``money`` lead from place to place; the depot's row leaves it, its column comes home.
    ``used[i, m, k]`` is what the items before ``i`` add to limit ``m`` in class ``k``, ``held[i, k]`` how many of them
    hold anything of class ``k``, ``fees[i, s, k]`` what they cost at site ``s`` beyond the cheapest.
    """

    kind: Kind
    items: tuple[Item, ...]
    places: tuple[int, ...]  # by item, of its first way
    site_places: tuple[int, ...]  # by site, of its first way
    work: tuple[Way | None, ...]
    duration: Ints
    money: Floats
    used: Floats
    held: Ints
    fees: Floats
    free: bool


def items(known: Tables, kind: Kind, visits: Sequence[str], tips: str) -> Iterator[Item | None]:
    """Yield what is to be visited; ``None`` for a site that this kind may not use."""
    sites = {site.id: s for s, site in enumerate(kind.sites)}
    for visit in visits:
        if visit in known.stop_at:
            k = known.stop_at[visit]
            yield Item(id=visit, ways=kind.ways[k], spans=known.spans[k], stop=k)
        elif tips == "listed":
            s = sites.get(visit)
            yield None if s is None else Item(id=visit, ways=kind.sites[s].ways, spans=kind.sites[s].spans, site=s)


def chart(kind: Kind, wanted: Sequence[Item], *, free: bool) -> Chart:
    """Return the little world of these items."""
    groups = [*(item.ways for item in wanted), *(site.ways for site in kind.sites)]
    firsts = np.cumsum([1, *map(len, groups)]).tolist()
    ways = [way for group in groups for way in group]
    rows = np.array([kind.start_row, *(way.row for way in ways)], dtype=np.intp)
    cols = np.array([kind.end_column, *(way.column for way in ways)], dtype=np.intp)
    duration, distance = kind.travel.block(rows, cols)
    cut_off = (duration >= UNREACHABLE) | (distance >= UNREACHABLE)
    picks = [item.stop for item in wanted if item.stop is not None]
    where = [i for i, item in enumerate(wanted) if item.stop is not None]
    count = len(wanted)
    return Chart(
        kind=kind,
        items=tuple(wanted),
        places=tuple(firsts[:count]),
        site_places=tuple(firsts[count:-1]),
        duration=np.where(cut_off, NO_WAY_MS, duration.astype(np.int64)),
        work=(None, *ways),
        money=np.where(cut_off, 0.0, distance * kind.per_dm + duration * kind.driving_per_ms),
        used=_running(kind.use, picks, where, count),
        held=_running(kind.holds.astype(np.int64), picks, where, count),
        fees=_running(kind.fees, picks, where, count),
        free=free,
    )


def _running(table: NDArray[Any], picks: list[int], where: list[int], count: int) -> NDArray[Any]:
    """Return sums over the items before each item; tips add nothing."""
    total: NDArray[Any] = np.zeros((count + 1, *table.shape[1:]), dtype=table.dtype)
    total[np.array(where, dtype=np.intp) + 1] = table[np.array(picks, dtype=np.intp)]
    return np.cumsum(total, axis=0)
