from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest

from faults import InputError
from network import waytext
from network.geometry import METRES_PER_DEGREE, steps_m
from network.keys import CLASSES, ends_a_segment, node_tag_matters
from network.profiles import PROFILES
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from network.tags import usable
from tests.network.extracts import nodes_xml, street, ways_xml, write

# A cross: 1-2-3 east-west, 4-2-5 south-north, 100 m each; 6 far away to the east.
CROSS = {1: (-100, 0), 2: (0, 0), 3: (100, 0), 4: (0, -100), 5: (0, 100), 6: (900, 0), 7: (1000, 0)}


def read(tmp_path: Path, ways: dict[int, object], nodes: dict[int, object] = CROSS, **cut: object) -> StreetNetwork:
    return read_osm(write(tmp_path / "town.osm", nodes_xml(nodes), ways_xml(ways)), **cut)


def metres_box(west: float, south: float, east: float, north: float) -> tuple[float, ...]:
    return tuple(metres / METRES_PER_DEGREE for metres in (west, south, east, north))


def ends(net: StreetNetwork) -> set[tuple[int, int]]:
    return set(zip(net.junction_id[net.tail].tolist(), net.junction_id[net.head].tolist(), strict=True))


def test_streets_are_cut_where_they_meet_and_keep_what_matters(tmp_path: Path) -> None:
    net = read(
        tmp_path,
        {
            10: street(1, 2, 3, name="Haile Selassie Avenue", oneway="yes", colour="red"),
            11: street(4, 2, 5, oneway__hgv="no"),
        },
    )
    assert ends(net) == {(1, 2), (2, 3), (4, 2), (2, 5)}
    assert net.length_m == pytest.approx([100] * 4, abs=0.05)
    assert net.name.strings().tolist() == ["Haile Selassie Avenue"] * 2 + [""] * 2
    assert net.tag("oneway").strings().tolist() == ["yes", "yes", "", ""]
    assert net.tag("oneway:hgv").strings().tolist() == ["", "", "no", "no"]
    assert set(net.tags) == {"highway", "oneway", "oneway:hgv"}
    assert (net.source, net.licence, net.attribution) == ("town.osm", "ODbL 1.0", "© OpenStreetMap contributors")
    assert net.report.ways_read == 2
    assert net.report.left_out == {}
    assert net.box == pytest.approx(metres_box(-100, -100, 100, 100), abs=1e-6)


def test_what_is_no_street_is_left_out_with_its_reason(tmp_path: Path) -> None:
    net = read(
        tmp_path,
        {
            10: street(1, 2),
            11: street(2, 3, highway="construction"),
            12: street(2, 3, highway="proposed"),
            13: street(2, 3, highway="platform"),
            14: street(2, 4, 5, 2, highway="pedestrian", area="yes"),
            15: street(3),
            16: street(3, 3),
            17: street(2, 3, highway="pedestrian", area="no"),
            18: ((1, 3), {"building": "yes"}),
        },
    )
    assert net.report.left_out == {"area": 1, "no-usable-tags": 1, "not-built": 2, "too-few-nodes": 1, "zero-length": 1}
    assert net.report.ways_read == 8
    assert net.way_id.tolist() == [10, 17]


@pytest.mark.parametrize("highway", sorted(set().union(*(profile.speed_kmh for profile in PROFILES.values()))))
def test_every_class_a_profile_may_use_is_read(tmp_path: Path, highway: str) -> None:
    net = read(tmp_path, {10: street(1, 2, highway=highway)})
    allowed = [usable(net, profile).forward[0] for profile in PROFILES.values() if highway in profile.speed_kmh]
    assert any(allowed)


def test_a_way_given_twice_counts_once(tmp_path: Path) -> None:
    twice = write(tmp_path / "t.osm", nodes_xml(CROSS), ways_xml({10: street(1, 2, 3)}) * 2)
    net = read_osm(twice)
    assert ends(net) == {(1, 3)}
    assert net.report.left_out == {"duplicate": 1}


def test_missing_nodes_break_a_street_where_they_are(tmp_path: Path) -> None:
    net = read(tmp_path, {10: street(4, 2, 99, 1), 11: street(98, 3, 97), 12: street(1, 2, 3)})
    assert ends(net) == {(4, 2), (1, 2), (2, 3)}
    assert net.report.missing_nodes == 3
    assert net.report.clipped_ends == 1
    assert net.report.left_out == {"too-few-nodes": 1}


