"""Where a part of a unit might go in: the estimates are what the exact timing finds, where they can be."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, candidate, more, new_draft
from optimiser.rounds.places import UNLIKELY, places
from optimiser.rounds.plan import Act
from optimiser.rounds.problem import Lock, RoundsProblem, Shift, Shipment, VehicleCosts
from optimiser.rounds.removal import take_out
from optimiser.rounds.repair import insert
from tests.notation import HOUR, TWELVE, plan, stop, town, vehicle


def windowed(seed: int) -> RoundsProblem:
    """Return stops with a window each, no sites and no breaks, and crews that are paid by the hour."""
    rng = Random(seed)
    names = [f"s{n}" for n in range(9)]
    spots = {"depot": (0.0, 0.0), **{name: (rng.uniform(0, 6), rng.uniform(0, 6)) for name in names}}
    opens = [rng.choice([6.0, 6.5, 7.0, 8.0]) for _ in names]
    stops = [stop(name, windows=[(a, a + rng.choice([0.75, 2.0]))]) for name, a in zip(names, opens, strict=True)]
    shift = Shift(start_s=6 * HOUR, end_s=11 * HOUR, max_duration_s=3 * HOUR)
    costs = VehicleCosts(per_km=1.0, per_hour=30.0)
    fleet = [vehicle(f"v{n}", kg=6.0, shift=shift, costs=costs, must_end_empty=False) for n in range(2)]
    return town(spots, stops=stops, sites=[], vehicles=fleet)


def filled(problem: RoundsProblem) -> Draft:
    draft = new_draft(problem)
    insert(draft, draft.left(), deadline=Deadline())
    return draft


@pytest.mark.parametrize("seed", range(8))
def test_a_likely_place_costs_what_was_estimated_and_an_unlikely_one_cannot_be(seed: int) -> None:
    draft = filled(windowed(seed))
    assert draft.entries
    likely = unlikely = 0
    for name in list(draft.holder):
        before = dict(draft.entries), dict(draft.holder)
        take_out(draft, [name])
        for place in places(draft, (name,)):
            if place.vehicle not in draft.entries:
                continue
            found = candidate(draft, place.vehicle, place.visits)
            if place.estimate < UNLIKELY / 2:
                assert found is not None
                assert more(draft, found) == pytest.approx(place.estimate, abs=1e-3)
                likely += 1
            else:
                assert found is None
                unlikely += 1
        draft.entries, draft.holder = before
    assert likely > 5


@pytest.mark.parametrize("seed", range(3))
def test_the_path_of_a_round_has_its_length_at_least(seed: int) -> None:
    draft = filled(windowed(seed))
    for name, entry in draft.entries.items():
        assert draft.path(name).lasts_ms == pytest.approx(1000 * (entry.tour.end_s - entry.tour.start_s), abs=2)


def test_the_room_on_the_way_is_known_by_trip() -> None:
    problem = town(TWELVE, stops=list("abc"), vehicles=[vehicle(kg=3.0)])
    draft = new_draft(problem, plan(problem, "v1: a b | c |").rounds)
    assert [visit.act for visit in draft.entries["v1"].tour.visits].count(Act.TIP) == 2
    assert draft.path("v1").room[:, 0].tolist() == pytest.approx([1, 1, 1, 2, 2, 3])


def test_a_shipment_takes_room_only_between_its_ends() -> None:
    problem = replace(
        town(
            TWELVE,
            stops=["d", "e", stop("f", kg=0), stop("a", kg=0)],
            sites=[],
            vehicles=[vehicle(must_end_empty=False)],
        ),
        shipments=(Shipment(id="x", pickup="d", delivery="e", loads={"kg": 2.0}),),
    )
    problem = replace(problem, stops=tuple(replace(one, loads={}) for one in problem.stops))
    draft = new_draft(problem, plan(problem, "v1: d e f").rounds)
    assert draft.path("v1").spare[:, 0].tolist() == pytest.approx([4, 2, 4, 4])


def test_goods_take_room_until_they_are_brought() -> None:
    stops = [stop("d", kg=0, deliveries={"kg": 1.0}), stop("e", kg=0, deliveries={"kg": 2.0}), stop("f", kg=1)]
    problem = town(TWELVE, stops=stops, sites=[], vehicles=[vehicle(must_end_empty=False)])
    draft = new_draft(problem, plan(problem, "v1: d e f").rounds)
    assert draft.path("v1").spare[:, 0].tolist() == pytest.approx([1, 2, 4, 3])


def test_no_place_is_named_that_would_break_a_lock() -> None:
    problem = replace(
        town(TWELVE, stops=list("abcd"), sites=[], vehicles=[vehicle(must_end_empty=False)]),
        locks=(Lock(vehicle="v1", stops=("a", "b", "c"), adjacent=True, first=True),),
    )
    draft = new_draft(problem, plan(problem, "v1: a b c").rounds)
    assert [place.visits for place in places(draft, ("d",))] == [("a", "b", "c", "d")]
