import bz2
import gzip
from pathlib import Path

import osmium
import pytest

from faults import InputError, SourceError
from network import extract
from network.sources.osm_file import read_osm
from tests.network.extracts import nodes_xml, street, ways_xml, write

NODES = {1: (0, 0), 2: (100, 0), 3: (100, 100)}
WAYS = ways_xml({7: street(1, 2, 3)})


def refused(path: Path) -> SourceError:
    with pytest.raises(SourceError) as error:
        read_osm(path)
    fault = error.value.faults[0]
    assert str(path) in fault.place
    assert fault.cause
    assert fault.action
    return error.value


def test_a_missing_file(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.osm.pbf").faults[0].code == "extract-missing"
    assert refused(tmp_path).faults[0].code == "extract-missing"


@pytest.mark.parametrize("name", ["town.osm", "town.osm.pbf"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert refused(tmp_path / name).faults[0].code == "extract-empty"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("town.osm", b"hello", "extract-broken"),
        ("town.osm.pbf", b"hello, this is no map", "extract-broken"),
        ("town.osm", b'<osm version="0.6"><node id="1" lat="0" lon="0"/>', "extract-broken"),
        ("town.osm.gz", b"<osm/>", "extract-broken"),
        ("town.osm", b"<html><body>404</body></html>", "extract-format"),
        ("town.xlsx", b"PK", "extract-format"),
    ],
)
def test_what_is_no_extract(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert refused(tmp_path / name).faults[0].code == code


def pbf(path: Path, *, nodes: int = 9000) -> Path:
    with osmium.SimpleWriter(str(path)) as writer:
        for ref in range(1, nodes + 1):
            writer.add_node(osmium.osm.mutable.Node(id=ref, location=(ref * 1e-5, (ref * 7919 % 997) * 1e-5)))
        writer.add_way(osmium.osm.mutable.Way(id=1, nodes=range(1, 200), tags={"highway": "residential"}))
    return path


@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: data[:-3], lambda data: data[:20]]
)
def test_a_truncated_pbf(tmp_path: Path, damage: object) -> None:
    path = pbf(tmp_path / "town.osm.pbf")
    assert read_osm(path).segments > 0
    path.write_bytes(damage(path.read_bytes()))
    assert refused(path).faults[0].code == "extract-broken"


def test_a_damaged_pbf(tmp_path: Path) -> None:
    path = pbf(tmp_path / "town.osm.pbf")
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 2, len(data) // 2 + 50):
        data[at] ^= 0xFF
    path.write_bytes(data)
    assert refused(path).faults[0].code == "extract-broken"


def test_a_history_file_by_its_name_and_by_its_header(tmp_path: Path) -> None:
    by_name = write(tmp_path / "town.osh", nodes_xml(NODES))
    assert refused(by_name).faults[0].code == "extract-history"
    osmium.SimpleWriter(str(tmp_path / "town.osh.pbf")).close()
    by_header = (tmp_path / "town.osh.pbf").rename(tmp_path / "town.osm.pbf")
    assert refused(by_header).faults[0].code == "extract-history"


def test_entities_are_refused(tmp_path: Path) -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    path = tmp_path / "town.osm"
    path.write_text(f'<!DOCTYPE osm [<!ENTITY l0 "ha">{laughs}]><osm version="0.6">&l9;</osm>')
    assert refused(path).faults[0].code == "extract-entities"


def test_an_outside_entity_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("<node/>")
    path = tmp_path / "town.osm"
    path.write_text(f'<!DOCTYPE osm [<!ENTITY x SYSTEM "{secret.as_uri()}">]><osm version="0.6">&x;</osm>')
    assert refused(path).faults[0].code == "extract-entities"


@pytest.mark.parametrize("suffix", [".osm", ".osm.gz", ".osm.bz2"])
def test_coordinates_that_are_no_numbers_are_named(tmp_path: Path, suffix: str) -> None:
    text = (
        '<osm version="0.6"><node id="1" lon="0" lat="0"/><node id="2" lat="NaN" lon="36.8"/>'
        f"<node lon='400' lat='1' id='3'/>{WAYS}</osm>"
    ).encode()
    path = tmp_path / f"town{suffix}"
    path.write_bytes({".osm.gz": gzip.compress, ".osm.bz2": bz2.compress}.get(suffix, bytes)(text))
    with pytest.raises(InputError) as error:
        read_osm(path)
    assert [(fault.code, fault.place) for fault in error.value.faults] == [
        ("coordinates-invalid", f"{path}, node 2"),
        ("coordinates-invalid", f"{path}, node 3"),
    ]
    assert "NaN" in error.value.faults[0].cause


def test_a_coordinate_split_between_two_reads_is_found(tmp_path: Path) -> None:
    padding = "<!--" + "x" * ((1 << 20) - 60) + "-->"
    path = tmp_path / "town.osm"
    path.write_text(f'<osm version="0.6">{padding}<node id="5" lat="nan" lon="0" visible="true"/></osm>')
    with pytest.raises(InputError) as error:
        read_osm(path)
    assert error.value.faults[0].place.endswith("node 5")


def test_places_outside_the_world_are_named(tmp_path: Path) -> None:
    nodes = '<node id="1" lon="0" lat="0"/><node id="2" lon="0" lat="91"/><node id="3" lon="190" lat="5"/>'
    path = write(tmp_path / "town.osm", nodes, WAYS)
    with pytest.raises(InputError) as error:
        read_osm(path)
    assert [fault.place.rsplit(" ", 1)[1] for fault in error.value.faults] == ["2", "3"]
    assert {fault.code for fault in error.value.faults} == {"coordinates-invalid"}


def test_the_order_of_objects_does_not_matter(tmp_path: Path) -> None:
    usual = read_osm(write(tmp_path / "a.osm", nodes_xml(NODES), WAYS))
    backwards = read_osm(write(tmp_path / "b.osm", WAYS, nodes_xml(dict(reversed(NODES.items())))))
    assert backwards.sha256 == usual.sha256
    assert usual.report.missing_nodes == 0


def test_large_files_keep_their_index_on_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "town.osm", WAYS, nodes_xml(dict(reversed(NODES.items()))))

    def places() -> list[tuple[int, int]]:
        with extract.opened(path) as index:
            ways = extract.objects(path, osmium.osm.WAY, index, "highway")
            return [(node.x, node.y) for way in ways for node in way.nodes]

    usual = places()
    kinds: list[str] = []
    create = osmium.index.create_map
    monkeypatch.setattr(osmium.index, "create_map", lambda kind: kinds.append(kind) or create(kind))
    monkeypatch.setattr(extract, "LARGE_FILE", 10)
    assert places() == usual
    assert kinds[0].startswith("sparse_file_array,")
    assert not Path(kinds[0].split(",")[1]).exists()


def test_the_day_comes_from_the_header_or_the_newest_street(tmp_path: Path) -> None:
    dated = WAYS.replace('id="7"', 'id="7" version="2" timestamp="2024-03-05T10:00:00Z"')
    assert read_osm(write(tmp_path / "a.osm", nodes_xml(NODES), dated)).date == "2024-03-05"
    assert read_osm(write(tmp_path / "b.osm", nodes_xml(NODES), WAYS)).date == ""
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2025-07-01T20:21:02Z")
    path = tmp_path / "c.osm.pbf"
    with osmium.SimpleWriter(str(path), 4096, header) as writer:
        for o in osmium.FileProcessor(tmp_path / "a.osm"):
            writer.add(o)
    assert read_osm(path).date == "2025-07-01"
