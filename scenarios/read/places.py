"""Where a row stands: its coordinates, checked against the streets and each other, or its address."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

from network.streets import Box
from scenarios.read.address import AddressBook, find
from scenarios.read.headers import gives_places
from scenarios.read.rows import Rows
from scenarios.read.words import listed

MARGIN_DEGREES = 0.02  # about 2 km: farther outside the streets, a place is reported
FAR_DEGREES = 2.0  # without streets: farther than this from the other places
FEW = 5
MANY = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """Where places are expected: the streets' box, and the extract's addresses when they are needed."""

    box: Box | None
    book: Callable[[], AddressBook] | None

    def holds(self, lon: float, lat: float) -> bool:
        """Whether a place is on the streets' map or little beside it."""
        if self.box is None:
            return True
        west, south, east, north = self.box
        inside_lon = west - MARGIN_DEGREES <= lon <= east + MARGIN_DEGREES
        return inside_lon and south - MARGIN_DEGREES <= lat <= north + MARGIN_DEGREES


def settle_places(rows: Rows, region: Region) -> None:
    """Check the coordinates of every row and find those that have an address instead.

    Faults: ``coordinates-swapped``, ``coordinates-range``, ``coordinates-zero``, ``place-missing``,
    ``address-doubtful``, ``wrong-map``. Doubts: ``outside-streets``, ``matched-by-address``, ``matched-by-street``.
    """
    lon, lat = rows.values["lon"], rows.values["lat"]
    if not gives_places(rows.places.keys()) and all(value is None for value in lon):
        rows.bad.update(range(len(rows)))  # that a column is missing was said once
        return
    written = [k for k in range(len(rows)) if lon[k] is not None and lat[k] is not None]
    centre = _centre([(lon[k], lat[k]) for k in written])
    swapped = {k for k in written if _looks_swapped(lon[k], lat[k], region, centre)}
    if len(swapped) == len(written) > 1:
        _refuse_swapped(rows, written)
    else:
        _check_coordinates(rows, region, written, swapped, centre)
    _find_addresses(rows, region, set(written))


def _check_coordinates(
    rows: Rows, region: Region, written: list[int], swapped: set[int], centre: tuple[float, float]
) -> None:
    lon, lat = rows.values["lon"], rows.values["lat"]
    outside = []
    for k in written:
        if k in swapped:
            cause = f"latitude {lat[k]:g} and longitude {lon[k]:g} look swapped"
            rows.refuse(k, "lat", "coordinates-swapped", cause, "swap the two")
        elif abs(lat[k]) > 90 or abs(lon[k]) > 180:
            cause = f"latitude {lat[k]:g}, longitude {lon[k]:g} is nowhere on earth"
            rows.refuse(k, "lat", "coordinates-range", cause, "write decimal degrees, WGS 84: latitude -90 to 90")
        elif lon[k] == 0 and lat[k] == 0 and not (region.box is not None and region.holds(0, 0)):
            cause = "latitude and longitude are both 0, as of a place that was never located"
            action = "write the coordinates, or leave both cells empty and give an address"
            rows.refuse(k, "lat", "coordinates-zero", cause, action)
        elif not region.holds(lon[k], lat[k]):
            outside.append(k)
    if region.box is not None and outside and len(outside) == len(written):
        _refuse_all(rows, outside, region.box, centre)
    else:
        _report_outside(rows, outside)


def _refuse_swapped(rows: Rows, swapped: list[int]) -> None:
    """Say once that the columns are swapped, not the rows."""
    rows.bad.update(swapped)
    lat, lon = rows.values["lat"][swapped[0]], rows.values["lon"][swapped[0]]
    action = "swap the two columns in the file"
    if {"lat", "lon"} <= rows.places.keys():
        headers = {name: rows.sheet.headers[rows.places[name]] for name in ("lat", "lon")}
        action = f'say so in the scenario: columns = {{lat = "{headers["lon"]}", lon = "{headers["lat"]}"}}'
    cause = f"latitude and longitude look swapped in all {len(swapped)} rows: latitude {lat:g}, longitude {lon:g}"
    rows.found.fault("coordinates-swapped", rows.sheet.place(), cause, action)


