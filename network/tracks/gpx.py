"""Tracks in GPX files (versions 1.0 and 1.1, whatever the extensions).

Read with a plain XML parser, event by event, so that size costs no memory; a file with a document type is refused
before anything in it is expanded: entities in it could blow up or reach for other files.
"""

from __future__ import annotations

from datetime import UTC
from xml.parsers import expat

from faults import Fault, InputError
from network.tracks.points import Points

AT_ONCE = 2**20  # bytes


def read_gpx(raw: bytes, file: str) -> Points:
    """Take the points of all tracks; several with one name are one. Times without a zone are UTC, as GPX says.

    Raises
    ------
    InputError
        ``track-xml`` if it is broken, ``track-dtd`` if it has a document type, ``track-too-large``.
    """
    points = Points(file, "line", UTC)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    reader = _Reader(parser, points)
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    try:
        for begin in range(0, len(raw), AT_ONCE):
            parser.Parse(raw[begin : begin + AT_ONCE], begin + AT_ONCE >= len(raw))
    except (expat.ExpatError, ValueError, LookupError) as error:
        line = parser.CurrentLineNumber
        cause = f"it is broken XML: {error}"
        action = "export it again; it may have been cut off on the way"
        raise InputError(Fault(code="track-xml", place=f"{file}, line {line}", cause=cause, action=action)) from None
    return points


class _Reader:
    """Follows the elements; names count without their namespace."""

    def __init__(self, parser: expat.XMLParserType, points: Points) -> None:
        self.parser, self.points = parser, points
        self.path: list[str] = []
        self.tracks = 0
        self.waiting: list[tuple[int, str, str, str]] = []  # points of a track whose name may come after them
        self.name = self.time = ""
        self.at = (0, "", "")
        self.written: list[str] = []

    def refuse(self, *_: object) -> None:
        """Refuse a document type."""
        raise InputError(
            Fault(
                code="track-dtd",
                place=f"{self.points.file}, line {self.parser.CurrentLineNumber}",
                cause="it declares a document type, which GPX has none of and which could reach for other files",
                action="export the track again from the program or device it came from",
            )
        )

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Enter an element."""
        name = tag.rpartition(":")[2]
        self.path.append(name)
        self.written = []
        if self.path[1:] == ["trk"]:
            self.tracks += 1
            self.name = ""
        elif self.path[1:] == ["trk", "trkseg", "trkpt"]:
            self.at = (self.parser.CurrentLineNumber, attributes.get("lon", ""), attributes.get("lat", ""))
            self.time = ""

    def text(self, written: str) -> None:
        """Take in characters, which may come in several parts."""
        if len(self.path) <= 5:
            self.written.append(written)

    def end(self, _: str) -> None:
        """Leave an element."""
        inside = self.path[1:]
        if inside == ["trk", "name"]:
            self.name = "".join(self.written).strip()[:200]
        elif inside == ["trk", "trkseg", "trkpt", "time"]:
            self.time = "".join(self.written)
        elif inside == ["trk", "trkseg", "trkpt"]:
            line, lon, lat = self.at
            self.waiting.append((line, self.time, lon, lat))
        elif inside == ["trk"]:
            for line, time, lon, lat in self.waiting:
                self.points.add(self.name or f"track {self.tracks}", line, time, lon, lat)
            self.waiting = []
        self.path.pop()
        self.written = []
