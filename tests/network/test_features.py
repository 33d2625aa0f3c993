from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import pytest
import shapely

from faults import InputError, SourceError
from network.features import MapFeatures, read_features
from network.geometry import METRES_PER_DEGREE
from tests.network.extracts import nodes_xml, tags_xml, ways_xml, write

# A 20 m by 10 m house (1-4), a courtyard block of 40 m (11-14) with a hole of 20 m (15-18), two points.
NODES = {
    1: (0, 0), 2: (20, 0), 3: (20, 10), 4: (0, 10),
    11: (100, 0), 12: (140, 0), 13: (140, 40), 14: (100, 40),
    15: (110, 10), 16: (130, 10), 17: (130, 30), 18: (110, 30),
}  # fmt: skip
HOUSE = (1, 2, 3, 4, 1)
OUTER, INNER = (11, 12, 13, 14, 11), (15, 16, 17, 18, 15)


def relation(members: Mapping[int, str], **tags: str) -> str:
    parts = "".join(f'<member type="way" ref="{ref}" role="{role}"/>' for ref, role in members.items())
    return f'<relation id="5">{parts}{tags_xml({"type": "multipolygon", **tags})}</relation>'


def read(
    tmp_path: Path,
    ways: Mapping[int, tuple[Sequence[int], Mapping[str, str]]],
    extra: Mapping[int, object] | None = None,
    more: str = "",
    **how: object,
) -> MapFeatures:
    path = write(tmp_path / "town.osm", nodes_xml(NODES | (extra or {})), ways_xml(ways), more)
    return read_features(path, **how)


def metres(lon: np.ndarray, lat: np.ndarray) -> list[tuple[float, float]]:
    return [(round(x * METRES_PER_DEGREE, 1), round(y * METRES_PER_DEGREE, 1)) for x, y in zip(lon, lat, strict=True)]


def test_a_house(tmp_path: Path) -> None:
    tags = {
        "building": "house",
        "building:levels": "2",
        "addr:street": "Mango Road",
        "addr:housenumber": "7",
        "name": "Home",
    }
    found = read(tmp_path, {50: (HOUSE, tags)})
    assert found.buildings.id == ("way/50",)
    assert metres(found.buildings.lon, found.buildings.lat) == [(10, 5)]
    assert found.buildings.area_m2 == pytest.approx([200], rel=1e-3)
    assert found.buildings.levels.tolist() == [2]
    assert np.isnan(found.buildings.flats).all()
    assert found.buildings.kind.strings().tolist() == ["house"]
    assert found.buildings.name.strings().tolist() == ["Home"]
    assert found.addresses.id == ("way/50",)
    assert found.addresses.street.strings().tolist() == ["Mango Road"]
    assert found.addresses.housenumber.strings().tolist() == ["7"]
    assert (found.source, found.licence, found.attribution) == ("town.osm", "ODbL 1.0", "© OpenStreetMap contributors")
    assert found.left_out == {}


def test_a_block_with_a_courtyard(tmp_path: Path) -> None:
    block = relation({60: "outer", 61: "inner"}, building="apartments", amenity="school")
    found = read(tmp_path, {60: (OUTER, {}), 61: (INNER, {})}, more=block)
    assert found.buildings.id == ("relation/5",)
    assert found.buildings.area_m2 == pytest.approx([1600 - 400], rel=1e-3)
    assert metres(found.buildings.lon, found.buildings.lat) == [(120, 20)]
    assert found.buildings.use.strings().tolist() == ["school"]
    assert found.amenities.kind == ("amenity=school",)


def test_two_outlines_of_one_building_weigh_by_area(tmp_path: Path) -> None:
    both = relation({50: "outer", 60: "outer"}, building="yes")
    found = read(tmp_path, {50: (HOUSE, {}), 60: (OUTER, {})}, more=both)
    assert found.buildings.area_m2 == pytest.approx([1800], rel=1e-3)
    x, y = metres(found.buildings.lon, found.buildings.lat)[0]
    assert (x, y) == pytest.approx(((10 * 200 + 120 * 1600) / 1800, (5 * 200 + 20 * 1600) / 1800), abs=0.1)


def test_what_is_no_building(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {
            50: (HOUSE, {"building": "no"}),
            51: ((1, 2, 3), {"building": "yes"}),
            52: ((11, 12, 99, 11), {"building": "yes"}),
        },
        {70: (5, 5, {"building": "yes"})},
    )
    assert found.buildings.id == ()
    assert found.left_out == {"not-closed": 2}


@pytest.mark.parametrize(
    ("levels", "expected"),
    [("2", 2), ("2,5", 2.5), ("0", None), ("-1", None), ("many", None), ("nan", None), ("1e9", None)],
)
def test_levels_are_numbers_or_unknown(tmp_path: Path, levels: str, expected: float | None) -> None:
    found = read(tmp_path, {50: (HOUSE, {"building": "yes", "building:levels": levels})})
    assert found.buildings.levels.tolist() == [expected] if expected else np.isnan(found.buildings.levels).all()