def _looks_swapped(lon: float, lat: float, region: Region, centre: tuple[float, float]) -> bool:
    if region.box is not None:
        return not region.holds(lon, lat) and region.holds(lat, lon)
    if abs(lat) > 90 and abs(lat) <= 180 and abs(lon) <= 90:
        return True
    return _far(lon, lat, centre) and not _far(lat, lon, centre)


def _far(lon: float, lat: float, centre: tuple[float, float]) -> bool:
    return max(abs(lon - centre[0]), abs(lat - centre[1])) > FAR_DEGREES


def _centre(places: list[tuple[float, float]]) -> tuple[float, float]:
    return (median(p[0] for p in places), median(p[1] for p in places)) if places else (math.nan, math.nan)


def _refuse_all(rows: Rows, outside: list[int], box: Box, centre: tuple[float, float]) -> None:
    """Refuse a table of which nothing is on the map: it is the wrong map, or the coordinates are no degrees."""
    rows.bad.update(outside)
    west, south, east, north = box
    rows.found.fault(
        "wrong-map",
        rows.sheet.place(),
        f"none of its places is on the map, which holds latitudes {south:.2f} to {north:.2f} and longitudes "
        f"{west:.2f} to {east:.2f}; they are around latitude {centre[1]:.2f}, longitude {centre[0]:.2f}",
        "read the map of this place or a larger piece of it; or check the columns of latitude and longitude",
    )


def _report_outside(rows: Rows, outside: list[int]) -> None:
    if not outside:
        return
    shown = ", ".join(str(rows.sheet.numbers[k]) for k in outside[:FEW]) + (" ..." if len(outside) > FEW else "")
    rows.found.doubt(
        "outside-streets",
        rows.sheet.place(),
        f"{len(outside)} places lie outside the streets that were read: {rows.sheet.word} {shown}",
        "check their coordinates, or read a larger piece of the map; they cannot be reached",
    )


def _find_addresses(rows: Rows, region: Region, written: set[int]) -> None:
    matched: dict[str, list[str]] = {"house": [], "street": []}
    for k in sorted(set(range(len(rows))) - written):
        street = rows.values["street"][k] or rows.values["address"][k]
        number = rows.values["housenumber"][k] or ""
        if not street:
            _no_place(rows, k)
        elif region.book is None:
            cause = f"{street!r} cannot be looked up without a street map"
            rows.refuse(k, "address", "address-doubtful", cause, "write its latitude and longitude")
        elif (match := find(region.book(), street=street, number=number)).how == "doubtful":
            spots = "; ".join(map(str, match.spots))
            action = "write the latitude and longitude of the right place into the row"
            if not {"lat", "lon"} <= rows.places.keys():
                action = "add columns lat and lon, and write those of the right place there"
            cause = f"{f'{street} {number}'.strip()!r} is not certain: {match.reason}"
            rows.refuse(k, "address", "address-doubtful", cause, f"{action}: {spots}" if spots else action)
        else:
            spot = match.spots[0]
            rows.values["lon"][k], rows.values["lat"][k] = spot.lon, spot.lat
            long = f", {spot.length_m:.0f} m long" if match.how == "street" else ""
            matched[match.how].append(f"{rows.sheet.word} {rows.sheet.numbers[k]} at {spot.label}{long}")
    _report_matched(rows, matched)


def _no_place(rows: Rows, k: int) -> None:
    """Say what is missing, unless the coordinates already have a fault of their own."""
    half = [name for name in ("lat", "lon") if name in rows.places and rows.sheet.rows[k][rows.places[name]] == ""]
    if k not in rows.bad or len(half) == 2:
        lacking = " and ".join({"lat": "latitude", "lon": "longitude"}[name] for name in half) or "place"
        column = next((name for name in (*half, "address", "street") if name in rows.places), "lat")
        rows.refuse(k, column, "place-missing", f"{lacking} missing, and no address", "fill it in")


def _report_matched(rows: Rows, matched: dict[str, list[str]]) -> None:
    said = {
        "house": (
            "matched-by-address",
            "stand where the map has their address",
            "look at the map whether that is right",
        ),
        "street": (
            "matched-by-street",
            "stand in the middle of their street, because no house number is given",
            "give house numbers or coordinates if that is not good enough",
        ),
    }
    for how, places in matched.items():
        if places:
            code, what, action = said[how]
            rows.found.doubt(code, rows.sheet.place(), f"{len(places)} rows {what}: {listed(places, MANY)}", action)
