"""Where a stop costs least is where trying every position of every round finds it."""

from __future__ import annotations

import pytest

from optimiser.rounds.problem import Stop
from optimiser.rounds.strings.desk import best_rounds, empty, load
from optimiser.rounds.strings.layout import AFTER, AT_ROUND, COST, MORE, NEXT, Work
from optimiser.rounds.strings.scene import Stage
from tests.optimiser.rounds.strings.asked import SEAT, asked
from tests.optimiser.rounds.strings.oracle import Judge, rings
from tests.optimiser.rounds.strings.posed import CLASSES, problem_of, searched, staged

EXACT = [
    "plain",
    "plain, limits of the day",
    "plain, unlike vehicles",
    "plain, optional",
    "plain, restricted",
    "modes",
    "modes, unlike vehicles",
]
TIMED = ["windows", "wages", "overtime", "releases"]
DICE = range(1, 13)  # now and then a position is not looked at: the best of several looks is asked for


def without(name: str, seed: int, c: int) -> tuple[Stage, Work]:
    """Return a good plan without stop ``c``."""
    stage = staged(problem_of(CLASSES[name], seed))
    rounds = best_rounds(stage, searched(stage, seed=seed, iterations=60))
    work = empty(stage, seed)
    load(stage, work, [(vehicle, [v for v in nodes if v != c]) for vehicle, nodes in rounds if nodes != [c]])
    return stage, work


def cost_of(judge: Judge, k: int, nodes: list[int]) -> int | None:
    """Return the ticks of a round, ``None`` if it breaks a rule."""
    items: list[Stop] = [judge.stage.known.problem.stops[v] for v in nodes]
    if not items:
        return 0
    if list(judge.broken(k, items)):
        return None
    return next(iter(judge.every_way(judge.vehicle(k), items)), None)


def tried(stage: Stage, work: Work, c: int) -> int:
    """Return the least extra ticks of a stop over all positions, its prize if leaving it out costs less."""
    judge = Judge(stage=stage)
    best = int(stage.scene.prize[c])
    for k, nodes in enumerate(rings(stage, work.link[:, NEXT])):
        now = cost_of(judge, k, nodes)
        assert now is not None
        for at in range(len(nodes) + 1):
            new = cost_of(judge, k, [*nodes[:at], c, *nodes[at:]])
            if new is not None:
                best = min(best, new - now)
    return best


def found(stage: Stage, work: Work, c: int) -> list[int]:
    """Return the ticks of the best seat of several looks with all neighbours."""
    looks = []
    for dice in DICE:
        work.dice[0] = dice * 0x9E3779B9
        work.seat[MORE] = stage.scene.prize[c]
        looks.append(asked(stage, work, SEAT, 0, stage.scene.near.shape[1], c))
    return looks


@pytest.mark.parametrize("name", EXACT)
@pytest.mark.parametrize("c", range(0, 12, 2))
def test_the_best_seat_is_the_best_of_all_positions(name: str, c: int) -> None:
    stage, work = without(name, 1 + c, c)
    assert min(found(stage, work, c)) == tried(stage, work, c)


@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize("c", range(0, 12, 2))
def test_with_a_clock_it_is_too(name: str, c: int) -> None:
    stage, work = without(name, 1 + c, c)
    assert min(found(stage, work, c)) == pytest.approx(tried(stage, work, c), abs=30)


def test_no_seat_is_below_what_leaving_out_costs() -> None:
    stage, work = without("plain, optional", 3, 4)
    work.seat[MORE] = 0
    assert asked(stage, work, SEAT, 0, 11, 4) == 0
    assert work.seat[AT_ROUND] == -1


def test_with_no_neighbours_only_an_idle_vehicle_is_left() -> None:
    stage, work = without("modes", 2, 4)
    work.seat[MORE] = stage.scene.prize[4]
    busy = {k for k, nodes in enumerate(rings(stage, work.link[:, NEXT])) if nodes}
    assert len(busy) < len(stage.vehicles)
    asked(stage, work, SEAT, 0, 0, 4)
    assert work.seat[AT_ROUND] not in busy
    assert work.seat[AFTER] == stage.scene.heads + work.seat[AT_ROUND]
    assert work.tour[work.seat[AT_ROUND], COST] == 0
