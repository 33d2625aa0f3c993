"""From an address to a place, offline: the extract's own addresses and street names.

Only what matches in full is taken. Everything else is a question to the planner, with the nearest candidates and their
coordinates to copy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from network.features import MapFeatures
from network.geometry import METRES_PER_DEGREE, metres_between
from network.lines import points_at
from network.streets import StreetNetwork
from scenarios.read.words import bare

SAME_PLACE_M = 60.0  # two entrances of one house; farther apart they are two houses
SAME_STREET_M = 400.0  # pieces of one street with gaps; farther apart they are two streets of the same name
CANDIDATES = 5
NEAR_NAME = 75.0  # out of 100: names less alike are not worth asking about

# Kinds of street as they are abbreviated; all spellings of one kind become the same word.
KINDS = {
    word: spellings.split()[0]
    for spellings in (
        "st street str strasse straat", "rd road", "av ave avenue avenida", "ln lane", "dr drive", "ct court",
        "bd blvd boulevard", "pl place platz plaza praca", "sq square", "hwy highway", "r rua rue", "c calle cl",
        "cres crescent", "wy way weg", "trav travessa", "n north norte nord", "s south sur sul sud", "e east este est",
        "w west ouest oeste", "prof professor professora", "gen general", "cnel coronel",
    )
    for word in spellings.split()
}  # fmt: skip
GLUED = re.compile(r"(?<=[a-z]{3})(strasse|str)$")
NUMBER = r"(\d+\s?[a-z]?(?:\s?[-/]\s?\d*\s?[a-z]?)?)"
FIRST = re.compile(rf"{NUMBER}[\s,]+(.+)")
LAST = re.compile(rf"(.+?)[\s,]+(?:n[or]?\.?\s*)?{NUMBER}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place on the map with the words the map has for it."""

    label: str
    lon: float
    lat: float
    length_m: float = 0.0  # of a street
    town: frozenset[str] = frozenset()  # words of a house's postcode and city

    def __str__(self) -> str:
        """Read as the planner may copy it."""
        return f"{self.label} (lat {self.lat:.6f}, lon {self.lon:.6f})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What an address is: a house, the middle of a street, or a question with candidates."""

    how: Literal["house", "street", "doubtful"]
    spots: tuple[Spot, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressBook:
    """Houses and streets of an extract, by their names in comparable form."""

    houses: Mapping[tuple[str, str], Sequence[Spot]]
    numbers: Mapping[str, Sequence[str]]  # street -> house numbers
    segments: Mapping[str, NDArray[np.intp]]  # street -> its segments
    middle: NDArray[np.float64]  # of each segment: lon, lat
    network: StreetNetwork
    labels: Mapping[str, str]  # street -> as the map writes it


def comparable(street: str) -> str:
    """Return the name of a street in the form in which names are compared."""
    words = re.sub(r"[^\w]+", " ", re.sub("['\u2019]", "", bare(street))).split()
    words = [w for word in words for w in GLUED.sub(r" st", word).split()]
    return " ".join(KINDS.get(word, word) for word in words)


def address_book(network: StreetNetwork, features: MapFeatures | None) -> AddressBook:
    """Build the book of an extract."""
    houses: dict[tuple[str, str], list[Spot]] = {}
    numbers: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    segments = _segments_by_name(network, labels)
    if features is not None:
        found = features.addresses
        towns = [_words(f"{p} {c}") for p, c in zip(found.postcode.strings(), found.city.strings(), strict=True)]
        places = zip(found.lon.tolist(), found.lat.tolist(), towns, strict=True)
        for street, number, (lon, lat, town) in zip(
            found.street.strings(), found.housenumber.strings(), places, strict=True
        ):
            name = comparable(street)
            if not name:
                continue
            labels.setdefault(name, street)
            for single in re.split(r"[;,]", number):
                key = name, _house(single)
                spot = Spot(label=f"{street} {single.strip()}", lon=lon, lat=lat, town=town)
                houses.setdefault(key, []).append(spot)
                numbers.setdefault(name, []).append(key[1])
    every = np.arange(network.segments)
    return AddressBook(
        houses=houses,
        numbers=numbers,
        segments=segments,
        middle=points_at(network, every, network.length_m / 2),
        network=network,
        labels=labels,
    )


def find(book: AddressBook, *, street: str, number: str) -> Match:
    """Find an address in the book.

    Parameters
    ----------
    street, number
        As the planner wrote them; a number inside ``street`` is found when ``number`` is empty.
    """
    written = _readings(street, number)
    readings = [(comparable(s), _house(n)) for s, n in written]
    for name, house in readings:
        if house and (name, house) in book.houses:
            return _one_house(book, name, house, _words(street) - _words(name))
    for name, house in readings:
        if name in book.labels and house:
            return _no_such_number(book, name, house)
    for name, house in readings:
        if not house and name in book.segments:
            return _one_street(_streets(book, name))
        if not house and name in book.labels:
            reason = "the map has houses there, but no street of that name: a house number is needed"
            return Match(how="doubtful", spots=_houses_of(book, name, ""), reason=reason)
    return _similar(book, written)


def _readings(street: str, number: str) -> list[tuple[str, str]]:
    """Return street and house number as they may be meant, the fullest reading first."""
    if number:
        return [(street, number)]
    written = bare(street)
    parts = [part.strip() for part in written.split(",") if part.strip()]
    wholes = dict.fromkeys([written, *(", ".join(parts[:k]) for k in (2, 1)), *parts])
    readings = []
    for whole in wholes:
        for pattern, (s, n) in ((LAST, (1, 2)), (FIRST, (2, 1))):
            if match := pattern.fullmatch(whole):
                readings.append((match[s], match[n]))
        readings.append((whole, ""))
    return sorted(readings, key=lambda reading: not reading[1])


def _house(number: str) -> str:
    return re.sub(r"[^0-9a-z/-]", "", bare(number))


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", bare(text)))


def _one_house(book: AddressBook, name: str, house: str, beside: frozenset[str]) -> Match:
    """Settle for a house; where towns of the map share a street name, only if what stands beside it names the town."""
    spots = book.houses[name, house]
    named = [spot for spot in spots if spot.town & beside]
    certain = named or spots
    if _spread(*_coordinates(certain)) > SAME_PLACE_M:
        reason = "the map has several houses of that address"
        return Match(how="doubtful", spots=tuple(certain[:CANDIDATES]), reason=reason)
    if not named and len(streets := _streets(book, name)) > 1:
        reason = "the map has several streets of that name, that number in one only; a postcode or town would tell"
        return Match(how="doubtful", spots=(certain[0], *streets)[:CANDIDATES], reason=reason)
    return Match(how="house", spots=(certain[0],))


def _one_street(spots: Sequence[Spot]) -> Match:
    if len(spots) == 1:
        return Match(how="street", spots=(spots[0],))
    return Match(how="doubtful", spots=tuple(spots[:CANDIDATES]), reason="the map has several streets of that name")


def _no_such_number(book: AddressBook, name: str, house: str) -> Match:
    spots = _houses_of(book, name, house) or _streets(book, name)[:CANDIDATES]
    return Match(how="doubtful", spots=spots, reason=f"the map has the street, but no number {house}")


def _houses_of(book: AddressBook, name: str, house: str) -> tuple[Spot, ...]:
    """Return the houses of a street whose numbers are nearest."""
    wanted = _leading(house)
    near = sorted(dict.fromkeys(book.numbers.get(name, ())), key=lambda n: (abs(_leading(n) - wanted), n))
    return tuple(book.houses[name, number][0] for number in near[:CANDIDATES])


def _leading(house: str) -> int:
    digits = re.match(r"\d{1,6}", house)
    return int(digits[0]) if digits else 0


def _similar(book: AddressBook, written: Sequence[tuple[str, str]]) -> Match:
    scored: dict[str, tuple[float, str]] = {}
    names = {name: bare(label) for name, label in book.labels.items()}
    for street, number in written:
        for _, score, name in process.extract(bare(street), names, scorer=fuzz.token_sort_ratio, limit=CANDIDATES):
            if score >= NEAR_NAME and score > scored.get(name, (0.0, ""))[0]:
                scored[name] = score, _house(number)
    spots: list[Spot] = []
    for label, (_, house) in sorted(scored.items(), key=lambda item: (-item[1][0], item[0])):
        exact = book.houses.get((label, house), ()) if house else ()
        spots += [*exact[:1]] or [*_streets(book, label)[:1]] or [*_houses_of(book, label, house)[:1]]
    reason = "the map has nothing of that name, only names like it" if spots else "the map has nothing like it"
    return Match(how="doubtful", spots=tuple(spots[:CANDIDATES]), reason=reason)


def _segments_by_name(network: StreetNetwork, labels: dict[str, str]) -> dict[str, NDArray[np.intp]]:
    """Return the segments of each street name; spellings of one name go together."""
    order = np.argsort(network.name.codes, kind="stable")
    codes, starts = np.unique(network.name.codes[order], return_index=True)
    found: dict[str, list[NDArray[np.intp]]] = {}
    for code, members in zip(codes, np.split(order, starts[1:]), strict=True):
        if name := comparable(network.name.values[code]):
            labels.setdefault(name, network.name.values[code])
            found.setdefault(name, []).append(members)
    return {name: np.concatenate(pieces) for name, pieces in found.items()}


def _streets(book: AddressBook, name: str) -> tuple[Spot, ...]:
    """Return the middle of each street of a name, the longest first."""
    segments = book.segments.get(name)
    if segments is None:
        return ()
    groups = _groups(book.network, segments)
    spots = [_middle(book, segments[groups == g], name) for g in range(int(groups.max()) + 1)]
    return tuple(sorted(spots, key=lambda spot: -spot.length_m))


def _groups(network: StreetNetwork, segments: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return which segments hang together, gaps of up to :data:`SAME_STREET_M` between their ends allowed."""
    n = len(segments)
    ends = np.concatenate([network.tail[segments], network.head[segments]])
    lon, lat = network.junction_lon[ends], network.junction_lat[ends]
    flat = np.column_stack([lon * np.cos(np.radians(lat.mean())), lat]) * METRES_PER_DEGREE
    near = cKDTree(flat).query_pairs(SAME_STREET_M, output_type="ndarray") % n
    links = coo_array((np.ones(len(near), bool), (near[:, 0], near[:, 1])), shape=(n, n))
    _, groups = connected_components(links, directed=False)
    return np.asarray(groups, dtype=np.intp)


def _middle(book: AddressBook, segments: NDArray[np.intp], name: str) -> Spot:
    """Return the middle of the segment that is nearest to the centre of the street."""
    metres = book.network.length_m[segments]
    middle = book.middle[segments]
    centre = np.average(middle, axis=0, weights=np.maximum(metres, 1e-9))
    away = metres_between(middle[:, 0], middle[:, 1], centre[0], centre[1])
    lon, lat = middle[int(np.argmin(away))].tolist()
    return Spot(label=book.labels[name], lon=lon, lat=lat, length_m=float(metres.sum()))


def _coordinates(spots: Sequence[Spot]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([spot.lon for spot in spots]), np.array([spot.lat for spot in spots])


def _spread(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> float:
    return float(metres_between(lon.min(), lat.min(), lon.max(), lat.max()))
