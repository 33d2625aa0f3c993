"""Lines as runs leave them."""

from __future__ import annotations

from typing import Any


def line(instance: str, engine: str, cost: float | None, **more: Any) -> dict[str, Any]:
    """Return the line of a run that went well, or of one that failed, without a cost."""
    asked = {"instance": instance, "engine": engine, "seed": 1, "seconds": 10.0, "cores": 1, "objective_asked": None}
    asked |= {"code": "c0de", "version": "1.0", "date": "2026-11-23T10:00+00:00", "processor": "P", "commit": "abc"}
    if cost is None:
        return {**asked, "failed": "RuntimeError: no", **more}
    trace = [(1.0, 2 * cost, 3), (2.0, 1.5 * cost, 0), (8.0, cost, 0)]
    found = {"cost": cost, "vehicles": 3, "violations": [], "left_out": 0, "trace": trace, "objective": "distance"}
    return {**asked, **found, "wall_s": 10.0, "cpu_s": 9.9, "peak_mb": 200.0, **more}
