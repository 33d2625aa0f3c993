"""The whole search: a plan by greed and exchange, prices that climb, sites fixed, exchange guided by prices, branches.

The clock is asked between steps, so that the same problem, seed and number of steps give the same answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from optimiser.hubs.siting.core import Core
from optimiser.hubs.siting.lagrange import branch, climb, swap
from optimiser.hubs.siting.lagrange.rows import Bools
from optimiser.hubs.siting.lagrange.state import State, desk, first_state, fixable, shrunk_state, slack
from optimiser.hubs.siting.problem import Floats

SAFE = 1e-12  # of the sum of prices, and of its parts: what rounding may do to a bound
CHUNK = 50  # iterations of a climb between two looks at the clock
GUIDED = 4  # chunks of a climb between two exchanges
PATIENCE, LONG, MANY = 25, 50, 5_000  # iterations without a better bound before the step is weakened; from so many rows
NODE_ARCS = 5_000_000  # arcs of all nodes that are visited between two looks at the clock
ROUNDS = 25  # of exchanges by chance at a time
IDLE = 8  # exchanges without a better plan, after which there are fewer of them
FIXED = 0.05  # of the sites: when so many more are fixed, the problem is made smaller

Late = Callable[[], bool]
News = Callable[[str, float, float], None]  # stage, cost, bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the search found.

    Parameters
    ----------
    open
        Of each candidate.
    cost, bound
        Minimised sum, the core's constant included; ``bound`` is never above the least one.
    prices
        u of each demand at the last climb: how much its place in the plan is worth.
    steps, nodes
        Chunks, exchanges and batches of nodes; nodes of branch and bound.
    """

    open: Bools
    cost: float
    bound: float
    prices: Floats
    steps: int
    nodes: int


@dataclass(slots=True)
class Run:
    """A search under way."""

    state: State
    desk: swap.Desk
    late: Late
    news: News
    steps_left: float
    seed: int
    enough: float
    bound: float = -np.inf  # of the whole, the core's constant left out
    climbed: float = -np.inf  # of what is left, by the last climb
    steps: int = 0
    nodes: int = 0
    prices: Floats | None = None

    @property
    def cost(self) -> float:
        """What the best plan costs, the core's constant left out."""
        return self.state.cost + self.state.constant

    @property
    def over(self) -> bool:
        """Whether the best plan is proven, or time or steps have run out."""
        reached = self.cost + self.state.core.constant <= self.enough
        return self.proven or reached or self.steps >= self.steps_left or self.late()

    @property
    def proven(self) -> bool:
        """Whether no plan is better by more than the slack."""
        return self.bound >= self.cost - slack(self.state.core.step, self.cost)

    def stepped(self, stage: str) -> None:
        """Count a step and tell of it."""
        self.steps += 1
        constant = self.state.core.constant
        self.news(stage, self.cost + constant, min(self.bound, self.cost) + constant)


def search(
    core: Core,
    *,
    late: Late,
    steps: int | None = None,
    seed: int = 1,
    start: Bools | None = None,
    enough: float = -np.inf,
    news: News = lambda _stage, _cost, _bound: None,
) -> Answer:
    """Return a plan of a core, and a bound on every plan.

    Parameters
    ----------
    late
        Whether time is up.
    steps
        Limit of steps; ``None`` for none.
    start
        Open candidates to begin with.
    enough
        A plan that costs no more than this ends the search.
    """
    state = first_state(core)
    run = Run(state, desk(state), late, news, np.inf if steps is None else steps, seed, enough)
    _first_plan(run, start)
    if len(run.state.site) and len(run.state.row) and run.state.most > 0:
        _root(run)
        if not run.over:
            _branch(run)
    else:
        run.bound = run.cost
    bound = run.cost if run.proven and core.step > 0 else min(run.bound, run.cost)
    return Answer(
        open=run.state.whole(),
        cost=run.cost + core.constant,
        bound=bound + core.constant,
        prices=core.far.copy() if run.prices is None else run.prices,
        steps=run.steps,
        nodes=run.nodes,
    )


def _first_plan(run: Run, start: Bools | None) -> None:
    state = run.state
    state.cost = float(state.rows.far.sum())
    state.chosen[:] = False
    if not len(state.site) or state.most <= 0:
        return
    chosen = swap.greedy(state.rows, state.columns, state.most)
    run.desk = desk(replace(state, chosen=chosen))
    _try(run, chosen)
    if start is not None:
        _try(run, start[state.site])
    run.stepped("exchange")


def _try(run: Run, chosen: Bools) -> bool:
    """Improve a set of sites by exchanges; keep it if it is the best so far."""
    state, chosen = run.state, chosen.copy()
    room = min(state.most, len(run.desk.held))
    if chosen.sum() > room:
        chosen[np.flatnonzero(chosen)[room:]] = False
    even = np.ones(len(chosen))
    cost = float(swap.exchange(state.rows, state.columns, run.desk, state.most, chosen, 0, run.seed, even))
    if cost >= state.cost - 1e-12 * abs(state.cost):
        return False
    state.chosen, state.cost = chosen, cost
    return True


