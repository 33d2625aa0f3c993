"""Decide sites together with rounds: estimate many sets, judge a shortlist by real rounds, give the best the rest.

1. The quick search runs over all candidates, opening and closing sites as it goes; *hubs first* chooses by direct
   distances; from both, and from sets drawn at random, neighbours are estimated until none is cheaper.
2. The most promising sets are judged by real rounds with the time shared by successive halving: each turn half of them
   stay, with twice the time each. The estimate learns from every judgement.
3. The best set gets the time that is left; its plan is checked and priced from first principles.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass

from faults import Fault, SolverError
from optimiser.hubs.codesign.check import check
from optimiser.hubs.codesign.first import hubs_first
from optimiser.hubs.codesign.judge import Judged, judge
from optimiser.hubs.codesign.masks import Estimates, descend
from optimiser.hubs.codesign.plan import CodesignPlan, CodesignPrice
from optimiser.hubs.codesign.problem import CodesignProblem
from optimiser.hubs.codesign.rough.cooling import cool
from optimiser.hubs.codesign.rough.layout import nothing
from optimiser.hubs.codesign.rough.scene import ground
from optimiser.result import Budget, OnProgress, Progress, Result, Status
from optimiser.rounds.engines import strings

NAME = "codesign"
FREE_SHARE, MASKS_SHARE, HALVING_SHARE = 0.25, 0.1, 0.35  # of the seconds; the rest is the best set's
FREE_RUNS = 2
FIRST_S = 2.0  # most seconds for siting by direct distances
SHORTLIST = 8
FREE_STEPS = 20  # to an iteration, if those are counted
DRAWN = 3  # sets drawn at random to start from

CodesignResult = Result[CodesignPlan, CodesignPrice]


@dataclass(slots=True, kw_only=True)
class _Run:
    estimates: Estimates
    budget: Budget
    seed: int
    began: float
    tell: OnProgress[CodesignPlan]

    @property
    def spent_s(self) -> float:
        return time.monotonic() - self.began

    def seconds(self, share: float) -> float | None:
        return None if self.budget.seconds is None else share * self.budget.seconds

    def late(self, share: float) -> bool:
        return self.budget.seconds is not None and self.spent_s >= share * self.budget.seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was decided, and all that it was decided from.

    Parameters
    ----------
    result
        ``FEASIBLE``, or ``PARTIAL`` where required stops are left out. There is no bound. The notes say what hubs first
        comes to, how many sets were estimated and judged, and what a unit of estimate turned out to be.
    best, first
        The plan of the result, and *hubs first, rounds after*; ``None`` if there was no time for that.
    judged
        Every set that was judged by rounds, the best first.
    estimates
        What was only estimated.
    """

    result: CodesignResult
    best: Judged
    first: Judged | None
    judged: tuple[Judged, ...]
    estimates: Estimates


def solve(
    problem: CodesignProblem, *, budget: Budget, seed: int = 1, on_progress: OnProgress[CodesignPlan] | None = None
) -> CodesignResult:
    """Return the best plan found: open sites with their rounds; see :func:`decide`."""
    return decide(problem, budget=budget, seed=seed, on_progress=on_progress).result


def decide(
    problem: CodesignProblem,
    *,
    budget: Budget,
    seed: int = 1,
    even: bool = False,
    on_progress: OnProgress[CodesignPlan] | None = None,
) -> Decision:
    """Return the best plan found, what *hubs first, rounds after* comes to, and every set that was judged.

    Parameters
    ----------
    budget
        With ``iterations`` alone nothing looks at a clock: they are the rounds engine's, for each set judged.
    seed
        Same problem, seed and iterations: same plan.
    even
        Give the rounds of *hubs first* as much time as those of the best set, so that the two can be compared: the
        time that is left after the shortlist is shared by both.
    on_progress
        Told of every set that was judged the best so far.

    Raises
    ------
    SolverError
        ``codesign-plan-broken`` if no plan passes the checker: a defect of ours.
    """
    began = time.monotonic()
    estimates = Estimates(problem=problem, known=ground(problem), seed=seed)
    run = _Run(
        estimates=estimates, budget=budget, seed=seed, began=began, tell=on_progress or (lambda _: None)
    )  # fmt: skip
    direct = hubs_first(estimates, seconds=min(FIRST_S, run.seconds(0.05) or FIRST_S), seed=seed)
    _masks(run, direct)
    judged = _halving(run, direct, even=even)
    best = min(judged.values(), key=lambda one: one.merit)
    for mask, left in _rest(run, best.mask, direct if even and direct in judged else best.mask):
        rest = Budget(seconds=left, iterations=budget.iterations, threads=budget.threads)
        judged[mask] = judge(estimates, mask, budget=rest, seed=seed + len(judged), before=judged[mask])
    ranked = sorted(judged.values(), key=lambda one: one.merit)
    best, first = ranked[0], judged.get(direct)
    _told(run, best, "rounds")
    return Decision(
        result=_result(run, best, first, len(judged), even=even),
        best=best,
        first=first,
        judged=tuple(ranked),
        estimates=estimates,
    )


