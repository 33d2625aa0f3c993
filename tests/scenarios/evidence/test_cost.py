import numpy as np
import pytest

from optimiser.hubs.problem import Aim, Candidate, DemandPoint, HubProblem
from optimiser.hubs.solve import solve
from optimiser.result import Budget
from scenarios.evidence.cost import figures
from scenarios.outcome import HubOutcome
from tests.scenarios.evidence.on_paper import by_id, case, day, scenario, values


def test_every_part_of_the_cost_on_paper():
    found = values(figures(case()))
    assert found["cost-vehicles"] == pytest.approx(50.0)
    assert found["cost-wages"] == pytest.approx(360.0 * 29 / 60)
    assert found["cost-distance"] == pytest.approx(2.0 * 8)
    assert found["cost-gate-fees"] == pytest.approx(0.1 * 180)
    parts = sum(found[f"cost-{part}"] for part in ("vehicles", "wages", "distance", "gate-fees"))
    assert found["cost"] == pytest.approx(parts)
    assert found["cost-per-tonne"] == pytest.approx(parts / 0.18)
    assert {figure.unit for figure in figures(case())} == {"KES", "KES/t"}


def test_without_a_plan_there_is_no_cost_per_tonne():
    assert "cost-per-tonne" not in values(figures(case(days=(day(""),))))


def test_invented_prices_carry_the_word():
    found = figures(case(scenario=scenario(illustration=("prices",))))
    assert {figure.note for figure in found} == {"illustration"}
    assert {figure.note for figure in figures(case())} == {""}


def test_hubs_cost_their_fixed_and_handling_cost_over_the_period():
    problem = HubProblem(
        demand=(DemandPoint(id="d", people=1, kg_per_day=500),),
        candidates=(Candidate(id="H", fixed_cost_per_day=30, cost_per_tonne=20),),
        distance_m=np.array([[10.0]]),
        reach_m=100,
        aim=Aim.WALKING,
    )
    hubs = HubOutcome(problem=problem, result=solve(problem, budget=Budget(iterations=10)))
    assert by_id(figures(case(hubs=hubs)))["cost-hubs"].value == pytest.approx(40)
    week = case(hubs=hubs, scenario=scenario(days=("mon",)), balance=case().balance)
    assert by_id(figures(week))["cost-hubs"].value == pytest.approx(280)
