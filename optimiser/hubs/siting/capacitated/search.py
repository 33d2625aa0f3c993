"""Plan and prices together: prices climb towards the best plan, the plan is sought where prices open sites."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from optimiser.hubs.siting.capacitated import climb, moves
from optimiser.hubs.siting.capacitated.posed import I8, I32, Bools, Posed
from optimiser.hubs.siting.core import CLOSED, FREE, OPEN
from optimiser.hubs.siting.problem import Floats

CHUNK, PATIENCE = 100, 20  # iterations of a climb between two looks at the clock, and without a rise before it weakens
KICKS = 60
ROUGH = 4  # chunks with relaxed knapsacks before the whole ones
FULL = 1e5  # weight on what is too full in the first plan
SAFE = 1e-9  # of the prices: what rounding may do to a bound
TINY = 1e-12  # in place of no room at all, where something is divided by it

Late = Callable[[], bool]


@dataclass(slots=True)
class State:
    """The best plan, the best prices, and where the search stands.

    Parameters
    ----------
    site, cost
        Who goes where in the best plan, and what it costs (the constant apart); ``inf``: none yet.
    bound
        No plan costs less.
    """

    posed: Posed
    sites: climb.Sites
    town: moves.Town
    desk: climb.Desk
    plan: moves.Plan
    best: moves.Plan
    cost: float
    bound: float
    u: Floats
    now: Floats
    way: Floats
    memo: Floats
    share: Floats
    seed: int

    @property
    def site(self) -> I32:
        """Who goes where in the best plan."""
        return self.best.site

    @property
    def cutoff(self) -> float:
        """No plan that costs as much is looked for."""
        return self.cost - self.posed.slack(self.cost)

    @property
    def proven(self) -> bool:
        """Nothing better is left."""
        return self.bound >= self.cutoff


def begun(posed: Posed, seed: int, start: Bools | None = None) -> State:
    """Return the state before the first step; every demand has somewhere to go, and the rooms suffice."""
    n, m = posed.cost.shape
    wide, need = np.sort(np.where(posed.status != CLOSED, posed.room, 0.0))[::-1], float(posed.load.sum())
    least = int(np.searchsorted(np.cumsum(wide), need * (1 - 1e-12))) + 1
    sites = climb.Sites(
        np.ascontiguousarray(posed.cost.T), posed.load, posed.room, posed.fixed, posed.status, need, least,
        posed.most, posed.single,
    )  # fmt: skip
    town = moves.Town(posed.cost, posed.load, posed.room, posed.fixed, posed.status, posed.most)
    likely = np.ones(m, dtype=np.bool_) if start is None else start
    plan = _first(posed, likely)
    u = np.sort(posed.cost, axis=1)[:, min(2, m - 1)]
    u = np.where(np.isfinite(u), u, posed.cost.min(axis=1)).copy()
    best = _first(posed, likely)
    memo = np.array([1.5, 0.0, -np.inf, -np.inf])
    return State(
        posed=posed, sites=sites, town=town, desk=climb.desk(n, m), plan=plan, best=best, cost=np.inf, bound=-np.inf,
        u=u, now=u.copy(), way=np.zeros(n), memo=memo, share=np.zeros(m), seed=seed,
    )  # fmt: skip


def _first(posed: Posed, likely: Bools) -> moves.Plan:
    """Return a plan by greed, large demand first: too full where it cannot be helped, never too many sites."""
    n, m = posed.cost.shape
    site, held, is_open = np.zeros(n, dtype=np.int32), np.zeros(m), posed.status == OPEN
    finite = posed.cost[np.isfinite(posed.cost)]
    scale = float(np.median(finite)) / max(float(posed.load.mean()), 1e-9) + 1e-9
    room = np.maximum(posed.room, TINY)
    for i in np.argsort(-posed.load, kind="stable").tolist():
        dear = posed.cost[i] + np.where(is_open, 0.0, posed.fixed * np.minimum(3 * posed.load[i] / room, 1.0))
        dear = dear + np.where(held + posed.load[i] > posed.room, FULL * scale, 0.0) + ~(likely | is_open) * scale
        if is_open.sum() >= posed.most:
            dear = np.where(is_open, dear, np.inf)
        j = int(np.argmin(np.where(posed.status == CLOSED, np.inf, dear)))
        site[i] = j
        held[j] += posed.load[i]
        is_open[j] = True
    count = np.bincount(site, minlength=m).astype(np.int64)
    return moves.Plan(site, held, count, np.array([is_open.sum()], dtype=np.int64), np.array([10 * scale]))


def roamed(state: State, kicks: int = KICKS) -> None:
    """Look for better plans."""
    state.seed += 1
    share = np.minimum(state.share, 1.0)
    found = moves.roam(
        state.town, state.plan, state.best, state.cost, share, kicks, len(state.u) <= 500, state.seed
    )  # fmt: skip
    state.cost = float(found)


def climbed(state: State, *, exact: bool) -> bool:
    """Raise the bound; return whether there is more to rise."""
    target = state.cost if np.isfinite(state.cost) else float(moves.worth(state.town, state.plan))
    done = climb.climb(
        state.sites, state.desk, state.now, state.way, state.memo, state.u, target, exact, CHUNK, PATIENCE,
        state.share,
    )  # fmt: skip
    limit = float(state.memo[climb.BOUND])
    raised(state, limit - SAFE * max(abs(limit), float(np.abs(state.u).sum())))
    return bool(done == CHUNK)


def raised(state: State, bound: float) -> None:
    """Note a bound; of whole sums the next whole one is a bound too."""
    step = state.posed.step
    if step > 0 and np.isfinite(bound):
        bound = step * float(np.ceil(bound / step - 1e-6))
    state.bound = max(state.bound, bound)


def root(state: State, late: Late, steps: int, news: Callable[[str], None]) -> int:
    """Climb and look for plans in turn until the bound rises no more; return the steps made."""
    roamed(state)
    for step in range(steps):
        if late() or state.proven:
            return step
        exact = state.posed.single and step >= ROUGH
        if step == ROUGH and exact:
            state.memo[climb.THETA] = max(state.memo[climb.THETA], 0.05)
        more = climbed(state, exact=exact)
        roamed(state)
        news("prices")
        if not more and (exact or not state.posed.single):
            return step + 1
    return steps


def fixed(
    state: State, status: I8 | None = None, u: Floats | None = None, cut: float = np.inf
) -> tuple[I8, Bools, Floats]:
    """Return which sites any better plan has open or closed, which pairs it may use, and the bound with each pair.

    ``status`` are the sites to begin with, ``u`` the prices: those of the root unless given. With ``cut``, plans that
    cost as much as that are left out too.
    """
    n, m = state.posed.cost.shape
    u = state.u if u is None else u
    status = (state.posed.status if status is None else status).copy()
    site, pair, forced = np.empty(m), np.empty((m, n)), np.zeros(m, dtype=np.bool_)
    sites = state.sites._replace(status=status.copy())
    climb.reduced(sites, state.desk, u, state.posed.single, site, pair, forced)
    safe = min(state.cutoff, cut) + SAFE * max(abs(state.cost), float(np.abs(u).sum()))
    free = status == FREE
    status[free & (site > safe) & forced] = OPEN
    status[free & (site > safe) & ~forced] = CLOSED
    usable = np.isfinite(state.posed.cost) & (status != CLOSED)
    if state.posed.single:
        usable &= safe >= pair.T
    return status, usable, pair.T


def taken(state: State, site: I32, cost: float) -> None:
    """Make a plan from elsewhere the best one."""
    if cost >= state.cost:
        return
    state.cost = cost
    m = len(state.posed.room)
    count = np.bincount(site, minlength=m)
    for plan in (state.best, state.plan):
        plan.site[:] = site
        plan.held[:] = np.bincount(site, weights=state.posed.load, minlength=m)
        plan.visits[:] = count
        plan.used[:] = int(((count > 0) | (state.posed.status == OPEN)).sum())
