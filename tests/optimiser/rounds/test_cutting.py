"""A tour cut into rounds, against all ways to cut it."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest

from optimiser.rounds.cutting import NEVER, Tour, cut


def drawn(seed: int, stops: int = 7) -> Tour:
    rng = np.random.default_rng(seed)

    def ms() -> np.ndarray:
        return rng.integers(1, 20, stops)

    bare_ms, service, depart, arrive = ms(), ms(), ms(), ms()
    bare_ms[0] = 0
    between = bare_ms + ms()  # over a site is further
    return Tour(
        leg=(bare_ms + service) * 2.0,
        leg_ms=bare_ms + service,
        bare=bare_ms * 2.0,
        bare_ms=bare_ms,
        between=(between + service) * 2.0,
        between_ms=between + service,
        depart=depart * 2.0,
        depart_ms=depart,
        arrive=arrive * 2.0,
        arrive_ms=arrive,
        load=rng.integers(1, 6, stops).astype(float),
        limit=8.0,
        most_ms=int(rng.integers(50, 160)),
        fixed=float(rng.integers(0, 60)),
    )


def cost(tour: Tour, starts: list[int]) -> float:
    """Return what rounds that begin there cost, each with no unloading on its way or one."""
    total = 0.0
    for i, j in pairwise([*starts, len(tour.leg)]):
        service, service_ms = tour.leg[i] - tour.bare[i], tour.leg_ms[i] - tour.bare_ms[i]
        money = tour.fixed + tour.depart[i] + service + tour.leg[i + 1 : j].sum() + tour.arrive[j - 1]
        ms = tour.depart_ms[i] + service_ms + tour.leg_ms[i + 1 : j].sum() + tour.arrive_ms[j - 1]
        ways = [
            money + more
            for more, more_ms, halves in [
                (0.0, 0, (tour.load[i:j],)),
                *(
                    (
                        tour.between[m] - tour.leg[m],
                        tour.between_ms[m] - tour.leg_ms[m],
                        (tour.load[i:m], tour.load[m:j]),
                    )
                    for m in range(i + 1, j)
                ),
            ]
            if ms + more_ms <= tour.most_ms and all(half.sum() <= tour.limit for half in halves)
        ]
        total += min(ways, default=NEVER)
    return total


@pytest.mark.parametrize("seed", range(30))
def test_no_other_cut_is_cheaper(seed: int) -> None:
    tour = drawn(seed)
    ways = [
        [0, *(k for k, begins in enumerate(chosen, 1) if begins)]
        for chosen in product((False, True), repeat=len(tour.leg) - 1)
    ]
    best = min(cost(tour, way) for way in ways)
    found = cut(tour)
    if best >= NEVER:
        assert found == []
    else:
        assert found[0] == 0
        assert cost(tour, found) == pytest.approx(best)


def test_a_surcharge_makes_fewer_rounds() -> None:
    fewer = [(len(cut(drawn(seed))), len(cut(drawn(seed), surcharge=1e6))) for seed in range(30)]
    assert all(few <= many for many, few in fewer)
    assert any(few < many for many, few in fewer)
