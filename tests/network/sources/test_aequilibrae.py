import sqlite3
import zipfile
from collections.abc import Sequence
from contextlib import closing
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from faults import SourceError
from network.geometry import METRES_PER_DEGREE, steps_m
from network.profiles import PROFILES
from network.sources import aequilibrae
from network.sources.aequilibrae import MEMBER, read_aequilibrae, read_zones
from network.tags import usable
from tests.network.test_spatialite import line, multipolygon

COLUMNS = "link_id, a_node, b_node, direction, modes, link_type, name, speed_ab, speed_ba, geometry, osm_id"
Link = dict[str, object]


def link(a: int, b: int, metres: Sequence[tuple[float, float]], **changes: object) -> Link:
    points = [(x / METRES_PER_DEGREE, y / METRES_PER_DEGREE) for x, y in metres]
    row = {"a_node": a, "b_node": b, "direction": 0, "modes": "ct", "link_type": "residential", "name": None}
    return row | {"speed_ab": None, "speed_ba": None, "osm_id": 77, "geometry": line(points)} | changes


STREETS = [
    link(1, 2, [(0, 0), (100, 0)], name="Ruta 5", speed_ab=50, speed_ba=50),
    link(2, 3, [(100, 0), (100, 60), (180, 60)], direction=1, speed_ab=60, speed_ba=30),
    link(3, 1, [(180, 60), (0, 0)], direction=-1, link_type="default", speed_ab=None, speed_ba=40, modes="t"),
    link(2, 4, [(100, 0), (100, -50)], speed_ab=40.5, link_type="primary"),
    link(9, 1, [(50, 50), (0, 0)], link_type="centroid_connector", osm_id=None),
]


def project(path: Path, links: list[Link] = STREETS, nodes: dict[int, int | None] | None = None) -> Path:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(f"CREATE TABLE links ({COLUMNS})")
        database.execute("CREATE TABLE nodes (node_id, osm_id)")
        database.execute("CREATE TABLE zones (zone_id, name, population, geometry)")
        marks = ", ".join(f":{name.strip()}" for name in COLUMNS.split(","))
        for number, row in enumerate(links, 1):
            database.execute(f"INSERT INTO links VALUES ({marks})", row | {"link_id": number})
        known = {1: 1001, 2: 1002, 3: 1003, 4: 1004, 9: None} if nodes is None else nodes
        database.executemany("INSERT INTO nodes VALUES (?, ?)", known.items())
        square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
        zones = [
            (2, None, None, multipolygon([square])),
            (1, "Centro", 451.5, multipolygon([square, square[::-1]], [square])),
        ]
        database.executemany("INSERT INTO zones VALUES (?, ?, ?, ?)", zones)
    return path


