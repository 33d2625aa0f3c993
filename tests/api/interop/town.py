"""A made-up town in the middle of the sea: what was asked of other routers in it can be shown and compared.

Six avenues and five streets, 150 m apart. B Avenue is one-way to the north, 3rd Street (R3) is tertiary and has a
roundabout at D Avenue, Quiet Lane is a dead end, 4th Street bends.
"""

import math
from pathlib import Path

from tests.network.extracts import nodes_xml, street, ways_xml, write

STEP = 150.0  # metres
COLUMNS, ROWS = 6, 5
CENTRE = (3, 2)  # of the roundabout: D Avenue and 3rd Street
AROUND = 8
RADIUS = 20.0
NAMES = ("1st Street", "2nd Street", "3rd Street", "4th Street", "5th Street")


def node(column: int, row: int) -> int:
    return 100 + 10 * row + column


def write_town(path: Path, *, left_hand: bool = False) -> Path:
    """Write the town as an OpenStreetMap file."""
    nodes = {node(c, r): (c * STEP, r * STEP) for r in range(ROWS) for c in range(COLUMNS) if (c, r) != CENTRE}
    for k in range(AROUND):
        angle = 2 * math.pi * k / AROUND  # 0 is east; counter-clockwise: right-hand traffic
        nodes[300 + k] = (CENTRE[0] * STEP + RADIUS * math.cos(angle), CENTRE[1] * STEP + RADIUS * math.sin(angle))
    nodes |= {400: (5.6 * STEP, 1.0 * STEP), 401: (2.5 * STEP, 3.15 * STEP)}
    ways = {}
    east, north, west, south = 300, 302, 304, 306
    for r in range(ROWS):
        kind = {"highway": "tertiary" if r == 2 else "residential", "name": NAMES[r], "maxspeed": "30"}
        kind |= {"ref": "R3"} if r == 2 else {}
        row = [node(c, r) for c in range(COLUMNS)]
        if r == CENTRE[1]:
            ways[10 + r] = street(*row[:3], west, **kind)
            ways[20 + r] = street(east, *row[4:], **kind)
        elif r == 3:
            ways[10 + r] = street(*row[:3], 401, *row[3:], **kind)
        else:
            ways[10 + r] = street(*row, **kind)
    for c in range(COLUMNS):
        kind = {"highway": "residential", "name": f"{'ABCDEF'[c]} Avenue", "maxspeed": "30"}
        column = [node(c, r) for r in range(ROWS)]
        if c == CENTRE[0]:
            ways[30 + c] = street(*column[:2], south, **kind)
            ways[40 + c] = street(north, *column[3:], **kind)
        else:
            ways[30 + c] = street(*column, **kind, **({"oneway": "yes"} if c == 1 else {}))
    ring = [300 + k for k in range(AROUND)][:: -1 if left_hand else 1]
    ways[50] = street(*ring, ring[0], highway="tertiary", junction="roundabout", maxspeed="30")
    ways[51] = street(node(5, 1), 400, highway="service", name="Quiet Lane")
    return write(path, nodes_xml(nodes), ways_xml(ways))
