from __future__ import annotations

import json

import pytest

from benchmarks.table import Table, as_dict, columns, text


def made(**more) -> Table:
    given = {
        "id": "t",
        "title": "Trips",
        "command": "python -m benchmarks t",
        "columns": columns(name="", km=",.1f", times_faster=".0f"),
        "rows": (("a", 1234.56, 2.0), ("bb", None, float("nan"))),
        "notes": ("one day",),
    }
    return Table(**{**given, **more})


def test_a_table_on_the_terminal() -> None:
    assert text(made()).splitlines() == [
        "Trips  [python -m benchmarks t]",
        "",
        "name       km  times faster",
        "----  -------  ------------",
        "a     1,234.6             2",
        "bb          -             -",
        "  one day",
    ]


def test_a_table_as_values_is_valid_json() -> None:
    plain = json.loads(json.dumps(as_dict(made()), allow_nan=False))
    assert plain["rows"] == [
        {"name": "a", "km": 1234.56, "times faster": 2.0},
        {"name": "bb", "km": None, "times faster": None},
    ]
    assert plain["command"] == "python -m benchmarks t"


def test_a_row_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="table t"):
        made(rows=(("a", 1.0),))
