"""A town small enough to check on paper."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from network.geometry import METRES_PER_DEGREE
from network.streets import LoadReport, StreetNetwork
from network.values import column

# Junction -> metres east and north of the south-west corner, which lies at 0 degrees north, 0 degrees east.
_JUNCTIONS = {
    1: (0, 0),
    2: (200, 0),
    3: (500, 0),
    4: (700, 0),
    5: (0, 100),
    6: (200, 100),
    7: (500, 100),
    8: (700, 100),
    9: (0, 250),
    10: (200, 250),
    11: (500, 250),
    12: (600, 350),
}

# Way, name, oneway, junctions passed.
_STREETS = (
    (101, "South Lane", "", (1, 2, 3, 4)),
    (102, "Market Street", "yes", (5, 6, 7, 8)),
    (103, "North Road", "", (9, 10, 11)),
    (104, "Quarry Road", "", (11, 12)),
    (105, "First Avenue", "", (1, 5, 9)),
    (106, "Second Avenue", "", (2, 6, 10)),
    (107, "Third Avenue", "-1", (3, 7, 11)),
    (108, "Fourth Avenue", "", (4, 8)),
)
_BENDS = {(11, 12): (600, 250)}  # the one corner inside a segment


def twelve_junctions() -> StreetNetwork:
    """Return a made-up town of 12 junctions and 16 segments, 2,950 m of street, all of it residential.

    ::

        350 m                                     12
                                                  |
                                                 100      Quarry Road: from 11 100 m east,
                                                  |       100 m north, dead end at 12
        250 m   9 ===200=== 10 ====300==== 11 --100       North Road
                |           |              v
               150         150            150
                |           |              v
        100 m   5 >>>200>>> 6 >>>>300>>>>> 7 >>>200>>> 8  Market Street, one-way eastwards
                |           |              v           |
               100         100            100         100
                |           |              v           |
          0 m   1 ===200=== 2 ====300===== 3 ===200=== 4  South Lane

                0 m        200 m         500 m       700 m
              First       Second        Third       Fourth Avenue; Third is one-way southwards

    Third Avenue is mapped from south to north with ``oneway=-1``. Every driver reaches every junction.
    Segments stand in the order South, Market, North, Quarry, First to Fourth, each from its lower to its
    higher junction; junctions are 1 to 12, ways 101 to 108. At 15 km/h (refuse truck, residential) 100 m
    take 24 s. Lengths are exact; coordinates agree with them within 1e-6.
    """
    pieces = [
        (way, name, oneway, tail, head) for way, name, oneway, passed in _STREETS for tail, head in pairwise(passed)
    ]
    shapes = [
        [_JUNCTIONS[tail], *([_BENDS[tail, head]] if (tail, head) in _BENDS else []), _JUNCTIONS[head]]
        for *_, tail, head in pieces
    ]
    points = np.array([point for shape in shapes for point in shape], np.float64) / METRES_PER_DEGREE
    places = np.array(list(_JUNCTIONS.values()), np.float64)
    lengths = [np.abs(np.diff(np.array(shape), axis=0)).sum() for shape in shapes]
    degrees = places / METRES_PER_DEGREE
    return StreetNetwork(
        junction_id=np.array(list(_JUNCTIONS), np.int64),
        junction_lon=degrees[:, 0].copy(),
        junction_lat=degrees[:, 1].copy(),
        tail=np.array([tail - 1 for *_, tail, _ in pieces], np.int32),
        head=np.array([head - 1 for *_, head in pieces], np.int32),
        length_m=np.array(lengths, np.float64),
        way_id=np.array([way for way, *_ in pieces], np.int64),
        tags={
            "highway": column(["residential"] * len(pieces)),
            "oneway": column([oneway for _, _, oneway, *_ in pieces]),
        },
        name=column([name for _, name, *_ in pieces]),
        shape_start=np.cumsum([0, *map(len, shapes)], dtype=np.int64),
        shape_lon=points[:, 0].copy(),
        shape_lat=points[:, 1].copy(),
        source="made-up town of 12 junctions",
        date="",
        licence="CC0, made up",
        attribution="made-up town",
        box=(0.0, 0.0, float(degrees[:, 0].max()), float(degrees[:, 1].max())),
        report=LoadReport(ways_read=len(_STREETS)),
    )