def test_a_box_keeps_streets_up_to_the_last_node_inside(tmp_path: Path) -> None:
    ways = {10: street(1, 2, 3, 6, 7), 11: street(4, 2, 5), 12: street(6, 7, name="Far Road")}
    net = read(tmp_path, ways, box=metres_box(-150, -50, 150, 150))
    assert ends(net) == {(1, 2), (2, 3), (2, 5)}
    assert net.report.clipped_ends == 2
    assert net.junction_id[net.junction_tag("clipped").codes > 0].tolist() == [2, 3]
    assert net.report.ways_read == 2  # Far Road went unread
    assert net.name.values == ("",)


def test_a_street_that_leaves_and_comes_back_is_two(tmp_path: Path) -> None:
    nodes = CROSS | {8: (100, 300), 9: (0, 300)}
    net = read(tmp_path, {10: street(1, 2, 3, 8, 9, 5, 4)}, nodes, box=metres_box(-150, -150, 150, 150))
    assert ends(net) == {(1, 3), (5, 4)}
    assert net.report.clipped_ends == 2


def test_an_outline_with_a_hole(tmp_path: Path) -> None:
    def square(half: float) -> list[tuple[float, float]]:
        return [
            (x / METRES_PER_DEGREE, y / METRES_PER_DEGREE)
            for x, y in ((-half, -half), (half, -half), (half, half), (-half, half))
        ]

    ways = {10: street(1, 2, 3), 11: street(4, 5), 12: street(6, 7)}
    whole = read(tmp_path, ways, boundary=[square(150)])
    assert ends(whole) == {(1, 3), (4, 5)}
    holed = read(tmp_path, ways | {13: street(1, 4)}, boundary=[square(150), square(50)])
    assert ends(holed) == {(4, 5), (1, 4)}
    assert holed.report.left_out == {"too-few-nodes": 1}


@pytest.mark.parametrize(
    ("ways", "cut", "cause"),
    [
        ({10: ((1, 2), {"building": "yes"})}, {}, "holds no streets (0 ways"),
        ({10: street(1, 2, highway="platform")}, {}, "holds no streets (1 ways"),
        ({10: street(1, 2)}, {"box": (50.0, 50.0, 51.0, 51.0)}, "its streets lie in -0.0008993, 0.0, 0.0, 0.0"),
        ({10: street(1, 3)}, {"box": metres_box(-1, -1, 1, 1)}, "none of the 1 streets near"),
        ({10: street(91, 92, 93)}, {}, "none of its 1 streets has places"),
    ],
)
def test_nothing_left_is_an_error_that_says_why(tmp_path: Path, ways: dict, cut: dict, cause: str) -> None:
    with pytest.raises(InputError) as error:
        read(tmp_path, ways, **cut)
    assert error.value.faults[0].code == "no-streets"
    assert cause in error.value.faults[0].cause


def test_a_wrong_box_is_refused_before_reading(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="box-invalid"):
        read_osm(tmp_path / "none.osm", box=(1, 0, 0, 1))


def test_batches_do_not_change_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = {10: street(1, 2, 3, name="A"), 11: street(4, 2, 5, name="B"), 12: street(3, 6, 7, name="A")}
    at_once = read(tmp_path, ways)
    for size in (1, 40, 100):
        monkeypatch.setattr(waytext, "CHUNK_BYTES", size)
        assert read(tmp_path, ways).sha256 == at_once.sha256
        assert read(tmp_path, ways).name.strings().tolist() == at_once.name.strings().tolist()


read_once = lru_cache(read_osm)  # each real file once
EXTRACTS = ["nairobi-central", "monaco", "dhaka-central"]


