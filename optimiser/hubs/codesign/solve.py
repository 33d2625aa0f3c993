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


def solve(
    problem: CodesignProblem, *, budget: Budget, seed: int = 1, on_progress: OnProgress[CodesignPlan] | None = None
) -> CodesignResult:
    """Return the best plan found: open sites with their rounds, beside it what *hubs first, rounds after* comes to.

    Parameters
    ----------
    budget
        With ``iterations`` alone nothing looks at a clock: they are the rounds engine's, for each set judged.
    seed
        Same problem, seed and iterations: same plan.
    on_progress
        Told of every set that was judged the best so far.

    Returns
    -------
    Result
        ``FEASIBLE``, or ``PARTIAL`` where required stops are left out. There is no bound. The notes say what hubs first
        comes to, how many sets were estimated and judged, and what a unit of estimate turned out to be.

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
    judged = _halving(run, direct)
    best = min(judged.values(), key=lambda one: one.merit)
    left = None if budget.seconds is None else budget.seconds - run.spent_s
    if left is None or left > 0:
        rest = Budget(seconds=left, iterations=budget.iterations, threads=budget.threads)
        best = judge(estimates, best.mask, budget=rest, seed=seed + len(judged), before=best)
    _told(run, best, "rounds")
    return _result(run, best, judged.get(direct), len(judged))


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
        starts.append(estimates.must | sum(1 << j for j in some))
    for start in dict.fromkeys(starts):
        if start and not run.late(FREE_SHARE + MASKS_SHARE):
            descend(estimates, start, late=lambda: run.late(FREE_SHARE + MASKS_SHARE), draw=draw)


def _halving(run: _Run, direct: int) -> dict[int, Judged]:
    """Judge the most promising sets and *hubs first*; each turn half of them stay, with twice the time each."""
    estimates, judged, best = run.estimates, dict[int, Judged](), None
    group = [mask for mask in estimates.ranked() if mask][:SHORTLIST]
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
        group = sorted(group, key=lambda mask: judged[mask].merit)[: len(group) // 2]


def _told(run: _Run, best: Judged, stage: str) -> None:
    if best.sound:
        run.tell(Progress(stage=stage, runtime_s=run.spent_s, cost=best.price.net, plan=best.plan))


def _result(run: _Run, best: Judged, first: Judged | None, count: int) -> CodesignResult:
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
        *_beside(best, first),
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


def _beside(best: Judged, first: Judged | None) -> tuple[str, ...]:
    """Say what hubs first comes to beside the best plan; it was searched for less long unless it stayed the best."""
    if first is None:
        return ("Hubs first, rounds after: there was no time for it.",)
    cheaper = 100.0 * (first.price.net - best.price.net) / max(abs(first.price.net), 1e-9)
    left = f" and leave out {first.left_out} stops" if first.left_out else ""
    said = (
        f"Hubs first, rounds after: {', '.join(first.plan.open) or 'no site'} open and cost {first.price.net:.10g} "
        f"with their rounds{left}, after less search; decided together {best.price.net:.10g} ({cheaper:.2f} % less)."
    )
    return (said,)
