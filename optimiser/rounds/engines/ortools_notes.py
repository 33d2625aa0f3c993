"""What OR-Tools' model does not have, in sentences for the planner."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from optimiser.rounds.engines.ortools_costs import states_changes
from optimiser.rounds.engines.ortools_model import Model
from optimiser.rounds.features import Feature, features

UNSEEN: Mapping[Feature, str] = {
    Feature.BREAK_PLACES: "the way to breaks",
    Feature.BREAK_LIMITS: "what may be on board during breaks",
    Feature.CAPS: "what a site takes in a day",
    Feature.PERIODS: "times of day with their speeds",
    Feature.BALANCE: "balance",
    Feature.COMPACT: "compactness",
}


def unseen(model: Model) -> tuple[str, ...]:
    """Return the rules of this problem that the model does not have."""
    problem = model.problem
    used = features(problem)
    found = [what for feature, what in UNSEEN.items() if feature in used]
    if Feature.CHANGES in used and (problem.aims.most_changes is not None or not states_changes(model)):
        found.append("changes against today")
    rests = [vehicle.driving_rest for vehicle in problem.vehicles if vehicle.driving_rest is not None]
    if any(rest.of == "driving" or model.clock is not None for rest in rests):
        found.append("rests after so many hours")
    if Feature.RELEASE in used and model.nodes.tips:
        found.append("releases after a tip")
    return tuple(found)


def notes(model: Model, given_up: int) -> tuple[str, ...]:
    """Return what was relaxed in this problem, and how many stops had to be placed anew."""
    return tuple(_notes(model, given_up))


def _notes(model: Model, given_up: int) -> Iterator[str]:
    if Feature.LOADINGS in features(model.problem):
        yield "OR-Tools divided all vehicles of a kind up in one way: how each is divided was chosen after its search."
    if rules := unseen(model):
        yield f"OR-Tools' search does not see {', '.join(rules)}: this was put right after it."
    if given_up:
        yield f"{given_up} stops did not fit the exact times after OR-Tools' search and were placed again if possible."
