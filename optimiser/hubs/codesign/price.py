"""What a plan costs, from first principles: what is open, and the rounds (see :mod:`optimiser.rounds.price`)."""

from __future__ import annotations

from optimiser.hubs.codesign.plan import CodesignPlan, CodesignPrice
from optimiser.hubs.codesign.problem import CodesignProblem
from optimiser.rounds.price import price as price_rounds


def price(problem: CodesignProblem, plan: CodesignPlan) -> CodesignPrice:
    """Return what the open sites and the rounds cost together, in the scenario's currency."""
    cost = {site.id: site.opening_cost for site in problem.sites}
    opening = sum(cost.get(name, 0.0) for name in plan.open)
    rounds = price_rounds(problem.rounds, plan.rounds)
    return CodesignPrice(opening=opening, rounds=rounds, total=opening + rounds.total, net=opening + rounds.net)
