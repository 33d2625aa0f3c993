"""docs/data.md lists every default with the value and unit that hold for everywhere."""

import re
from pathlib import Path

from scenarios.data.defaults import DEFAULTS, EVERYWHERE, DefaultStatus

TEXT = (Path(__file__).parents[3] / "docs/data.md").read_text(encoding="utf-8")
ROWS = {
    name: (float(value), unit, country)
    for name, value, unit, country in re.findall(
        r"^\| `([a-z0-9-]+)` \| ([\d.]+) \| ([^|]+?) \|([^|]*)\|", TEXT, re.MULTILINE
    )
}


def test_every_default_is_listed_and_nothing_else():
    assert set(ROWS) == set(DEFAULTS)


def test_values_units_and_whether_countries_differ_are_as_in_the_tables():
    for name, (value, unit, country) in ROWS.items():
        rows = DEFAULTS[name]
        assert (value, unit) == (rows[EVERYWHERE].value, rows[EVERYWHERE].unit), name
        assert ("yes" in country) == (len(rows) > 1), name


def test_every_status_is_explained():
    assert all(f"| `{status}` |" in TEXT for status in DefaultStatus)
