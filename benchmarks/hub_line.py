"""What a line on hubs says, whichever model it was: the set's own cost, the bound on its side, what is broken."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from optimiser.result import Result

PlanT = TypeVar("PlanT")
PriceT = TypeVar("PriceT")

SHOWN = 10_000  # a bound is given to four digits
NO_PLAN = "no-plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """Wall clock and processor time of a solve."""

    seconds: float
    cpu_s: float


def timed(
    solve: Callable[[], Result[PlanT, PriceT]],
) -> tuple[Result[PlanT, PriceT], Took]:
    """Solve, and say how long that took."""
    began, cpu = time.perf_counter(), time.process_time()
    result = solve()
    return result, Took(seconds=time.perf_counter() - began, cpu_s=time.process_time() - cpu)


def line(
    result: Result[PlanT, PriceT], *, cost: float | None, broken: Sequence[str], took: Took, maximised: bool = False
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
        "seconds": round(took.seconds, 3),
        "solve_cpu_s": round(took.cpu_s, 3),
        "status": str(result.status),
        "bound_method": "" if result.bound is None else result.bound.method,
        "notes": list(result.notes),
    }
