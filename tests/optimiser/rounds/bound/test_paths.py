"""The compiled search against everything tried, and against itself as plain Python."""

import os
import subprocess
import sys
from itertools import permutations

import numpy as np
import pytest

from optimiser.rounds.bound.labels import Cuts, Net
from optimiser.rounds.bound.paths import completion, least, trips, varied

NONE = np.zeros((0, 0), dtype=np.int64)
LIMIT = -1e-7


def made(seed: int, *, stops: int = 4, ways: int = 1, near: int = 99, timed: bool = False, waste: bool = False):
    """Return a random matrix of reduced costs (two sources, two sinks, the last is home) and its net."""
    rng = np.random.default_rng(seed)
    stop_of = np.repeat(np.arange(stops), ways).astype(np.int32)
    n = len(stop_of)
    reduced = rng.integers(-30, 40, (n + 2, n + 2)).astype(float)
    reduced[:n, :n][stop_of[:, None] == stop_of[None, :]] = np.inf
    use = rng.integers(1, 4, stops)[stop_of].astype(np.int32)
    own = (np.uint64(1) << stop_of.astype(np.uint64)).reshape(-1, 1)
    kept = np.zeros(n, dtype=np.uint64)
    for row in range(n):
        for other in {int(stop_of[row]), *rng.permutation(stops)[:near].tolist()}:
            kept[row] |= np.uint64(1 << other)
    dirty = np.array(rng.random(stops) < 0.5)[stop_of] & waste
    bit = np.uint64(2**63)
    clock = {"duration": NONE, "opens": NONE, "closes": NONE, "depart": np.zeros(0, dtype=np.int64)}
    if timed:
        opens = rng.integers(0, 20, (n + 2, 2)).cumsum(axis=1)
        clock = {
            "duration": rng.integers(1, 9, (n + 2, n + 2)),
            "opens": opens,
            "closes": opens + rng.integers(0, 6, (n + 2, 2)),
            "depart": np.array([0, 3]),
        }
    return reduced, Net(
        stop_of=stop_of,
        use=use,
        cap=int(rng.integers(4, 9)),
        near=(kept | bit).reshape(-1, 1),
        own=own,
        marks=own | np.where(dirty, bit, np.uint64(0)).reshape(-1, 1),
        waste_bit=bit if waste else np.uint64(0),
        **clock,
    )


def no_cuts(rows: int) -> Cuts:
    return Cuts(np.zeros(0), np.zeros(0, np.uint64), np.zeros(rows, np.uint64), np.zeros(rows, np.uint64))


def some_cuts(rows: int, stop_of, *, memory: bool) -> Cuts:
    inside = np.where(stop_of < 3, np.uint64(1), np.uint64(0))
    kept = np.full(rows, 1, dtype=np.uint64) if memory else inside.copy()
    return Cuts(np.array([7.5]), np.array([1], dtype=np.uint64), inside, kept)


def cost_of(reduced, net: Net, cuts: Cuts, source: int, rows: tuple[int, ...], sink: int) -> float:
    """Return what a trip costs, infinity if it is none."""
    n = len(net.use)
    if sum(int(net.use[row]) for row in rows) > net.cap:
        return np.inf
    if sink == n + 1 and any(net.marks[row, 0] & net.waste_bit for row in rows):
        return np.inf
    now = net.depart[source] if len(net.depart) else 0
    here, total, state = n + source, 0.0, 0
    for there in (*rows, sink):
        total += reduced[here, there]
        if len(net.depart):
            begins = [
                max(now + net.duration[here, there], a)
                for a, b in zip(net.opens[there], net.closes[there], strict=True)
                if now + net.duration[here, there] <= b
            ]
            if not begins:
                return np.inf
            now = begins[0]
        if there < n:
            state &= int(cuts.memory[there])
            if int(cuts.inside[there]) and state:
                total += float(cuts.sigma[0])
            state ^= int(cuts.inside[there])
        here = there
    return float(total)


