"""What a scenario's types cannot say: ranges, choices that exclude each other, names that must exist."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import available_timezones

from faults import Fault
from scenarios.data.defaults import COUNTRIES
from scenarios.messages import languages
from scenarios.read.columns import TABLES, column
from scenarios.read.files import path_fault
from scenarios.read.units import factor, known
from scenarios.read.words import closest, listed
from scenarios.scenario import STUDIED, Scenario, StreetsRef, Table, TableRef
from scenarios.schema_choices import choice_faults
from scenarios.schema_kerbside import kerbside_faults

TOWNS = ("twelve-junctions",)
CURRENCY = re.compile(r"[A-Z]{3}")
CARRIES_ZONES = (".zip", ".sqlite", ".sqlite3", ".db")  # AequilibraE projects have zones of their own
MAX_SECONDS = 24 * 3600.0
MAX_CONTAINERS = 50_000
MAX_TEXT = 2_000


def broken_rules(scenario: Scenario) -> list[Fault]:
    """Return every rule that a scenario breaks."""
    return [fault for rule in RULES for fault in rule(scenario)]


def unfit_values(data: Any) -> list[Fault]:
    """Return faults for texts, keys included, that no database and no page can hold, and for endless numbers."""
    faults: list[Fault] = []
    level = [("", data)]
    while level:
        deeper: list[tuple[str, Any]] = []
        for where, item in level:
            if isinstance(item, Mapping):
                deeper += [(f"{where}/{_escaped(key)}", part) for pair in item.items() for key, part in _both(pair)]
            elif isinstance(item, list):
                deeper += [(f"{where}/{k}", value) for k, value in enumerate(item)]
            elif isinstance(item, int) and item.bit_length() > 1000:
                faults.append(_unfit_fault("out-of-range", where, "the number is endless", "write a smaller one"))
            elif isinstance(item, str) and (reason := _unfit(item)):
                faults.append(_unfit_fault("not-text", where, reason, "write the text anew"))
        level = deeper
    return faults


def _both(pair: tuple[str, Any]) -> tuple[tuple[str, Any], tuple[str, Any]]:
    """Return a key to be looked at itself, and its value."""
    key, value = pair
    return (key, key), (key, value)


def _unfit_fault(code: str, where: str, reason: str, action: str) -> Fault:
    pointer = where.encode("ascii", "backslashreplace").decode()
    return _fault(code, pointer.strip("/").replace("/", ".") or "scenario", reason, action, pointer)


def _unfit(text: str) -> str:
    if "\x00" in text:
        return "there is a character with code 0"
    if any("\ud800" <= c <= "\udfff" for c in text):
        return "there is half of a character"
    return f"the text has {len(text)} characters, at most {MAX_TEXT} are kept" if len(text) > MAX_TEXT else ""


def _escaped(key: object) -> str:
    return str(key).replace("~", "~0").replace("/", "~1")


def _fault(code: str, place: str, cause: str, action: str, pointer: str = "") -> Fault:
    return Fault(code=code, place=place, cause=cause, action=action, pointer=pointer or "/" + place.replace(".", "/"))


def _identity(scenario: Scenario) -> Iterator[Fault]:
    if not scenario.name.strip():
        yield _fault("missing", "name", "the name is empty", "give the scenario a name")
    if scenario.country not in COUNTRIES:
        likely = closest(scenario.country, [c.name for c in COUNTRIES.values()])
        code = next((c.alpha2 for c in COUNTRIES.values() if c.name == likely), "")
        hint = f"did you mean {code} ({likely})?" if code and len(scenario.country) > 2 else "for example KE for Kenya"
        yield _fault("country-unknown", "country", f"{scenario.country!r} is no ISO 3166 code of two letters", hint)
    if not CURRENCY.fullmatch(scenario.currency):
        cause = f"{scenario.currency!r} is no ISO 4217 code"
        yield _fault("currency-unknown", "currency", cause, "write three capital letters, for example KES")
    if scenario.language not in languages():
        cause = f"there are no documents in {scenario.language!r}"
        yield _fault("language-unknown", "language", cause, f"use one of {', '.join(languages())}")
    yield from _doubled("days", list(scenario.days), "day-twice")


def _doubled(place: str, names: Sequence[str], code: str) -> Iterator[Fault]:
    for k, name in enumerate(names):
        if name in names[:k]:
            pointer = f"/{place}/{k}"
            yield _fault(code, f"{place}.{k + 1}", f"{name!r} is there twice", "name each once", pointer)


def _streams(scenario: Scenario) -> Iterator[Fault]:
    if not scenario.streams:
        yield _fault("missing", "streams", "there is no stream", "add [[streams]] with id, name and density_kg_m3")
    yield from _doubled("streams", [stream.id for stream in scenario.streams], "stream-twice")
    for k, stream in enumerate(scenario.streams):
        place, pointer = f"streams.{k + 1}", f"/streams/{k}"
        if not re.fullmatch(r"[^\s,;|/+]+", stream.id):
            cause = f"{stream.id!r} is empty, or has spaces, commas, slashes or plus signs"
            yield _fault("stream-id", f"{place}.id", cause, "use letters, digits and hyphens", f"{pointer}/id")
        if not 1 <= stream.density_kg_m3 <= 3000:
            cause = f"{stream.density_kg_m3:g} kg/m3 is not between 1 and 3000"
            action = "write the density on the vehicle in kg/m3"
            yield _fault("out-of-range", f"{place}.density_kg_m3", cause, action, f"{pointer}/density_kg_m3")
        if stream.sale_price_per_kg is not None and stream.sale_price_per_kg < 0:
            cause, action = "the sale price is negative", "what you pay to get rid of it is a gate fee of the facility"
            yield _fault("negative", f"{place}.sale_price_per_kg", cause, action, f"{pointer}/sale_price_per_kg")


def _streets(scenario: Scenario) -> Iterator[Fault]:
    streets = scenario.streets
    given = [name for name in ("file", "place", "town") if getattr(streets, name)]
    if len(given) != 1:
        cause = f"{' and '.join(given)} are given" if given else "none of file, place and town is given"
        yield _fault("streets-one", "streets", cause, "say exactly one: file, place or town")
    if streets.town and streets.town not in TOWNS:
        yield _fault("not-a-choice", "streets.town", f"there is no town {streets.town!r}", f"use {', '.join(TOWNS)}")
    for name in ("file", "boundary"):
        value = getattr(streets, name)
        if value is not None and (fault := path_fault(value, f"streets.{name}", f"/streets/{name}")):
            yield fault
    yield from _box(streets)


def _closures(scenario: Scenario) -> Iterator[Fault]:
    for k, closure in enumerate(scenario.streets.closures):
        place, pointer = f"streets.closures.{k + 1}", f"/streets/closures/{k}"
        if not closure.name.strip():
            yield _fault("missing", f"{place}.name", "it has no name", "say what closes the streets", f"{pointer}/name")
        if closure.file is None and not closure.streets:
            action = "give a file of areas, or a list of streets"
            yield _fault("missing", place, "it names no street and no file", action, pointer)
        if closure.file is not None and (fault := path_fault(closure.file, f"{place}.file", f"{pointer}/file")):
            yield fault
        if not 0 <= closure.speed_factor < 1:
            cause = f"{closure.speed_factor:g} is not from 0 to below 1"
            where = f"{place}.speed_factor", f"{pointer}/speed_factor"
            yield _fault("out-of-range", where[0], cause, "0 closes; 0.5 makes it half as fast", where[1])


def _tracks(scenario: Scenario) -> Iterator[Fault]:
    for k, track in enumerate(scenario.tracks):
        place, pointer = f"tracks.{k + 1}", f"/tracks/{k}"
        if fault := path_fault(track.file, f"{place}.file", f"{pointer}/file"):
            yield fault
        if track.zone is not None and track.zone not in available_timezones():
            cause = f"{track.zone!r} is no time zone"
            yield _fault("not-a-choice", f"{place}.zone", cause, "for example Africa/Nairobi", f"{pointer}/zone")
    if scenario.tracks and "vehicles" not in scenario.tables:
        cause = "there are tracks, but no table of the vehicles that drove them"
        yield _fault("table-missing", "tables.vehicles", cause, "add [tables.vehicles]")


def _box(streets: StreetsRef) -> Iterator[Fault]:
    if streets.box is None:
        return
    west, south, east, north = streets.box
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        cause = f"{list(streets.box)} is no box of west, south, east, north"
        yield _fault("box", "streets.box", cause, "longitude comes first: [36.80, -1.31, 36.85, -1.26]")


def _tables(scenario: Scenario) -> Iterator[Fault]:
    for name, ref in scenario.tables.items():
        place = f"tables.{name}"
        if fault := path_fault(ref.file, f"{place}.file", f"/tables/{name}/file"):
            yield fault
        if ref.header_row < 1 or ref.header_row > 1000:
            cause = f"there is no row {ref.header_row} to look for headers in"
            yield _fault("out-of-range", f"{place}.header_row", cause, "the first row is 1")
        yield from _columns(scenario, name, ref)


def _columns(scenario: Scenario, table: Table, ref: TableRef) -> Iterator[Fault]:
    ours = [column.name for column in TABLES[table]]
    for part in ("columns", "units", "defaults"):
        for name in getattr(ref, part):
            place, pointer = f"tables.{table}.{part}.{name}", f"/tables/{table}/{part}/{_escaped(name)}"
            if name not in ours:
                likely = closest(name, ours)
                action = f"did you mean {likely}?" if likely else f"there are {', '.join(ours)}"
                yield _fault("column-unknown", place, f"the table of {table} has no column {name!r}", action, pointer)
            elif part == "units":
                yield from _unit(scenario, table, name, ref.units[name], place, pointer)


def _unit(scenario: Scenario, table: Table, name: str, unit: str, place: str, pointer: str) -> Iterator[Fault]:
    declared = column(table, name)
    assert declared is not None
    ours = "s" if declared.kind == "clock" else declared.unit
    if factor(ours, unit, scenario.currency) is None:
        units = known(ours, scenario.currency)
        cause = f"{name} cannot be in {unit!r}" if units else f"{name} has no unit"
        action = f"it can be in {listed(units, 40)}" if units else "take the unit out"
        if "money" in ours:
            action += "; money is never converted"
        yield _fault("unit-unknown", place, cause, action, pointer)


def _needed_tables(scenario: Scenario) -> Iterator[Fault]:
    tables = scenario.tables
    for name in STUDIED:
        if name in tables:
            cause = f"a scenario has no table {name}: it belongs to a hub study"
            yield _fault("unknown-key", f"tables.{name}", cause, "put it into hubs.toml and run mzunguko hubs")
    if scenario.demand.from_ == "points" and "points" not in tables and scenario.kerbside is None:
        action = 'add [tables.points], or estimate: [demand] from = "buildings"'
        yield _fault("table-missing", "tables.points", "there is no table of collection points", action)
    if "vehicles" in tables:
        for name in ("depots", "facilities"):
            if name not in tables and "sites" not in tables:
                cause = f"there are vehicles, but no table of {name}"
                yield _fault("table-missing", f"tables.{name}", cause, f"add [tables.{name}]")
    elif scenario.hubs is None:
        cause = "there are neither vehicles nor hubs: nothing is to be planned"
        yield _fault(
            "table-missing", "tables.vehicles", cause, "add [tables.vehicles], or [hubs] with [tables.hub_sites]"
        )
    if "today" in tables and "vehicles" not in tables:
        cause = "today's rounds are given, but not the vehicles that drive them"
        yield _fault("table-missing", "tables.vehicles", cause, "add [tables.vehicles]")
    if scenario.hubs is not None and "hub_sites" not in tables:
        cause = "hubs are asked for, but there is no table of candidates"
        yield _fault("table-missing", "tables.hub_sites", cause, "add [tables.hub_sites]")


def _sites(scenario: Scenario) -> Iterator[Fault]:
    """Sites and the choice among them go together, and one day decides."""
    choice = scenario.codesign
    if choice is None:
        return
    if "sites" not in scenario.tables:
        cause = "sites are to be decided, but there is no table of candidates"
        yield _fault("table-missing", "tables.sites", cause, "add [tables.sites]")
    if "vehicles" not in scenario.tables:
        cause = "sites are decided by the rounds from them, and there is no table of vehicles"
        yield _fault("table-missing", "tables.vehicles", cause, "add [tables.vehicles]")
    if choice.day is not None and choice.day not in scenario.days:
        action = f"choose one of {', '.join(scenario.days)}" if scenario.days else "leave it out, or name days"
        yield _fault("codesign-day", "codesign.day", f"{choice.day} is not among the planned days", action)
    if choice.day is None and len(scenario.days) > 1:
        cause = f"{len(scenario.days)} days are planned, and by which the sites are decided is not said"
        yield _fault("codesign-day", "codesign.day", cause, f"choose one of {', '.join(scenario.days)}")


def _demand(scenario: Scenario) -> Iterator[Fault]:
    demand = scenario.demand
    if demand.from_ == "buildings" and demand.people is None:
        cause = "demand is to be estimated from buildings, but for how many people is not said"
        yield _fault("missing", "demand.people", cause, "write the number of people in the area")
    carried = (scenario.streets.file or "").lower().endswith(CARRIES_ZONES)
    if demand.from_ == "zones" and "zones" not in scenario.tables and not carried:
        cause = "demand is to be estimated from zones, but there are none"
        yield _fault("table-missing", "tables.zones", cause, "add [tables.zones] with polygons and their people")
    ids = [stream.id for stream in scenario.streams]
    if demand.from_ != "points" and ids and demand.stream not in ids:
        likely = closest(demand.stream, ids)
        action = f"did you mean {likely!r}?" if likely else f"name one of {listed(ids)}"
        yield _fault("stream-unknown", "demand.stream", f"there is no stream {demand.stream!r}", action)


@dataclass(frozen=True, slots=True)
class _Range:
    """What a number of the scenario may be; ``from_low``: the smallest itself is allowed."""

    place: str
    low: float
    high: float
    from_low: bool = False

    def fault(self, scenario: Scenario) -> Fault | None:
        value: Any = scenario
        for step in self.place.split("."):
            value = getattr(value, step) if value is not None else None
        if value is None or self.low < value <= self.high or (self.from_low and value == self.low):
            return None
        words = f"from {self.low:g}" if self.from_low else f"above {self.low:g}"
        return _fault("out-of-range", self.place, f"{value:g} is not {words} up to {self.high:g}", "correct the value")


_RANGES = (
    _Range("days_since_last", 0, 366),
    _Range("service_radius_m", 0, 10_000),
    _Range("snap_limit_m", 0, 10_000),
    _Range("demand.people", 0, 1e8),
    _Range("demand.kg_per_person_day", 0, 20),
    _Range("demand.container_spacing_m", 0, 10_000),
    _Range("demand.containers", 1, MAX_CONTAINERS, from_low=True),
    _Range("solve.seconds", 0, MAX_SECONDS),
    _Range("solve.bound_seconds", 0, MAX_SECONDS, from_low=True),
    _Range("solve.explain_seconds", 0, MAX_SECONDS, from_low=True),
    _Range("solve.iterations", 1, 1e9, from_low=True),
    _Range("solve.threads", 1, 256, from_low=True),
    _Range("solve.seed", 0, 2**31 - 1, from_low=True),
    _Range("hubs.at_most", 1, 5_000, from_low=True),
    _Range("hubs.budget_per_day", 0, 1e12, from_low=True),
    _Range("hubs.reach_m", 0, 20_000),
    _Range("hubs.share_brought", 0, 1, from_low=True),
    _Range("hubs.unserved_cost_per_tonne", 0, 1e12, from_low=True),
    _Range("hubs.seconds", 0, MAX_SECONDS),
    _Range("codesign.at_most", 1, 5_000, from_low=True),
    _Range("codesign.budget_per_day", 0, 1e12, from_low=True),
    _Range("codesign.seconds", 0, MAX_SECONDS),
)


def _ranges(scenario: Scenario) -> Iterator[Fault]:
    yield from (fault for range_ in _RANGES if (fault := range_.fault(scenario)))


SHARED: tuple[Callable[[Scenario], Iterator[Fault]], ...] = (_identity, _streets, _closures, _tables)
"""Rules that hold for a hub study, too."""

RULES: tuple[Callable[[Scenario], Iterator[Fault]], ...] = (
    _identity,
    _streams,
    _streets,
    _closures,
    _tracks,
    _tables,
    _needed_tables,
    _sites,
    _demand,
    _ranges,
    choice_faults,
    kerbside_faults,
)
