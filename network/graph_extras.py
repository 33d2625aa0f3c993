"""What a street network knows beyond osmnx's conventions, as attributes of a graph.

Of the graph: ``left_hand``; ``restrictions`` and ``report`` as JSON. Of a node: its tags. Of an edge: ``segment``, the
number of its street, by which the two directions of a street find each other and restrictions name it; and
``oneway_tag``, the tag itself, because osmnx's ``oneway`` is true or false.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

import networkx as nx
import numpy as np

from faults import Fault, InputError
from network.keys import CLIPPED, NODE_KEYS, node_tag_matters
from network.restrictions import Restrictions, none
from network.streets import LoadReport, StreetNetwork, TagColumn
from network.values import column

SEGMENT, ONEWAY = "segment", "oneway_tag"
_COLUMNS = ("kind", "key", "when", "exempt")


def extras(network: StreetNetwork) -> dict[str, Any]:
    """Return the attributes of the graph."""
    rules = network.restrictions
    table = {name: getattr(rules, name).strings().tolist() for name in _COLUMNS}
    table |= {name: getattr(rules, name).tolist() for name in ("start", "path", "relation_id")}
    report = {name: dict(value) if isinstance(value, Mapping) else value for name, value in _items(network.report)}
    return {
        "left_hand": network.left_hand,
        "restrictions": json.dumps(table, ensure_ascii=False),
        "report": json.dumps(report, ensure_ascii=False),
    }


def _items(report: LoadReport) -> list[tuple[str, Any]]:
    return [(field.name, getattr(report, field.name)) for field in fields(report)]


def tags_by_row(columns: Mapping[str, TagColumn], rows: int) -> list[dict[str, str]]:
    """Return columns as the tags of each row."""
    tags: list[dict[str, str]] = [{} for _ in range(rows)]
    for key, column_ in columns.items():
        there = np.flatnonzero(column_.codes)
        for row, code in zip(there.tolist(), column_.codes[there].tolist(), strict=True):
            tags[row][key] = column_.values[code]
    return tags


def junction_tags(graph: nx.MultiDiGraph[Any]) -> dict[str, TagColumn]:
    """Return the tags of the nodes that matter, as columns."""
    found: dict[str, TagColumn] = {}
    attributes = [data for _, data in graph.nodes(data=True)]
    for key in (*NODE_KEYS, CLIPPED):
        values = [str(data.get(key, "")) for data in attributes]
        if any(values):
            found[key] = column(value if value and node_tag_matters(key, value) else "" for value in values)
    return {key: values for key, values in found.items() if len(values.values) > 1}


def numbers(edges: Sequence[Mapping[str, Any]]) -> list[int] | None:
    """Return the number of each edge's street, if every edge has one."""
    found = [str(attributes.get(SEGMENT, "")) for attributes in edges]
    return [int(number) for number in found] if all(number.isdecimal() for number in found) else None


def restrictions(graph: nx.MultiDiGraph[Any], streets: Sequence[int] | None) -> tuple[Restrictions, str]:
    """Return the turn restrictions of a graph, and a note on those that cannot be kept.

    ``streets`` are the numbers of the segments, in their order.

    Raises
    ------
    InputError
        ``graph-restrictions-invalid``.
    """
    stated = graph.graph.get("restrictions")
    if not stated:
        return none(), ""
    try:
        table = _plain(stated)
        count = len(table["relation_id"])
        start = np.array(table["start"], np.int64)
        path = np.array(table["path"], np.int64)
        position = {street: at for at, street in enumerate(streets or ())}
        mapped = np.array([2 * position.get(d >> 1, -1) + (d & 1) for d in path.tolist()], np.int32)
        kept = [row for row in range(count) if (mapped[start[row] : start[row + 1]] >= 0).all()]
        rules = Restrictions(
            start=np.cumsum([0, *(start[row + 1] - start[row] for row in kept)], dtype=np.int64),
            path=np.concatenate([mapped[:0], *(mapped[start[row] : start[row + 1]] for row in kept)]),
            **{name: column(str(table[name][row]) for row in kept) for name in _COLUMNS},
            relation_id=np.array([table["relation_id"][row] for row in kept], np.int64),
        )
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise InputError(
            Fault(
                code="graph-restrictions-invalid",
                place="graph",
                cause=f"its attribute restrictions cannot be read ({type(error).__name__}: {error})",
                action="write the graph anew, or take the attribute away: turn restrictions are then not known",
            )
        ) from error
    lost = count - len(kept)
    return rules, f"{lost} turn restrictions on streets that are not in the graph were left out" if lost else ""


def report(graph: nx.MultiDiGraph[Any], made: LoadReport) -> LoadReport:
    """Return the report that a graph carries with what was found in reading it, ``made``, put in."""
    stated = graph.graph.get("report")
    try:
        told = _plain(stated) if stated else {}
        before = LoadReport(**{field.name: told[field.name] for field in fields(LoadReport) if field.name in told})
        new = tuple(note for note in made.notes if note not in before.notes)
        own = asdict(made) | {"notes": (*before.notes, *new)}
        return LoadReport(**(dict(_items(before)) | {name: own[name] for name in ("islands", "islands_m", "notes")}))
    except (TypeError, ValueError):
        return made


def _plain(stated: Any) -> Any:
    """Return JSON, or what a reader of GraphML has already made of it."""
    return json.loads(stated) if isinstance(stated, str) else stated
