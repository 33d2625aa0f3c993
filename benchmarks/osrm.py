"""Our ways against a real OSRM's on the same extract, with speeds and turns that match as far as Lua allows.

``python -m benchmarks osrm FILE --osrm FOLDER``: random routes from the middle of a street to the middle of another
one. Every route whose seconds differ by more than 5 % is explained (:mod:`benchmarks.osrm_causes`), and all routes of
both are held against the turn restrictions of the map.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.options import NO_DATA, Options
from benchmarks.osrm_causes import TIE, Ours, Spot
from benchmarks.osrm_server import NoAnswerError, Server, prepare, serving
from benchmarks.table import Cell, Table, columns
from network.drive import Drive, drive
from network.drive import prepare as prepare_streets
from network.lines import points_at
from network.profiles import PROFILES
from network.snap import Snapped, snap
from network.sources.osm_file import read_osm
from network.stances import Stances
from network.ways import Way, ways

PROFILE = "refuse-truck"
EXTRACTS = ("monaco", "heidelberg", "porto-alegre")
ROUTES = 500
ON_STREET_M = 5.0  # OSRM may put a place at most so far from the street it stands on
DETOUR_M = 15.0  # a leg of OSRM's longer than ours by this does not follow it
FORBIDDEN_S = 1000.0  # a turn into a destination street weighs more than this in OSRM
SEED = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One route of both: seconds, why they differ (``""`` where they do not), restrictions broken."""

    ours_s: float
    osrm_s: float
    cause: str
    ours_broken: int
    osrm_broken: int


def tables(options: Options, *, routes: int = ROUTES) -> Iterator[Table]:
    """Yield how alike the routes are, and what the differences come from."""
    if options.osrm is None:
        raise SystemExit("--osrm is missing: the folder of the unpacked wheel of osrm-bindings")
    files = options.files or tuple(
        options.data / "osm" / f"{name}.osm.pbf" for name in EXTRACTS if options.data is not None
    )
    rows: list[tuple[Cell, ...]] = []
    causes: list[tuple[Cell, ...]] = []
    for file in files:
        found, built_s = compare(file, options.osrm, routes)
        name = file.name.removesuffix(".osm.pbf")
        both = [each for each in found if np.isfinite(each.ours_s) and np.isfinite(each.osrm_s)]
        off = np.array([abs(each.ours_s / each.osrm_s - 1) for each in both])
        differ = [each for each in found if each.cause]
        rows.append(
            (
                name, len(found), 100 * float((off <= 0.01).mean()), 100 * float((off <= 0.05).mean()),
                float(np.median(off)) * 100, len(differ), sum(each.cause == "unexplained" for each in differ),
                sum(each.ours_broken for each in found), sum(each.osrm_broken for each in found), built_s,
            )
        )  # fmt: skip
        causes += [(name, cause, count) for cause, count in Counter(each.cause for each in differ).most_common()]
    command = options.command("osrm")
    yield Table(
        id="osrm-routes",
        title=f"Routes of ours and of OSRM's, {PROFILE}",
        command=command,
        columns=columns(
            extract="", routes=",d", within_1_pct=".1f", within_5_pct=".1f", median_difference_pct=".2f",
            more_than_5_pct="d", unexplained="d", ours_break_restrictions="d", OSRM_breaks_restrictions="d",
            OSRM_built_s=".1f",
        ),
        rows=tuple(rows),
        notes=(
            *(() if files else (NO_DATA,)),
            "restrictions: counted along every route by the words of the rules that bind this profile",
        ),
    )  # fmt: skip
    yield Table(
        id="osrm-causes",
        title="Why routes differ by more than 5 %",
        command=command,
        columns=columns(extract="", cause="", routes="d"),
        rows=tuple(causes),
    )


def compare(file: Path, osrm: Path, routes: int) -> tuple[list[Compared], float]:
    """Ask both for the same random routes; returns them and the seconds OSRM took to build its files."""
    network = read_osm(file)
    found = drive(prepare_streets(network, "drive"), PROFILES[PROFILE])
    at, spots = _places(found, 2 * routes)
    length = len(spots) // 2
    pairs = np.arange(2 * length).reshape(2, length).T
    pairs = pairs[at.segment[pairs[:, 0]] != at.segment[pairs[:, 1]]]
    stance = _either(at)
    our_ways = ways(found, at, stance, stance, pairs)
    ours = Ours(drive=found)
    with TemporaryDirectory() as folder:
        built, built_s = prepare(osrm, file, PROFILE, Path(folder), left_hand=network.left_hand)
        with serving(osrm, built) as server:
            compared = [
                _compared(server, ours, way, (spots[a], spots[b]), at.lon[[a, b]], at.lat[[a, b]])
                for way, (a, b) in zip(our_ways, pairs.tolist(), strict=True)
            ]
    return compared, built_s