def zipped(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return path


def test_links_become_streets(tmp_path: Path) -> None:
    net = read_aequilibrae(project(tmp_path / MEMBER))
    assert (net.segments, net.junctions) == (4, 4)
    assert net.junction_id.tolist() == [1001, 1002, 1003, 1004]
    assert net.tail.tolist() == [0, 1, 2, 1]
    assert net.head.tolist() == [1, 2, 0, 3]
    assert net.length_m == pytest.approx([100, 140, 189.74, 50], abs=0.01)
    assert net.tag("highway").strings().tolist() == ["residential", "residential", "road", "primary"]
    assert net.tag("oneway").strings().tolist() == ["", "yes", "-1", ""]
    assert net.tag("maxspeed").strings().tolist() == ["50", "60", "40", ""]
    assert net.tag("maxspeed:forward").strings().tolist() == ["", "", "", "40.5"]
    assert net.tag("motor_vehicle").strings().tolist() == ["", "", "no", ""]
    assert "maxspeed:backward" not in net.tags
    assert net.name.strings().tolist() == ["Ruta 5", "", "", ""]
    assert net.way_id.tolist() == [77] * 4
    assert net.report.ways_read == 5
    assert net.report.left_out == {"centroid-connector": 1}
    assert "AequilibraE" in net.attribution
    assert "OpenStreetMap" in net.attribution


def test_what_a_truck_may_do_there(tmp_path: Path) -> None:
    net = read_aequilibrae(project(tmp_path / MEMBER))
    truck = usable(net, PROFILES["refuse-truck"])
    assert truck.forward.tolist() == [True, True, False, True]
    assert truck.backward.tolist() == [True, False, False, True]


@pytest.mark.parametrize("osm_ids", [{1: 5, 2: 5, 3: 6, 4: 7}, {1: 5, 2: None, 3: 6, 4: 7}, {}])
def test_ids_of_the_project_serve_where_those_of_the_map_do_not(tmp_path: Path, osm_ids: dict[int, int | None]) -> None:
    net = read_aequilibrae(project(tmp_path / MEMBER, nodes=osm_ids))
    assert net.junction_id.tolist() == [1, 2, 3, 4]


def test_zones_with_people(tmp_path: Path) -> None:
    centre, other = read_zones(project(tmp_path / MEMBER))
    assert (centre.id, centre.name, centre.population, len(centre.rings)) == ("1", "Centro", 451.5, 3)
    assert centre.rings[0].tolist() == [[0, 0], [1, 0], [1, 1], [0, 0]]
    assert (other.id, other.name, other.population) == ("2", "", 0)


def test_a_zip_is_read_like_the_file_inside(tmp_path: Path) -> None:
    plain = project(tmp_path / "town.sqlite")
    packed = zipped(tmp_path / "town.zip", ("readme.txt", b"hello"), (f"model/{MEMBER}", plain.read_bytes()))
    assert read_aequilibrae(packed).sha256 == read_aequilibrae(plain).sha256
    assert len(read_zones(packed)) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["town.sqlite", "town.zip"]


def refused(path: Path) -> tuple[str, str]:
    with pytest.raises(SourceError) as error:
        read_aequilibrae(path)
    fault = error.value.faults[0]
    assert fault.place == str(path)
    return fault.code, fault.cause


def test_a_member_path_that_climbs_is_never_followed(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    plain = project(tmp_path / "x.sqlite").read_bytes()
    packed = zipped(inner / "town.zip", (f"../../../{MEMBER}", plain))
    assert read_aequilibrae(packed).segments == 4
    assert not (tmp_path / MEMBER).exists()
    assert not (tmp_path.parent / MEMBER).exists()


def test_zips_that_hold_none_two_or_too_much(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refused(zipped(tmp_path / "a.zip", ("readme.txt", b"")))[0] == "project-broken"
    assert "2 files" in refused(zipped(tmp_path / "b.zip", (f"a/{MEMBER}", b""), (f"b/{MEMBER}", b"")))[1]
    monkeypatch.setattr(aequilibrae, "LARGEST_BYTES", 1000)
    assert refused(zipped(tmp_path / "c.zip", (MEMBER, b"\0" * 1001)))[0] == "project-too-large"


def test_a_zip_that_lies_about_its_size(tmp_path: Path) -> None:
    packed = zipped(tmp_path / "a.zip", (MEMBER, b"\0" * 5000))
    data = packed.read_bytes()
    at = data.rindex(b"PK\x01\x02") + 24  # uncompressed size in the central directory
    packed.write_bytes(data[:at] + (100).to_bytes(4, "little") + data[at + 4 :])
    assert refused(packed)[0] == "project-broken"


def test_damaged_files(tmp_path: Path) -> None:
    good = project(tmp_path / "good.sqlite").read_bytes()
    (tmp_path / "text.sqlite").write_bytes(b"hello")
    (tmp_path / "short.sqlite").write_bytes(good[: len(good) // 3])
    packed = zipped(tmp_path / "bad.zip", (MEMBER, good))
    data = bytearray(packed.read_bytes())
    data[100:140] = b"\xff" * 40
    packed.write_bytes(data)
    assert refused(tmp_path / "none.sqlite")[0] == "project-missing"
    for name in ("text.sqlite", "short.sqlite", "bad.zip"):
        assert refused(tmp_path / name)[0] == "project-broken"


def test_another_database_says_what_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE TABLE birds (name)")
    code, cause = refused(path)
    assert code == "project-broken"
    assert "links" in cause


@pytest.mark.parametrize(
    ("links", "cause"),
    [
        ([], "no links"),
        ([STREETS[4]], "no links"),
        ([STREETS[0], link(2, 3, [(0, 0), (1, 1)], geometry=None)], "geometry 1"),
        ([STREETS[0], link(2, 3, [(0, 0), (1, 1)], geometry="POINT")], "geometry 1"),
        ([link(None, 3, [(0, 0), (1, 1)])], "links"),
    ],
)
def test_links_that_cannot_be_used(tmp_path: Path, links: list[Link], cause: str) -> None:
    code, said = refused(project(tmp_path / "town.sqlite", links))
    assert code == "project-broken"
    assert cause in said


def test_zones_that_cannot_be_used(tmp_path: Path) -> None:
    path = project(tmp_path / "town.sqlite")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE zones SET geometry = x'00' WHERE zone_id = 2")
    with pytest.raises(SourceError, match="zone 2"):
        read_zones(path)


coquimbo = lru_cache(read_aequilibrae)


def test_coquimbo_is_the_city_described(data_dir: Path) -> None:
    net = coquimbo(data_dir / "osm" / "coquimbo-network.zip")
    assert (net.segments, net.junctions) == (19_846, 15_591)
    assert net.report.left_out == {"centroid-connector": 137}
    assert net.box == pytest.approx((-71.3566, -30.0790, -71.1644, -29.8296), abs=1e-4)
    assert (net.name.codes > 0).sum() == 18_508 - 137  # the connectors carry names as well
    truck = usable(net, PROFILES["refuse-truck"])
    assert truck.forward.sum() + truck.backward.sum() == 34_272
    tail = np.concatenate([net.tail[truck.forward], net.head[truck.backward]])
    head = np.concatenate([net.head[truck.forward], net.tail[truck.backward]])
    links = coo_array((np.ones(len(tail)), (tail, head)), shape=(net.junctions, net.junctions))
    _, part = connected_components(links, directed=True, connection="strong")
    assert np.bincount(part).max() / net.junctions == pytest.approx(0.994, abs=0.001)


def test_coquimbo_lines_end_at_their_junctions_and_lengths_agree(data_dir: Path) -> None:
    path = data_dir / "osm" / "coquimbo-network.zip"
    net = coquimbo(path)
    first, last = net.shape_start[:-1], net.shape_start[1:] - 1
    for at, junction in ((first, net.tail), (last, net.head)):
        assert np.abs(net.shape_lon[at] - net.junction_lon[junction]).max() < 1e-9
        assert np.abs(net.shape_lat[at] - net.junction_lat[junction]).max() < 1e-9
    assert steps_m(*net.shape(5).T).sum() == pytest.approx(net.length_m[5])
    assert net.length_m.sum() / 1000 == pytest.approx(1469, abs=1)


def test_coquimbo_has_its_people(data_dir: Path) -> None:
    zones = read_zones(data_dir / "osm" / "coquimbo-network.zip")
    assert len(zones) == 133
    assert sum(zone.population for zone in zones) == pytest.approx(451_899, abs=1)
    assert all(len(zone.rings) >= 1 for zone in zones)
