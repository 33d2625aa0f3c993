"""Tracks from a file: GPX, or a text table with a time, a latitude and a longitude in each row."""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path

from faults import Fault, InputError
from network.tracks.clock import zone_of
from network.tracks.gpx import read_gpx
from network.tracks.table import read_table
from network.tracks.track import Track

LARGEST = 512 * 2**20  # bytes


def read_tracks(
    path: Path, *, zone: str | tzinfo | None = None, file: str = ""
) -> tuple[tuple[Track, ...], tuple[Fault, ...]]:
    """Read the tracks of a file; what kind it is, is seen from its content.

    Parameters
    ----------
    zone
        Where times in a table count their hours if they do not say it themselves: an IANA name.
    file
        Name to show.

    Returns
    -------
    tuple
        The tracks in the order in which they were met; doubts ``track-no-fix``, ``track-backwards``, ``track-double``,
        ``track-jump``.

    Raises
    ------
    InputError
        Every bad row, with its number: ``track-time``, ``track-zone``, ``track-coordinates``, ``ragged-row``. Or of the
        whole file: ``track-missing``, ``track-too-large``, ``track-empty``, ``track-xml``, ``track-dtd``,
        ``track-column``, ``encoding``, ``quotes``.
    """
    file = file or path.name
    where = zone_of(zone) if isinstance(zone, str) else zone
    try:
        size = path.stat().st_size
        raw = path.read_bytes() if size <= LARGEST else b""
    except OSError as error:
        cause, action = f"it cannot be read: {error.strerror}", "check the path, and that it is a file"
        raise InputError(Fault(code="track-missing", place=file, cause=cause, action=action)) from None
    if size > LARGEST:
        cause, action = f"it has {size / 2**20:.0f} MB, the most is {LARGEST // 2**20}", "cut it, by day or vehicle"
        raise InputError(Fault(code="track-too-large", place=file, cause=cause, action=action))
    points = read_gpx(raw, file) if _is_xml(raw) else read_table(raw, file, where)
    return points.tracks()


def _is_xml(raw: bytes) -> bool:
    """Return whether the first character is that of a tag."""
    first = raw[:200].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    return first.startswith(b"<")