def _guided(run: Run, found: Bools, rounds: int) -> None:
    """Exchange from the sites that prices favour, then search on from the best plan."""
    state, favoured = run.state, np.zeros(len(run.state.site), dtype=np.bool_)
    if state.most < len(favoured):
        favoured[np.argsort(-state.share, kind="stable")[: state.most]] = True
    favoured &= state.share > 0.02
    for chosen in (favoured, found):
        if chosen.any():
            _try(run, chosen)
    run.seed += 1
    chosen = state.chosen.copy()
    if chosen.any():
        weight = state.share * (1.0 - state.share) + 0.01 * state.share + 1e-4
        cost = float(swap.exchange(state.rows, state.columns, run.desk, state.most, chosen, rounds, run.seed, weight))
        if cost < state.cost:
            state.chosen, state.cost = chosen, cost
    run.stepped("exchange")


def _root(run: Run) -> None:
    """Climb, exchange and fix until the plan is proven, or neither moves any more."""
    _first_prices(run.state)
    theta, waited = 1.0, 0
    while not run.over and waited < 2:
        gap, before = run.cost - run.bound, run.cost
        _climb(run, theta)
        gained = _fix(run)
        moved = run.cost - run.bound < 0.97 * gap or run.cost < before or gained
        waited = 0 if moved and np.isfinite(gap) else waited + 1
        theta = 0.5


def _first_prices(state: State) -> None:
    """Begin with most of what demand pays when it has, evenly, as many sites nearer as there are for one open site.

    Where sites cost something, everybody's even part of that comes on top.
    """
    start, count = state.rows.start, max(int(state.chosen.sum()), 1)
    at = np.minimum(start[:-1] + max(1, round(len(state.site) / count)), start[1:] - 1)
    part = float(state.rows.fixed[state.chosen].sum()) / max(len(state.row), 1)
    state.u = np.minimum(0.8 * state.rows.cost[at] + max(part, 0.0) + 1e-9, state.rows.far)


def _climb(run: Run, theta: float) -> None:
    """Let prices climb as far as they do."""
    state = run.state
    ascent, found = climb.begun(state.u, theta), np.zeros(len(state.site), dtype=np.bool_)
    chunk, patience = 0, LONG if len(state.row) >= MANY else PATIENCE
    while not run.over:
        chunk += 1
        done = climb.climb(
            state.rows, state.columns, state.most, ascent, state.u, state.cost, state.cutoff, CHUNK, patience,
            state.share, found, state.made,
        )  # fmt: skip
        run.climbed = float(ascent.memo[climb.BOUND])
        _raise(run, run.climbed)
        run.stepped("prices")
        if chunk % GUIDED == 0 or done < CHUNK:
            _guided(run, found, ROUNDS)
        if done < CHUNK:
            break


def _raise(run: Run, bound: float) -> None:
    """Note a bound of what is left."""
    safe = SAFE * (float(np.abs(run.state.u).sum()) + abs(run.state.constant))
    if bound + run.state.constant - safe > run.bound:
        run.bound = bound + run.state.constant - safe
        run.prices = run.state.core.far.copy()
        run.prices[run.state.row] = run.state.u


def _fix(run: Run) -> bool:
    """Make the problem smaller by what prices fix; return whether they did."""
    state = run.state
    status = fixable(state.made, state.most, run.climbed, state.cutoff)
    if (status != 0).sum() < max(1.0, FIXED * len(status)) or run.proven:
        return False
    _become(run, shrunk_state(state, status))
    return True


def _become(run: Run, state: State) -> None:
    run.state = state
    if not len(state.site) or not len(state.row) or state.most <= 0:  # nothing is left: the plan is the best
        cost = float(state.rows.far.sum())
        if cost < state.cost:
            run.state = replace(state, chosen=np.zeros(len(state.site), dtype=np.bool_), cost=cost)
        run.bound = max(run.bound, run.cost)
        return
    run.desk = desk(state)


def _branch(run: Run) -> None:
    """Branch until the plan is proven or time is up, with exchanges in between as long as they help."""
    state = run.state
    tree = branch.planted(state, run.bound - state.constant)
    nodes = int(min(max(NODE_ARCS // max(len(state.rows.site), 1), 1), 50))
    idle = 0
    while not run.over:
        before = state.cost
        done, better = branch.grow(tree, nodes)
        run.nodes += done
        if better is not None:
            _try(run, better)
        if idle < IDLE or idle % IDLE == 0:
            _guided(run, state.chosen, ROUNDS)
        idle = 0 if state.cost < before else idle + 1
        least = min(tree.bound, state.cutoff + 0.5 * state.slack)
        run.bound = max(run.bound, least + state.constant)
        run.stepped("branches")
