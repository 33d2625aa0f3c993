from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings

from faults import SolverError
from optimiser.hubs import solve as solving
from optimiser.hubs.check import check
from optimiser.hubs.price import price
from optimiser.hubs.problem import Aim, Candidate, DemandPoint, HubProblem
from optimiser.hubs.siting.plan import Opened
from optimiser.hubs.solve import solve
from optimiser.result import Budget, Status
from tests.optimiser.hubs.whiteboard import best_objective, problem, problems

NODES = Budget(iterations=1_000)


def solved(town, **options):
    return solve(town, budget=NODES, **options)


def keeps_the_contract(town, result):
    assert check(town, result.plan) == ()
    assert price(town, result.plan) == result.price
    assert result.engine
    if result.bound is not None:
        sign = -1 if town.aim is Aim.COVERAGE else 1
        assert sign * (result.price.objective - result.bound.value) >= -1e-5 * max(1, abs(result.bound.value))


@settings(max_examples=40, deadline=None)
@given(problems(capacities=False))
def test_without_capacities_it_finds_what_trying_everything_finds(town):
    best = best_objective(town)
    assume(best is not None)
    result = solved(town)
    keeps_the_contract(town, result)
    assert result.status is Status.OPTIMAL
    assert result.price.objective == pytest.approx(best, rel=1e-6, abs=1e-6)


@settings(max_examples=40, deadline=None)
@given(problems(capacities=True))
def test_with_capacities_it_finds_what_trying_everything_finds(town):
    best = best_objective(town)
    assume(best is not None)
    result = solved(town)
    keeps_the_contract(town, result)
    assert result.status is Status.OPTIMAL
    assert result.price.objective == pytest.approx(best, rel=1e-5, abs=1e-5)


@settings(max_examples=20, deadline=None)
@given(problems(capacities=True))
def test_the_same_seed_makes_the_same_plan(town):
    assert solved(town, seed=3).plan == solved(town, seed=3).plan


def test_a_tie_goes_to_the_candidate_listed_first():
    town = problem([[200.0, 200.0, 200.0], [300.0, 300.0, 300.0]], at_most=1)
    for seed in (1, 2, 3):
        assert solved(town, seed=seed).plan.open == ("H1",)


def test_the_problem_is_not_changed():
    town = problem([[100.0, 300.0], [450.0, 250.0]], hubs=[{"capacity_kg_per_day": 5.0}, {}])
    before = town.distance_m.copy()
    solved(town)
    assert np.array_equal(town.distance_m, before)
    assert not town.distance_m.flags.writeable


@pytest.mark.parametrize("aim", list(Aim))
@pytest.mark.parametrize("shape", [(0, 0), (0, 2), (2, 0)])
def test_nobody_or_nowhere(aim, shape):
    town = problem(np.full(shape, 100.0), aim=aim.value, unserved_cost_per_tonne=100.0)
    result = solved(town)
    keeps_the_contract(town, result)
    assert result.status is Status.OPTIMAL
    assert result.plan.open == ()
    assert {left.reason for left in result.plan.left_out} <= {"out-of-reach"}


def test_people_without_waste_and_waste_without_people_are_still_sent_somewhere():
    town = problem([[100.0], [200.0], [300.0]], people=[5.0, 0.0, 0.0], kg=[0.0, 7.0, 0.0])
    result = solved(town)
    assert {a.demand for a in result.plan.assignments} == {"a", "b", "c"}


def test_no_iterations_still_give_a_plan():
    town = problem([[100.0, 300.0], [300.0, 100.0]], hubs=[{"capacity_kg_per_day": 5.0}, {}], at_most=1)
    result = solve(town, budget=Budget(iterations=0))
    keeps_the_contract(town, result)
    assert result.plan.assignments


def test_people_without_waste_go_to_a_hub_without_room_but_not_to_a_closed_one():
    hubs = [{"capacity_kg_per_day": 0.0}, {"capacity_kg_per_day": 0.0}]
    town = problem([[100.0, 600.0], [200.0, 300.0]], people=[5.0, 5.0], kg=[0.0, 3.0], hubs=hubs, at_most=1)
    result = solved(town)
    assert [(a.demand, a.hub) for a in result.plan.assignments] == [("a", "H1")]


def test_a_hub_nobody_uses_is_not_opened():
    town = problem([[100.0, 200.0]])
    assert solved(town).plan.open == ("H1",)


