"""Kerbside stops as documents tell them."""

from __future__ import annotations

import numpy as np
import pytest

from scenarios.kerbside.loads import collection_days, generated_kg, kerbside_loads, share_of
from scenarios.kerbside.told import as_points, line_served, picked_up, side_driven
from scenarios.kerbside.work import served_at
from scenarios.model.kerbside import Side
from tests.scenarios.kerbside.drawn import by_name, everywhere, made, standing, town
from tests.scenarios.kerbside.test_estimate import SCENARIO

NETWORK = town()
STREETS = made(NETWORK, everywhere())
NAMED = by_name(STREETS)
LEFT = NAMED["West Street left"]


def test_a_side_is_a_point_in_the_middle_of_its_stretch_and_both_sides_are_one_too() -> None:
    points = as_points(STREETS)
    both = points[LEFT.id.replace("left", "both")]
    assert both.kg_per_day == 20.0
    assert both.name == points[LEFT.id].name == "West Street"
    assert (points[LEFT.id].lon, points[LEFT.id].lat) == pytest.approx((0.0, 100 / 111_194.93), abs=1e-6)
    assert both.estimated


def test_the_driver_going_back_has_the_other_side_beside_the_door() -> None:
    assert side_driven(LEFT, f"{LEFT.stretch}>") is Side.LEFT
    assert side_driven(LEFT, f"{LEFT.stretch}<") is Side.RIGHT
    assert side_driven(LEFT, f"{LEFT.stretch}<x") is Side.RIGHT


def test_what_is_picked_up_at_both_sides_at_once_is_the_sum() -> None:
    at = served_at(STREETS)
    loads = {street.id: 7.0 for street in STREETS}
    assert picked_up(LEFT.id, at, loads) == 7.0
    assert picked_up(LEFT.id.replace("left", "both"), at, loads) == 14.0
    assert picked_up("bin", at, {"bin": 3.0}) == 3.0


def test_the_line_driven_while_serving_runs_from_end_to_end_and_back_out_of_a_dead_end() -> None:
    kerb = standing(NETWORK, STREETS, "refuse-truck")
    blind = NAMED["Cul-de-sac both"].stretch
    ahead, back = f"{LEFT.stretch}>", f"{LEFT.stretch}<"
    metres = 111_194.93
    assert line_served(kerb, ahead, ahead) * metres == pytest.approx(np.array([[0, 200], [0, 0]]), abs=0.1)
    assert line_served(kerb, back, back) * metres == pytest.approx(np.array([[0, 0], [0, 200]]), abs=0.1)
    there = line_served(kerb, f"{blind}>", f"{blind}<") * metres
    assert there == pytest.approx(np.array([[200, 200], [350, 200], [200, 200]]), abs=0.1)
    assert len(line_served(kerb, "bin>", "bin>")) == len(line_served(None, ahead, ahead)) == 0


def test_loads_gather_between_collections_and_hubs_take_their_share() -> None:
    from dataclasses import replace

    weekly = replace(SCENARIO, days=("mon", "thu"))
    streets = (LEFT, replace(NAMED["West Street right"], days=("thu",)))
    assert collection_days(streets[1], weekly) == ("thu",)
    assert kerbside_loads(streets, "mon", weekly, {}) == {LEFT.id: 40.0}  # four days at 10 kg
    assert kerbside_loads(streets, "thu", weekly, {LEFT.id: 0.5}) == {LEFT.id: 15.0, streets[1].id: 70.0}
    assert generated_kg(LEFT, "residual", weekly) == 70.0
    assert generated_kg(LEFT, "organic", weekly) == 0.0
    assert (share_of(LEFT, "residual"), share_of(LEFT, "organic")) == (1.0, 0.0)
