"""Points as they come out of a file, one by one, with everything that is wrong with them."""

from __future__ import annotations

import math
from datetime import tzinfo

import numpy as np

from faults import Fault, InputError
from network.tracks.clock import UnreadableError, ZonelessError, seconds
from network.tracks.track import Track, in_order, listed

MOST_POINTS = 2_000_000
MOST_FAULTS = 200  # told one by one


class Points:
    """Gathers the points of a file; not shared, and gone once :meth:`tracks` has been asked for."""

    def __init__(self, file: str, word: str, zone: tzinfo | None) -> None:
        self.file, self.word, self.zone = file, word, zone
        self.rows: dict[str, list[tuple[float, float, float, int]]] = {}
        self.unfixed: dict[str, list[int]] = {}
        self.faults: list[Fault] = []
        self.wrong = 0
        self.count = 0

    def add(self, track: str, row: int, time: str, lon: str, lat: str) -> None:
        """Take in one point, or what is wrong with it; a receiver that knew no place writes none, or 0, 0."""
        self.count += 1
        if self.count > MOST_POINTS:
            cause = f"there are more than {MOST_POINTS:,} points"
            raise InputError(self._fault("track-too-large", row, cause, "cut it into several files, by day or vehicle"))
        at = self._time(row, time)
        x, y = self._degrees(row, "longitude", lon, 180.0), self._degrees(row, "latitude", lat, 90.0)
        if at is None or x is None or y is None:
            return
        if math.isnan(x) or math.isnan(y) or (x == 0 and y == 0):
            self.unfixed.setdefault(track, []).append(row)
        else:
            self.rows.setdefault(track, []).append((at, x, y, row))

    def fault(self, code: str, row: int, cause: str, action: str) -> None:
        """Note what is wrong with a row."""
        self.wrong += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(self._fault(code, row, cause, action))

    def tracks(self) -> tuple[tuple[Track, ...], tuple[Fault, ...]]:
        """Return the tracks in the order in which they were met, and doubts.

        Raises
        ------
        InputError
            All faults that were found; ``track-empty`` if there is not one point.
        """
        if self.wrong > len(self.faults):
            cause = f"{self.wrong - len(self.faults)} more rows cannot be used"
            self.faults.append(Fault(code="track-more", place=self.file, cause=cause, action="mend those above first"))
        if self.faults:
            raise InputError(self.faults)
        if not self.rows:
            cause, action = "it has no point with a time and a place", "export the track again, with its times"
            raise InputError(Fault(code="track-empty", place=self.file, cause=cause, action=action))
        tracks, doubts = [], [self._unfixed(name, rows) for name, rows in self.unfixed.items()]
        for name, rows in self.rows.items():
            time, lon, lat, row = np.array(rows, np.float64).T.copy()
            track, odd = in_order(name, time, lon, lat, row.astype(np.int64), file=self.file, word=self.word)
            tracks.append(track)
            doubts += odd
        return tuple(tracks), tuple(doubts)

    def _fault(self, code: str, row: int, cause: str, action: str) -> Fault:
        return Fault(code=code, place=f"{self.file}, {self.word} {row}", cause=cause, action=action)

    def _unfixed(self, name: str, rows: list[int]) -> Fault:
        return Fault(
            code="track-no-fix",
            place=f"{self.file}, track {name}",
            cause=f"there is no place, or 0, 0, in {listed(rows, self.word)}",
            action="nothing is to be done: the receiver did not know where it was, and these points are left out",
        )

    def _time(self, row: int, text: str) -> float | None:
        try:
            return seconds(text, self.zone)
        except UnreadableError:
            cause = f"{text!r} is not a time" if text.strip() else "there is no time"
            self.fault("track-time", row, cause, "write times as 2024-03-05T07:30:00+03:00, or seconds since 1970")
        except ZonelessError:
            cause = f"the time {text!r} does not say in which zone"
            self.fault("track-zone", row, cause, 'say which, for example zone = "Africa/Nairobi"')
        return None

    def _degrees(self, row: int, what: str, text: str, most: float) -> float | None:
        """Return a coordinate, NaN where there is none."""
        if not text.strip():
            return math.nan
        try:
            degrees = float(text)
        except ValueError:
            degrees = math.inf
        if abs(degrees) <= most:
            return degrees
        cause = f"the {what} {text!r} is not a number from {-most:g} to {most:g}"
        action = "write degrees as 36.8219, and check that longitude and latitude are not exchanged"
        self.fault("track-coordinates", row, cause, action)
        return None
