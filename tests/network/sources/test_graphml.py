from pathlib import Path

import numpy as np
import osmnx
import pytest

from faults import InputError, SourceError
from network.profiles import PROFILES
from network.sources.graphml import read_graphml, write_graphml
from network.sources.made_up import twelve_junctions
from network.sources.osm_file import read_osm
from tests.network.drawing import grid
from tests.network.test_exchange import rich_town, same, uses


def test_there_and_back_again(tmp_path: Path) -> None:
    network = grid(5, 5, seed=8)
    write_graphml(network, tmp_path / "streets.graphml")
    back = read_graphml(tmp_path / "streets.graphml")
    assert uses(back) == uses(network)
    assert back.source == "drawn by hand"


def test_nothing_is_lost(tmp_path: Path) -> None:
    write_graphml(rich_town(), tmp_path / "streets.graphml")
    same(read_graphml(tmp_path / "streets.graphml"), rich_town())


def test_nothing_of_a_real_town_is_lost(tmp_path: Path, data_dir: Path) -> None:
    network = read_osm(data_dir / "osm" / "nairobi-central.osm.pbf")
    write_graphml(network, tmp_path / "streets.graphml")
    same(read_graphml(tmp_path / "streets.graphml"), network)


def test_osmnx_reads_what_we_write_and_we_read_what_it_writes(tmp_path: Path) -> None:
    town, file = twelve_junctions(), tmp_path / "town.graphml"
    write_graphml(town, file, profile=PROFILES["refuse-truck"])
    graph = osmnx.load_graphml(file)
    assert all(data["travel_time"] > 0 and data["speed_kph"] > 0 for *_, data in graph.edges(data=True))
    assert isinstance(next(iter(graph.nodes)), int)
    graph.graph.clear()
    osmnx.save_graphml(graph, file)
    back = read_graphml(file)
    assert uses(back) == uses(town)
    assert (back.source, back.attribution) == ("town.graphml", "© OpenStreetMap contributors")
    assert np.sort(back.junction_id).tolist() == list(range(1, 13))


@pytest.mark.parametrize("content", ["", "no xml", "<graphml></graphml>", "<html><body/></html>"])
def test_a_file_that_is_no_graphml(tmp_path: Path, content: str) -> None:
    file = tmp_path / "streets.graphml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises((SourceError, InputError)) as refused:
        read_graphml(file)
    (fault,) = refused.value.faults
    assert fault.code in ("file-unreadable", "graph-without-streets")


def test_entities_are_refused(tmp_path: Path) -> None:
    secret, file = tmp_path / "secret", tmp_path / "streets.graphml"
    secret.write_text("1", encoding="utf-8")
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    for declared in (f'<!ENTITY l0 "ha">{laughs}', f'<!ENTITY l9 SYSTEM "{secret.as_uri()}">'):
        file.write_text(f"<!DOCTYPE graphml [{declared}]><graphml>&l9;</graphml>", encoding="utf-8")
        with pytest.raises(SourceError, match="entities are refused"):
            read_graphml(file)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as refused:
        read_graphml(tmp_path / "none.graphml")
    assert refused.value.faults[0].code == "file-not-found"