@pytest.mark.parametrize("name", EXTRACTS)
def test_real_extracts_agree_with_a_plain_count(data_dir: Path, name: str) -> None:
    import osmium

    path = data_dir / "osm" / f"{name}.osm.pbf"
    net = read_once(path)
    uses: dict[int, int] = {}
    streets: list[list[int]] = []
    marked: set[int] = set()
    for way in osmium.FileProcessor(path).with_locations():
        tags = dict(way.tags) if len(way.tags) else {}
        if way.is_node() and any(ends_a_segment(*tag) and node_tag_matters(*tag) for tag in tags.items()):
            marked.add(way.id)
        if way.is_relation() and tags.get("type") == "restriction":
            marked.update(member.ref for member in way.members if (member.type, member.role) == ("n", "via"))
        if not way.is_way() or way.tags.get("highway") not in CLASSES or way.tags.get("area") == "yes":
            continue
        runs: list[list[int]] = [[]]
        for node in way.nodes:
            if node.location.valid():
                runs[-1].append(node.ref)
            else:
                runs.append([])
        for run in runs:
            if len(run) > 1:
                streets.append(run)
                for ref in run:
                    uses[ref] = uses.get(ref, 0) + 1
    junctions = {ref for run in streets for ref in (run[0], run[-1])} | {
        ref for ref, count in uses.items() if count > 1 or ref in marked
    }
    segments = sum(sum(ref in junctions for ref in run) - 1 for run in streets)
    assert set(net.junction_id.tolist()) <= junctions
    assert len(junctions) - net.junctions <= len(junctions) * 0.002  # nodes in the same place became one
    assert segments - net.segments <= segments * 0.002


@pytest.mark.parametrize("name", [*EXTRACTS, "heidelberg", "porto-alegre"])
def test_real_extracts_hold_together(data_dir: Path, name: str) -> None:
    net = read_once(data_dir / "osm" / f"{name}.osm.pbf")
    assert (net.length_m > 0).all()
    along = np.concatenate([[0], np.cumsum(steps_m(net.shape_lon, net.shape_lat))])
    measured = along[net.shape_start[1:] - 1] - along[net.shape_start[:-1]]
    assert measured == pytest.approx(net.length_m, abs=1e-3)
    first, last = net.shape_start[:-1], net.shape_start[1:] - 1
    assert (net.shape_lon[first] == net.junction_lon[net.tail]).all()
    assert (net.shape_lat[last] == net.junction_lat[net.head]).all()
    assert len(np.unique(net.junction_id)) == net.junctions
    assert net.report.islands_m < 0.05 * net.length_m.sum()
    truck = usable(net, PROFILES["refuse-truck"])
    assert 0.3 < (truck.forward | truck.backward).mean() < 1
    for profile in PROFILES.values():
        use = usable(net, profile)
        assert ((use.speed_kmh > 0) == (use.forward | use.backward)).all()


def test_a_real_city_cut_to_a_box_is_a_part_of_it(data_dir: Path) -> None:
    path, box = data_dir / "osm" / "nairobi-central.osm.pbf", (36.815, -1.295, 36.83, -1.28)
    whole, part = read_once(path), read_osm(path, box=box)
    west, south, east, north = box
    assert west <= part.shape_lon.min() <= part.shape_lon.max() <= east
    assert south <= part.shape_lat.min() <= part.shape_lat.max() <= north
    assert set(part.way_id.tolist()) < set(whole.way_id.tolist())
    inside = (
        (whole.shape_lon >= west) & (whole.shape_lon <= east) & (whole.shape_lat >= south) & (whole.shape_lat <= north)
    )
    fully = np.logical_and.reduceat(inside, whole.shape_start[:-1])
    assert part.length_m.sum() >= whole.length_m[fully].sum() - 1e-6
    assert part.length_m.sum() <= whole.length_m[np.logical_or.reduceat(inside, whole.shape_start[:-1])].sum()
    assert part.report.clipped_ends > 20
    ring = [(west, south), (east, south), (east, north), (west, north)]
    assert read_osm(path, boundary=[ring]).sha256 == part.sha256


def test_heidelberg_has_its_known_facts(data_dir: Path) -> None:
    net = read_once(data_dir / "osm" / "heidelberg.osm.pbf")
    assert net.date == "2024-09-08"
    highways = net.tag("highway").strings()
    assert {"motorway", "steps", "track"} <= set(highways)
    truck, small = usable(net, PROFILES["refuse-truck"]), usable(net, PROFILES["small-truck"])
    limited = net.tag("maxweight").isin({"7.5"})
    assert limited.sum() > 100
    assert not (truck.forward & ~truck.serve_only)[limited].any()  # one of them lets in to serve
    assert small.forward[limited].any()
    assert truck.serve_only.sum() > 1000
    names = net.name.strings()
    assert "Hauptstraße" in names
    assert len(net.shape_lon) == net.shape_start[-1] > 2 * net.segments
