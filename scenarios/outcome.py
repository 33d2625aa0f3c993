"""What a run leaves: plans, verdicts, figures, provenance. Documents are made from this and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from faults import Fault
from network.instructions import Step
from network.streets import StreetNetwork
from optimiser.hubs.plan import HubPlan, HubPrice
from optimiser.hubs.problem import HubProblem
from optimiser.result import Result
from optimiser.rounds.plan import Plan, Price, Violation
from optimiser.rounds.problem import RoundsProblem
from scenarios.evidence.figure import Figure
from scenarios.model.system import WasteSystem
from scenarios.scenario import Scenario

Line = NDArray[np.float64]  # shape (k, 2): lon, lat


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """The way from one visit to the next as the vehicle drives it; ``to`` is a visit id or a depot id.

    ``steps`` tell it turn by turn; their distances and durations add up to the leg's. ``served`` is the line driven
    while ``to`` is served, where it is a side of a street: from where the leg ends to where the next one begins.
    """

    to: str
    line: Line
    distance_m: float
    duration_s: float
    streets: tuple[str, ...]  # names in order, without repeats
    steps: tuple[Step, ...] = ()
    served: Line = field(default_factory=lambda: np.zeros((0, 2)))

    @property
    def whole(self) -> Line:
        """The line of the way and of the work at its end."""
        return np.concatenate([self.line, self.served]) if len(self.served) else self.line


@dataclass(frozen=True, slots=True, kw_only=True)
class DayPlan:
    """One planned day.

    ``ways`` has, per vehicle used, the legs in the order of the visits that move (breaks have none), the last one
    back to the depot. ``loads_kg`` is what each point holds that day.
    """

    day: str
    problem: RoundsProblem
    result: Result[Plan, Price]
    violations: tuple[Violation, ...]
    ways: Mapping[str, tuple[Leg, ...]]
    loads_kg: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class HubOutcome:
    """The hub placement."""

    problem: HubProblem
    result: Result[HubPlan, HubPrice]


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayDay:
    """Today's rounds on one day, judged by the same code, against the plan."""

    day: str
    plan: Plan
    price: Price
    violations: tuple[Violation, ...]
    recorded_hours: float | None
    recorded_km: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """Today's rounds, when supplied.

    ``speed_factor`` and ``service_factor`` are the calibration applied (1.0: none); ``agrees`` is true when modelled
    hours and kilometres are within 5 % of the recorded ones (``None``: nothing was recorded). ``comparison`` holds
    figures of the difference, also at equal service; empty unless ``agrees`` or nothing is claimed.
    """

    days: tuple[TodayDay, ...]
    speed_factor: float
    service_factor: float
    agrees: bool | None
    comparison: tuple[Figure, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceRow:
    """Mass balance of a stream over the period, kg: generated = collected + to_hubs + left; collected = unloaded."""

    stream: str
    generated_kg: float
    collected_kg: float
    to_hubs_kg: float
    left_kg: float
    left_reason: str
    unloaded_kg: Mapping[str, float]  # facility -> kg


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCost:
    """What a stage of the run took."""

    stage: str
    seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How to make this again: hash of all inputs, versions of all that computed, seed, stages, when."""

    inputs_sha256: str
    files: Mapping[str, str]  # file name -> sha256
    versions: Mapping[str, str]
    seed: int
    stages: tuple[StageCost, ...]
    made_at: str  # ISO 8601 with offset
    attribution: str  # "© OpenStreetMap contributors", or the source's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Everything a run found out."""

    scenario: Scenario
    system: WasteSystem
    network: StreetNetwork
    days: tuple[DayPlan, ...]
    hubs: HubOutcome | None
    baseline: Baseline | None
    figures: tuple[Figure, ...]
    balance: tuple[BalanceRow, ...]
    doubts: tuple[Fault, ...]  # what was accepted with a doubt: snapped far, matched by name, estimated
    provenance: Provenance
