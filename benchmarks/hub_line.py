"""What a line on hubs says, whichever model it was: the set's own cost, the bound on its side, what is broken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, TypeVar

from optimiser.result import Result

PlanT = TypeVar("PlanT")
PriceT = TypeVar("PriceT")

SHOWN = 10_000  # a bound is given to four digits
NO_PLAN = "no-plan"


def line(
    result: Result[PlanT, PriceT], *, cost: float | None, broken: Sequence[str], seconds: float, maximised: bool = False
) -> dict[str, Any]:
    """Return what is said of a result in every format; the bound is rounded away from the plan."""
    bound = None if result.bound is None else result.bound.value
    if bound is not None:  # never on the wrong side of what was proven
        bound = (math.ceil if maximised else math.floor)(round(bound * SHOWN, 3)) / SHOWN
    return {
        "cost": None if cost is None or not math.isfinite(cost) else round(cost, 4),
        "bound": bound,
        "gap_percent": None if result.gap is None else round(100 * result.gap, 5),
        "violations": sorted(set(broken)) if result.plan is not None else [NO_PLAN],
        "engine": result.engine,
        "seed": result.seed,
        "seconds": round(seconds, 3),
        "status": str(result.status),
        "bound_method": "" if result.bound is None else result.bound.method,
        "notes": list(result.notes),
    }
