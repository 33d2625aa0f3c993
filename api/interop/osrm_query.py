"""What is asked of an OSRM server: the path and the query string, read and checked as the original does."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np

from api.interop import osrm_scanner as s
from api.interop.places import Places
from api.interop.polyline import decode
from api.interop.refusal import Refusal

Annotation = Literal["nodes", "distance", "duration", "datasources", "weight", "speed"]
SERVICES = ("route", "table", "nearest", "trip", "match")
FORMATS = (".json",)
ALL: tuple[int, ...] = ()
ANNOTATIONS = ("nodes", "distance", "duration", "datasources", "weight", "speed")
ADDRESS = re.compile(r"/(?P<service>[A-Za-z0-9_-]+)/v(?P<version>\d+)/(?P<profile>[A-Za-z0-9._:-]+)/(?P<query>.+)")
_PARTS = (
    r"/",
    r"[A-Za-z0-9_-]+",
    r"/",
    r"v",
    r"\d+",
    r"/",
    r"[A-Za-z0-9._:-]+",
    r"/",
    r"[\w.\-\[\]{}@?|\\%~`^=,;:&()]+",
)
_GENERAL: Mapping[str, s.Reader[Any]] = {
    "radiuses": s.listed_or_empty(s.radius),
    "bearings": s.listed_or_empty(s.bearing),
    "hints": s.listed_or_empty(s.hint),
    "approaches": s.listed_or_empty(s.one_of(("curb", "opposite", "unrestricted"))),
    "generate_hints": s.boolean,
    "skip_waypoints": s.boolean,
    "snapping": s.one_of(("default", "any")),
    "exclude": s.listed(s.word, ","),
}
_LINES: Mapping[str, s.Reader[Any]] = {
    "steps": s.boolean,
    "geometries": s.one_of(("polyline", "polyline6", "geojson")),
    "overview": s.one_of(("simplified", "full", "false", "by_legs")),
    "annotations": s.either(s.boolean, s.listed(s.one_of(ANNOTATIONS), ",")),
}
_INDICES = s.either(lambda scanner: ALL if scanner.skip("all") else None, s.listed(s.whole, ";"))
KEYS: Mapping[str, Mapping[str, s.Reader[Any]]] = {
    "route": {
        **_GENERAL,
        **_LINES,
        "alternatives": s.either(s.boolean, s.whole),
        "continue_straight": s.either(lambda scanner: "default" if scanner.skip("default") else None, s.boolean),
        "waypoints": s.listed(s.whole, ";"),
    },
    "table": {
        **_GENERAL,
        "sources": _INDICES,
        "destinations": _INDICES,
        "annotations": s.listed(s.one_of(("duration", "distance")), ","),
        "fallback_speed": s.number,
        "fallback_coordinate": s.one_of(("input", "snapped")),
        "scale_factor": s.number,
    },
    "nearest": {**_GENERAL, "number": s.whole},
    "trip": {
        **_GENERAL,
        **_LINES,
        "roundtrip": s.boolean,
        "source": s.one_of(("any", "first")),
        "destination": s.one_of(("any", "last")),
    },
    "match": {
        **_GENERAL,
        **_LINES,
        "timestamps": s.listed(s.whole, ";"),
        "gaps": s.one_of(("split", "ignore")),
        "tidy": s.boolean,
        "waypoints": s.listed(s.whole, ";"),
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A request: which service, for whom, where, and the options by their names as they were given."""

    service: str
    profile: str
    places: Places
    options: Mapping[str, Any]

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Return an option that is true or false."""
        return bool(self.options.get(name, default))

    @property
    def annotations(self) -> tuple[str, ...]:
        """Annotations of a line that are asked for."""
        asked = self.options.get("annotations", False)
        if isinstance(asked, bool):
            return ANNOTATIONS if asked else ()
        return tuple(asked)

    @property
    def exclude(self) -> frozenset[str]:
        """Classes of streets that are not to be used."""
        return frozenset(self.options.get("exclude", ()))


def read(text: str) -> Query:
    """Read path and query string, both percent-decoded, beginning with ``/`` and the service.

    Raises
    ------
    Refusal
        ``InvalidUrl``, ``InvalidService``, ``InvalidVersion``, ``InvalidQuery``, ``InvalidOptions``, ``InvalidValue``.
    """
    service, profile, start = _address(text)
    scanner = s.Scanner(text, start)
    lon_lat = _coordinates(scanner)
    any(scanner.skip(ending) for ending in FORMATS)
    options = _options(scanner, KEYS[service])
    if not scanner.done:
        scanner.malformed()
    return checked(service, profile, lon_lat, options)


def _address(text: str) -> tuple[str, str, int]:
    """Return service, profile and where the coordinates begin."""
    found = ADDRESS.fullmatch(text)
    scanner = s.Scanner(text)
    for part in _PARTS:
        if scanner.take(re.compile(part, re.ASCII)) is None:
            break
    if found is None or not scanner.done:
        near = text[max(scanner.at - 3, 0) : scanner.at + 3]
        raise Refusal("InvalidUrl", f'URL string malformed close to position {scanner.at}: "{near}"')
    service = found["service"]
    if service not in SERVICES:
        raise Refusal("InvalidService", f"Service {service} not found!")
    if int(found["version"]) != 1:
        raise Refusal("InvalidVersion", f"Service {service} not found!")
    return service, found["profile"], found.start("query")


def _coordinates(scanner: s.Scanner) -> list[tuple[float, float]]:
    for name, digits in (("polyline6(", 6), ("polyline(", 5)):
        if scanner.skip(name):
            line = scanner.take(re.compile(r"[^)]+"))
            if line is None or not scanner.skip(")"):
                scanner.malformed()
            try:
                return list(zip(*map(np.ndarray.tolist, decode(line, digits=digits)), strict=True))
            except ValueError:
                scanner.malformed()
    return list(s.needed(scanner, s.listed(_place, ";")))


def _place(scanner: s.Scanner) -> tuple[float, float] | None:
    lon = s.number(scanner)
    if lon is None:
        return None
    if not scanner.skip(","):
        scanner.malformed()
    return lon, s.needed(scanner, s.number)


def _options(scanner: s.Scanner, keys: Mapping[str, s.Reader[Any]]) -> dict[str, Any]:
    options: dict[str, Any] = {}
    if not scanner.skip("?"):
        return options
    before = scanner.at
    while True:
        name = next((name for name in keys if scanner.skip(f"{name}=")), None)
        if name is None:
            scanner.at = before
            scanner.malformed()
        options[name] = s.needed(scanner, keys[name])
        before = scanner.at
        if not scanner.skip("&"):
            return options


def checked(service: str, profile: str, lon_lat: list[tuple[float, float]], options: Mapping[str, Any]) -> Query:
    """Put a request together, checked: lists fit the coordinates, numbers lie within their bounds.

    Raises
    ------
    Refusal
        ``InvalidOptions`` or ``InvalidValue``.
    """
    count = len(lon_lat)
    if count < 2 and service != "nearest":
        raise Refusal("InvalidOptions", "Number of coordinates needs to be at least two.")
    for name in ("hints", "bearings", "radiuses", "approaches", "timestamps"):
        given = len(options.get(name, ())) or count
        if given != count:
            message = f"Number of elements in {name} size {given} does not match coordinate size {count}"
            raise Refusal("InvalidOptions", message)
    bearings = [given or (np.nan, 180) for given in options.get("bearings", [None] * count)]
    if any(not 0 <= at <= 360 or not 0 <= spread <= 180 for at, spread in bearings if at == at):  # noqa: PLR0124 - NaN
        raise Refusal("InvalidOptions", "")
    _check_numbers(options, count)
    lon, lat = np.array(lon_lat, np.float64).reshape(-1, 2).T
    if (np.abs(lon) > 180).any() or (np.abs(lat) > 90).any():
        raise Refusal("InvalidValue", "Invalid coordinate value.")
    radiuses = [np.inf if given is None else given for given in options.get("radiuses", [None] * count)]
    places = Places(
        lon=lon,
        lat=lat,
        radius_m=np.array(radiuses, np.float64),
        bearing_deg=np.array([at for at, _ in bearings], np.float64),
        spread_deg=np.array([spread for _, spread in bearings], np.float64),
        approach=tuple(given or "unrestricted" for given in options.get("approaches", [None] * count)),
    )
    return Query(service=service, profile=profile, places=places, options=options)


def _check_numbers(options: Mapping[str, Any], count: int) -> None:
    for name in ("fallback_speed", "scale_factor"):
        if options.get(name, 1) <= 0:
            raise Refusal("InvalidOptions", f"{name} must be > 0")
    if options.get("number", 1) < 1:
        raise Refusal("InvalidOptions", "")
    for name in ("sources", "destinations", "waypoints"):
        if max(options.get(name, ()), default=0) >= count:
            raise Refusal("InvalidOptions", "")
    waypoints = options.get("waypoints")
    if waypoints is not None and (waypoints[0] != 0 or waypoints[-1] != count - 1):
        raise Refusal("InvalidValue", "First and last coordinates must be specified as waypoints.")
    times = options.get("timestamps", ())
    if any(later < earlier for earlier, later in pairwise(times)):
        raise Refusal("InvalidValue", "Timestamps need to be monotonically increasing.")