def test_a_hub_that_may_not_close_stays_open_and_counts():
    hubs = [{"existing": True, "may_close": False}, {}]
    town = problem([[400.0, 100.0]], hubs=hubs, at_most=1)
    assert solved(town).plan.open == ("H1",)


def test_hubs_that_may_not_close_and_break_a_limit_are_infeasible_not_an_error():
    stays = {"existing": True, "may_close": False, "fixed_cost_per_day": 4.0}
    town = problem([[100.0, 200.0, 50.0]], hubs=[stays, stays, {}], at_most=1)
    result = solved(town)
    assert result.status is Status.INFEASIBLE
    assert result.plan.open == ("H1", "H2")
    assert [violation.code for violation in check(town, result.plan)] == ["too-many-hubs"]
    assert "2 hubs exist" in result.notes[0]
    dear = solved(replace(town, at_most=None, budget_per_day=7.0))
    assert dear.status is Status.INFEASIBLE
    assert "cost 8 a day" in dear.notes[0]


def test_reasons_say_why_somebody_has_no_hub():
    town = problem(
        [[100.0, 900.0], [200.0, 900.0], [900.0, 100.0], [900.0, 900.0]],
        people=[10.0, 10.0, 1.0, 10.0],
        hubs=[{"capacity_kg_per_day": 15.0}, {}],
        at_most=1,
    )
    left = {part.demand: (part.reason, pytest.approx(part.share)) for part in solved(town).plan.left_out}
    assert left == {"b": ("full", 0.5), "c": ("not-chosen", 1.0), "d": ("out-of-reach", 1.0)}


def test_coverage_with_capacities_sends_people_the_short_way():
    hubs = [{"capacity_kg_per_day": 10.0}, {"capacity_kg_per_day": 10.0}]
    town = problem([[400.0, 10.0], [10.0, 400.0]], hubs=hubs, aim="coverage")
    result = solved(town)
    assert result.price.objective == pytest.approx(20)
    assert {(a.demand, a.hub) for a in result.plan.assignments} == {("a", "H2"), ("b", "H1")}


def test_cost_without_a_cost_of_leaving_opens_nothing_and_says_so():
    result = solved(problem([[100.0]], aim="cost", hubs=[{"fixed_cost_per_day": 1.0}]))
    assert result.plan.open == ()
    assert "unserved_cost_per_tonne" in result.notes[0]


