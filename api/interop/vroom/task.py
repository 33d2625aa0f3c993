"""What a solver process is given and gives back, how long it may take, and how many try at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api.interop.vroom.nouns import Request, Spot

Json = dict[str, Any]
SHARE = (0.1, 0.2, 0.35, 0.55, 0.8, 1.0)  # of the seconds, by exploration level
SMALL, MIDDLE = 10, 60  # tasks
LEAST_S, USUAL_S, MORE_S = 0.12, 2.0, 0.02  # up to small; at middle; for each task more
PATIENCE = 10.0  # times the usual seconds: more that a request allows are of no use
ALONE = 3  # tasks up to which one try is enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a solver process is given."""

    request: Request
    engine: str = "auto"
    seed: int = 1
    loading_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What it gives back: the answer, and for each route its vehicle's profile and the places it passes."""

    body: Json
    lines: tuple[tuple[str, tuple[Spot, ...]], ...]

    @property
    def rank(self) -> tuple[int, ...]:
        """VROOM's own order, less is better: priority, tasks done, cost, vehicles, duration, distance."""
        told = self.body["summary"]
        keys = ("unassigned", "cost", "routes", "duration", "distance")
        return (-told["priority"], *(told.get(key, 0) for key in keys))


def portfolio(request: Request, *, loading_ms: int) -> list[Task]:
    """Return the tries of a request: the second one is made if a process is idle, and the better answer is given.

    The engines err in different places: the first search knows no priorities and breaks, the other ones do. OR-Tools
    does not keep short budgets where stops have several windows.
    """
    count = len(request.tasks)
    if request.options.plan:
        return [Task(request=request, loading_ms=loading_ms)]
    first = "ruin" if count <= SMALL else "auto"
    second = "auto" if first == "ruin" else "ruin"
    engines = (first, second if any(len(task.windows) > 1 for task in request.tasks) else "ortools")
    tries = engines if count > ALONE else engines[:1]
    return [Task(request=request, engine=engine, loading_ms=loading_ms) for engine in tries]


def budget_s(request: Request) -> float:
    """Return how long to plan: by size and exploration level, and no longer than the request allows."""
    count = len(request.tasks)
    if count <= SMALL:
        full = LEAST_S
    elif count <= MIDDLE:
        full = LEAST_S + (USUAL_S - LEAST_S) * (count - SMALL) / (MIDDLE - SMALL)
    else:
        full = USUAL_S + MORE_S * (count - MIDDLE)
    usual = full * SHARE[request.options.explore]
    return usual if request.options.limit_s is None else min(request.options.limit_s, PATIENCE * usual)