def test_points_by_kind_with_all_their_tags(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        {60: (OUTER, {"landuse": "landfill", "name": "Dandora"}), 61: (INNER, {"landuse": "meadow"})},
        {
            70: (5, 5, {"amenity": "recycling", "recycling_type": "container", "recycling:glass": "yes"}),
            71: (6, 6, {"amenity": "bench"}),
            72: (7, 7, {"amenity": "waste_transfer_station", "name": "Transfer"}),
            73: (8, 8, {"addr:housenumber": "12", "addr:place": "Kibera"}),
            74: (9, 9, {"place": "suburb", "name": "Kibera"}),
            75: (9, 9, {"place": "suburb"}),
        },
    )
    assert dict(zip(found.amenities.id, found.amenities.kind, strict=True)) == {
        "node/70": "amenity=recycling",
        "node/72": "amenity=waste_transfer_station",
        "way/60": "landuse=landfill",
    }
    assert found.amenities.tags[0]["recycling:glass"] == "yes"
    assert found.amenities.name.strings().tolist() == ["", "Transfer", "Dandora"]
    assert metres(found.amenities.lon, found.amenities.lat) == [(5, 5), (7, 7), (120, 20)]
    assert (found.addresses.id, found.addresses.street.strings().tolist()) == (("node/73",), ["Kibera"])
    assert (found.places.id, found.places.kind) == (("node/74",), ("place=suburb",))


def test_other_points_can_be_asked_for(tmp_path: Path) -> None:
    points = {70: (5, 5, {"amenity": "bench"}), 71: (5, 5, {"amenity": "recycling"}), 72: (5, 5, {"tourism": "zoo"})}
    found = read(tmp_path, {}, points, points={"tourism": frozenset({"zoo"}), "amenity": frozenset({"bench"})})
    assert sorted(found.amenities.kind) == ["amenity=bench", "tourism=zoo"]


def test_areas_count_by_their_centre(tmp_path: Path) -> None:
    ways = {50: (HOUSE, {"building": "yes"}), 60: (OUTER, {"building": "yes"})}
    half = tuple(edge / METRES_PER_DEGREE for edge in (-10, -10, 11, 50))
    assert read(tmp_path, ways, box=half).buildings.id == ("way/50",)
    far = tuple(edge / METRES_PER_DEGREE for edge in (9_000, 9_000, 9_999, 9_999))
    assert read(tmp_path, ways, {70: (5, 5, {"amenity": "school"})}, box=far).amenities.id == ()
    less = tuple(edge / METRES_PER_DEGREE for edge in (-10, -10, 9, 50))
    assert read(tmp_path, ways, box=less).buildings.id == ()
    ring = [(x / METRES_PER_DEGREE, y / METRES_PER_DEGREE) for x, y in ((90, -10), (150, -10), (150, 90))]
    assert read(tmp_path, ways, boundary=[ring]).buildings.id == ("way/60",)


def test_a_file_with_nothing_in_it_is_no_error(tmp_path: Path) -> None:
    found = read(tmp_path, {})
    assert (found.buildings.id, found.addresses.id, found.amenities.id, found.places.id) == ((), (), (), ())
    assert len(found.buildings.area_m2) == 0


def test_the_order_of_objects_does_not_matter(tmp_path: Path) -> None:
    block = relation({60: "outer", 61: "inner"}, building="yes")
    ways = ways_xml({60: (OUTER, {}), 61: (INNER, {})})
    path = write(tmp_path / "backwards.osm", block, ways, nodes_xml(dict(reversed(NODES.items()))))
    assert read_features(path).buildings.area_m2 == pytest.approx([1200], rel=1e-3)


def test_broken_input_is_refused_like_that_of_streets(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="extract-missing"):
        read_features(tmp_path / "none.osm")
    with pytest.raises(InputError, match="box-invalid"):
        read_features(tmp_path / "none.osm", box=(1, 1, 0, 0))
    path = tmp_path / "nan.osm"
    path.write_text('<osm version="0.6"><node id="4" lat="x" lon="0"/></osm>')
    with pytest.raises(InputError, match="node 4"):
        read_features(path)


read_once = lru_cache(read_features)


def test_nairobi_has_its_buildings(data_dir: Path) -> None:
    found = read_once(data_dir / "osm" / "nairobi-cbd-buildings.osm.pbf")
    buildings = found.buildings
    assert len(buildings.id) == 2854
    assert len(set(buildings.id)) == 2854
    assert sum(name.startswith("relation/") for name in buildings.id) == 11
    assert 36.80 < buildings.lon.min() < buildings.lon.max() < 36.84
    assert 1 < np.median(buildings.area_m2) < 1000
    assert 1.0e6 < buildings.area_m2.sum() < 1.3e6


def test_areas_of_real_buildings_are_those_of_shapely(data_dir: Path) -> None:
    import osmium

    path = data_dir / "osm" / "nairobi-cbd-buildings.osm.pbf"
    found = read_once(path)
    rows = {name: row for row, name in enumerate(found.buildings.id)}
    checked = 0
    for item in osmium.FileProcessor(path).with_areas(osmium.filter.KeyFilter("building")):
        if not item.is_area() or not item.from_way() or item.orig_id() % 7:
            continue
        row = rows[f"way/{item.orig_id()}"]
        scale = np.cos(np.radians(found.buildings.lat[row]))
        ring = np.array([(node.lon * scale, node.lat) for node in next(iter(item.outer_rings()))]) * METRES_PER_DEGREE
        shape = shapely.Polygon(ring)
        assert found.buildings.area_m2[row] == pytest.approx(shape.area, rel=1e-3)
        assert found.buildings.lon[row] * scale * METRES_PER_DEGREE == pytest.approx(shape.centroid.x, abs=0.05)
        checked += 1
    assert checked > 100


def test_heidelberg_has_its_recycling_points(data_dir: Path) -> None:
    found = read_once(data_dir / "osm" / "heidelberg.osm.pbf")
    kinds = Counter(found.amenities.kind)
    assert (kinds["amenity=recycling"], kinds["amenity=waste_basket"]) == (4, 4)
    assert len(found.addresses.id) > 600
    assert (found.addresses.street.codes > 0).mean() > 0.9
    assert found.date == "2024-09-08"