def town_of(n, m, *, capacity=None):
    rng = np.random.default_rng(7)
    homes, sites = rng.uniform(0, 2000, (n, 2)), rng.uniform(0, 2000, (m, 2))
    distance = np.abs(homes[:, None, :] - sites[None, :, :]).sum(axis=2)
    people = np.ceil(rng.lognormal(1.2, 1.0, n)).tolist()
    return problem(distance, people=people, hubs=[{"capacity_kg_per_day": capacity}] * m, at_most=m // 4)


def test_a_short_budget_still_gives_a_plan_that_keeps_every_rule():
    town = town_of(200, 24, capacity=150.0)
    result = solve(town, budget=Budget(seconds=0.05))
    keeps_the_contract(town, result)
    assert result.price.people_served > 0


@pytest.mark.parametrize("limit", [{}, {"budget_per_day": 3.0}])
def test_an_engine_without_a_plan_or_with_a_poor_one_leaves_the_greedy_plan(monkeypatch, limit):
    def without(_core, result):
        return replace(result, plan=None, price=None, bound=None)

    town = problem([[100.0, 300.0], [300.0, 100.0]], hubs=[{"fixed_cost_per_day": 1.0}] * 2, **limit)
    lying(monkeypatch, without)
    result = solved(town)
    keeps_the_contract(town, result)
    assert result.plan.open == ("H1", "H2")
    assert result.status is Status.FEASIBLE


def test_progress_is_told_with_cost_bound_and_checked_plans():
    town = town_of(120, 16, capacity=100.0)
    news = []
    result = solve(town, budget=NODES, on_progress=news.append)
    assert news[0].stage == "greedy"
    assert news[-1].plan == result.plan
    assert news[-1].cost == result.price.objective
    assert any(one.bound is not None for one in news)
    assert [one.runtime_s for one in news] == sorted(one.runtime_s for one in news)
    for one in news:
        assert one.plan is None or check(town, one.plan) == ()


def lying(monkeypatch, change):
    """Let siting's answer be changed on its way."""
    honest = solving.siting.solve
    monkeypatch.setattr(solving.siting, "solve", lambda core, **o: change(core, honest(core, **o)))


def test_an_engine_that_opens_too_much_is_a_defect(monkeypatch):
    def generous(core, result):
        opened = tuple(Opened(site=candidate.id) for candidate in core.candidates)
        return replace(result, plan=replace(result.plan, opened=opened))

    lying(monkeypatch, generous)
    with pytest.raises(SolverError, match="hub-plan-broken"):
        solved(problem([[100.0, 300.0], [300.0, 100.0]], at_most=1))


@pytest.mark.parametrize(
    "change",
    [
        lambda result: replace(result, price=replace(result.price, objective=0.0)),
        lambda result: replace(result, bound=replace(result.bound, value=1e9)),
    ],
)
def test_an_engine_that_claims_what_its_plan_is_not_worth_is_a_defect(monkeypatch, change):
    lying(monkeypatch, lambda _core, result: change(result))
    with pytest.raises(SolverError, match="hub-claim-wrong"):
        solved(problem([[100.0, 300.0], [300.0, 100.0]], at_most=1))


@pytest.mark.parametrize("aim", list(Aim))
@pytest.mark.parametrize("capacity", [None, 5.0])
def test_it_says_which_engine_of_siting_chose(aim, capacity):
    hubs = [{"capacity_kg_per_day": capacity}, {"capacity_kg_per_day": capacity}]
    town = problem([[100.0, 300.0], [300.0, 100.0]], hubs=hubs, aim=aim.value, unserved_cost_per_tonne=100.0)
    result = solved(town)
    assert result.engine == ("lagrange" if capacity is None else "capacitated")
    assert any("our own engine" in note for note in result.notes)


def test_a_budget_is_kept_whatever_the_aim():
    hubs = [{"fixed_cost_per_day": 6.0, "capacity_kg_per_day": 15.0}, {"fixed_cost_per_day": 5.0}]
    for aim in Aim:
        town = problem([[100.0, 300.0], [300.0, 100.0]], hubs=hubs, aim=aim.value, budget_per_day=6.0)
        result = solved(replace(town, unserved_cost_per_tonne=10_000.0))
        assert result.status is Status.OPTIMAL
        assert result.engine == "highs"
        assert result.plan.open == ("H2",)


def pmedian(path):
    """Read an OR-Library p-median graph; where an edge is repeated the last cost counts."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    size, *edges = [tuple(map(int, line.split())) for line in path.read_text().splitlines() if line.strip()]
    costs = {(min(i, j), max(i, j)): float(cost) for i, j, cost in edges}
    i, j = np.array(list(costs)).T - 1
    graph = csr_array((list(costs.values()), (i, j)), shape=(size[0], size[0]))
    return shortest_path(graph, directed=False), size[2]


def everywhere(distance, people, **limits):
    """Everybody lives where a hub could stand."""
    return HubProblem(
        demand=tuple(DemandPoint(id=f"d{k}", people=n, kg_per_day=n) for k, n in enumerate(people.tolist())),
        candidates=tuple(Candidate(id=f"h{k}") for k in range(len(people))),
        distance_m=distance,
        **limits,
    )


@pytest.mark.parametrize(("name", "optimum"), [("pmed1", 5819), ("pmed5", 1355)])
def test_published_medians(data_dir, name, optimum):
    distance, p = pmedian(data_dir / f"benchmarks/pmedian/{name}.txt")
    town = everywhere(distance, np.ones(len(distance)), reach_m=float(distance.max()), aim=Aim.WALKING, at_most=p)
    result = solved(town)
    assert result.status is Status.OPTIMAL
    assert result.price.objective == pytest.approx(optimum)
    assert result.bound.value == pytest.approx(optimum)


def test_published_coverage(data_dir):
    lines = (data_dir / "benchmarks/covering/SJC324.txt").read_text().splitlines()[1:]
    rows = np.array([line.split() for line in lines if line.strip()], dtype=np.float64)
    distance = np.hypot(*(rows[:, None, :2] - rows[None, :, :2]).transpose(2, 0, 1))
    result = solved(everywhere(distance, rows[:, 2], reach_m=800.0, aim=Aim.COVERAGE, at_most=3))
    assert result.status is Status.OPTIMAL
    assert result.price.objective == 11604
