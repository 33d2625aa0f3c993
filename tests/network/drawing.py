"""Small street networks drawn by hand, in metres on a flat piece of ground at the equator."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from network.geometry import METRES_PER_DEGREE, steps_m
from network.streets import LoadReport, StreetNetwork, TagColumn

Point = tuple[float, float]
Street = tuple[str, str] | tuple[str, str, Mapping[str, str]]


def degrees(x_m: float | Sequence[float], y_m: float | Sequence[float]) -> tuple[np.ndarray, np.ndarray]:
    """Return lon, lat of metres east and north of 0, 0."""
    return np.asarray(x_m, float) / METRES_PER_DEGREE, np.asarray(y_m, float) / METRES_PER_DEGREE


def column(values: Sequence[str]) -> TagColumn:
    """Return strings as a column."""
    known = ("", *sorted({value for value in values if value}))
    return TagColumn(codes=np.array([known.index(value) for value in values], np.int32), values=known)


def draw(
    junctions: Mapping[str, Point], streets: Sequence[Street], bends: Mapping[int, Sequence[Point]] | None = None
) -> StreetNetwork:
    """Return the network of streets from junction to junction, with tags (highway=residential unless given).

    ``bends`` gives the points between the ends of a street, by its position. The tag ``length`` overrides the metres.
    """
    names = list(junctions)
    lines, tags = [], []
    for k, street in enumerate(streets):
        lines.append([junctions[street[0]], *(bends or {}).get(k, ()), junctions[street[1]]])
        tags.append({"highway": "residential", **(street[2] if len(street) == 3 else {})})
    lon, lat = degrees(*np.array([point for line in lines for point in line], float).reshape(-1, 2).T)
    start = np.concatenate([[0], np.cumsum([len(line) for line in lines])])
    length = [float(steps_m(lon[a:b], lat[a:b]).sum()) for a, b in pairwise(start)]
    length = [float(tag.pop("length", metres)) for tag, metres in zip(tags, length, strict=True)]
    name = column([tag.pop("name", "") for tag in tags])
    at_lon, at_lat = degrees(*np.array(list(junctions.values()), float).reshape(-1, 2).T)
    return StreetNetwork(
        junction_id=np.arange(1, len(names) + 1, dtype=np.int64),
        junction_lon=at_lon,
        junction_lat=at_lat,
        tail=np.array([names.index(street[0]) for street in streets], np.int32),
        head=np.array([names.index(street[1]) for street in streets], np.int32),
        length_m=np.array(length, float),
        way_id=np.arange(100, 100 + len(streets), dtype=np.int64),
        tags={key: column([tag.get(key, "") for tag in tags]) for key in sorted(set().union(*tags))},
        name=name,
        shape_start=start,
        shape_lon=lon,
        shape_lat=lat,
        source="drawn by hand",
        date="",
        licence="",
        attribution="",
        box=(float(lon.min()), float(lat.min()), float(lon.max()), float(lat.max())),
        report=LoadReport(),
    )


def grid(rows: int, cols: int, *, seed: int = 0, spacing: float = 100.0) -> StreetNetwork:
    """Return a bent grid with one-way streets, several classes and streets doubled side by side."""
    random = np.random.default_rng(seed)
    shift = random.uniform(-30, 30, (rows, cols, 2))
    junctions = {
        f"{r},{c}": (c * spacing + shift[r, c, 0], r * spacing + shift[r, c, 1])
        for r in range(rows)
        for c in range(cols)
    }
    streets: list[Street] = []
    bends: dict[int, list[Point]] = {}
    for r in range(rows):
        for c in range(cols):
            for other in ((r + 1, c), (r, c + 1)):
                if other[0] == rows or other[1] == cols:
                    continue
                rim = (r in (0, rows - 1) and other[0] == r) or (c in (0, cols - 1) and other[1] == c)
                tags = {
                    "highway": str(random.choice(["residential", "tertiary", "service"])),
                    "oneway": "" if rim else str(random.choice(["", "", "yes", "-1"])),
                    "name": str(random.choice(["", "Mango Road", "Acacia Lane", "Market Street"])),
                }
                ends = f"{r},{c}", f"{other[0]},{other[1]}"
                if random.random() < 0.4:
                    middle = np.mean([junctions[end] for end in ends], axis=0) + random.uniform(-20, 20, 2)
                    bends[len(streets)] = [(float(middle[0]), float(middle[1]))]
                streets.append((*ends, tags))
                if random.random() < 0.1:  # a second street beside the first, by a detour
                    aside = np.mean([junctions[end] for end in ends], axis=0) + 60
                    bends[len(streets)] = [(float(aside[0]), float(aside[1]))]
                    streets.append((*ends, {"highway": "tertiary"}))
    return draw(junctions, streets, bends)
