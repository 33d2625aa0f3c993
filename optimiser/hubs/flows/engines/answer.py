"""What every flow engine answers."""

from __future__ import annotations

from dataclasses import dataclass

from optimiser.hubs.flows.plan import FlowPlan


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An engine's claim, before the judges.

    Parameters
    ----------
    plan
        ``None`` when none was found in time, or there is none.
    minimised
        What the engine says its plan is worth.
    bound, method
        Proven lower limit of the aim, ``-inf`` without one, and how it was proven.
    impossible
        Proven that no plan keeps the rules.
    iterations
        Nodes or moves.
    """

    plan: FlowPlan | None
    minimised: float
    bound: float
    method: str
    impossible: bool
    iterations: int