def _rest(run: _Run, best: int, first: int) -> list[tuple[int, float | None]]:
    """Return who has how much of the time that is left after the shortlist: the best set, or both sets."""
    masks = list(dict.fromkeys((first, best)))
    left = None if run.budget.seconds is None else run.budget.seconds - run.spent_s
    if left is None:
        return [(mask, None) for mask in masks]
    return [(mask, left / len(masks)) for mask in masks] if left > 0 else []


def _masks(run: _Run, direct: int) -> None:
    """Fill the estimates: sets that the quick search chose itself, and those around good ones."""
    estimates, draw = run.estimates, random.Random(run.seed)
    land, rounds, starts = estimates.known.land, estimates.known.rounds, []
    steps = None if run.budget.iterations is None else FREE_STEPS * run.budget.iterations
    for k in range(FREE_RUNS):
        seconds = run.seconds(FREE_SHARE / FREE_RUNS)
        found, _ = cool(land, nothing(land, rounds), seed=run.seed + 101 * k, steps=steps, seconds=seconds)
        starts.append(estimates.adopt(found))
    starts.append(direct)
    sites = len(estimates.problem.sites)
    size = max(1, min(starts, key=estimates.of).bit_count())
    for _ in range(DRAWN):
        some = draw.sample(range(sites), min(size, sites))
        starts.append(estimates.fitted(estimates.must | sum(1 << j for j in some)))
    if 1 << sites <= SHORTLIST:  # few enough for all of them to be judged
        for mask in range(1, 1 << sites):
            if mask & estimates.must == estimates.must and estimates.fits(mask):
                estimates.of(mask)
    for start in dict.fromkeys(starts):
        if start and not run.late(FREE_SHARE + MASKS_SHARE):
            descend(estimates, start, late=lambda: run.late(FREE_SHARE + MASKS_SHARE), draw=draw)


def _halving(run: _Run, direct: int, *, even: bool) -> dict[int, Judged]:
    """Judge the most promising sets and *hubs first*; each turn half of them stay, with twice the time each.

    If ``even``, *hubs first* stays to the end.
    """
    estimates, judged, best = run.estimates, dict[int, Judged](), None
    group = [mask for mask in estimates.ranked() if mask and estimates.fits(mask)][:SHORTLIST]
    if direct and direct not in group:
        group.append(direct)
    if not group:
        group.append(estimates.must)
    turns = max(1, (len(group) - 1).bit_length())
    while True:
        for mask in group:
            if judged and run.late(1.0):
                return judged
            seconds = run.seconds(HALVING_SHARE / turns / len(group))
            budget = Budget(seconds=seconds, iterations=run.budget.iterations, threads=run.budget.threads)
            judged[mask] = judge(estimates, mask, budget=budget, seed=run.seed, before=judged.get(mask))
            if best is None or judged[mask].merit < best.merit:
                best = judged[mask]
                _told(run, best, "sites")
        if len(group) <= 2:
            return judged
        half = sorted(group, key=lambda mask: judged[mask].merit)[: len(group) // 2]
        group = [*half, direct] if even and direct in group and direct not in half else half


def _told(run: _Run, best: Judged, stage: str) -> None:
    if best.sound:
        run.tell(Progress(stage=stage, runtime_s=run.spent_s, cost=best.price.net, plan=best.plan))


def _result(run: _Run, best: Judged, first: Judged | None, count: int, *, even: bool) -> CodesignResult:
    problem = run.estimates.problem
    if broken := check(problem, best.plan):
        raise SolverError(
            Fault(
                code="codesign-plan-broken",
                place="co-design",
                cause=f"the plan breaks {len(broken)} rules, first {broken[0]}",
                action="report this with the scenario: it is a defect of the program",
            )
        )
    notes = (
        *_beside(best, first, even=even),
        (
            f"{len(run.estimates.rough)} sets of sites were estimated, {count} judged by rounds; "
            f"rounds cost {run.estimates.ratio:.3f} times their estimate."
        ),
    )
    return Result(
        status=Status.PARTIAL if best.left_out else Status.FEASIBLE,
        plan=best.plan,
        price=best.price,
        seed=run.seed,
        engine=NAME,
        engine_version=strings.version(),
        iterations=best.iterations,
        runtime_s=run.spent_s,
        notes=notes,
    )


def _beside(best: Judged, first: Judged | None, *, even: bool) -> tuple[str, ...]:
    """Say what hubs first comes to beside the best plan; unless even, or the best, it was searched for less long."""
    if first is None:
        return ("Hubs first, rounds after: there was no time for it.",)
    cheaper = 100.0 * (first.price.net - best.price.net) / max(abs(first.price.net), 1e-9)
    search = "with as much search" if even else "after less search"
    left = f" and leave out {first.left_out} stops" if first.left_out else ""
    said = (
        f"Hubs first, rounds after: {', '.join(first.plan.open) or 'no site'} open and cost {first.price.net:.10g} "
        f"with their rounds{left}, {search}; decided together {best.price.net:.10g} ({cheaper:.2f} % less)."
    )
    return (said,)
