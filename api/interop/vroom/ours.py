"""What we say beside VROOM, under ``mzunguko``: how it was planned, how good it is, why tasks are left out."""

from __future__ import annotations

from typing import Any

from api.interop.vroom.extras import KEY
from api.interop.vroom.nouns import Request
from api.interop.vroom.pose import Posed
from optimiser.result import Result
from optimiser.rounds.plan import Plan, Price, Unserved

Json = dict[str, Any]


def said(request: Request, posed: Posed, result: Result[Plan, Price]) -> Json:  # noqa: ARG001 - the bound's unit
    """Return our part of an answer."""
    left = result.plan.unserved if result.plan else ()
    part: Json = {
        "status": str(result.status),
        "engine": result.engine,
        "seed": result.seed,
        "unassigned": [_left(request, unserved) for unserved in left],
        "notes": list(result.notes),
    }
    if result.bound is not None:
        part |= {"bound": {"value": round(result.bound.value, 3), "method": result.bound.method}, "gap": result.gap}
    return {KEY: part}


def _left(request: Request, unserved: Unserved) -> Json:
    task = request.tasks[int(unserved.stop[1:])]
    told: Json = {"id": task.id, "type": task.kind, "reason": str(unserved.reason)}
    told |= {key: text for key, text in (("detail", unserved.detail), ("fix", unserved.fix)) if text}
    return told | ({"rules": list(unserved.rules)} if unserved.rules else {})
