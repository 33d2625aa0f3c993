"""What opens in which size, who goes where, and what that is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from optimiser.hubs.siting.problem import Floats, Ints, SitingProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A candidate that opens, by its id, in the size at position ``size`` of its list."""

    site: str
    size: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingPlan:
    """Open sites and who goes where.

    Parameters
    ----------
    opened
        In the order of the candidates.
    row, column, share
        Arrays alike: ``share`` of demand number ``row`` goes to candidate number ``column`` (positions in the
        problem; :func:`named` says the ids). What is missing to 1 in a row is unserved.
    closest
        The plan claims that everybody served goes to the nearest open site.
    """

    opened: tuple[Opened, ...]
    row: Ints
    column: Ints
    share: Floats
    closest: bool = False

    def __post_init__(self) -> None:
        if not self.row.shape == self.column.shape == self.share.shape:
            raise ValueError("row, column and share must be as long as each other")
        for column in (self.row, self.column, self.share):
            column.setflags(write=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingPrice:
    """A siting plan valued from first principles.

    Parameters
    ----------
    objective
        In ``unit``: what the aim counts. Infinite where the aim does not allow what the plan leaves unserved.
    fixed_cost, closing_cost, serving_cost, handling_cost, unserved_cost
        Money; the last only where the aim is cost.
    served, left_out
        Weight.
    mean, farthest, ede, worst
        Distances of everybody, the unserved at their ``unserved`` distance (left out of the count where they have
        none); ``ede`` is ``None`` without a ``kappa``.
    load
        Of each open site, by id.
    """

    objective: float
    unit: str
    fixed_cost: float
    closing_cost: float
    serving_cost: float
    handling_cost: float
    unserved_cost: float
    served: float
    left_out: float
    mean: float | None
    farthest: float | None
    ede: float | None
    worst: float | None
    load: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingViolation:
    """One broken rule; ``code`` is kebab-case and documented, ``amount`` in the rule's own unit."""

    code: str
    site: str = ""
    demand: str = ""
    detail: str = ""
    amount: float = 0.0


def named(problem: SitingProblem, plan: SitingPlan) -> tuple[tuple[str, str, float], ...]:
    """Return (demand id, site id, share) of every assignment."""
    who, where = problem.demand.ids, [candidate.id for candidate in problem.candidates]
    rows, columns, shares = plan.row.tolist(), plan.column.tolist(), plan.share.tolist()
    return tuple((who[i], where[j], s) for i, j, s in zip(rows, columns, shares, strict=True))
