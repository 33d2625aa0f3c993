"""Everything a hub study found out; every document is made from it and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from faults import Fault
from network.streets import StreetNetwork
from optimiser.hubs.siting.fair import Moved, Point
from optimiser.hubs.siting.plan import SitingPlan
from optimiser.hubs.siting.reasons import Change, Reason
from optimiser.hubs.siting.solve import SitingResult
from scenarios.hub_study.model import Given
from scenarios.hub_study.order import Step
from scenarios.hub_study.pose import Posed
from scenarios.hub_study.study import HubStudy
from scenarios.outcome import Provenance
from scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True, kw_only=True)
class Extra:
    """Who is without a site would have this candidate in reach if it opened beside the plan: people."""

    site: str
    people: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why the plan is what it is.

    Parameters
    ----------
    moved
        What the fair plan changes for each group, beside the plain one.
    order
        In which order to build.
    worth
        What each open site is worth: what is lost without it, everything else chosen anew (``None``: not possible, or
        no time).
    one_more
        What one more site is worth.
    closed, left_out
        Why candidates stay closed and people have no site.
    extras
        For people without a site: the candidates that would help most of them.
    """

    moved: Mapping[str, Moved]
    order: tuple[Step, ...]
    worth: Mapping[str, Change | None]
    one_more: Change | None
    closed: tuple[Reason, ...]
    left_out: tuple[Reason, ...]
    extras: tuple[Extra, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyOutcome(Explained):
    """A study answered, and explained.

    Parameters
    ----------
    result
        Of the core problem: what is recommended.
    plain, fair
        The plan of least mean way without any fairness, and the one that is set beside it; one of them is what is
        recommended. ``None``: none was found.
    curve
        The price of equity.
    """

    study: HubStudy
    given: Given
    network: StreetNetwork
    posed: Posed
    result: SitingResult
    plain: SitingResult | None
    fair: SitingResult | None
    curve: tuple[Point, ...]
    doubts: tuple[Fault, ...]
    provenance: Provenance

    @property
    def plan(self) -> SitingPlan | None:
        """The plan that is recommended, for everyone."""
        return None if self.result.plan is None else self.posed.of_everyone(self.result.plan)

    @property
    def scenario(self) -> Scenario:
        """The study as documents of a scenario know it: name, language, what is invented."""
        return self.study.as_scenario()
