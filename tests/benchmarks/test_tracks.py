from itertools import product
from pathlib import Path

from benchmarks import tracks
from benchmarks.options import Options
from benchmarks.table import as_dict
from tests.network.extracts import nodes_xml, street, ways_xml, write


def town(path: Path) -> Path:
    """Five by five junctions, 200 m apart."""
    nodes = {1 + 5 * r + c: (200.0 * c, 200.0 * r) for r, c in product(range(5), repeat=2)}
    ways = {100 + k: street(*(1 + 5 * k + c for c in range(5))) for k in range(5)}
    ways |= {200 + k: street(*(1 + 5 * r + k for r in range(5))) for k in range(5)}
    return write(path, nodes_xml(nodes), ways_xml(ways))


def test_trips_on_a_small_town_are_found(tmp_path: Path) -> None:
    (table,) = tracks.tables(Options(data=None), files={town(tmp_path / "town.osm"): 900.0}, count=3)
    by_manner = {(row["every s"], row["noise m"]): row for row in as_dict(table)["rows"]}
    assert len(by_manner) == len(tracks.RECEIVED)
    assert by_manner[1.0, 5.0]["found percent"] > 90
    assert all(row["points"] > 0 and 0 <= row["right percent"] <= 100 for row in by_manner.values())


def test_without_data_nothing_is_measured() -> None:
    (table,) = tracks.tables(Options(data=None))
    assert not table.rows
    assert "MZUNGUKO_DATA" in table.notes[-1]
