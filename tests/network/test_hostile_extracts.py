"""Extracts made to do harm, and extracts that broke on the way: a clear fault each, nothing half-built."""

import random
import socket
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import osmium
import pytest

from faults import InputError, SourceError
from network.sources.osm_file import read_osm
from tests.network.extracts import nodes_xml, relations_xml, street, tags_xml, ways_xml, write

NODES = {1: (0, 0), 2: (100, 0), 3: (100, 100)}
WAYS = ways_xml({7: street(1, 2, 3)})


def code(path: Path) -> str:
    with pytest.raises((SourceError, InputError)) as refused:
        read_osm(path)
    fault = refused.value.faults[0]
    assert str(path) in fault.place
    assert fault.action
    return fault.code


# PBF: blocks, each a length, a header that names kind and size, and a blob of raw or packed bytes.


def varint(number: int) -> bytes:
    low = b""
    while number > 127:
        low += bytes([number & 127 | 128])
        number >>= 7
    return low + bytes([number])


def text(field: int, content: bytes) -> bytes:
    return varint(field << 3 | 2) + varint(len(content)) + content


def number(field: int, value: int) -> bytes:
    return varint(field << 3) + varint(value)


def block(kind: bytes, blob: bytes, *, size: int | None = None) -> bytes:
    header = text(1, kind) + number(3, len(blob) if size is None else size)
    return struct.pack(">I", len(header)) + header + blob


def packed(content: bytes, *, raw_size: int | None = None) -> bytes:
    return number(2, len(content) if raw_size is None else raw_size) + text(3, zlib.compress(content))


HEAD = block(b"OSMHeader", packed(text(4, b"OsmSchema-V0.6") + text(4, b"DenseNodes")))


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm.pbf"
    places = random.Random(7)  # so that it does not pack well
    with osmium.SimpleWriter(str(path)) as writer:
        for ref in range(1, 3000):
            writer.add_node(osmium.osm.mutable.Node(id=ref, location=(places.random(), places.random())))
        for way in range(1, 500):
            tags = {"highway": "residential", "name": f"Street {way * 7919 % 104729}"}
            writer.add_way(osmium.osm.mutable.Way(id=way, nodes=range(way, way + 9), tags=tags))
    return path


def test_cut_off_after_each_kilobyte(good: Path) -> None:
    data = good.read_bytes()
    assert read_osm(good).segments > 0
    assert len(data) > 8000
    for size in range(1024, len(data), 1024):
        good.write_bytes(data[:size])
        assert code(good) == "extract-broken"


LOST_WAY = number(1, 1) + text(2, b"\x63") + text(3, b"\x63")  # tag 99 of a table of one word
HOSTILE: dict[str, bytes] = {
    "header of 2 GiB": struct.pack(">I", 0x7FFFFFFF) + b"x" * 100,
    "header of 4 GiB": struct.pack(">I", 0xFFFFFFFF) + b"x" * 100,
    "header over 64 KiB": struct.pack(">I", 70_000) + b"x" * 70_000,
    "blob over 32 MiB": HEAD + block(b"OSMData", b"", size=33 * 1024 * 1024),
    "blob of 2 GiB": HEAD + block(b"OSMData", b"", size=0x7FFFFFFF),
    "raw size too low": HEAD + block(b"OSMData", packed(b"x" * 1000, raw_size=10)),
    "raw size too high": HEAD + block(b"OSMData", packed(b"x" * 1000, raw_size=10_000)),
    "raw size over 32 MiB": HEAD + block(b"OSMData", packed(b"x" * 1000, raw_size=1 << 30)),
    "bomb": HEAD + block(b"OSMData", packed(bytes(40_000_000), raw_size=40_000_000)),
    "bomb that lies": HEAD + block(b"OSMData", packed(bytes(40_000_000), raw_size=1000)),
    "no zlib": HEAD + block(b"OSMData", number(2, 100) + text(3, b"no zlib at all")),
    "no content": HEAD + block(b"OSMData", b""),
    "noise": HEAD + block(b"OSMData", packed(bytes(range(256)) * 20)),
    "unknown feature": block(b"OSMHeader", packed(text(4, b"OsmSchema-V0.6") + text(4, b"Teleportation"))),
    "no header": block(b"OSMData", packed(b"")),
    "words that are not there": HEAD + block(b"OSMData", packed(text(1, text(1, b"")) + text(2, text(3, LOST_WAY)))),
}  # fmt: skip


