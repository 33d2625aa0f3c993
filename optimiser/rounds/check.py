"""Judge a plan from problem and plan alone. Whoever made the plan does not judge it.

Each rule is one ``check_`` function in ``rules/``. How they read a plan:

- A vehicle drives from its start to each visit in turn and home; ``arrive`` is the end of the visit before plus the
  travel time, waiting comes before ``start``.
- A break is taken where the vehicle stands after the visit before it (at the depot, if it comes first), before it
  travels on. It is due when the round starts at or before the break's latest start and ends after it: a crew that
  starts its day later, or is home by then, needs none.
- A tip empties every dimension on board that its site accepts.
- What the problem does not know is named once; nothing else is said about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from optimiser.rounds.plan import Plan, Violation
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.rules import loads, names, times
from optimiser.rounds.view import RoundView, views

PLAN_RULES: tuple[Callable[[RoundsProblem, Plan], Iterator[Violation]], ...] = (
    names.check_known_vehicles,
    names.check_vehicles_once,
    names.check_stops_once,
    names.check_stops_all,
    names.check_unserved,
)
ROUND_RULES: tuple[Callable[[RoundView], Iterator[Violation]], ...] = (
    names.check_known_visits,
    names.check_modes,
    names.check_allowed,
    names.check_max_stops,
    times.check_reachable,
    times.check_arrivals,
    times.check_starts,
    times.check_service,
    times.check_windows,
    times.check_shift,
    times.check_breaks_due,
    times.check_breaks_once,
    times.check_breaks_time,
    loads.check_carriable,
    loads.check_limits,
    loads.check_sites_allowed,
    loads.check_tips_accepted,
    loads.check_ends_empty,
)


def check(problem: RoundsProblem, plan: Plan) -> tuple[Violation, ...]:
    """Return every broken rule; empty means that the plan can be driven as it stands.

    Times are compared to 1 ms, loads to 1e-6 of the limit.
    """
    broken = [violation for rule in PLAN_RULES for violation in rule(problem, plan)]
    for view in views(problem, plan):
        broken += [violation for rule in ROUND_RULES for violation in rule(view)]
    return tuple(broken)
