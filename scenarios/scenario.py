"""A scenario: every choice of a run by name, with its seed. One TOML or JSON file; the tables lie beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scenarios.choices import AimsChoice, HoursRef, LockRef, PeriodRef, StartChoice, Weekday
from scenarios.kerbside.ref import KerbsideRef
from scenarios.model.work import Stream

Profile = Literal["refuse-truck", "small-truck", "tricycle", "handcart", "foot"]
Table = Literal[
    "points", "depots", "facilities", "vehicles", "hub_sites", "sites", "today", "start", "zones", "kerbside",
    "people", "candidates",
]  # fmt: skip
STUDIED: tuple[Table, ...] = ("people", "candidates")  # tables of a hub study; no scenario has them


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRef:
    """A planner's table: CSV, XLSX or GeoJSON, with the planner's own column names mapped to ours.

    Parameters
    ----------
    file
        Path relative to the scenario file.
    sheet
        Name of the sheet in a workbook; first if empty.
    columns
        Our column -> the planner's header, for example ``{"lat": "Breite", "kg_per_day": "Menge kg/Tag"}``.
        Headers that carry our own names need no entry.
    units
        Our column -> unit of the planner's numbers, for example ``{"kg_per_day": "t/week", "payload_kg": "t"}``.
    defaults
        Our column -> value for every row that has none, in the unit of the column.
    header_row
        Row of the sheet with the names of the columns.
    decimal
        How its numbers are written, where the table itself leaves it open.
    """

    file: str
    sheet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    defaults: Mapping[str, str | float | int | bool] = field(default_factory=dict)
    header_row: int = 1
    decimal: Literal["auto", "point", "comma"] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosureRef:
    """Streets that are closed or slowed beside what the map says: works, a market, a flood.

    Parameters
    ----------
    name
        What it is called wherever it cuts somebody off.
    file
        GeoJSON with closed areas (with a property ``depth_m`` each: a flood), or an ESRI ASCII grid (``.asc``) with the
        depth of a flood in metres.
    streets
        Street names, numbers of OpenStreetMap ways (``"4711"``), or pieces of ways between two nodes
        (``"4711:12-13"``, in one direction only ``"4711:12>13"``).
    speed_factor
        What speeds are multiplied by in the areas and streets; 0 closes. A flood slows by its depth.
    days
        Weekdays on which it holds; empty: always.
    profiles
        Kinds of vehicle for which it holds ("refuse-truck"); empty: all.
    """

    name: str
    file: str | None = None
    streets: tuple[str, ...] = ()
    speed_factor: float = 0.0
    days: tuple[Weekday, ...] = ()
    profiles: tuple[Profile, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetsRef:
    """Where the street network comes from: exactly one of ``file``, ``place`` or ``town``.

    Parameters
    ----------
    file
        ``.osm.pbf``, ``.osm``, ``.graphml`` or an AequilibraE ``.sqlite``/``.zip``; relative to the scenario file.
    place
        A place name for OpenStreetMap online, through osmnx.
    town
        The made-up 12-junction town (``"twelve-junctions"``), for learning and tests.
    box
        west, south, east, north in degrees: what is outside is cut off while reading; with ``place`` it is what is
        fetched, and the place is only a name.
    boundary
        GeoJSON file with a polygon to cut by.
    closures
        What is closed or slowed beside what the map says.
    """

    file: str | None = None
    place: str | None = None
    town: str | None = None
    box: tuple[float, float, float, float] | None = None
    boundary: str | None = None
    closures: tuple[ClosureRef, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRef:
    """A GPS track of a vehicle: gives the speeds of the streets it drove, and its round of today.

    Parameters
    ----------
    file
        GPX, or a CSV table with time, latitude and longitude.
    vehicle
        Whose it is.
    day
        Weekday of the round; empty: of every planned day.
    zone
        IANA name of the time zone, for tables whose times do not say it ("Africa/Nairobi").
    """

    file: str
    vehicle: str
    day: Weekday | Literal[""] = ""
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandRef:
    """Arisings where no list exists. The result is marked as estimated everywhere.

    Parameters
    ----------
    from_
        ``"points"``: the table of collection points carries the amounts (nothing is estimated);
        ``"buildings"``: people spread over the extract's buildings by floor area;
        ``"zones"``: people of each zone spread along its streets.
    people
        People in the area (buildings); zones carry their own.
    people_source
        Where that number comes from; shown with every figure that rests on it.
    kg_per_person_day
        ``None``: default of the country, else of its income group, with its source.
    container_spacing_m
        Containers are placed on the streets so that nobody walks much farther than this.
    containers
        About so many container sites; overrides the spacing.
    """

    from_: Literal["points", "buildings", "zones"] = "points"
    people: float | None = None
    people_source: str = ""
    kg_per_person_day: float | None = None
    container_spacing_m: float = 150.0
    containers: int | None = None
    stream: str = "residual"


@dataclass(frozen=True, slots=True, kw_only=True)
class HubChoice:
    """What is asked of the hub placement; absent: no hubs are placed."""

    aim: Literal["walking", "coverage", "cost"] = "walking"
    at_most: int | None = None
    budget_per_day: float | None = None
    reach_m: float = 500.0
    share_brought: float = 0.0  # share of the waste of people within reach that they bring to a hub
    unserved_cost_per_tonne: float = 0.0
    seconds: float = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesignChoice:
    """What is asked where sites are decided together with the rounds; absent: they are not.

    Parameters
    ----------
    day
        The planned weekday by whose rounds the sites are decided; needed where several days are planned.
    at_most
        Sites open in all; ``None``: no limit.
    budget_per_day
        Most that the open sites may cost together for a day of the calendar; ``None``: no limit.
    seconds
        For the whole study.
    """

    day: Weekday | None = None
    at_most: int | None = None
    budget_per_day: float | None = None
    seconds: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SolveChoice:
    """How the rounds are solved.

    Parameters
    ----------
    seconds
        For each day planned.
    bound_seconds
        After that, for finding how far from the best possible a plan is; 0: not asked; none: a third of ``seconds``.
    explain_seconds
        After that, for finding the cheapest change that would serve each stop left out; 0: not asked; none: a third of
        ``seconds``.
    threads
        How many threads may compute at once, in engines that can use several; never more than there are cores.
    """

    engine: Literal["auto", "strings", "pyvrp", "ortools", "ruin", "nearest"] = "auto"
    seconds: float = 30.0
    bound_seconds: float | None = None
    explain_seconds: float | None = None
    iterations: int | None = None
    threads: int = 1
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Every choice of a run.

    Parameters
    ----------
    name, description
        For people.
    country
        ISO 3166-1 alpha-2; physical defaults follow it, then its income group.
    currency
        ISO 4217; every price in the tables is in it. Prices are never converted and never borrowed.
    days
        Weekdays to plan; empty: one day.
    days_since_last
        For a single day: days since the last collection, the load is rate x this.
    kerbside
        Collection from the houses, street by street; absent: there is none.
    tracks
        GPS tracks of vehicles.
    hours, periods, aims, locks
        When points may be served; how fast it goes at what time of day; what is preferred; what is fixed by hand.
    illustration
        What of this scenario is invented ("fleet", "rounds", "prices", "population"); the word *illustration* then
        stands everywhere and no saving is claimed.
    language
        Of the documents; "en".
    """

    name: str
    description: str = ""
    country: str
    currency: str
    days: tuple[Weekday, ...] = ()
    days_since_last: float = 1.0
    streams: tuple[Stream, ...]
    streets: StreetsRef
    tables: Mapping[Table, TableRef] = field(default_factory=dict)
    demand: DemandRef = DemandRef()
    hubs: HubChoice | None = None
    codesign: CodesignChoice | None = None
    kerbside: KerbsideRef | None = None
    solve: SolveChoice = SolveChoice()
    tracks: tuple[TrackRef, ...] = ()
    hours: tuple[HoursRef, ...] = ()
    periods: tuple[PeriodRef, ...] = ()
    aims: AimsChoice = field(default_factory=AimsChoice)
    locks: tuple[LockRef, ...] = ()
    start: StartChoice = field(default_factory=StartChoice)
    service_radius_m: float = 200.0
    snap_limit_m: float = 150.0
    illustration: tuple[str, ...] = ()
    language: str = "en"
