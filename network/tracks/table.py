"""Tracks in text tables, as fleet systems export them: a row a point."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import tzinfo

from faults import Fault, InputError
from network.tracks.points import Points

DELIMITERS = (",", ";", "\t", "|")
ONE_TRACK = "track"
NAMES = {
    "time": "time timestamp datetime dateandtime utc timeutc utctime utcdatetime gpstime gpsdatetime fixtime "
    "devicetime servertime localtime recordedat createdat eventtime when t zeit zeitstempel uhrzeit hora fechahora "
    "datahora heure horodatage saa wakati",
    "date": "date gpsdate utcdate datum fecha data jour tarehe",
    "lat": "lat latitude latdeg gpslat gpslatitude positionlat y ycoord breite breitengrad latitud latitudo",
    "lon": "lon lng long longitude londeg gpslon gpslng gpslongitude positionlon x xcoord laenge lange laengengrad "
    "langengrad longitud",
    "id": "id track trackid tracknumber vehicle vehicleid vehiclename vehicleno truck truckid device deviceid "
    "devicename unit unitid imei plate plateno registration regno licenseplate round roundid trip tripid fahrzeug "
    "kennzeichen vehiculo veiculo placa gari",
}
KNOWN = {word: name for name, words in NAMES.items() for word in words.split()}


def read_table(raw: bytes, file: str, zone: tzinfo | None) -> Points:
    """Take the points of a text table; the headers are in its first row.

    Raises
    ------
    InputError
        ``encoding``, ``quotes``, ``track-column``, ``track-too-large``.
    """
    written = _decoded(raw, file)
    delimiter = max(DELIMITERS, key=written.partition("\n")[0].count)
    points = Points(file, "row", zone)
    rows = csv.reader(io.StringIO(written, newline=""), delimiter=delimiter, strict=True, skipinitialspace=True)
    number = 0
    try:
        headers = next(rows, [])
        number = 1
        columns = _columns(headers, file)
        for row in rows:
            number = rows.line_num
            if any(row):
                _take(points, number, row, columns, width=len(headers), comma=delimiter != ",")
    except csv.Error as error:
        cause = f"it is no proper table from there on: {error}"
        place = f"{file}, row {number + 1}"
        fault = Fault(code="quotes", place=place, cause=cause, action="export it again, or look for a stray quote")
        raise InputError(fault) from None
    return points


def _take(points: Points, number: int, row: list[str], columns: dict[str, int], *, width: int, comma: bool) -> None:
    """Take in one row."""
    if len(row) > width and any(row[width:]):
        cause, action = f"it has {len(row)} fields, the headers are {width}", "put texts with the delimiter into quotes"
        points.fault("ragged-row", number, cause, action)
        return

    def cell(name: str) -> str:
        at = columns.get(name, width)
        return row[at].strip() if at < len(row) else ""

    lon, lat = cell("lon"), cell("lat")
    if comma:
        lon, lat = lon.replace(",", "."), lat.replace(",", ".")
    time = cell("time") or cell("date")
    if ":" in time[:3] and "date" in columns:  # an hour alone
        time = f"{cell('date')} {time if time[2:3] == ':' else '0' + time}"
    points.add(cell("id") or ONE_TRACK, number, time, lon, lat)


def _decoded(raw: bytes, file: str) -> str:
    """Return the text: UTF-8, UTF-16 with its mark, else Windows-1252 (only names could come out wrong)."""
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        written = raw.decode(encoding)
    except UnicodeDecodeError:
        written = raw.decode("cp1252", errors="replace")
    if "\x00" in written:
        row = written[: written.index("\x00")].count("\n") + 1
        cause, action = "there is a character with code 0: it is no text", "save it as CSV UTF-8"
        raise InputError(Fault(code="encoding", place=f"{file}, row {row}", cause=cause, action=action))
    return written


def _columns(headers: list[str], file: str) -> dict[str, int]:
    """Return our columns and where they are; of several that fit the one whose name comes first in the list."""
    known: dict[str, list[tuple[int, int]]] = {}
    for position, header in enumerate(headers):
        word = _letters(header)
        if word in KNOWN:
            known.setdefault(KNOWN[word], []).append((NAMES[KNOWN[word]].split().index(word), position))
    missing = [name for name in ("time", "lat", "lon") if name not in known]
    if "date" in known and missing[:1] == ["time"]:
        missing = missing[1:]
    if missing:
        raise InputError(
            Fault(
                code="track-column",
                place=f"{file}, row 1",
                cause=f"there is no column for {' and '.join(missing)}; there are {', '.join(map(repr, headers[:30]))}",
                action="name the columns time, lat and lon (and id, where there are several vehicles) in the first row",
            )
        )
    return {name: min(found)[1] for name, found in known.items()}


def _letters(header: str) -> str:
    """Return the letters and digits of a header without case and accents; what is in brackets is a unit."""
    plain = unicodedata.normalize("NFKD", header.partition("(")[0].partition("[")[0])
    return "".join(mark for mark in plain.casefold() if mark.isalnum() and mark.isascii())
