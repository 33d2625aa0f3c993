"""Which sites open in which size, by local search: prices tell which changes are worth a linear program.

State: a size or nothing for every site, its best flows and the prices of what is short. A change closes a site, opens
one, changes a size, or moves a site to a near one. The dual function of :mod:`optimiser.hubs.flows.togo` is climbed a
few steps from the prices at hand: as soon as it is above the cost of today the change is out, proven; what is left
over is solved as a linear program (:mod:`optimiser.hubs.flows.engines.opening`), best first. In a first phase several
changes are made at a time. At a local optimum a few random changes start the next descent. The bound is that of
:mod:`optimiser.hubs.flows.relax`, and sizes that it excludes are not tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from optimiser.hubs.flows import relax
from optimiser.hubs.flows.bounds import Bounds
from optimiser.hubs.flows.build import build
from optimiser.hubs.flows.decode import to_plan
from optimiser.hubs.flows.engines import highs
from optimiser.hubs.flows.engines.answer import Answer
from optimiser.hubs.flows.engines.opening import Flows, best_flows, costs_of
from optimiser.hubs.flows.form import Form
from optimiser.hubs.flows.problem import FlowProblem
from optimiser.hubs.flows.scene import Flags, Scene, rooms, scene
from optimiser.hubs.flows.togo import Costs, Ways, climb
from optimiser.hubs.flows.transport import Floats, Positions

NAME = "search"
METHOD = "prices between places, each site decided alone (Lagrangian)"
TIERS = (6, 20, 50)  # steps of the dual after which a change may be out
BATCH = 5  # changes that are compared before one is solved
NEAR = 10  # sites that a site may move to
BETTER = 1e-6  # relative
SHARE, HALF = 0.15, 0.6  # of the time: for each climb of the bound, and until the first descent ends
AIMED = 1.25  # times the plain relaxation: what the bound aims at before there is a good plan
PARTS = (0.1, 0.2, 0.3, 0.45, 0.6)  # a site whose sizes are open by so much together opens
PATIENCE = 300  # descents in a row without a better plan
FORCED = 1e-6  # of what arises: less is rounding
KICKS = (2, 5)  # random changes between descents

Change = tuple[tuple[int, int], ...]  # sites with their new size column, -1 to close

version = highs.version


def supports(problem: FlowProblem) -> tuple[str, ...]:
    """Return reasons against."""
    against = []
    if not problem.sites:
        against.append("there is nothing to open")
    elif scene(problem, build(problem)) is None:
        against.append("sites feed each other in a circle")
    if problem.limits:
        against.append("other aims have limits")
    return tuple(against)


@dataclass(slots=True, kw_only=True)
class _Search:
    """What a search knows."""

    problem: FlowProblem
    form: Form
    of: Scene
    costs: Costs
    near: list[list[int]]
    draw: np.random.Generator
    over: Callable[[], bool]
    allowed: Flags
    opened: Positions
    flows: Flows
    best: Flows
    best_opened: Positions
    moves: int = 0
    limit: int | None = None
    tell: Callable[[], None] = field(default=lambda: None)

    def done(self) -> bool:
        """Return whether time or changes are over."""
        return self.over() or (self.limit is not None and self.moves >= self.limit)


def solve(
    problem: FlowProblem,
    *,
    deadline: float | None,
    iterations: int | None,
    seed: int,
    on_bounds: highs.OnBounds | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> Answer:
    """Search; ``iterations`` are changes tried, ``deadline`` is on the given clock."""
    form = build(problem)
    of = scene(problem, form)
    if of is None:
        raise ValueError("sites feed each other in a circle")
    began = clock()
    weak = _weak(form, seed)
    if weak.impossible:
        return Answer(plan=None, minimised=np.inf, bound=np.inf, method=METHOD, impossible=True, iterations=0)
    search = _begin(problem, form, of, weak, seed)
    search.limit = iterations
    relaxed = relax.relaxation(problem, form)
    bounds = Bounds(relaxed=relaxed, form=form, price=relax.first_prices(relaxed, weak.row_dual))
    found = -np.inf if not weak.proven else weak.minimised

    def tell() -> None:
        if on_bounds is not None:
            on_bounds(search.best.value, max(found, bounds.value))

    search.tell = tell
    search.over = _until(clock, began, deadline, SHARE)
    bounds.climb(AIMED * found if found > 0 else search.best.value, search.over, iterations)
    _round(search, bounds.mean[form.block("sizes")])
    search.over = _until(clock, began, deadline, HALF)
    _settle(search)
    _descend(search)
    search.over = _until(clock, began, deadline, HALF + SHARE)
    bounds.climb(search.best.value, search.over, iterations)
    bounds.exclude(search.best.value)
    search.allowed = search.allowed & bounds.open_sizes
    search.over = _until(clock, began, deadline, 1.0)
    _wander(search, bounds.value)
    final = _final(search)
    feasible = final.column is not None and final.forced_kg <= FORCED * max(1.0, float(form.arising.sum()))
    return Answer(
        plan=to_plan(problem, form, final.column) if feasible and final.column is not None else None,
        minimised=final.value if feasible else np.inf,
        bound=min(max(found, bounds.value), final.value) if feasible else max(found, bounds.value),
        method=METHOD,
        impossible=False,
        iterations=search.moves,
    )


def _until(clock: Callable[[], float], began: float, deadline: float | None, share: float) -> Callable[[], bool]:
    if deadline is None:
        return lambda: False
    end = began + share * (deadline - began)
    return lambda: clock() >= end


def _weak(form: Form, seed: int) -> highs.Found:
    """Solve the plain linear relaxation."""
    solver = highs.solver(seed=seed)
    highs.load(solver, form, whole=False)
    return highs.run(solver, whole=False)


def _begin(problem: FlowProblem, form: Form, of: Scene, weak: highs.Found, seed: int) -> _Search:
    """Open what the relaxation uses, each in the smallest size that is enough."""
    costs = costs_of(form, of)
    may = form.upper[form.block("sizes")] > 0
    must = np.array([site.must_open for site in problem.sites], dtype=np.bool_)
    used = np.zeros(of.sites)
    if weak.column is not None:
        np.add.at(used, form.size_site, weak.column[form.block("sizes")] * form.size_kg)
    else:
        used[:] = np.inf
    opened = np.full(of.sites, -1, dtype=np.intp)
    for h in np.flatnonzero((used > FORCED * max(1.0, float(form.arising.sum()))) | must):
        sizes = np.arange(of.size_first[h], of.size_first[h + 1])[may[of.size_first[h] : of.size_first[h + 1]]]
        if len(sizes):
            enough = sizes[of.size_kg[sizes] >= used[h] * (1.0 - 1e-9)]
            by_size = enough if len(enough) else sizes
            order = np.argsort(of.size_kg[by_size])
            opened[h] = by_size[order[0 if len(enough) else -1]]
    nothing = np.zeros(0)
    none = Flows(value=np.inf, column=None, forced_kg=np.inf, price=nothing, item=nothing, row=nothing)
    search = _Search(
        problem=problem,
        form=form,
        of=of,
        costs=costs,
        near=_near(of),
        draw=np.random.default_rng(seed),
        over=lambda: False,
        allowed=may,
        opened=opened,
        flows=none,
        best=none,
        best_opened=opened,
    )
    _go(search, opened, _look(search, opened, np.zeros(len(rooms(of, opened))), np.inf, 60))
    return search


def _near(of: Scene) -> list[list[int]]:
    """Return for each site those that could do its work: they share most of the places that feed it."""
    site = np.minimum(of.in_node // of.wide, of.sites)
    tail = np.repeat(np.arange(of.sites * of.wide), np.diff(of.out_first))
    head = np.minimum(of.out_node // of.wide, of.sites)
    feeds = np.zeros((of.sites + 1, len(of.kg) + of.sites * of.wide))
    feeds[site, of.in_item] = 1.0
    feeds[head, len(of.kg) + tail] = 1.0
    shared = (feeds @ feeds.T)[: of.sites, : of.sites]
    np.fill_diagonal(shared, 0.0)
    order = np.argsort(-shared, axis=1, kind="stable")[:, :NEAR]
    return [[int(k) for k in order[h] if shared[h, k] > 0] for h in range(of.sites)]


def _look(search: _Search, opened: Positions, price: Floats, target: float, steps: int) -> Ways:
    """Climb the dual from prices at hand."""
    return _climbed(search, opened, price, target, steps)[0]


def _climbed(search: _Search, opened: Positions, price: Floats, target: float, steps: int) -> tuple[Ways, Floats]:
    """Climb from prices, from 0 where there are none; without a plan to compare with the target is far away."""
    target = target if np.isfinite(target) else 1e3 * max(1.0, search.costs.forced * float(search.of.kg.sum()))
    price = price if len(price) else np.zeros(len(rooms(search.of, opened)))
    return climb(search.of, search.costs, opened, price, target=target, steps=steps)


def _go(search: _Search, opened: Positions, seen: Ways) -> bool:
    """Solve the flows of what is open; go there if it is better than here, or nothing flows here by the rules."""
    flows = _flows(search, opened, seen, search.flows)
    if not flows.value < search.flows.value - BETTER * abs(search.flows.value) and search.flows.column is not None:
        return False
    search.opened, search.flows = opened, flows
    if flows.value < search.best.value:
        search.best, search.best_opened = flows, opened
        search.tell()
    return flows.column is not None


def _flows(search: _Search, opened: Positions, seen: Ways, known: Flows) -> Flows:
    return best_flows(search.form, search.of, search.costs, opened, seen.inward, exact=False, basis=known.basis)


def _changes(search: _Search) -> list[Change]:
    """Return all changes from here, in random order."""
    of, opened, found = search.of, search.opened, list[Change]()
    for h, site in enumerate(search.problem.sites):
        sizes = [z for z in range(of.size_first[h], of.size_first[h + 1]) if search.allowed[z]]
        closing = [] if site.must_open or opened[h] < 0 else [-1]
        found += [((h, z),) for z in (*closing, *sizes) if z != opened[h]]
        if opened[h] >= 0 and not site.must_open:
            rank = opened[h] - of.size_first[h]
            for other in (k for k in search.near[h] if opened[k] < 0):
                near = [z for z in range(of.size_first[other], of.size_first[other + 1]) if search.allowed[z]]
                found += [((h, -1), (other, z)) for z in near if abs(z - of.size_first[other] - rank) <= 1]
    order = search.draw.permutation(len(found))
    return [found[k] for k in order]


def _made(search: _Search, changes: list[Change]) -> Positions | None:
    """Return what is open after changes; ``None`` if the budget forbids it."""
    opened = search.opened.copy()
    for change in changes:
        for h, z in change:
            opened[h] = z
    return opened if _made_of(search, opened) else None


def _made_of(search: _Search, opened: Positions) -> bool:
    """Return whether the budget allows what is open."""
    most = search.problem.fixed_budget
    if most is None:
        return True
    sizes = [size.fixed_cost for site in search.problem.sites for size in site.sizes]
    return bool(sum(sizes[z] for z in opened[opened >= 0]) <= most)


def _promising(search: _Search, change: Change, tiers: tuple[int, ...]) -> tuple[float, Positions, Ways] | None:
    """Return a change with its dual value, or ``None`` as soon as it is proven no better."""
    opened = _made(search, [change])
    if opened is None:
        return None
    search.moves += 1
    target, price = search.flows.value, search.flows.price
    found: tuple[float, Positions, Ways] | None = None
    for steps in tiers:
        seen, price = _climbed(search, opened, price, target, steps)
        if seen.value >= target - BETTER * abs(target):
            return None
        found = seen.value, opened, seen
    return found


def _round(search: _Search, size: Floats) -> None:
    """Open what the relaxation opens by parts, in the size that is nearest to its mean; try some limits."""
    of = search.of
    part = np.bincount(search.form.size_site, size, of.sites)
    must = np.array([site.must_open for site in search.problem.sites], dtype=np.bool_)
    for least in PARTS:
        opened = np.full(of.sites, -1, dtype=np.intp)
        for h in np.flatnonzero((part >= least) | must):
            first, last = int(of.size_first[h]), int(of.size_first[h + 1])
            mean = float(size[first:last] @ of.size_kg[first:last]) / max(float(part[h]), 1e-9)
            away = np.where(search.allowed[first:last], np.abs(of.size_kg[first:last] - mean), np.inf)
            opened[h] = first + int(away.argmin()) if np.isfinite(away).any() else -1
        if _made_of(search, opened):
            _go(search, opened, _look(search, opened, np.zeros(len(rooms(of, opened))), np.inf, 100))


def _settle(search: _Search) -> None:
    """Make many changes at a time, the most promising of each site, fewer when that is no better."""
    many = 0.3
    while not search.done():
        best: dict[int, tuple[float, Change]] = {}
        for change in (c for c in _changes(search) if len(c) == 1 and search.opened[c[0][0]] >= 0):
            if search.done():
                return
            seen = _promising(search, change, TIERS[:1])
            if seen is not None and seen[0] < best.get(change[0][0], (np.inf,))[0]:
                best[change[0][0]] = seen[0], change
        ranked = [change for _, change in sorted(best.values(), key=lambda pair: pair[0])]
        count = int(many * len(ranked))
        if count < 2:
            return
        opened = _made(search, ranked[:count])
        if opened is None or not _go(search, opened, _look(search, opened, search.flows.price, np.inf, 60)):
            many /= 2


def _descend(search: _Search) -> None:
    """Make one change after the other until none is better."""
    while not search.done() and _step(search):
        pass


def _step(search: _Search) -> bool:
    waiting: list[tuple[float, Positions, Ways]] = []
    for change in _changes(search):
        if search.done():
            return False
        seen = _promising(search, change, TIERS)
        if seen is not None:
            waiting.append(seen)
        if len(waiting) >= BATCH:
            if _first(search, waiting):
                return True
            waiting = []
    return _first(search, waiting)


def _first(search: _Search, waiting: list[tuple[float, Positions, Ways]]) -> bool:
    for _, opened, seen in sorted(waiting, key=lambda found: found[0]):
        if search.done():
            return False
        if _go(search, opened, seen):
            return True
    return False


def _wander(search: _Search, bound: float) -> None:
    """Descend again and again from the best, a few random changes away, until the bound is met or nothing helps."""
    _descend(search)
    waited, best = 0, search.best.value
    while not search.done() and waited < PATIENCE and (np.isinf(best) or best - bound > BETTER * abs(best)):
        waited, best = (0, search.best.value) if search.best.value < best else (waited + 1, best)
        search.opened, search.flows = search.best_opened, search.best
        kicks = _changes(search)[: int(search.draw.integers(*KICKS))]
        opened = _made(search, kicks)
        if not kicks:
            return
        if opened is None:
            continue
        seen = _look(search, opened, search.best.price, np.inf, 40)
        search.opened, search.flows = opened, _flows(search, opened, seen, search.best)
        search.moves += 1
        _descend(search)


def _final(search: _Search) -> Flows:
    """Solve the best set again over all lanes."""
    seen = _look(search, search.best_opened, search.best.price, np.inf, 40)
    exact = best_flows(search.form, search.of, search.costs, search.best_opened, seen.inward, exact=True)
    return exact if exact.value < search.best.value else search.best
