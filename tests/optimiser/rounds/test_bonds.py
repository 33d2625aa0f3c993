"""What belongs together, and in which order."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from optimiser.rounds.bonds import bonds, keeps_locks, keeps_order, linked, put_in_order
from optimiser.rounds.problem import Choice, Lock, RoundsProblem, Shipment
from tests.notation import TWELVE, town, vehicle

FLEET = [vehicle("v1"), vehicle("v2")]


def tied(**ties) -> RoundsProblem:
    return replace(town(TWELVE, stops=list("abcdefghi"), vehicles=FLEET), **ties)


def test_units_are_stops_shipments_and_choices() -> None:
    problem = tied(
        shipments=(Shipment(id="x", pickup="b", delivery="a"), Shipment(id="y", pickup="c", delivery="d")),
        choices=(Choice(id="side", options=(("e",), ("c", "f"))),),
    )
    known = bonds(problem)
    assert [unit.options for unit in known.units] == [
        ((("e",),), (("c", "d"), ("f",))),
        ((("b", "a"),),),
        ((("g",),),),
        ((("h",),),),
        ((("i",),),),
    ]
    assert known.unit_of["d"] == known.unit_of["e"] == 0
    assert known.rivals["e"] == {"c", "f"}


def test_what_goes_together_leaves_together() -> None:
    known = bonds(tied(together=(frozenset("ab"),), shipments=(Shipment(id="x", pickup="b", delivery="c"),)))
    assert linked(known, "a") == {"a", "b", "c"}
    assert linked(known, "c") == {"a", "b", "c"}
    assert linked(known, "d") == {"d"}


def test_shipments_must_be_whole_and_in_order() -> None:
    known = bonds(tied(shipments=(Shipment(id="x", pickup="b", delivery="c"),)))
    assert keeps_order(known, "v1", "abdc")
    for wrong in ("acb", "ab", "ac"):
        assert not keeps_order(known, "v1", wrong)


def test_locks_hold_for_what_is_served() -> None:
    known = bonds(tied(locks=(Lock(vehicle="v1", stops=("a", "b", "c"), adjacent=True),)))
    assert keeps_locks(known, "v1", "dabce")
    assert keeps_locks(known, "v1", "dace")
    assert keeps_locks(known, "v2", "def")
    for wrong in ("dadbc", "bac", "adb"):
        assert not keeps_locks(known, "v1", wrong)
    first = bonds(tied(locks=(Lock(vehicle="v1", stops=("a", "b"), first=True),)))
    assert keeps_locks(first, "v1", "abd")
    assert not keeps_locks(first, "v1", "adb")
    assert not keeps_locks(first, "v1", "da")


def test_a_stop_locked_to_two_vehicles_is_nobodys() -> None:
    known = bonds(tied(locks=(Lock(vehicle="v1", stops=("a",)), Lock(vehicle="v2", stops=("a", "b")))))
    assert known.locked == {"a": "", "b": "v2"}


@given(st.permutations("abcdefghi"), st.booleans(), st.booleans())
def test_any_order_is_put_in_order(visits: list[str], adjacent: bool, first: bool) -> None:
    problem = tied(
        shipments=(Shipment(id="x", pickup="b", delivery="a"), Shipment(id="y", pickup="c", delivery="d")),
        locks=(Lock(vehicle="v1", stops=("g", "e", "f"), adjacent=adjacent, first=first),),
    )
    order = put_in_order(bonds(problem), "v1", visits)
    assert sorted(order) == sorted(visits)
    assert keeps_order(bonds(problem), "v1", order)
