"""What the readers of the tables share: the scenario, the region, and the ids seen so far."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from network.stances import MARKS
from scenarios.data.defaults import cite, lookup
from scenarios.read.findings import Findings
from scenarios.read.places import Region, settle_places
from scenarios.read.rows import Rows, read_rows
from scenarios.read.words import closest, listed
from scenarios.scenario import Scenario, Table

ON_THE_STREETS: tuple[Table, ...] = ("points", "facilities", "depots", "sites")  # their ids share one set of names


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Handed from table to table; ``ids`` holds those of rows with faults too, so that one fault does not make ten."""

    scenario: Scenario
    folder: Path
    region: Region
    found: Findings
    ids: dict[Table, dict[str, str]] = field(default_factory=dict)  # table -> id -> where it is

    def only_stream(self) -> str | None:
        """Return the only stream of the scenario, ``None`` if there are several."""
        streams = self.scenario.streams
        return streams[0].id if len(streams) == 1 else None

    def named(self, *tables: Table) -> tuple[Table, ...]:
        """Return those of some tables that the scenario has; all of them if it has none."""
        return tuple(table for table in tables if table in self.scenario.tables) or tables

    def known(self, tables: Iterable[Table]) -> dict[str, str]:
        """Return the ids of some tables and where they are."""
        return {id_: place for table in tables for id_, place in self.ids.get(table, {}).items()}


def table(context: Context, name: Table, *, stands_in: Mapping[str, object | None] | None = None) -> Rows | None:
    """Read a table and check its ids and places; ``None`` if there is none."""
    given = {column: value for column, value in (stands_in or {}).items() if value is not None}
    rows = read_rows(name, context.scenario, context.folder, context.found, stands_in=given)
    if rows is None:
        return None
    if "id" in rows.values and name != "zones":
        _note_ids(context, rows)
    if "lon" in rows.values:
        settle_places(rows, context.region)
    return rows


def _note_ids(context: Context, rows: Rows) -> None:
    """Keep the ids of a table; a doubled one is a fault that names both rows."""
    mine = context.ids.setdefault(rows.table, {})
    others = [other for other in ON_THE_STREETS if other != rows.table] if rows.table in ON_THE_STREETS else []
    elsewhere = {
        id_: f"{place}, of the {table}" for table in others for id_, place in context.ids.get(table, {}).items()
    }
    for k, id_ in enumerate(rows.values["id"]):
        if id_ is None:
            continue
        if first := mine.get(id_) or elsewhere.get(id_):
            cause = f"{id_!r} is also the id in {first}"
            rows.refuse(k, "id", "id-twice", cause, "give each its own id; points, facilities and depots share one set")
        elif likely := _read_alike(id_, elsewhere | mine) if rows.table in ON_THE_STREETS else None:
            cause = f"{id_!r} and {likely!r} differ by a sign that says how a vehicle stands there"
            rows.refuse(k, "id", "id-twice", cause, f"leave out the {' or '.join(MARKS)} at the end, or rename one")
        mine.setdefault(id_, rows.place(k))


def _read_alike(id_: str, known: Container[str]) -> str | None:
    """Return the known id that is this one but for a mark of standing (:mod:`network.stances`) at the end of one."""
    alike = [id_ + mark for mark in MARKS] + [id_.removesuffix(mark) for mark in MARKS if id_.endswith(mark)]
    return next((other for other in alike if other in known), None)


def check_reference(context: Context, rows: Rows, row: int, column: str, id_: str, tables: tuple[Table, ...]) -> bool:
    """Return whether an id is there; if not, that is a fault ``reference-unknown``.

    Nothing is said when a table it could be in was not read.
    """
    known = context.known(tables)
    if id_ in known or not all(table in context.ids for table in tables):
        return True
    likely = closest(id_, known)
    names = " or ".join(_SINGULAR[table] for table in tables)
    cause = f"there is no {names} {id_!r}; there are {listed(list(known)) or 'none'}"
    action = f"did you mean {likely!r}?" if likely else f"write the id of a {names}"
    rows.refuse(row, column, "reference-unknown", cause, action)
    return False


def note_default(rows: Rows, names: tuple[str, ...], count: int, column: str, context: Context) -> None:
    """Report, once for each column, that default figures were used."""
    figures = " and ".join(cite(lookup(name, context.scenario.country)) for name in names)
    rows.found.doubt(
        "default-used",
        rows.sheet.place(header=column),
        f"{count} of {len(rows)} rows have no {column}; used: {figures}",
        f"fill in {column} if you know better",
    )


_SINGULAR: Mapping[Table, str] = {
    "points": "point",
    "depots": "depot",
    "facilities": "facility",
    "vehicles": "vehicle",
    "hub_sites": "hub site",
    "sites": "site",
    "today": "round",
    "start": "round",
    "zones": "zone",
    "kerbside": "street",
    "people": "group of people",
    "candidates": "candidate",
}
