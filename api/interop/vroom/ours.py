"""What we say beside VROOM, under ``mzunguko``: how it was planned, how good it is, why tasks are left out."""

from __future__ import annotations

from typing import Any

from api.interop.vroom.extras import KEY
from api.interop.vroom.nouns import Request
from api.interop.vroom.pose import Posed
from optimiser.result import Bound, Budget, Result
from optimiser.rounds.plan import Plan, Price, Unserved

Json = dict[str, Any]


def said(request: Request, posed: Posed, result: Result[Plan, Price]) -> Json:
    """Return our part of an answer; a bound that is asked for is proven now."""
    left = result.plan.unserved if result.plan else ()
    part: Json = {
        "status": str(result.status),
        "engine": result.engine,
        "seed": result.seed,
        "unassigned": [_left(request, unserved) for unserved in left],
        "notes": list(result.notes),
    }
    if (proven := _proven(request, posed, result)) is not None and result.price is not None:
        gap = abs(result.price.net - proven.value) / max(abs(result.price.net), 1e-9)
        part |= {"bound": {"value": round(proven.value, 3), "method": proven.method}, "gap": round(gap, 6)}
    return {KEY: part}


def _proven(request: Request, posed: Posed, result: Result[Plan, Price]) -> Bound | None:
    """Return a lower limit on the cost of doing all that the plan does."""
    if result.bound is not None or not request.bound_s or result.plan is None or result.price is None:
        return result.bound
    from optimiser.rounds.bound import bound

    return bound(
        posed.problem,
        budget=Budget(seconds=request.bound_s),
        incumbent=result.price.net,
        without=[left.stop for left in result.plan.unserved],
    )


def _left(request: Request, unserved: Unserved) -> Json:
    task = request.tasks[int(unserved.stop[1:])]
    told: Json = {"id": task.id, "type": task.kind, "reason": str(unserved.reason)}
    told |= {key: text for key, text in (("detail", unserved.detail), ("fix", unserved.fix)) if text}
    return told | ({"rules": list(unserved.rules)} if unserved.rules else {})
