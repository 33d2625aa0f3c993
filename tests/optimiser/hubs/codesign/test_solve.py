"""The best sites and rounds of small towns, found by going through all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from optimiser.hubs.codesign.check import check
from optimiser.hubs.codesign.masks import Estimates
from optimiser.hubs.codesign.plan import CodesignPlan
from optimiser.hubs.codesign.price import price
from optimiser.hubs.codesign.problem import CodesignProblem, Site
from optimiser.hubs.codesign.rough.scene import ground
from optimiser.hubs.codesign.solve import decide, solve
from optimiser.result import Budget, Progress, Status
from tests.optimiser.hubs.codesign.small import best_cost, load, town, with_tips

FEW = Budget(iterations=60)


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize(("capacity", "opening"), [(None, 30.0), (3.0, 30.0), (2.0, 5.0), (None, 0.0)])
def test_it_finds_what_going_through_all_sets_finds(seed: int, capacity: float | None, opening: float) -> None:
    problem = town(seed, capacity=capacity, opening=opening)
    result = solve(problem, budget=FEW, seed=seed)
    assert result.plan is not None
    assert result.price is not None
    assert not check(problem, result.plan)
    assert result.status is Status.FEASIBLE
    assert result.price.net == pytest.approx(best_cost(problem), abs=1e-6)


def test_the_same_seed_makes_the_same_plan_and_news_is_sound() -> None:
    problem, told = town(4, capacity=3.0), list[Progress[CodesignPlan]]()
    one = solve(problem, budget=FEW, seed=5, on_progress=told.append)
    assert one.plan == solve(problem, budget=FEW, seed=5).plan
    assert told
    assert all(news.plan is not None and not check(problem, news.plan) for news in told)
    assert one.price is not None
    assert min(news.cost for news in told if news.cost is not None) == pytest.approx(one.price.net)


def test_the_answer_says_what_hubs_first_comes_to() -> None:
    notes = solve(town(1), budget=FEW).notes
    assert notes[0].startswith("Hubs first, rounds after:")
    assert "sets of sites were estimated" in notes[1]


def test_an_estimate_is_never_the_price(monkeypatch: pytest.MonkeyPatch) -> None:
    problem = town(2)
    monkeypatch.setattr(Estimates, "of", _wrong(Estimates.of))
    result = solve(problem, budget=FEW)
    assert result.plan is not None
    assert result.price == price(problem, result.plan)
    assert result.price.net >= best_cost(problem) - 1e-6


def _wrong(of: object) -> object:
    return lambda self, mask: 0.001 * of(self, mask)  # type: ignore[operator]


def test_the_estimate_learns_from_what_was_judged() -> None:
    problem = town(1)
    estimates = Estimates(problem=problem, known=ground(problem), seed=1)
    before = estimates.of(1)
    rough = before - estimates.opening(1)
    estimates.learn(1, 1.5 * rough)
    assert estimates.of(1) == pytest.approx(estimates.opening(1) + 1.5 * rough)


def test_places_to_unload_are_chosen_with_the_rounds() -> None:
    problem = with_tips(town(3))
    result = solve(problem, budget=Budget(iterations=40))
    assert result.plan is not None
    assert result.price is not None
    assert not check(problem, result.plan)
    assert result.status is Status.FEASIBLE
    assert result.plan.open
    assert result.price.opening == sum(s.opening_cost for s in problem.sites if s.id in result.plan.open)


def test_too_little_room_leaves_stops_out_and_says_so() -> None:
    result = solve(town(1, sites=2, capacity=2.0), budget=FEW)
    assert result.status is Status.PARTIAL
    assert result.plan is not None
    assert len(result.plan.rounds.unserved) == 1


def test_a_full_site_whose_vehicles_make_several_trips_still_has_vehicles() -> None:
    """The quick plan is not sound, because it does not see what an unloading site takes in a day."""
    problem = with_tips(town(2, capacity=3.0))
    tips = tuple(
        replace(tip, caps=() if tip.id == "t0" else (load(2.0),)) for tip in problem.rounds.tip_sites
    )  # fmt: skip
    rounds = replace(problem.rounds, tip_sites=tips)
    sites = (Site(id="yard", opening_cost=1.0, depot="d0", capacity=load(5.0), mandatory=True), *problem.sites[1:])
    tight = CodesignProblem(rounds=rounds, sites=sites)
    result = solve(tight, budget=FEW, seed=1)
    assert result.plan is not None
    assert result.status is Status.FEASIBLE
    assert not check(tight, result.plan)


@pytest.mark.parametrize("limits", [{"at_most": 1}, {"budget": 31.5}])
def test_the_limits_on_sites_hold_for_the_best_and_for_hubs_first(limits: dict[str, float]) -> None:
    problem = replace(town(3, opening=30.0), **limits)  # type: ignore[arg-type]
    free = solve(town(3, opening=0.0), budget=FEW, seed=1)
    assert free.plan is not None
    assert len(free.plan.open) > 1
    decision = decide(problem, budget=FEW, seed=1, even=True)
    assert decision.first is not None
    for plan in (decision.best.plan, decision.first.plan, *(one.plan for one in decision.judged)):
        assert not check(problem, plan)
        assert len(plan.open) == 1
    least = min(
        solve(replace(town(3, opening=30.0), sites=tuple(
            replace(site, mandatory=site.id == name) for site in problem.sites
        ), at_most=1), budget=FEW, seed=1).price.net  # type: ignore[union-attr]
        for name in ("d0", "d1")
    )  # fmt: skip
    assert decision.best.price.net <= least + 1e-6
