"""Best known values from the ``bks.csv`` that lies beside an instance or above it."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

LIST = "bks.csv"
LEVELS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A value, whether it is proven the best, and by how many vehicles (``None``: not said)."""

    value: float
    proven: bool
    vehicles: int | None


def best_known(file: Path, objective: str) -> Known | None:
    """Return the best known value of an instance file, ``None`` if no list has one.

    A list has the columns ``file`` (path from the list's folder), ``bks``, ``proven``, ``vehicles`` and ``objective``.
    Where it has several values for a file, the one whose objective counts vehicles first is taken for ``"vehicles"``.
    """
    path = file.resolve()
    for folder in path.parents[:LEVELS]:
        if (folder / LIST).is_file():
            with (folder / LIST).open(newline="", encoding="utf-8") as lines:
                rows = [row for row in csv.DictReader(lines) if row.get("bks") and folder / row["file"] == path]
            return _chosen(rows, objective)
    return None


def _chosen(rows: list[dict[str, str]], objective: str) -> Known | None:
    first = [row for row in rows if "1st vehicles" in row.get("objective", "")]
    wanted = first if objective == "vehicles" else [row for row in rows if row not in first]
    if not wanted:
        return None
    row = wanted[0]
    vehicles = row.get("vehicles", "")
    return Known(
        value=float(row["bks"]),
        proven=row.get("proven") == "yes",
        vehicles=int(vehicles) if vehicles.isdigit() else None,
    )
