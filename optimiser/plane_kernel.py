"""A leg of :class:`~optimiser.plane.PlaneTravel` from the coordinates alone, for compiled code."""

from __future__ import annotations

import numpy as np

from optimiser.plane import Floats, Metric
from optimiser.rounds.compiled import inner

WHOLE, UP, TENTHS, MANHATTAN = (int(m) for m in (Metric.WHOLE, Metric.UP, Metric.TENTHS, Metric.MANHATTAN))


@inner
def leg(xy: Floats, a: int, b: int, metric: int, dm: float, ms: float) -> tuple[int, int]:
    """Return ms and dm from place ``a`` to place ``b``: the whole numbers of ``PlaneTravel.legs``, to the last digit.

    Time is ``ceil(round(d ms, 6))`` and distance ``rint(d dm)``, with d the distance of the metric.
    """
    dx, dy = xy[a, 0] - xy[b, 0], xy[a, 1] - xy[b, 1]
    if metric == MANHATTAN:
        d = abs(dx) + abs(dy)
    else:
        d = np.sqrt(dx * dx + dy * dy)
        if metric == WHOLE:
            d = np.floor(d + 0.5)
        elif metric == UP:
            d = np.ceil(d)
        elif metric == TENTHS:
            d = np.floor(10.0 * d)
    distance = int(np.rint(d * dm))
    if ms == 0.0:
        return 0, distance
    return int(np.ceil(np.rint(d * ms * 1e6) / 1e6)), distance
