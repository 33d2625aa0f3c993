"""A small town worked out on paper.

Two streets have 1,000 and 500 kg of dry waste: 60 % paper, 40 % film. A cart carries 100 kg. From street a to the hub
it goes 1 km in half an hour, there and back 2 km at 1 and 1 h at 2: 4 for 100 kg, 0.04 a kilogram. From street b twice
that, 0.08. Straight to the dump it is 20 km and 10 h: 0.40.

The hub sorts for 0.05: 0.6 * 0.9 + 0.4 * 0.5 = 0.74 of each kilogram is bales, 0.26 residue. The truck carries 1,000
kg: to the mill 40 km at 4 and 2 h at 6 is 172, 0.172 a kilogram; to the dump 86, 0.086 a kilogram. The mill pays 0.40,
the dump charges 0.02. So a sorted kilogram costs 0.05 + 0.74 * (0.172 - 0.40) + 0.26 * (0.086 + 0.02) = -0.09116.

Leaving a kilogram costs 0.30. With the small hub (60, 1,000 kg) street a is served and street b left:

    60 + 1000 * (0.04 - 0.09116) + 500 * 0.30 = 60 - 51.16 + 150 = 158.84

With the large hub (100, 2,000 kg) both are served:  100 - 51.16 + 500 * (0.08 - 0.09116) = 43.26, which is best.
Without a hub everything is left for 450, which is cheaper than the dump at 0.40 + 0.02.
"""

from dataclasses import replace

import pytest

from optimiser.hubs.flows.check import check
from optimiser.hubs.flows.engines import arrays, pulp_face, search
from optimiser.hubs.flows.price import price
from optimiser.hubs.flows.problem import Aim, Limit
from tests.optimiser.hubs.flows.whiteboard import town

ENGINES = pytest.mark.parametrize("engine", [arrays, pulp_face, search], ids=lambda engine: engine.NAME)


def solved(engine, problem):
    answer = engine.solve(problem, deadline=None, iterations=50, seed=1)
    assert answer.plan is not None
    assert check(problem, answer.plan) == ()
    return answer


@ENGINES
def test_the_large_hub_is_best(engine):
    answer = solved(engine, town())
    assert answer.plan.open == {"hub": "large"}
    assert price(town(), answer.plan).cost == pytest.approx(43.26)
    assert answer.minimised == pytest.approx(43.26)
    assert answer.bound <= 43.26 + 1e-6


@ENGINES
def test_the_small_hub_when_there_is_no_large_one(engine):
    problem = town()
    hub = problem.sites[0]
    small = replace(problem, sites=(replace(hub, sizes=hub.sizes[:1]),))
    answer = solved(engine, small)
    assert price(small, answer.plan).cost == pytest.approx(158.84)
    assert answer.plan.left_out[0].kg == pytest.approx(500.0)


@ENGINES
def test_no_hub_at_all_leaves_everything(engine):
    problem = town()
    closed = replace(problem, sites=(replace(problem.sites[0], may_open=False),))
    answer = solved(engine, closed)
    assert price(closed, answer.plan).cost == pytest.approx(450.0)


def test_every_part_of_the_price():
    """Carts emit 0.1 a km: a 10 trips of 2 km, b 5 of 4 km: 4. Trucks 0.8: 1.11 * 32 + 0.39 * 16 = 41.76."""
    worth = price(town(), solved(arrays, town()).plan)
    assert worth.fixed == pytest.approx(100.0)
    assert worth.processing == pytest.approx(75.0)
    assert worth.transport == pytest.approx(80.0 + 1.11 * 172 + 0.39 * 86)
    assert worth.gate_fees == pytest.approx(7.8)
    assert worth.sales == pytest.approx(444.0)
    assert worth.transport_ghg_kg == pytest.approx(45.76)
    assert worth.process_ghg_kg == pytest.approx(15.0)
    assert worth.methane_kg == pytest.approx(390 * 0.6)
    assert worth.ghg_kg == pytest.approx(45.76 + 15.0 + 234.0)
    assert worth.avoided_methane_kg == pytest.approx(1500 * 0.8 - 234.0)
    assert worth.credit_kg == pytest.approx(555.0)
    assert worth.diversion == pytest.approx(0.74)
    # 2 at the hub, 1 per tonne sorted, carts 20 h at 0.02, trucks 1.11 * 2 h + 0.39 h at 0.05
    assert worth.jobs == pytest.approx(2.0 + 1.5 + 0.4 + 2.61 * 0.05)


@ENGINES
def test_other_aims(engine):
    """Net of credits, sorting both streets is best: 294.76 - 555. Most jobs is the same plan here, kept by its hub."""
    problem = town(aim=Aim.NET_GHG)
    assert solved(engine, problem).minimised == pytest.approx(294.76 - 555.0)
    landfilled = town(aim=Aim.LANDFILLED)
    assert solved(engine, landfilled).minimised == pytest.approx(390.0)


def test_a_limit_on_another_aim_binds():
    """At most 100 of fixed cost and 900 kg landfilled: 0.74 of what is sorted is kept out, 1,500 - 0.74 x <= 900."""
    problem = town(limits=(Limit(aim=Aim.LANDFILLED, at_most=900.0),), fixed_budget=60.0)
    answer = solved(arrays, problem)
    assert answer.plan.open == {"hub": "small"}
    assert price(problem, answer.plan).landfilled_kg == pytest.approx(760.0)
    tight = replace(problem, limits=(Limit(aim=Aim.LANDFILLED, at_most=700.0),))
    assert arrays.solve(tight, deadline=None, iterations=None, seed=1).impossible
