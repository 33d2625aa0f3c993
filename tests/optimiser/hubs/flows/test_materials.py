"""Yields, residue and losses: every kilogram of every material is somewhere."""

import pytest

from optimiser.hubs.flows.materials import Process, Stream, Yield, contamination, outputs, recipe, transfer

DRY = Stream(id="dry", materials={"paper": 0.6, "film": 0.4})


def test_yields_are_by_material_and_the_rest_is_residue():
    sorting = Process(
        id="sorting",
        takes=("dry",),
        yields=(Yield(material="paper", into="bales", share=0.9), Yield(material="film", into="bales", share=0.5)),
        residue="rest",
    )
    assert outputs(sorting, DRY) == pytest.approx({"bales": 0.74, "rest": 0.26})


def test_a_yield_for_any_material_is_for_those_not_named():
    process = Process(
        id="p",
        takes=("dry",),
        yields=(Yield(into="x", share=0.5), Yield(material="film", into="y", share=1.0)),
        lost={"paper": 0.5},
    )
    assert recipe(process, DRY) == (pytest.approx({"x": 0.3, "y": 0.4}), 0.0)


def test_residue_may_also_be_made_on_purpose():
    process = Process(id="p", takes=("dry",), yields=(Yield(material="film", into="rest", share=0.5),), residue="rest")
    assert outputs(process, DRY) == pytest.approx({"rest": 1.0})


def test_a_transfer_hands_on_each_stream_as_it_is():
    process = transfer("pass", ("dry", "wet"))
    assert outputs(process, DRY) == pytest.approx({"dry": 1.0})
    assert outputs(process, Stream(id="wet")) == {"wet": 1.0}


def test_more_out_than_in_is_a_negative_rest():
    process = Process(id="p", takes=("dry",), yields=(Yield(into="x", share=0.8),), lost={"": 0.5})
    assert recipe(process, DRY)[1] == pytest.approx(-0.3)


def test_contamination_is_the_share_of_what_spoils():
    process = Process(id="p", takes=("dry",), contaminants=frozenset({"film", "glass"}))
    assert contamination(process, DRY) == 0.4
    assert contamination(process, Stream(id="glass")) == 1.0
