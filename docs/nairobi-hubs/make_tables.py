"""Make the tables of this folder from a street extract and the ward boundaries, so that anyone can check them.

    python docs/nairobi-hubs/make_tables.py nairobi-central.osm.pbf nairobi-wards.geojson docs/nairobi-hubs

Who lives in which street is not published. What is known is the census of the two sub-counties; the rest is assumed as
follows, and ``docs/nairobi-hubs.md`` says so:

1. each ward has an equal share of its sub-county's people (wards are drawn to hold about equally many);
2. of a ward that the edge of the map cuts, its share of land on the map has that share of its people;
3. within a ward people are spread along its home streets, by length, in squares of ``SQUARE_M``.
"""

from __future__ import annotations

import csv
import difflib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import osmium
import pandas as pd
import shapely
from numpy.typing import NDArray

from network.component import component
from network.plane import from_plane, to_plane
from network.profiles import PROFILES
from network.sources.osm_file import read_osm
from network.streets import StreetNetwork
from network.tags import usable

CENSUS = {"STAREHE": 210_423, "KAMUKUNJI": 268_276}  # people of the sub-county; Kenya census 2019, KNBS, volume I
WARDS = {"STAREHE": 6, "KAMUKUNJI": 5}  # wards of the constituency of the same name (IEBC 2012)
STUDIED = ("NAIROBI CENTRAL", "NGARA", "ZIWANI/KARIOKOR", "LANDIMAWE", "PUMWANI")
HOME = ("residential", "living_street", "unclassified")
CORNER = (*HOME, "tertiary", "secondary")  # a corner of two of these may be a candidate
SQUARE_M, LEAST_PEOPLE = 150.0, 100
CORNER_SQUARE_M, APART_M = 350.0, 200.0
RIVER_M = 3.0  # half the width that the line of the river is given
TRUE_LAT = -1.285
Floats = NDArray[np.float64]


def main(streets: Path, boundaries: Path, out: Path) -> None:
    """Write people.csv, candidates.csv and the areas."""
    network = read_osm(streets)
    wards = read_wards(boundaries)
    pieces = street_pieces(network, wards)
    people = people_rows(pieces, people_of(wards, network))
    things = list(open_things(streets))
    candidates = [*open_places(things, pieces, wards), *corners(network, people, wards)]
    write(out / "people.csv", ["id", "name", "lat", "lon", "people", "group"], people)
    write(out / "candidates.csv", ["id", "name", "lat", "lon", "kind"], thinned(candidates))
    for name, kinds in {"river": {"river"}, "parks": {"park", "cemetery"}, "schools": {"school"}}.items():
        features = [feature(thing) for thing in things if thing["kind"] in kinds]
        text = ",\n".join(json.dumps(found, ensure_ascii=False) for found in features)
        (out / f"{name}.geojson").write_text(
            f'{{"type": "FeatureCollection", "attribution": "{network.attribution}", "features": [\n{text}\n]}}\n'
        )


def read_wards(file: Path) -> dict[str, tuple[str, shapely.Geometry]]:
    """Return ward -> constituency and outline in metres."""
    found = {}
    for item in json.loads(file.read_text())["features"]:
        named = item["properties"]
        outline = shapely.geometry.shape(item["geometry"])
        found[named["ward"]] = (named["constituency"], shapely.transform(outline, flat))
    return found


def flat(lonlat: Floats) -> Floats:
    """Return metres."""
    return to_plane(lonlat[:, 0].copy(), lonlat[:, 1].copy(), TRUE_LAT)


def people_of(wards: dict[str, tuple[str, shapely.Geometry]], network: StreetNetwork) -> dict[str, float]:
    """Return the people of each ward studied who live on the map."""
    sheet = shapely.transform(shapely.box(*network.box), flat)
    return {
        name: CENSUS[area] / WARDS[area] * outline.intersection(sheet).area / outline.area
        for name, (area, outline) in wards.items()
        if name in STUDIED
    }


