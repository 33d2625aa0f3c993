"""Judge a plan from problem and plan alone. Whoever made the plan does not judge it.

Each rule is one ``check_`` function in ``rules/``; ``docs/rounds.md`` has them in the planner's words. How they read a
plan is written in ``view.py`` (legs, releases, service) and ``cargo.py`` (what is on board); and

- Waiting comes between ``arrive`` and ``start``.
- A break is due when the round starts at or before the break's latest start and ends after it: a crew that starts its
  day later, or is home by then, needs none. One that is *always* due is due in every round that has a stop.
- What the problem does not know is named once; nothing else is said about it.
- What is left out breaks no rule, but for half a shipment; it must be listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from optimiser.rounds.plan import Plan, Violation
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.rules import groups, loads, names, rests, times, totals
from optimiser.rounds.view import RoundView, views

PLAN_RULES: tuple[Callable[[RoundsProblem, Plan], Iterator[Violation]], ...] = (
    names.check_known_vehicles,
    names.check_known_times,
    names.check_vehicles_once,
    names.check_stops_once,
    names.check_stops_all,
    names.check_unserved_known,
    names.check_unserved_once,
    names.check_unserved_true,
    names.check_unserved_due,
    groups.check_shipments_whole,
    groups.check_shipments_order,
    groups.check_choices,
    groups.check_together,
    groups.check_apart,
    groups.check_locks,
)
ROUND_RULES: tuple[Callable[[RoundView], Iterator[Violation]], ...] = (
    names.check_known_visits,
    names.check_modes,
    names.check_allowed,
    names.check_skills,
    times.check_reachable,
    times.check_arrivals,
    times.check_releases,
    times.check_starts,
    times.check_service,
    times.check_windows,
    times.check_site_hours,
    times.check_shift_start,
    times.check_shift_end,
    times.check_shift_length,
    rests.check_breaks_due,
    rests.check_breaks_once,
    rests.check_breaks_time,
    rests.check_breaks_length,
    rests.check_breaks_load,
    rests.check_rest_due,
    loads.check_carriable,
    loads.check_limits,
    loads.check_day_limits,
    loads.check_sites_allowed,
    loads.check_tips_accepted,
    loads.check_ends_empty,
    totals.check_max_stops,
    totals.check_max_driving,
    totals.check_max_distance,
)
FLEET_RULES: tuple[Callable[[RoundsProblem, Sequence[RoundView]], Iterator[Violation]], ...] = (
    loads.check_caps,
    totals.check_balance,
    totals.check_most_changes,
)


def check(problem: RoundsProblem, plan: Plan, *, tours: Sequence[RoundView] | None = None) -> tuple[Violation, ...]:
    """Return every broken rule; empty means that the plan can be driven as it stands.

    Times are compared to 1 ms, loads to 1e-6 of the limit. ``tours`` are the views of the plan, if they are at hand.
    """
    tours = views(problem, plan) if tours is None else tours
    broken = [violation for rule in PLAN_RULES for violation in rule(problem, plan)]
    broken += [violation for view in tours for rule in ROUND_RULES for violation in rule(view)]
    broken += [violation for rule in FLEET_RULES for violation in rule(problem, tours)]
    return tuple(broken)
