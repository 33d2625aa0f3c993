"""The search in parts: the same on any number of threads, within its time, and nothing is lost."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.engines import strings
from optimiser.rounds.plan import Plan
from optimiser.rounds.strings import epochs as running
from optimiser.rounds.strings import search as searching
from optimiser.rounds.strings.anneal import anneal
from optimiser.rounds.strings.desk import best_rounds, empty, load
from optimiser.rounds.strings.layout import ABSENT, BEST, NOW, Work
from optimiser.rounds.strings.scene import Stage
from optimiser.rounds.strings.search import Search
from tests.optimiser.rounds.strings.oracle import consistent
from tests.optimiser.rounds.strings.posed import CLASSES, Class, problem_of, staged
from tests.optimiser.rounds.strings.test_engine import plane

every_class = pytest.mark.parametrize("name", list(CLASSES))


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Divide even a dozen stops."""
    for name, clocked, value in (
        ("PART", "CLOCKED_PART", 4),
        ("LEAST_PART", "LEAST_CLOCKED_PART", 2),
        ("IN_PARTS_FROM", "CLOCKED_FROM", 0),
    ):
        monkeypatch.setattr(searching, name, value)
        monkeypatch.setattr(searching, clocked, value)
    monkeypatch.setattr(searching, "LEAST_ROUNDS", 1)
    monkeypatch.setattr(running, "ITERATIONS_PER_STOP", 3)


def run(stage: Stage, *, threads: int = 1, most: int | None = 400, seconds: float | None = None) -> tuple[Search, Work]:
    """Return a search that has ended, and its plan."""
    work = empty(stage, 1)
    search = Search(
        stage=stage, work=work, deadline=Deadline(seconds=seconds), most=most, on_better=lambda: None, seed=1,
        threads=threads,
    )  # fmt: skip
    search.run()
    return search, work


@pytest.mark.usefixtures("in_parts")
@every_class
def test_the_same_seed_gives_the_same_plan_on_one_thread_and_on_several(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 3))
    one, *others = (run(stage, threads=threads)[1] for threads in (1, 2, 3))
    for other in others:
        assert best_rounds(stage, one) == best_rounds(stage, other)
        assert one.purse[BEST] == other.purse[BEST]


@pytest.mark.usefixtures("in_parts")
@every_class
def test_the_best_plan_is_whole_and_costs_what_it_says(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 4))
    search, work = run(stage, threads=2)
    assert search.iterations == 400
    consistent(stage, work)
    again = empty(stage, 1)
    load(stage, again, best_rounds(stage, work))
    assert again.purse[NOW] == work.purse[BEST]
    assert again.purse[ABSENT] == work.purse[ABSENT]


@pytest.mark.usefixtures("in_parts")
@every_class
def test_it_is_never_worse_than_where_it_starts(name: str) -> None:
    stage = staged(problem_of(CLASSES[name], 5))
    first, _ = run(stage, most=0)[1], None
    assert run(stage, most=200)[1].purse[BEST] <= first.purse[BEST]


@pytest.mark.usefixtures("in_parts")
@every_class
def test_the_engine_keeps_every_rule_in_parts(name: str) -> None:
    problem = problem_of(CLASSES[name], 11)

    def answer(threads: int) -> Plan:
        budget = Budget(iterations=200, threads=threads)
        return strings.solve(problem, budget=budget, seed=2, initial=None, on_progress=lambda _: None).plan

    found = answer(2)
    assert check(problem, found) == ()
    served = {one for tour in found.rounds for one in tour.stops}
    assert served | {left.stop for left in found.unserved} == {one.id for one in problem.stops}
    assert found == answer(1)


@pytest.mark.usefixtures("in_parts")
@pytest.mark.parametrize("threads", [1, 2])
def test_the_deadline_holds_in_parts(threads: int) -> None:
    stage = staged(problem_of(Class(sites=2, timed=True, windows=True, paid=True, stops=40), 1))
    run(stage, most=20)
    began = time.monotonic()
    search, work = run(stage, threads=threads, most=None, seconds=1.0)
    assert search.iterations > 0
    assert search.deadline.passed
    assert time.monotonic() - began < 10.0  # of a search without end, not of a slow machine
    consistent(stage, work)


@pytest.mark.usefixtures("in_parts")
def test_a_deadline_that_has_passed_leaves_the_first_plan() -> None:
    stage = staged(problem_of(CLASSES["tips"], 1))
    search, work = run(stage, most=None, seconds=1e-9)
    assert search.iterations == 0
    assert len(best_rounds(stage, work)) > 0


@pytest.mark.usefixtures("in_parts")
def test_parts_are_searched_by_as_many_threads_as_may(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = staged(problem_of(CLASSES["plain"], 1))
    both = threading.Barrier(2, timeout=20.0)
    met: list[int] = []

    def meeting(*args: object) -> None:
        if len(met) < 2:
            met.append(threading.get_ident())
            both.wait()
        anneal(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(running, "anneal", meeting)
    run(stage, threads=2)
    assert len(set(met)) == 2


@pytest.mark.parametrize(
    ("stops", "threads", "most", "parts"),
    [
        (400, 2, None, 1),
        (1_999, 4, None, 1),
        (1_999, 2, 10, 1),
        (2_000, 1, None, 2),
        (2_000, 2, 10, 2),
        (2_000, 4, None, 4),
        (3_100, 4, None, 4),
        (3_100, 4, 9, 4),
    ],
)
def test_how_many_parts(stops: int, threads: int, most: int | None, parts: int) -> None:
    stage = staged(plane(stops))
    _, work = run(stage, most=0)
    search = Search(
        stage=stage, work=work, deadline=Deadline(), most=most, on_better=lambda: None, threads=threads
    )  # fmt: skip
    assert max(1, search.parts) == parts


def test_a_large_plane_gets_better_in_parts_and_serves_all() -> None:
    stage = staged(plane(2_000))
    _, first = run(stage, most=0)
    search, work = run(stage, most=20_000, threads=2)
    assert search.parts > 1
    assert work.purse[ABSENT] == 0
    assert work.purse[BEST] < 0.98 * first.purse[BEST]
    stops = [v for _, visits in best_rounds(stage, work) for v in visits]
    assert np.array_equal(np.sort(stops), np.arange(stage.scene.n))
