"""What a request in VROOM's JSON says, once it is read.

Seconds, metres, ``[lon, lat]``. The model is VROOM's (https://github.com/VROOM-Project/vroom, docs/API.md, release
1.15): a *task* is a job, a pickup or a delivery.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

IntArray = NDArray[np.int64]
TaskKind = Literal["job", "pickup", "delivery"]
StepKind = Literal["start", "job", "pickup", "delivery", "break", "end"]
Span = tuple[int, int]
Amount = tuple[int, ...]
PER_HOUR = 3600  # VROOM's default cost of an hour of travel: a second costs 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place: its row and column in the matrices, and its coordinates if they were given.

    ``named`` says whether the request itself gave the index. ``side`` is ours: from which side of its street it is
    served, ``curb``, ``opposite``, or empty for either.
    """

    index: int
    lonlat: tuple[float, float] | None
    named: bool
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """Work to do once. A pickup is followed by its delivery in :attr:`Request.tasks`.

    ``windows`` is empty where VROOM's default holds (any time).
    """

    kind: TaskKind
    id: int
    spot: Spot
    description: str
    setup: int
    service: int
    setup_by: Mapping[str, int]
    service_by: Mapping[str, int]
    delivery: Amount
    pickup: Amount
    skills: frozenset[int]
    priority: int
    windows: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """A break of a vehicle; no windows mean any time, no ``max_load`` any load."""

    id: int
    description: str
    windows: tuple[Span, ...]
    service: int
    max_load: Amount | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step that a vehicle is told to do; ``rank`` is the position of its task or break."""

    kind: StepKind
    id: int = 0
    rank: int = -1
    at: int | None = None
    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What a vehicle costs: once if used, an hour of travel, an hour of work, a kilometre."""

    fixed: int = 0
    per_hour: int = PER_HOUR
    per_task_hour: int = 0
    per_km: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Van:
    """A vehicle. Breaks are in the order of their first windows.

    ``tips`` are positions in :attr:`Request.tips`: where it may unload; ours.
    """

    id: int
    profile: str
    description: str
    start: Spot | None
    end: Spot | None
    capacity: Amount
    costs: Costs
    skills: frozenset[int]
    type: str
    window: Span | None
    breaks: tuple[Rest, ...]
    speed_factor: float
    max_tasks: int | None
    max_travel_time: int | None
    max_distance: int | None
    steps: tuple[Step, ...]
    tips: tuple[int, ...] = ()
    ends_empty: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """A place where vehicles may unload; ours. ``accepts`` are components of the amounts, ``None`` for all."""

    id: int
    spot: Spot
    description: str
    service: int
    queue: int
    windows: tuple[Span, ...]
    accepts: frozenset[int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the HTTP wrapper reads: geometry, plan mode, exploration level, limit in seconds."""

    geometry: bool = False
    plan: bool = False
    explore: int = 5
    limit_s: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """The matrices of one profile; ``costs`` only where they were given."""

    durations: IntArray | None = None
    distances: IntArray | None = None
    costs: IntArray | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A whole request. ``spots`` are all its places, each once.

    ``timeless``: it has no window, no break, and no plan is given, so that VROOM adds up its costs unrounded.
    """

    tasks: tuple[Task, ...]
    vans: tuple[Van, ...]
    tips: tuple[Tip, ...]
    spots: tuple[Spot, ...]
    components: int
    tables: Mapping[str, Tables] = field(default_factory=dict)
    options: Options = Options()
    report_distances: bool = False
    timeless: bool = False
    bound_s: float = 0.0
