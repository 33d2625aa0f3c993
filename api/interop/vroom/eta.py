r"""Times for routes that are given, however bad: plan mode.

Steps 0 (start) to n + 1 (end) begin at times :math:`t_i`; step i misses the window k chosen for it by :math:`y_i`
seconds, early or late. Between two places a vehicle drives :math:`d` in all, spread as it likes (:math:`\delta_i`)
before and after the breaks between them:

.. math::

    t_{i+1} \ge t_i + a_i + \delta_i, \quad \sum_{i \in J} \delta_i = d_J, \quad
    t_i + y_i \ge \sum_k x_{ik} s_{ik}, \quad t_i - y_i \le \sum_k x_{ik} e_{ik}, \quad \sum_k x_{ik} = 1

First :math:`M \sum y_i + t_{n+1} - t_0` is made least, with M the time that the route takes without waiting; then, both
sums kept, everything happens as early as it can, and driving comes before breaks. (The model of VROOM's
``choose_ETA``, docs in its ``mip.tex``; solved by HiGHS through scipy.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from api.interop.vroom.answer import Faults
from api.interop.vroom.faults import faults
from api.interop.vroom.fields import wrong
from api.interop.vroom.horizon import earliest_start
from api.interop.vroom.nouns import Request, Span, Step
from api.interop.vroom.tour import FOR_EVER, TICKS, Moment, Timed, Tour, Work, road, works

FloatArray = NDArray[np.float64]
LIMIT_S = 5.0  # seconds for each of the two; what is best then is taken


@dataclass(slots=True, kw_only=True)
class Rows:
    """Constraints as they are written down: entries, and between what their sums lie."""

    entries: list[tuple[int, int, float]]
    low: list[float]
    high: list[float]

    def add(self, terms: list[tuple[int, float]], low: float = -np.inf, high: float = np.inf) -> None:
        """Add one."""
        self.entries += [(len(self.low), column, value) for column, value in terms]
        self.low.append(low)
        self.high.append(high)

    def made(self, columns: int) -> LinearConstraint:
        """Return them for the solver."""
        row, column, value = (np.array(part) for part in zip(*self.entries, strict=True))
        matrix = csr_array((value, (row, column)), shape=(len(self.low), columns))
        return LinearConstraint(matrix, np.array(self.low), np.array(self.high))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """A route as the model sees it, in seconds from ``base`` on.

    Parameters
    ----------
    takes
        Time of each item.
    legs
        For each stretch between two places: positions of the steps that it lies behind, and its seconds.
    windows
        Of each step from start to end; ``None`` where any time is right.
    low, high
        When each step must be.
    """

    base: int
    takes: list[float]
    legs: list[tuple[list[int], float]]
    windows: list[tuple[Span, ...] | None]
    low: FloatArray
    high: FloatArray

    @property
    def busy(self) -> float:
        """Seconds without waiting."""
        return sum(self.takes) + sum(leg for _, leg in self.legs)


def chosen(request: Request, tour: Tour) -> tuple[Timed, Faults]:
    """Return the times of a route that break windows least, and what it breaks.

    Raises
    ------
    Refusal
        If what its steps force cannot be.
    """
    van, done = request.vans[tour.van], works(request, tour)
    chain = _chain(request, tour, done)
    solved = _solved(chain)
    if solved is None:
        raise wrong(f"Infeasible route for vehicle {van.id}.")
    times, driven, picked = solved
    ticks = [chain.base * TICKS + round(t * TICKS) for t in times]
    ready = [now + work.ticks for now, work in zip(ticks[1:-1], done, strict=True)]
    drives = [round(d * TICKS) for d in driven]
    arrive = [now + d for now, d in zip([ticks[0], *ready], drives, strict=True)]
    moments = tuple(Moment(arrive=min(a, b), begin=b) for a, b in zip(arrive[:-1], ticks[1:-1], strict=True))
    found = Timed(tour=tour, start=ticks[0], moments=moments, end=ticks[-1])
    return found, faults(request, found, [None if k is None else _seconds(done[i].windows[k]) for i, k in picked])


def _seconds(span: Span) -> Span:
    return span[0] // TICKS, span[1] // TICKS


def _chain(request: Request, tour: Tour, done: list[Work]) -> Chain:
    """Return a route for the model; its day is wide enough for the best times."""
    van, on = request.vans[tour.van], road(request, tour.van)
    inner = [step for step in van.steps if step.kind not in {"start", "end"}]
    steps = [van.steps[0], *inner, van.steps[-1]]
    own = [None if work.windows == ((0, FOR_EVER),) else tuple(map(_seconds, work.windows)) for work in done]
    shift = van.window
    windows: list[tuple[Span, ...] | None] = [
        ((shift[0], FOR_EVER),) if shift else None,
        *own,
        ((0, shift[1]),) if shift else None,
    ]
    here, behind, legs = van.start, [0], []
    for k, work in enumerate(done, start=1):
        if work.spot is not None:
            legs.append((behind, on.ticks(here, work.spot) / TICKS))
            here, behind = work.spot, []
        behind.append(k)
    legs.append((behind, on.ticks(here, van.end) / TICKS))
    takes = [work.ticks / TICKS for work in done]
    busy = int(sum(takes) + sum(leg for _, leg in legs)) + 1
    marks = [mark for spans in windows if spans for span in spans for mark in span if mark < FOR_EVER // TICKS]
    marks += [mark for step in steps for mark in (step.at, step.after, step.before) if mark is not None]
    base = max(min(marks, default=0) - busy, 0)
    last = max(max(marks, default=0), base) + 2 * busy
    low, high = _forced(steps, base, last)
    low[0] = max(low[0], earliest_start(steps, windows, takes, legs) - base)
    for k, take in enumerate([0.0, *takes]):
        low[k + 1] = max(low[k + 1], low[k] + take)
    for k, take in reversed(list(enumerate([0.0, *takes]))):
        high[k] = min(high[k], high[k + 1] - take)
    return Chain(base=base, takes=takes, legs=legs, windows=windows, low=low, high=high)


def _forced(steps: list[Step], base: int, last: int) -> tuple[FloatArray, FloatArray]:
    """Return between what times each step must be."""
    low = [max(base, *(t for t in (step.at, step.after) if t is not None), base) for step in steps]
    high = [min(last, *(t for t in (step.at, step.before) if t is not None), last) for step in steps]
    return np.array(low, np.float64) - base, np.array(high, np.float64) - base


def _solved(chain: Chain) -> tuple[FloatArray, FloatArray, list[tuple[int, int | None]]] | None:
    """Return the times of all steps, the driving behind each but the last, and which window each item is held to."""
    count = len(chain.takes) + 2
    picks = [(i, k) for i, spans in enumerate(chain.windows) for k in range(len(spans or ()))]
    columns = 3 * count - 1 + len(picks)
    rows = _rows(chain, count, picks)
    kinds = np.zeros(columns, np.int64)
    kinds[3 * count - 1 :] = 1
    low, high = np.zeros(columns), np.full(columns, np.inf)
    low[:count], high[:count] = chain.low, chain.high
    high[3 * count - 1 :] = 1
    for i, spans in enumerate(chain.windows):
        high[count + i] = np.inf if spans else 0
    if (low > high).any():
        return None
    cost = np.zeros(columns)
    cost[count : 2 * count], cost[count - 1], cost[0] = max(chain.busy, 1), 1, -1
    first = milp(
        cost,
        integrality=kinds,
        bounds=Bounds(low, high),
        constraints=rows.made(columns),
        options={"time_limit": LIMIT_S},
    )
    if first.x is None:
        return None
    missed, length = first.x[count : 2 * count].sum(), first.x[count - 1] - first.x[0]
    rows.add([(count + i, 1.0) for i in range(count)], high=missed + 1e-4)
    rows.add([(count - 1, 1.0), (0, -1.0)], high=length + 1e-4)
    cost = np.zeros(columns)
    cost[1:count] = count * max(chain.busy, 1)
    for behind, _ in chain.legs:
        cost[[2 * count + i for i in behind]] = range(len(behind))
    last = milp(
        cost,
        integrality=kinds,
        bounds=Bounds(low, high),
        constraints=rows.made(columns),
        options={"time_limit": LIMIT_S},
    )
    x = first.x if last.x is None else last.x
    held = {i: k for (i, k), taken in zip(picks, x[3 * count - 1 :], strict=True) if taken > 0.5}
    return x[:count], x[2 * count : 3 * count - 1], [(i - 1, held.get(i)) for i in range(1, count - 1)]


def _rows(chain: Chain, count: int, picks: list[tuple[int, int]]) -> Rows:
    """Return the constraints: columns are times, misses, drives, picks."""
    rows = Rows(entries=[], low=[], high=[])
    for i in range(count - 1):
        rows.add([(i + 1, 1.0), (i, -1.0), (2 * count + i, -1.0)], low=0.0 if i == 0 else chain.takes[i - 1])
    for behind, leg in chain.legs:
        rows.add([(2 * count + i, 1.0) for i in behind], low=leg, high=leg)
    far = chain.high.max() + 1
    for i, spans in enumerate(chain.windows):
        if not spans:
            continue
        mine = [(3 * count - 1 + n, k) for n, (step, k) in enumerate(picks) if step == i]
        opens = [(n, -float(spans[k][0] - chain.base)) for n, k in mine]
        closes = [(n, -float(min(spans[k][1] - chain.base, far))) for n, k in mine]
        rows.add([(i, 1.0), (count + i, 1.0), *opens], low=0.0)
        rows.add([(i, 1.0), (count + i, -1.0), *closes], high=0.0)
        rows.add([(n, 1.0) for n, _ in mine], low=1.0, high=1.0)
    return rows