def street_pieces(network: StreetNetwork, wards: dict[str, tuple[str, shapely.Geometry]]) -> pd.DataFrame:
    """Return a row for every segment that one can walk to: middle, length, class, name, ward, home street or not."""
    rows = np.flatnonzero(component(network, usable(network, PROFILES["foot"])))
    lines = [shapely.LineString(flat(network.shape(int(k)))) for k in rows]
    middle = shapely.line_interpolate_point(lines, 0.5, normalized=True)
    ward = np.full(len(rows), "", dtype=object)
    for name, (_, outline) in wards.items():
        ward[shapely.contains(outline, middle)] = name
    highway = network.tag("highway")
    frame = pd.DataFrame({
        "x": shapely.get_x(middle), "y": shapely.get_y(middle), "m": network.length_m[rows], "ward": ward,
        "highway": [highway.values[c] for c in highway.codes[rows]],
        "name": [network.name.values[c] for c in network.name.codes[rows]],
    })  # fmt: skip
    return frame.assign(home=frame["highway"].isin(HOME))


def people_rows(pieces: pd.DataFrame, people: dict[str, float]) -> list[list[object]]:
    """Return the people of each square of a ward, at its home street nearest to the middle of them."""
    home = pieces[pieces.home & pieces.ward.isin(STUDIED)].copy()
    home["people"] = home.m / home.groupby("ward").m.transform("sum") * home.ward.map(people)
    home["square"] = np.floor(home.x / SQUARE_M) * 1e6 + np.floor(home.y / SQUARE_M)
    home = joined(home)
    rows: list[list[object]] = []
    for (ward, _), square in home.groupby(["ward", "square"], sort=True):
        share = square.people / square.people.sum()
        away = np.hypot(square.x - share @ square.x, square.y - share @ square.y)
        spot = square.loc[away.idxmin()]
        lon, lat = from_plane(np.array([[spot.x, spot.y]]), TRUE_LAT)[0]
        longest = square[square.name != ""].groupby("name").m.sum()
        name = longest.idxmax() if len(longest) else "a street without a name"
        ward_name = str(ward).title()
        rows.append([f"P{len(rows) + 1:03}", name, f"{lat:.5f}", f"{lon:.5f}", round(square.people.sum()), ward_name])
    return rows


def joined(home: pd.DataFrame) -> pd.DataFrame:
    """Put squares with few people to the nearest of their ward that has more."""
    parts = []
    for _, ward in home.groupby("ward", sort=True):
        total = ward.groupby("square").people.sum()
        middle = ward.groupby("square")[["x", "y"]].mean()
        many = middle[total >= LEAST_PEOPLE]
        goes = {square: square for square in many.index}
        for square in middle.index.difference(many.index):
            goes[square] = np.hypot(many.x - middle.x[square], many.y - middle.y[square]).idxmin()
        parts.append(ward.assign(square=ward.square.map(goes)))
    return pd.concat(parts)


def open_things(streets: Path) -> Iterator[dict[str, object]]:
    """Yield the river, parks, cemeteries, schools, markets, car parks and bus stations of the extract, in metres."""
    reader = osmium.FileProcessor(str(streets)).with_locations()
    for thing in reader:
        tags = thing.tags
        kind = next((tags[k] for k in ("amenity", "leisure", "landuse", "waterway") if k in tags), "")
        if kind not in {"school", "park", "cemetery", "river", "marketplace", "parking", "bus_station"}:
            continue
        named = {"kind": kind, "name": tags.get("name", "")}
        if thing.is_node():
            if kind == "school":
                yield named | {"shape": shapely.Point(flat(np.array([[thing.lon, thing.lat]]))[0])}
        elif thing.is_way():
            corner = [(node.lon, node.lat) for node in thing.nodes if node.location.valid()]
            if len(corner) < 4 - 2 * (kind == "river"):
                continue
            plane = flat(np.array(corner))
            line = shapely.LineString(plane)
            shape = line.simplify(2.0).buffer(RIVER_M, cap_style="flat") if kind == "river" else shapely.Polygon(plane)
            yield named | {"shape": shape.centroid if kind == "school" else shape}


