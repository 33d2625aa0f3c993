"""What makes one plan better than another: what is left out, then the aims in their order, then money.

    merit = (weight of the required stops left out, measure of each of ``aims.first``, net cost)

compared from left to right, the less the better.
"""

from __future__ import annotations

from collections.abc import Sequence

from optimiser.rounds.measures import first_aims, not_served, round_measure
from optimiser.rounds.plan import Plan, Price
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem, Stop
from optimiser.rounds.view import RoundView, views


def left_out(problem: RoundsProblem, plan: Plan) -> tuple[Stop, ...]:
    """Return the required stops that a plan leaves out; of a choice, those of the option that it goes by."""
    served = {stop for tour in plan.rounds for stop in tour.stops}
    return tuple(stop for stop in not_served(problem, served) if stop.prize is None)


def merit(problem: RoundsProblem, plan: Plan) -> tuple[float, ...]:
    """Return what a plan is compared by; less is better, from left to right.

    The weight is rounded to 1e-9, measures and money to 1e-6, so that the order of summing does not decide.
    """
    tours = views(problem, plan)
    return merit_at(problem, plan, tours, price(problem, plan, tours=tours))


def merit_at(problem: RoundsProblem, plan: Plan, tours: Sequence[RoundView], cost: Price) -> tuple[float, ...]:
    """Return the merit of a plan whose views and price are at hand."""
    weight = sum(stop.weight for stop in left_out(problem, plan))
    measures = [round_measure(view) for view in tours] if problem.aims.first else []
    aims = (round(amount, 6) for amount in first_aims(problem.aims, measures))
    return (round(weight, 9), *aims, round(cost.net, 6))
