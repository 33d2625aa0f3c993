"""Bad input: everything that is wrong at once, each with its place."""

from dataclasses import replace

import numpy as np
import pytest

from faults import InputError
from optimiser.hubs.flows.materials import Stream, Yield
from tests.optimiser.hubs.flows.whiteboard import CART, SORTING, TRUCK, arising, town


def faults(**changes):
    with pytest.raises(InputError) as caught:
        town(**changes)
    return [(fault.code, fault.place) for fault in caught.value.faults]


def test_a_negative_yield():
    bad = replace(SORTING, yields=(Yield(material="paper", into="bales", share=-0.1),))
    assert faults(processes=(bad,)) == [("flow-yield", "sorting")]


def test_more_mass_out_than_in_and_mass_that_vanishes():
    more = replace(SORTING, yields=(Yield(into="bales", share=0.9),), lost={"paper": 0.2})
    assert faults(processes=(more,)) == [("flow-yield", "sorting/dry")]
    gone = replace(SORTING, residue="")
    assert faults(processes=(gone,)) == [("flow-mass-vanishes", "sorting/dry")]


def test_one_material_may_not_make_up_for_another():
    """Paper makes 1.2 of itself and film 0.7: together less than 1, and still from nothing."""
    bad = replace(
        SORTING,
        yields=(Yield(material="paper", into="bales", share=0.9), Yield(material="film", into="bales", share=0.1)),
        lost={"paper": 0.3},
    )
    assert faults(processes=(bad,)) == [("flow-yield", "sorting/dry")]


def test_names_first():
    source = town().sources[0]
    unknown = replace(source, arisings=(replace(arising(1.0), stream="tyres"),))
    assert faults(sources=(unknown,), vehicles=(CART, CART, TRUCK)) == [
        ("flow-name-twice", "vehicle"),
        ("flow-name-unknown", "a"),
    ]


def test_numbers_all_at_once():
    source = replace(town().sources[0], arisings=(arising(-1.0, least_share=2.0),))
    cart = replace(CART, payload_kg=0.0, cost_per_km=float("nan"))
    found = faults(sources=(source, town().sources[1]), vehicles=(cart, TRUCK))
    assert sorted(found) == [
        ("flow-number", "a/dry"),
        ("flow-number", "a/dry"),
        ("flow-number", "cart"),
        ("flow-number", "cart"),
    ]


def test_materials_are_together_one():
    streams = (Stream(id="dry", materials={"paper": 0.6, "film": 0.5}), *town().streams[1:])
    assert ("flow-shares", "dry") in faults(streams=streams)


def test_links_lead_from_places_to_places():
    links = town().links
    assert faults(links=replace(links, head=links.head[:-1])) == [("flow-links", "links")]
    assert faults(links=replace(links, head=np.zeros(6, dtype=np.intp))) == [("flow-links", "links")]
    assert faults(links=replace(links, distance_m=-links.distance_m)) == [("flow-links", "links")]
