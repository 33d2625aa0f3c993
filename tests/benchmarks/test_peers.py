"""Models written by hand: what they can state, and that they state it rightly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks import vroom as vrooms
from benchmarks.instances import reload_instance
from benchmarks.peers import bare_pyvrp
from benchmarks.plain import against, ground
from benchmarks.sets.instance import Instance
from benchmarks.sets.registry import read_instance
from benchmarks.sets.run import broken
from benchmarks.vroom import stated, unsuitable, vroom
from optimiser.rounds.problem import Mode, RoundsProblem, Window
from tests.benchmarks.sets import small


def read(folder: Path, text: str) -> Instance:
    file = folder / "tiny"
    file.write_text(text, encoding="utf-8")
    return read_instance(file)


@pytest.mark.parametrize(("text", "best"), [(small.CVRP, 17.0), (small.SOLOMON, 10.0)])
def test_without_sites_the_optimum_is_found_and_its_cost_is_told(text: str, best: float, tmp_path: Path) -> None:
    part = read(tmp_path, text).parts[0]
    assert against(part.problem) == ()
    told: list[tuple[float, int]] = []
    plan = bare_pyvrp(part.problem, seconds=0.3, seed=1, on_cost=lambda net, rounds: told.append((net, rounds)))
    assert broken(part.problem, plan) == []
    assert part.cost(plan) == pytest.approx(best)
    assert all(part.unit * net >= best - 1e-9 for net, _ in told)


def test_the_greatest_penalty_changes_the_search_and_not_the_problem() -> None:
    problem = reload_instance(40, vehicles=2)
    told: list[tuple[float, int]] = []
    plan = bare_pyvrp(problem, seconds=0.5, seed=1, max_penalty=1000.0, on_cost=lambda *news: told.append(news))
    assert broken(problem, plan) == []
    assert told == sorted(told, reverse=True)


def test_units_are_the_largest_that_lose_nothing(tmp_path: Path) -> None:
    made_up = ground(reload_instance(20))
    assert (made_up.unit_m, made_up.unit_s) == (1.0, 1.0)
    plane = ground(read(tmp_path, small.CVRP).parts[0].problem)
    assert plane.metres[0].tolist() == [0, 5, 1, 6]
    assert plane.seconds.sum() == 0


def changed(problem: RoundsProblem, **stop: object) -> RoundsProblem:
    first, *others = problem.stops
    return replace(problem, stops=(replace(first, **stop), *others))


def test_what_a_model_by_hand_cannot_state_speaks_against_it(tmp_path: Path) -> None:
    problem = reload_instance(5, vehicles=2)
    point = problem.stops[0].modes[0]
    two = (Window(open_s=0.0, close_s=1.0), Window(open_s=2.0, close_s=3.0))
    for what in (
        {"prize": 3.0}, {"release_s": 5.0}, {"windows": two}, {"modes": (point, point)}, {"deliveries": {"kg": 1.0}},
        {"modes": (Mode(arrive=point.arrive, leave="garage", service_s=1.0),)},
    ):  # fmt: skip
        assert "a stop has more than one place" in against(changed(problem, **what))[0]
    one, other = problem.vehicles
    for fleet in ((one, replace(other, shift=replace(other.shift, end_s=50_000.0))), (replace(one, max_stops=3),)):
        assert "vehicles differ" in against(replace(problem, vehicles=fleet))[0]
    site = replace(problem.tip_sites[0], windows=two)
    assert "an unloading site" in against(replace(problem, tip_sites=(site,)))[0]
    assert "depend on each other" in against(replace(problem, apart=(frozenset({"s0", "s1"}),)))[0]
    assert against(replace(problem, stops=())) == ("there is nothing to plan",)
    assert against(problem) == ()


def test_vroom_is_told_what_the_problem_says(tmp_path: Path) -> None:
    problem = read(tmp_path, small.SOLOMON).parts[0].problem
    told = stated(problem, ground(problem))
    assert [job["id"] for job in told["jobs"]] == list(range(len(problem.stops)))
    assert len(told["matrices"]["truck"]["costs"]) == 1 + len(problem.stops)
    assert all("time_windows" in job for job in told["jobs"])
    free = read(tmp_path, small.CVRP).parts[0].problem
    assert all("time_windows" not in job for job in stated(free, ground(free))["jobs"])


def test_vroom_is_not_asked_in_vain(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(vrooms, "INSTALLED", tmp_path / "nowhere")
    monkeypatch.setenv("PATH", str(tmp_path))
    problem = reload_instance(5)
    assert unsuitable(problem) == (
        "it is not installed (make test-interop installs it)",
        "it knows no unloading sites",
        "it is not told how long a shift may last",
    )


@pytest.mark.skipif(vrooms.program() is None, reason="VROOM is not installed")
@pytest.mark.parametrize(("text", "best"), [(small.CVRP, 17.0), (small.SOLOMON, 10.0)])
def test_vroom_finds_the_optimum(text: str, best: float, tmp_path: Path) -> None:
    part = read(tmp_path, text).parts[0]
    assert unsuitable(part.problem) == ()
    plan = vroom(part.problem, seconds=1.0)
    assert broken(part.problem, plan) == []
    assert part.cost(plan) == pytest.approx(best)