def open_places(
    things: list[dict[str, object]], pieces: pd.DataFrame, wards: dict[str, tuple[str, shapely.Geometry]]
) -> Iterator[list[object]]:
    """Yield markets, car parks and bus stations as candidates."""
    words = {"marketplace": "market", "parking": "car park", "bus_station": "bus station"}
    streets = pieces[pieces.name != ""]
    studied = shapely.union_all([wards[name][1] for name in STUDIED])
    for thing in things:
        if thing["kind"] not in words:
            continue
        spot = thing["shape"].centroid  # type: ignore[attr-defined]
        if not studied.contains(spot):
            continue
        near = streets.name[np.hypot(streets.x - spot.x, streets.y - spot.y).idxmin()]
        name = str(thing["name"]).replace(";", ", ") or f"{words[str(thing['kind'])].capitalize()}, {near}"
        yield [name, spot.x, spot.y, words[str(thing["kind"])]]


def corners(
    network: StreetNetwork, people: list[list[object]], wards: dict[str, tuple[str, shapely.Geometry]]
) -> Iterator[list[object]]:
    """Yield, for each larger square with people, the corner of two named streets nearest to the middle of them."""
    highway, names = network.tag("highway"), network.name
    meet: dict[int, set[str]] = {}
    for k in range(network.segments):
        if highway.values[highway.codes[k]] in CORNER and names.codes[k] > 0:
            for node in (int(network.tail[k]), int(network.head[k])):
                meet.setdefault(node, set()).add(names.values[names.codes[k]])
    meet = {node: met for node, met in meet.items() if len(met) > 1 and not alike(*sorted(met)[:2])}
    nodes = np.array(list(meet))
    place = flat(np.column_stack([network.junction_lon[nodes], network.junction_lat[nodes]]))
    studied = shapely.union_all([wards[name][1] for name in STUDIED])
    inside = shapely.contains_xy(studied, place)
    nodes, place = nodes[inside], place[inside]
    table = pd.DataFrame({"lat": [float(str(r[2])) for r in people], "lon": [float(str(r[3])) for r in people],
                          "people": [int(str(r[4])) for r in people]})  # fmt: skip
    where = flat(table[["lon", "lat"]].to_numpy())
    square = np.floor(where / CORNER_SQUARE_M)
    for _, mine in table.groupby([square[:, 0], square[:, 1]]):
        at = where[mine.index]
        middle = (mine.people.to_numpy() @ at) / mine.people.sum()
        away = np.hypot(*(place - middle).T)
        best = int(away.argmin())
        if away[best] < CORNER_SQUARE_M / 2:
            yield [" / ".join(sorted(meet[int(nodes[best])])[:2]), *place[best], "street corner"]


def alike(one: str, other: str) -> bool:
    """Return whether two names are probably one street, spelled in two ways."""
    return difflib.SequenceMatcher(None, one, other).ratio() > 0.85  # noqa: PLR2004


def thinned(candidates: list[list[object]]) -> list[list[object]]:
    """Leave out what stands nearer than ``APART_M`` to a candidate before it, and number the rest."""
    kept: list[list[object]] = []
    spots: list[tuple[float, float]] = []
    for name, x, y, kind in candidates:
        if all(np.hypot(x - a, y - b) >= APART_M for a, b in spots):  # type: ignore[operator]
            spots.append((x, y))  # type: ignore[arg-type]
            lon, lat = from_plane(np.array([[x, y]]), TRUE_LAT)[0]
            kept.append([f"C{len(kept) + 1:02}", name, f"{lat:.5f}", f"{lon:.5f}", kind])
    return kept


def feature(thing: dict[str, object]) -> dict[str, object]:
    """Return a GeoJSON feature in degrees, to the metre."""
    shape = shapely.transform(thing["shape"], lambda xy: np.round(from_plane(xy, TRUE_LAT), 5))
    return {
        "type": "Feature",
        "properties": {"name": thing["name"] if thing["kind"] != "river" else ""},
        "geometry": json.loads(shapely.to_geojson(shape)),
    }


def write(file: Path, heads: list[str], rows: list[list[object]]) -> None:
    """Write a table."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, lineterminator="\n").writerows([heads, *rows])


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:4]))
