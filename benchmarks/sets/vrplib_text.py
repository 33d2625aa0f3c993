"""The text of VRPLIB and its dialects: ``KEY : value`` lines and sections of rows."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.sets.source import NUMBER, Source, numbers, unreadable

KEY = re.compile(r"([A-Za-z_]+)\s*:\s*(.*)")
SECTION = re.compile(r"([A-Z_]+_SECTION)\b", re.IGNORECASE)
READ = frozenset(
    {
        "NODE_COORD_SECTION",
        "DEMAND_SECTION",
        "DEPOT_SECTION",
        "EDGE_WEIGHT_SECTION",
        "DISPLAY_DATA_SECTION",
        "TIME_WINDOW_SECTION",
        "SERVICE_TIME_SECTION",
        "RELEASE_TIME_SECTION",
        "PRIZE_SECTION",
        "CAPACITY_SECTION",
        "VEHICLES_RELOAD_DEPOT_SECTION",
        "VEHICLES_FIXED_COST_SECTION",
        "VEHICLES_UNIT_DISTANCE_COST_SECTION",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vrplib:
    """What a VRPLIB file says: keys in capitals, rows of numbers by section."""

    name: str
    keys: Mapping[str, str]
    sections: Mapping[str, list[list[float]]]

    def figure(self, key: str) -> float | None:
        """Return the number of a key, ``None`` if there is none."""
        found = NUMBER.search(self.keys.get(key, ""))
        return float(found.group()) if found else None

    @property
    def nodes(self) -> int:
        """How many nodes there are, the depot among them."""
        size = self.figure("DIMENSION")
        if size is None or size < 2:
            raise unreadable(self.name, "DIMENSION should be 2 at least")
        return int(size)

    @property
    def depot(self) -> int:
        """Position of the depot, from 0."""
        rows = [int(value) for row in self.sections.get("DEPOT_SECTION", []) for value in row if value > 0]
        if len(rows) > 1 or (rows and rows[0] > self.nodes):
            raise unreadable(self.name, f"one depot is read, the file has {rows}")
        return rows[0] - 1 if rows else 0

    def by_node(self, section: str, width: int = 1) -> NDArray[np.float64] | None:
        """Return the values of a section by node, shape ``(nodes, width)``; ``None`` if there is no such section."""
        if section not in self.sections:
            return None
        rows = self.sections[section]
        values = np.full((self.nodes, width), np.nan)
        for row in rows:
            if len(row) != width + 1 or not 1 <= row[0] <= self.nodes:
                raise unreadable(self.name, f"{section}: {row} should be a node and {width} numbers")
            values[int(row[0]) - 1] = row[1:]
        if np.isnan(values).any():
            raise unreadable(self.name, f"{section} does not name every node")
        return values

    def by_vehicle(self, section: str) -> list[float] | None:
        """Return the values of a section by vehicle, in the file's order; ``None`` if there is no such section."""
        rows = self.sections.get(section)
        if rows is not None and any(len(row) < 2 for row in rows):
            raise unreadable(self.name, f"{section} should have a vehicle and a number a row")
        return None if rows is None else [row[1] for row in sorted(rows)]


def parse(source: Source) -> Vrplib:
    """Return what the file says.

    Raises
    ------
    InputError
        ``instance-unreadable`` for a section that is not read here: the problem would be another one without it.
    """
    keys: dict[str, str] = {}
    sections: dict[str, list[list[float]]] = {}
    current: list[list[float]] | None = None
    for line in source.lines:
        if not line or line.upper() == "EOF":
            continue
        if section := SECTION.match(line):
            current = sections.setdefault(section.group(1).upper(), [])
        elif key := KEY.match(line):
            keys[key.group(1).upper()] = key.group(2).strip().strip('"')
            current = None
        elif current is not None:
            current.append(numbers(line, source.name))
        else:
            raise unreadable(source.name, f"{line[:80]!r} is neither a key nor in a section")
    if strange := sorted(set(sections) - READ):
        raise unreadable(source.name, f"{', '.join(strange)}: not read here")
    return Vrplib(name=source.name, keys=keys, sections=sections)
