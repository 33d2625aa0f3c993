"""How early a given route may set out: not so early that being early costs more than a plain drive does.

It matters only where the vehicle has no hours of its own, and there it settles which of many equal timings is answered.
The rule is VROOM's: it looks at a drive without any waiting, adds up by how much that misses the windows, and lets the
vehicle set out before the first window by as much as can be of use within that sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate

from api.interop.vroom.nouns import Span, Step


def earliest_start(
    steps: Sequence[Step],
    windows: Sequence[tuple[Span, ...] | None],
    takes: Sequence[float],
    legs: Sequence[tuple[list[int], float]],
) -> float:
    """Return when a route sets out at the earliest, in seconds; 0 if it has no windows.

    Parameters
    ----------
    steps, windows
        From start to end.
    takes
        Of each step between.
    legs
        Stretches: the steps behind which each lies, and its seconds.
    """
    opens = [spans[0][0] for k, spans in enumerate(windows) if spans and k < len(windows) - 1]
    if not opens:
        return 0.0
    first, reached = min(opens), _reached(takes, legs)
    missed = _missed(steps, windows, reached, first)
    margin = 0.0
    for s, after in enumerate(reached):
        if after > first:
            return 0.0 if s else float(first)
        margin = after
        early = sum(spans[0][0] - first + after - reached[t] for t, spans in enumerate(windows[: s + 1]) if spans)
        if early > missed:
            break
    return first - margin


def _reached(takes: Sequence[float], legs: Sequence[tuple[list[int], float]]) -> list[float]:
    """Return after how long each step is reached without waiting; driving comes before the breaks of a stretch."""
    driven = [0.0] * (len(takes) + 1)
    for behind, leg in legs:
        driven[behind[-1]] = leg
    gone = [0.0, *takes]
    return [0.0, *accumulate(a + b for a, b in zip(gone, driven, strict=True))]


def _missed(
    steps: Sequence[Step], windows: Sequence[tuple[Span, ...] | None], reached: Sequence[float], first: float
) -> float:
    """Return by how much a drive without waiting misses the windows."""
    latest = [min((t for t in (step.at, step.before) if t is not None), default=None) for step in steps]
    starts = [late - after for late, after in zip(latest, reached, strict=True) if late is not None]
    now = min([float(windows[0][0][0]) if windows[0] else first, *starts])
    missed = 0.0
    for k, step in enumerate(steps):
        now += reached[k] - reached[k - 1] if k else 0.0
        now = max(now, *(t for t in (step.at, step.after) if t is not None), now)
        missed += min((max(opens - now, now - closes, 0.0) for opens, closes in windows[k] or ()), default=0.0)
    return missed