def _places(found: Drive, count: int) -> tuple[Snapped, list[Spot]]:
    """Return random middles of streets that can be served, put on the streets again."""
    network, random = found.prepared.network, np.random.default_rng(SEED)
    chosen = random.choice(np.flatnonzero(found.allowed & (network.length_m > ON_STREET_M)), 2 * count)
    lon, lat = points_at(network, chosen, network.length_m[chosen] / 2).T
    at = snap(network, found.profile, lon, lat)
    same = np.flatnonzero(at.segment == chosen)[: count - count % 2]
    kept = snap(network, found.profile, lon[same], lat[same])
    spots = [Spot(segment=s, along_m=m) for s, m in zip(kept.segment.tolist(), kept.along_m.tolist(), strict=True)]
    return kept, spots


def _either(at: Snapped) -> Stances:
    """Every place may be left and arrived at in both directions, as OSRM does it."""
    every = np.ones(len(at), bool)
    return Stances(
        ids=tuple(map(str, range(len(at)))),
        place=np.arange(len(at), dtype=np.int32),
        ahead=every,
        back=every.copy(),
        across=np.zeros(len(at), bool),
    )


def _compared(
    server: Server,
    ours: Ours,
    way: Way | None,
    ends: tuple[Spot, Spot],
    lon: NDArray[np.float64],
    lat: NDArray[np.float64],
) -> Compared:
    """Ask OSRM for one route and hold it against ours."""
    points = list(zip(lon.tolist(), lat.tolist(), strict=True))
    ours_s = way.duration_s if way else np.inf
    directed = way.driven.directed.tolist() if way and way.driven else []
    broken = ours.broken(directed)
    try:
        said = server.ask(
            "route", points, overview="false", annotations="nodes,distance,duration", generate_hints="false"
        )
    except NoAnswerError:
        return Compared(ours_s=ours_s, osrm_s=np.inf, cause="OSRM: no route", ours_broken=broken, osrm_broken=0)
    route = said["routes"][0]
    read = ours.read(route["legs"][0], *ends)
    osrm_broken = 0 if isinstance(read, str) else ours.broken(read)
    cause = ""
    if abs(route["duration"] / ours_s - 1) > TIE - 1 and abs(route["duration"] - ours_s) > 1:
        cause = _cause(server, ours, said, (read, directed), ends, (ours_s, route["duration"], points))
    return Compared(ours_s=ours_s, osrm_s=route["duration"], cause=cause, ours_broken=broken, osrm_broken=osrm_broken)


def _cause(
    server: Server,
    ours: Ours,
    said: dict[str, Any],
    streets: tuple[list[int] | str, list[int]],
    ends: tuple[Spot, Spot],
    times: tuple[float, float, list[tuple[float, float]]],
) -> str:
    """Return why the seconds differ."""
    (theirs, directed), (ours_s, osrm_s, points) = streets, times
    if max(waypoint["distance"] for waypoint in said["waypoints"]) > ON_STREET_M:
        return "OSRM: the street of a place is closed to it"
    if isinstance(theirs, str):
        return theirs
    here = ours.driven(theirs, *ends)
    if isinstance(here, str):
        return f"ours: {here}"
    if here <= ours_s * TIE:
        return ours.clocks(said["routes"][0]["legs"][0], theirs, *ends, here)
    return _followed(server, ours, directed, points, osrm_s)


def _followed(server: Server, ours: Ours, directed: list[int], points: list[tuple[float, float]], osrm_s: float) -> str:
    """Make OSRM follow our way from the middle of each street to that of the next, and say where it does not."""
    closed = "OSRM: a street of our way is closed to it"
    inner = directed[1:-1]
    via = [points[0], *((lon, lat) for lon, lat in ours.middles(inner).tolist()), points[1]]
    headings = ";".join(["", *(f"{heading:.0f},60" for heading in ours.headings(inner)), ""])
    try:
        said = server.ask(
            "route", via, overview="false", annotations="nodes,distance", generate_hints="false",
            bearings=headings, continue_straight="true",
        )  # fmt: skip
    except NoAnswerError:
        return closed
    if any(waypoint["distance"] > ON_STREET_M for waypoint in said["waypoints"]):
        return closed
    lengths = ours.lengths(directed)
    for k, leg in enumerate(said["routes"][0]["legs"]):
        if leg["distance"] > lengths[k] + lengths[k + 1] + DETOUR_M:  # half of each, or less at the ends
            return ours.refused(directed[k], directed[k + 1])
    if any(leg["weight"] > leg["duration"] + FORBIDDEN_S for leg in said["routes"][0]["legs"]):
        return "OSRM: a turn of our way into a destination street"
    slower = said["routes"][0]["duration"] > osrm_s + 1
    return ours.follows(said["routes"][0]["legs"], directed) if slower else "unexplained"
