"""A hub study: every choice by name, with its seed. One file ``hubs.toml``; the two tables lie beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from scenarios.scenario import Profile, Scenario, SolveChoice, StreetsRef, Table, TableRef

Aim = Literal["median", "centre", "max-cover", "cover", "ede", "worst"]
FILES: Mapping[Table, TableRef] = {
    "people": TableRef(file="people.csv"),
    "candidates": TableRef(file="candidates.csv"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SitesChoice:
    """What is asked of the sites.

    Parameters
    ----------
    aim
        What a good choice is, see ``docs/hubs.md``.
    at_most
        Sites open in all, those that stand already among them; ``None``: no limit.
    budget
        Limit of the costs of what is open and of closing what closes, in the currency.
    reach_m
        Farther than this along the streets nobody comes, whatever the plan.
    near_m
        What the report calls near; for the aims ``cover`` and ``max-cover`` the reach itself counts.
    unserved_m
        Way that counts for whoever has no site in reach; none: twice the reach. For the aim ``cover`` everybody whom an
        allowed candidate can reach must have one.
    separation_m
        Open sites stand at least so far apart, in a straight line.
    profile
        Who goes: people on foot, with a handcart, or a tricycle.
    """

    aim: Aim = "median"
    at_most: int | None = None
    budget: float | None = None
    reach_m: float = 1500.0
    near_m: float = 400.0
    unserved_m: float | None = None
    separation_m: float = 0.0
    profile: Profile = "foot"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithinChoice:
    """At least ``share`` of a group (empty: of everybody) has a site within ``metres``."""

    share: float
    metres: float
    group: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FairnessChoice:
    """What the plan owes to those who are worse off.

    Parameters
    ----------
    farthest_m
        Nobody who can be reached goes farther.
    worst_m
        Limit of the mean way of the worst-off share.
    worst_share
        Share of the people who count as worst off.
    aversion
        How much unequal ways count, for the aim ``ede`` and the fair plan that is set beside the plain one.
    within
        Shares that groups are owed within a distance.
    """

    farthest_m: float | None = None
    worst_m: float | None = None
    worst_share: float = 0.1
    aversion: float = 1.0
    within: tuple[WithinChoice, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExclusionRef:
    """Where no site may stand: in, or nearer than ``within_m`` to, the areas or points of a GeoJSON file."""

    name: str
    file: str
    within_m: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySolve:
    """How long the whole study may compute, beside reading and drawing."""

    engine: Literal["auto", "lagrange", "cover", "threshold", "highs", "pulp"] = "auto"
    seconds: float = 60.0
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HubStudy:
    """Every choice of a study; what is not explained here is as in a scenario.

    Parameters
    ----------
    tables
        ``people`` and ``candidates``; left out: ``people.csv`` and ``candidates.csv``.
    exclusions
        Where no site may stand.
    illustration
        What is invented ("population", "sites", "prices"); the word *illustration* then stands everywhere.
    """

    name: str
    description: str = ""
    country: str
    currency: str
    streets: StreetsRef
    tables: Mapping[Table, TableRef] = field(default_factory=dict)
    sites: SitesChoice = SitesChoice()
    fairness: FairnessChoice = field(default_factory=FairnessChoice)
    exclusions: tuple[ExclusionRef, ...] = ()
    solve: StudySolve = StudySolve()
    snap_limit_m: float = 150.0
    illustration: tuple[str, ...] = ()
    language: str = "en"

    @property
    def unserved_m(self) -> float:
        """Way that counts for whoever has no site in reach."""
        return 2 * self.sites.reach_m if self.sites.unserved_m is None else self.sites.unserved_m

    def as_scenario(self) -> Scenario:
        """Return what the readers of streets and tables need to know, as the scenario they know."""
        return Scenario(
            name=self.name,
            description=self.description,
            country=self.country,
            currency=self.currency,
            streams=(),
            streets=self.streets,
            tables={**FILES, **self.tables},
            solve=SolveChoice(seconds=self.solve.seconds, seed=self.solve.seed),
            snap_limit_m=self.snap_limit_m,
            illustration=self.illustration,
            language=self.language,
        )
