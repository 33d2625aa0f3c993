"""What PyVRP's search did not see, in sentences for the planner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from optimiser.rounds.engines.pyvrp_arcs import states_reach
from optimiser.rounds.features import Feature, features
from optimiser.rounds.tables import Tables

UNSEEN: Mapping[Feature, str] = {
    Feature.TOGETHER: "what must go together",
    Feature.APART: "what must stay apart",
    Feature.LOCKS: "the order of locked stops",
    Feature.DAY_LIMITS: "limits of the whole day",
    Feature.BREAK_PLACES: "the way to breaks",
    Feature.BREAK_LIMITS: "what may be on board during breaks",
    Feature.DRIVING_REST: "rests after so many hours",
    Feature.CAPS: "what a site takes in a day",
    Feature.PERIODS: "times of day with their speeds",
    Feature.BALANCE: "balance",
    Feature.COMPACT: "compactness",
    Feature.CHANGES: "changes against today",
}


def unseen(known: Tables) -> tuple[str, ...]:
    """Return the rules of this problem that PyVRP's model does not have."""
    used = features(known.problem)
    found = [what for feature, what in UNSEEN.items() if feature in used]
    if not all(states_reach(kind) for kind in known.kinds):
        found.append("limits on distance and driving")
    return tuple(found)


def notes(known: Tables, given_up: int) -> tuple[str, ...]:
    """Return what was relaxed in this problem, and how many stops had to be placed anew."""
    return tuple(_notes(known, given_up))


def _notes(known: Tables, given_up: int) -> Iterator[str]:
    problem = known.problem
    used = features(problem)
    if any(kind.vehicle.breaks for kind in known.kinds):
        yield "PyVRP knows no breaks: they were placed after its search."
    if any(set(problem.dimensions) - site.accepts for site in problem.tip_sites):
        yield "PyVRP empties everything at every site: what each site accepts was put right after its search."
    if any(stop.deliveries for stop in problem.stops) and problem.tip_sites:
        yield "PyVRP loads goods at every site: where they are supplied was put right after its search."
    if Feature.LOADINGS in used:
        yield "PyVRP divided all vehicles of a kind up in one way: how each is divided was chosen after its search."
    if any(len(option) > 1 for choice in problem.choices for option in choice.options):
        yield "PyVRP was given the option of each choice that looked cheapest: others were tried after its search."
    if rules := unseen(known):
        yield f"PyVRP's search does not see {', '.join(rules)}: this was put right after it."
    if given_up:
        yield f"{given_up} stops of PyVRP's rounds did not fit after exact timing and went elsewhere if possible."
