"""The locations of the PyVRP model: every way of every stop and site, then where vehicles start, and where they end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from optimiser.rounds.problem import Mode
from optimiser.rounds.tables import Ints, Kind, Tables
from optimiser.rounds.ways import Way
from optimiser.travel import Travel


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Location numbers; ``modes`` has the mode at each of the first locations, those of stops and sites.

    Parameters
    ----------
    stops
        Positions of the stops that the model states.
    stop_at, site_at
        Location of the first mode of each stop in ``stops`` and of each site in the problem.
    starts, ends
        Row id, column id of a depot -> location.
    """

    stops: tuple[int, ...]
    modes: tuple[Mode, ...]
    stop_at: dict[int, int]
    site_at: dict[str, int]
    starts: dict[str, int]
    ends: dict[str, int]

    def __len__(self) -> int:
        """Count the locations."""
        return len(self.modes) + len(self.starts) + len(self.ends)

    @property
    def first_site(self) -> int:
        """Location of the first way of the first site."""
        return min(self.site_at.values(), default=len(self.modes))


def places(known: Tables, stops: Sequence[int]) -> Places:
    """Return the locations of these stops and all sites of a problem."""
    problem = known.problem
    modes: list[Mode] = []
    stop_at: dict[int, int] = {}
    site_at: dict[str, int] = {}
    for k in stops:
        stop_at[k] = len(modes)
        modes += problem.stops[k].modes
    for site in problem.tip_sites:
        site_at[site.id] = len(modes)
        modes += site.modes
    starts = dict.fromkeys(v.start for v in problem.vehicles)
    ends = dict.fromkeys(v.end for v in problem.vehicles)
    return Places(
        stops=tuple(stops),
        modes=tuple(modes),
        stop_at=stop_at,
        site_at=site_at,
        starts={row: len(modes) + n for n, row in enumerate(starts)},
        ends={column: len(modes) + len(starts) + n for n, column in enumerate(ends)},
    )


def ways_at(spots: Places, kind: Kind) -> list[Way | None]:
    """Return the way of a kind of vehicle at each location; ``None`` at depots and sites that it may not use."""
    found: list[Way | None] = [None] * len(spots)
    for k in spots.stops:
        found[spots.stop_at[k] : spots.stop_at[k] + len(kind.ways[k])] = kind.ways[k]
    for site in kind.sites:
        found[spots.site_at[site.id] : spots.site_at[site.id] + len(site.ways)] = site.ways
    return found


def rows_and_columns(spots: Places, travel: Travel) -> tuple[Ints, Ints]:
    """Return the travel row and column of each location, -1 where one cannot leave or arrive."""
    rows = np.full(len(spots), -1, dtype=np.int64)
    columns = np.full(len(spots), -1, dtype=np.int64)
    for n, mode in enumerate(spots.modes):
        rows[n], columns[n] = travel.row(mode.leave), travel.column(mode.arrive)
    for row, n in spots.starts.items():
        rows[n] = travel.row(row)
    for column, n in spots.ends.items():
        columns[n] = travel.column(column)
    return rows, columns
