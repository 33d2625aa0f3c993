from pathlib import Path
from types import SimpleNamespace

import numpy as np
import osmium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from faults import SourceError
from network import waytext
from network.extract import UNDEFINED
from network.sources.osm_file import read_osm
from network.waytext import Places
from tests.network.extracts import nodes_xml, street, tags_xml, ways_xml, write

NODES = {1: (0, 0), 2: (100, 0), 3: (100, 100)}


@given(st.sets(st.integers(0, 5000)), st.lists(st.integers(-3, 5003)), st.integers(1, 4))
def test_places_are_found_by_id(known: set[int], wanted: list[int], spread: int) -> None:
    ids = np.array(sorted(known), np.uint64) * np.uint64(spread)
    entries = np.zeros(len(ids), waytext._ENTRY)
    entries["id"], entries["x"], entries["y"] = ids, np.arange(len(ids)), -np.arange(len(ids))
    places = Places(entries=entries, sample=ids[:: waytext._STEP].copy())
    x, y = places.of(np.array(wanted, np.int64))
    position = {int(ref): at for at, ref in enumerate(ids)}
    assert x.tolist() == [position.get(ref, UNDEFINED) for ref in wanted]
    assert y.tolist() == [-position[ref] if ref in position else UNDEFINED for ref in wanted]


def test_many_places(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = np.zeros(5000, waytext._ENTRY)
    entries["id"], entries["x"] = np.arange(5000) * 3, np.arange(5000)
    places = Places(entries=entries, sample=entries["id"][:: waytext._STEP].copy())
    x, _ = places.of(np.arange(15_001))
    assert (x[0:15_000:3] == np.arange(5000)).all()
    assert (x[1::3] == UNDEFINED).all()
    assert x[-1] == UNDEFINED


ODD = [
    "a b",
    "100 %",
    "one, two",
    "a=b",
    'say "so"',
    "@home",
    "মিরপুর রোড",
    "Straße",
    "日本\u3000😀",
    "tab\tnew\nline",
    "<b>&amp;",
]


def test_tags_come_through_as_they_are(tmp_path: Path) -> None:
    tags = {f"k{k} ,=%": value for k, value in enumerate(ODD)}
    ways = {k: street(1, 2, name=name) for k, name in enumerate(ODD, 1)}
    extra = f'<way id="99"><nd ref="1"/><nd ref="3"/>{tags_xml({"highway": "service", **tags})}</way>'
    network = read_osm(write(tmp_path / "town.osm", nodes_xml(NODES), ways_xml(ways).replace("\n", "&#10;"), extra))
    names = [name.replace("\t", " ") for name in ODD]  # XML's own rule for a tab in an attribute
    assert [name.replace("\t", " ") for name in network.name.strings()] == [*names, ""]
    assert set(network.report.unread_m) == set(tags)


def test_a_way_of_many_nodes_is_longer_than_a_chunk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes = {ref: (10 * ref, 0) for ref in range(1, 500)}
    path = write(tmp_path / "town.osm", nodes_xml(nodes), ways_xml({7: street(*nodes), 8: street(1, 3)}))
    whole = read_osm(path)
    monkeypatch.setattr(waytext, "CHUNK_BYTES", 50)
    assert read_osm(path).sha256 == whole.sha256
    assert whole.way_id.tolist().count(7) == 2


def test_a_full_disk_is_said_before_it_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "town.osm", nodes_xml(NODES), ways_xml({7: street(1, 2)}))
    monkeypatch.setattr(waytext.shutil, "disk_usage", lambda _: SimpleNamespace(free=10_000_000))
    with pytest.raises(SourceError) as error:
        read_osm(path)
    assert [(fault.code, fault.place) for fault in error.value.faults] == [("disk-full", str(path))]
    assert "9 MB are free" in error.value.faults[0].cause


BROKEN = [b"AB\xff\xfeEFGH", b"\x00BCDEFGH", b"ABCDEFG\xc3"]


@pytest.mark.parametrize("name", BROKEN)
def test_text_that_is_no_text_is_refused_and_the_process_lives_on(tmp_path: Path, name: bytes) -> None:
    with pytest.raises(SourceError, match="extract-broken"):
        read_osm(named(tmp_path / "town.osm.pbf", name))
    assert read_osm(named(tmp_path / "town.osm.pbf", b"Mill Rd.")).name.values == ("", "Mill Rd.")


def test_half_characters_become_marks(tmp_path: Path) -> None:
    assert read_osm(named(tmp_path / "town.osm.pbf", b"AB\xed\xa0\x80CDE")).name.values == ("", "AB\ufffdCDE")


def named(path: Path, name: bytes) -> Path:
    """Write a street whose name is these eight bytes."""
    path.unlink(missing_ok=True)
    with osmium.SimpleWriter(osmium.io.File(str(path), "pbf,pbf_compression=none")) as writer:
        for ref in NODES:
            writer.add_node(osmium.osm.mutable.Node(id=ref, location=(ref * 1e-3, 0)))
        tags = {"highway": "residential", "name": "ABCDEFGH"}
        writer.add_way(osmium.osm.mutable.Way(id=1, nodes=list(NODES), tags=tags))
    path.write_bytes(path.read_bytes().replace(b"ABCDEFGH", name))
    return path


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(waytext.tempfile, "tempdir", str(folder))
    read_osm(write(tmp_path / "town.osm", nodes_xml(NODES), ways_xml({7: street(1, 2)})))
    with pytest.raises(SourceError):
        read_osm(named(tmp_path / "town.osm.pbf", BROKEN[0]))
    assert list(folder.iterdir()) == []