def tried(reduced, net: Net, cuts: Cuts) -> float:
    """Return the least cost of all trips that serve no stop twice."""
    n, best = len(net.use), np.inf
    for size in range(1, len(set(net.stop_of.tolist())) + 1):
        for rows in permutations(range(n), size):
            if len({int(net.stop_of[row]) for row in rows}) == size:
                best = min(
                    best,
                    *(cost_of(reduced, net, cuts, source, rows, n + sink) for source in range(2) for sink in range(2)),
                )
    return best


def searched(reduced, net: Net, cuts: Cuts, *, rough: bool = False, limit: float = LIMIT):
    rest = completion(reduced, net.stop_of, net.use, net.cap)
    n = len(net.use)
    after = np.broadcast_to(np.arange(n, dtype=np.int32), (n, n)).copy()
    return rest, trips(reduced, net, rest, cuts, after, rough, limit, 50_000, 10**9)


def first_trip(found, net: Net) -> tuple[int, tuple[int, ...], int]:
    label = int(found.cost.argmin())
    sink, rows = int(found.sink[label]), []
    while label >= 0:
        rows.append(int(found.row[label]))
        label = int(found.before[label])
    return -1 - label, tuple(rows[::-1]), len(net.use) + sink


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("options", [{}, {"ways": 2, "stops": 3}, {"timed": True}, {"waste": True}])
@pytest.mark.parametrize("memory", [None, False, True])
def test_with_everything_remembered_the_cheapest_trip_is_found(seed, options, memory):
    reduced, net = made(seed, **options)
    n = len(net.use)
    cuts = no_cuts(n) if memory is None else some_cuts(n, net.stop_of, memory=memory)
    best = tried(reduced, net, cuts)
    _, found = searched(reduced, net, cuts)
    assert found.complete
    assert min(found.cost.min(initial=0.0), 0.0) == pytest.approx(min(best, 0.0), abs=1e-6)
    if best < LIMIT:
        assert cost_of(reduced, net, cuts, *first_trip(found, net)) == pytest.approx(best)


@pytest.mark.parametrize("seed", range(12))
def test_forgetful_trips_are_never_dearer_and_completion_is_below_every_trip_without_return(seed):
    reduced, net = made(seed, near=1)
    cuts = no_cuts(len(net.use))
    rest, found = searched(reduced, net, cuts)
    best = tried(reduced, net, cuts)
    assert min(found.cost.min(initial=0.0), 0.0) <= min(best, 0.0) + 1e-9
    assert least(reduced, net.use, net.cap, rest.first) <= best + 1e-9


@pytest.mark.parametrize("seed", range(12))
def test_a_rough_search_finds_trips_that_cost_what_it_says(seed):
    reduced, net = made(seed, timed=seed % 2 == 0)
    cuts = no_cuts(len(net.use))
    _, found = searched(reduced, net, cuts, rough=True)
    if (found.sink >= 0).any():
        assert cost_of(reduced, net, cuts, *first_trip(found, net)) == pytest.approx(float(found.cost.min()))


def test_too_many_labels_are_told():
    reduced, net = made(3)
    rest = completion(reduced, net.stop_of, net.use, net.cap)
    after = np.broadcast_to(np.arange(4, dtype=np.int32), (4, 4)).copy()
    assert not trips(reduced, net, rest, no_cuts(4), after, False, LIMIT, 2, 10**9).complete
    assert not trips(reduced, net, rest, no_cuts(4), after, False, LIMIT, 50_000, 1).complete


def test_trips_that_are_added_differ_in_what_they_serve():
    reduced, net = made(5, stops=5)
    _, found = searched(reduced, net, no_cuts(5))
    order = np.flatnonzero(found.sink >= 0)
    order = order[np.argsort(found.cost[order])]
    one_each = varied(found, order, net.stop_of, 100, 1)
    assert len(varied(found, order, net.stop_of, 100, 99)) == len(order) > len(one_each) >= 1
    assert one_each[0] == order[0]


@pytest.mark.skipif(os.environ.get("NUMBA_DISABLE_JIT") == "1", reason="this is the plain run")
def test_as_plain_python_it_says_the_same():
    chosen = f"{__file__}::test_with_everything_remembered_the_cheapest_trip_is_found"
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "0",
            "-p",
            "no:cacheprovider",
            "-k",
            "options1 or options2",
            chosen,
        ],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-2000:]
