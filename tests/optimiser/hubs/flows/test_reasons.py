"""Why something is left, and a change that helps: each case as a planner would meet it."""

from dataclasses import replace
from math import inf

import numpy as np
import pytest

from optimiser.hubs.flows.materials import Stream
from optimiser.hubs.flows.plan import FlowPlan, LeftOut
from optimiser.hubs.flows.reasons import Why, orphans, why_closed, why_left
from optimiser.hubs.flows.solve import solve
from optimiser.result import Budget, Status
from tests.optimiser.hubs.flows.whiteboard import CART, TRUCK, links, town

NODES = Budget(iterations=1000)


def reasons(problem):
    result = solve(problem, budget=NODES)
    return {(each.source, each.why): each for each in why_left(problem, result.plan, seconds=60.0)}


def promised(problem, share=1.0):
    sources = tuple(replace(s, arisings=(replace(s.arisings[0], least_share=share),)) for s in problem.sources)
    return replace(problem, sources=sources)


def without_dump(problem, *gone):
    dump = problem.outlets[1]
    offers = tuple(offer for offer in dump.offers if offer.stream not in gone)
    return replace(problem, outlets=(problem.outlets[0], replace(dump, offers=offers)))


def test_capacity_short_by_a_kilogram_is_said_with_the_change_that_helps():
    """Only the large hub takes the dry waste, it is 1 kg too small, and all is promised."""
    problem = without_dump(town(), "dry")
    hub = problem.sites[0]
    sizes = (hub.sizes[0], replace(hub.sizes[1], capacity_kg=1499.0))
    problem = promised(replace(problem, sites=(replace(hub, sizes=sizes),)))
    result = solve(problem, budget=NODES)
    assert result.status is Status.INFEASIBLE
    assert "as little as possible" in result.notes[-1]
    assert [left.kg for left in result.plan.left_out] == pytest.approx([1.0])
    (why,) = why_left(promised(problem, 0.0), result.plan, seconds=60.0)
    assert why.why is Why.FULL
    assert why.remedy.change.kind == "capacity"
    assert why.remedy.change.amount == pytest.approx(1.0)


def test_a_stream_that_nobody_takes():
    problem = town(sites=(replace(town().sites[0], may_open=False),))
    problem = without_dump(problem, "dry")
    (a, b) = reasons(problem).values()
    assert {a.why, b.why} == {Why.NOBODY_TAKES}
    assert a.remedy.change.kind == "outlet"
    assert "dry" in orphans(problem)


def test_an_island():
    """Street b has no way anywhere."""
    problem = town()
    keep = problem.links.tail != 1
    islands = replace(
        problem.links, **{name: getattr(problem.links, name)[keep]
                          for name in ("tail", "head", "vehicle", "distance_m", "duration_s")}
    )  # fmt: skip
    assert list(reasons(replace(problem, links=islands))) == [("b", Why.NO_WAY)]


def test_residue_with_nowhere_to_go_is_no_end():
    problem = without_dump(town(), "dry", "residue")
    assert {why for _, why in reasons(problem)} == {Why.NO_END}


def test_too_far_with_the_reach_that_is_needed():
    problem = without_dump(town(vehicles=(replace(CART, reach_m=1500.0), TRUCK)), "dry")
    found = reasons(problem)
    assert list(found) == [("b", Why.TOO_FAR)]
    remedy = found["b", Why.TOO_FAR].remedy
    assert remedy.change.amount == 2000.0
    assert remedy.costs == pytest.approx(43.26 - 158.84)


def test_too_old_with_the_hours_that_are_needed():
    streams = (replace(town().streams[0], storage_h=0.75), *town().streams[1:])
    found = reasons(without_dump(town(streams=streams), "dry"))
    assert found["b", Why.TOO_OLD].remedy.change.amount == pytest.approx(1.0)


def test_not_worth_it_with_what_it_would_cost():
    """With leaving at 0.01 nothing opens; taking all of street a in the small hub costs 60 - 51.16 - 10 more."""
    cheap = tuple(replace(s, arisings=(replace(s.arisings[0], unserved_cost_per_kg=0.01),)) for s in town().sources)
    small = replace(town().sites[0], sizes=(replace(town().sites[0].sizes[0], fixed_cost=80.0),))
    found = reasons(town(sources=cheap, sites=(small,)))
    assert {why for _, why in found} == {Why.NOT_WORTH_IT}
    assert found["a", Why.NOT_WORTH_IT].remedy.costs == pytest.approx(80.0 - 51.16 - 10.0)


def test_why_a_site_is_closed():
    """The hub for 600: open it and it costs 600 - 51.16 - 5.58 instead of 450."""
    sizes = tuple(replace(size, fixed_cost=600.0) for size in town().sites[0].sizes)
    problem = town(sites=(replace(town().sites[0], sizes=sizes),))
    (closed,) = why_closed(problem, solve(problem, budget=NODES).plan, seconds=60.0)
    assert closed.costs == pytest.approx(600.0 - 51.16 - 5.58 - 450.0)
    forbidden = town(sites=(replace(town().sites[0], may_open=False),))
    (closed,) = why_closed(forbidden, solve(forbidden, budget=NODES).plan, seconds=60.0)
    assert closed.costs == inf


def test_without_time_reasons_come_without_changes():
    plan = FlowPlan(
        left_out=(LeftOut(source="a", stream="dry", kg=1000.0), LeftOut(source="b", stream="dry", kg=500.0))
    )
    found = why_left(town(), plan, seconds=1e-9)
    assert [(each.why, each.remedy) for each in found] == [(Why.NOT_WORTH_IT, None)] * 2


def test_orphans_are_streams_that_are_made_and_not_taken():
    assert orphans(town()) == ()
    assert orphans(without_dump(town(), "residue")) == ("residue",)
    extra = town(streams=(*town().streams, Stream(id="tyres")))
    assert orphans(extra) == ()
    assert np.all(links(("a", "b", "hub", "mill", "dump"), ("cart", "truck"), ["a>hub cart 1 1"]).tail == 0)
