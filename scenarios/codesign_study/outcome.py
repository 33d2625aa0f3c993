"""Everything that a co-design study found out; every document is made from it and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from optimiser.hubs.codesign.solve import CodesignResult
from optimiser.result import Status
from scenarios.codesign_study.pose import Posed
from scenarios.model.sites import CandidateSite
from scenarios.outcome import DayPlan, Outcome
from scenarios.scenario import Scenario

ALIKE = 0.005  # less of the currency is no difference


class Fate(StrEnum):
    """What became of a set of sites."""

    CHOSEN = "chosen"
    LEAVES_OUT = "leaves-out"  # required stops that the chosen set serves
    BROKEN = "broken"  # no sound plan was found for it
    DEARER = "dearer"
    NOT_JUDGED = "not-judged"  # only estimated


class Source(StrEnum):
    """Where a cost comes from."""

    JUDGED = "judged"  # by rounds that were planned, checked and priced
    ESTIMATED = "estimated"  # by the quick search; it is no price
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Open sites with their rounds: what to build, as a run of rounds that every document knows.

    Parameters
    ----------
    open
        Ids of the candidates that are open, those that stand among them.
    opening
        What they cost for the planned day.
    driving
        What the rounds cost.
    """

    open: tuple[str, ...]
    opening: float
    driving: float
    outcome: Outcome
    left_out: int

    @property
    def total(self) -> float:
        """What is paid for the planned day."""
        return self.opening + self.driving

    @property
    def day(self) -> DayPlan:
        """The rounds."""
        return self.outcome.days[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRow:
    """A set of sites: what it was estimated and judged at, money for the planned day.

    Of a judged set only what its plan uses counts as open; sets that come to the same are told once.

    Parameters
    ----------
    estimate
        By the quick search, with what was learned since.
    judged
        Cost of its best plan; ``None``: it was not judged.
    left_out
        Required stops that its plan leaves out.
    hubs_first
        It is the set that direct distances choose.
    """

    rank: int
    sites: tuple[str, ...]
    estimate: float
    judged: float | None
    left_out: int
    fate: Fate
    hubs_first: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """A candidate that stays closed, and what opening it would cost more, money for the planned day.

    Parameters
    ----------
    more
        ``None``: not known.
    source
        Whether ``more`` was judged or only estimated.
    reaches_nobody
        No stop can be driven to from it.
    """

    site: CandidateSite
    more: float | None
    source: Source
    reaches_nobody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CodesignOutcome:
    """A study answered.

    Parameters
    ----------
    together, first
        Sites decided with the rounds; and hubs first, rounds after (``None``: there was no time for it).
    sets
        Judged sets, the best first, then the most promising of those that were only estimated.
    estimated, judged
        How many sets of sites were estimated, and judged by rounds.
    all_judged
        Every set that is allowed was judged.
    closed
        Candidates that stay closed.
    """

    posed: Posed
    result: CodesignResult
    together: Plan
    first: Plan | None
    sets: tuple[SetRow, ...]
    estimated: int
    judged: int
    all_judged: bool
    closed: tuple[Closed, ...]

    @property
    def scenario(self) -> Scenario:
        """The choices of the study."""
        return self.together.outcome.scenario

    @property
    def sites(self) -> Mapping[str, CandidateSite]:
        """Candidate id -> candidate, those that may not open among them."""
        return {site.id: site for site in self.together.outcome.system.sites}

    @property
    def solved(self) -> bool:
        """Whether anything is served."""
        return self.result.status in (Status.FEASIBLE, Status.PARTIAL) and bool(self.together.day.ways)

    @property
    def saved(self) -> float | None:
        """What deciding together saves beside hubs first, money for the planned day."""
        return None if self.first is None else self.first.total - self.together.total

    @property
    def same_sites(self) -> bool:
        """Whether hubs first opens the same sites."""
        return self.first is not None and set(self.first.open) == set(self.together.open)