@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_pbf_that_lies(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(content)
    assert code(path) == "extract-broken"


def flips(data: bytes) -> Iterator[bytes]:
    for at in range(37, len(data), len(data) // 60):
        broken = bytearray(data)
        broken[at] ^= 0x55
        yield bytes(broken)


def test_a_flipped_byte_never_ends_the_process(good: Path) -> None:
    data = good.read_bytes()
    codes = set()
    for broken in flips(data):
        good.write_bytes(broken)
        try:
            read_osm(good)
        except (SourceError, InputError) as refused:
            codes.update(fault.code for fault in refused.faults)
    assert "extract-broken" in codes
    assert codes <= {"extract-broken", "coordinates-invalid", "no-streets", "extract-history"}


XML: dict[str, tuple[bytes, str]] = {
    "not UTF-8": (b'<osm version="0.6"><way id="1"><tag k="highway" v="\xff"/></way></osm>', "extract-broken"),
    "white space": (b'<osm version="0.6">' + b" " * 5_000_000 + b"</osm>", "no-streets"),
    "two roots": (b'<osm version="0.6"></osm><osm version="0.6"></osm>', "extract-broken"),
    "wrong version": (b'<osm version="0.5"></osm>', "extract-broken"),
    "huge id": (b'<osm version="0.6"><node id="9223372036854775808" lat="0" lon="0"/></osm>', "extract-broken"),
    "id that is none": (b'<osm version="0.6"><node id="one" lat="0" lon="0"/></osm>', "extract-broken"),
    "node to nowhere": (b'<osm version="0.6"><way id="1"><nd ref="x"/></way></osm>', "extract-broken"),
    "infinite": (b'<osm version="0.6"><node id="1" lat="inf" lon="0"/></osm>', "coordinates-invalid"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "expected"), XML.values(), ids=XML.keys())
def test_xml_that_is_no_map(tmp_path: Path, content: bytes, expected: str) -> None:
    path = tmp_path / "town.osm"
    path.write_bytes(content)
    assert code(path) == expected


OUTSIDE = ('[<!ENTITY x SYSTEM "{0}">]', 'SYSTEM "{0}"', '[<!ENTITY % x SYSTEM "{0}"> %x;]')


@pytest.mark.parametrize("doctype", OUTSIDE)
def test_an_entity_on_the_net_is_not_asked_for(tmp_path: Path, doctype: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        made = doctype.format(f"http://127.0.0.1:{server.getsockname()[1]}/x")
        path = tmp_path / "town.osm"
        path.write_text(f'<!DOCTYPE osm {made}><osm version="0.6">{nodes_xml(NODES)}{WAYS}</osm>', encoding="utf-8")
        if "ENTITY" in doctype:
            assert code(path) == "extract-entities"
        else:
            assert read_osm(path).segments == 1
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_hundred_thousand_tags_on_one_street(tmp_path: Path) -> None:
    tags = {f"k{k}": "x" * 50 for k in range(100_000)} | {"highway": "service"}
    way = f'<way id="1"><nd ref="1"/><nd ref="2"/>{tags_xml(tags)}</way>'
    network = read_osm(write(tmp_path / "town.osm", nodes_xml(NODES), way))
    assert len(network.report.unread_m) == 100_000
    assert set(network.tags) == {"highway"}


def test_relations_that_go_round_in_circles(tmp_path: Path) -> None:
    rule = {"type": "restriction", "restriction": "no_left_turn"}
    relations = {
        1: ([("relation", 2, "from"), ("relation", 1, "via"), ("relation", 2, "to")], rule),
        2: ([("relation", 1, "via"), ("way", 7, "from"), ("way", 7, "to")], rule),
        3: ([("way", 7, "from"), ("way", 7, "via"), ("way", 7, "to")], rule),
        4: ([("node", 2, "from"), ("way", 7, "via"), ("way", 7, "to")], rule),
        5: ([("way", 7, "from")] * 500 + [("node", 2, "via")] + [("way", 7, "to")] * 500, rule),
    }
    network = read_osm(write(tmp_path / "town.osm", nodes_xml(NODES), WAYS, relations_xml(relations)))
    assert network.report.restrictions == {"kept": 1, "not-connected": 1, "odd-members": 3}
    assert len(network.restrictions) <= 4


@pytest.mark.parametrize("ids", [(1, 2, 2, 1, 2), (5, 5, 5), (1, 99, 2, 99, 3), (-1, -2)])
def test_ways_to_nowhere_and_back(tmp_path: Path, ids: tuple[int, ...]) -> None:
    path = write(tmp_path / "town.osm", nodes_xml(NODES), ways_xml({7: street(1, 2), 8: street(*ids)}))
    network = read_osm(path)
    assert 7 in network.way_id
    assert (network.length_m > 0).all()
    assert network.report.missing_nodes == len({ref for ref in ids if ref not in NODES})


def test_nodes_given_twice_in_two_places(tmp_path: Path) -> None:
    path = write(tmp_path / "town.osm", nodes_xml(NODES), nodes_xml({2: (300, 0)}), WAYS)
    network = read_osm(path)
    assert sorted(network.junction_id.tolist()) == [1, 3]
    assert network.length_m.sum() > 0


@pytest.mark.parametrize("damage", [lambda data: data[:-2], lambda data: data[:0], lambda data: data[:900]])
def test_a_network_is_whole_or_not_there(good: Path, damage: Callable[[bytes], bytes]) -> None:
    before = sorted(good.parent.iterdir())
    good.write_bytes(damage(good.read_bytes()))
    assert code(good) in ("extract-broken", "extract-empty")
    assert sorted(good.parent.iterdir()) == before
