"""Small problems that turn on one rule each, with the best plan worked out on paper: for engines that say they take it.

The town is that of ``tests/notation.py``: blocks of 1 km that cost 1 and take 2 minutes; work takes a minute a stop.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from optimiser.rounds.features import Feature
from optimiser.rounds.plan import Plan
from optimiser.rounds.problem import (
    Aims,
    Break,
    Choice,
    DrivingRest,
    Limit,
    Lock,
    Mode,
    RoundsProblem,
    Shift,
    Shipment,
    VehicleCosts,
    Window,
)
from tests.notation import HOUR, TWELVE, site, stop, town, vehicle


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A problem, what its best plan leaves out and costs, and more that is true of every best plan."""

    uses: Feature
    problem: RoundsProblem
    left: frozenset[str] = frozenset()
    net: float
    also: Callable[[Plan], bool] = lambda _plan: True


def served(plan: Plan) -> dict[str, str]:
    """Return stop -> vehicle."""
    return {name: tour.vehicle for tour in plan.rounds for name in tour.stops}


def order(plan: Plan) -> list[str]:
    """Return the stops of the first round."""
    return list(plan.rounds[0].stops)


def empty(name: str, **more: Any) -> Any:
    """Return a stop with nothing to pick up."""
    return stop(name, kg=0, **more)


def open_town(stops: list[Any], vehicles: list[Any] | None = None, **more: Any) -> RoundsProblem:
    """Return a town without sites, whose vehicles may keep what they have."""
    fleet = vehicles or [vehicle()]
    made = town(TWELVE, stops=stops, sites=more.pop("sites", []), vehicles=[replace(v, **KEEPS) for v in fleet])
    return replace(made, **more)


KEEPS: dict[str, Any] = {"must_end_empty": False}
PAPER = ("paper", "glass")


def _at(spot: str, **more: Any) -> tuple[Mode, ...]:
    return (Mode(arrive=spot, leave=spot, **more),)


def _bays(paper: float, glass: float) -> tuple[Limit, ...]:
    return (
        Limit(name="paper bay", weights={"paper": 1.0}, at_most=paper),
        Limit(name="glass bay", weights={"glass": 1.0}, at_most=glass),
    )


def _hours(**costs: float) -> VehicleCosts:
    return VehicleCosts(per_km=1.0, **costs)


CASES: dict[str, Case] = {
    # 3 kg for d must be off before the 3 kg of f come on
    "goods go out before waste comes on": Case(
        uses=Feature.DELIVERIES,
        problem=open_town([empty("d", deliveries={"kg": 3.0}), stop("f", kg=3.0)]),
        net=6,
        also=lambda plan: order(plan) == ["d", "f"],
    ),
    "more goods than one round holds": Case(
        uses=Feature.DELIVERIES,
        problem=open_town([empty(n, deliveries={"kg": 3.0}) for n in "df"], [vehicle("v1"), vehicle("v2")]),
        net=8,
    ),
    # out with 3 kg to d, load at the tip, f on the way home
    "goods are loaded on the way": Case(
        uses=Feature.SUPPLIES,
        problem=open_town(
            [empty(n, deliveries={"kg": 3.0}) for n in "df"],
            sites=[site(accepts=frozenset(), supplies=frozenset({"kg"}))],
        ),
        net=8,
    ),
    "what is fetched is brought": Case(
        uses=Feature.SHIPMENTS,
        problem=open_town(
            [empty("d"), empty("e"), empty("f")],
            shipments=(Shipment(id="s", pickup="f", delivery="d", loads={"kg": 4}),),
        ),
        net=6,
        also=lambda plan: order(plan).index("f") < order(plan).index("d"),
    ),
    # one after the other: f to d, and only then e to a
    "two shipments that do not fit together": Case(
        uses=Feature.SHIPMENTS,
        problem=open_town(
            [empty(n) for n in "dfea"],
            shipments=(
                Shipment(id="s", pickup="f", delivery="e", loads={"kg": 3}),
                Shipment(id="t", pickup="d", delivery="a", loads={"kg": 3}),
            ),
        ),
        net=8,
    ),
    # f is open before d is released: two rounds
    "nobody leaves before the release": Case(
        uses=Feature.RELEASE,
        problem=open_town([empty("d", release=7), empty("f", windows=[(6, 6.75)])], [vehicle("v1"), vehicle("v2")]),
        net=8,
    ),
    "each side apart is nearer": Case(
        uses=Feature.CHOICES,
        problem=open_town(
            [empty("b"), empty("d"), empty("e")], choices=(Choice(id="street", options=(("b",), ("d", "e"))),)
        ),
        net=4,
    ),
    "both sides at once is nearer": Case(
        uses=Feature.CHOICES,
        problem=open_town(
            [empty("a"), empty("g"), empty("d")], choices=(Choice(id="street", options=(("a", "g"), ("d",))),)
        ),
        net=2,
    ),
    "one of three": Case(
        uses=Feature.CHOICES,
        problem=open_town(
            [empty("f"), empty("e"), empty("d"), empty("a")],
            choices=(Choice(id="place", options=(("f",), ("e",), ("a",))),),
        ),
        net=4,
    ),
    # one round for all would be 8; g and i are fetched by the same vehicle, the third by either
    "apart means two rounds": Case(
        uses=Feature.APART,
        problem=open_town([empty("d"), empty("e")], [vehicle("v1"), vehicle("v2")], apart=(frozenset("de"),)),
        net=6,
    ),
    # 2 + 2 + 2 kg: together d and f leave no room for e
    "together means one round": Case(
        uses=Feature.TOGETHER,
        problem=open_town(
            [stop(n, kg=2.0) for n in "def"], [vehicle("v1"), vehicle("v2")], together=(frozenset("df"),)
        ),
        net=10,
        also=lambda plan: served(plan)["d"] == served(plan)["f"] != served(plan)["e"],
    ),
    "locked to a vehicle in order": Case(
        uses=Feature.LOCKS,
        problem=open_town(
            [empty(n) for n in "def"],
            [vehicle("v1"), vehicle("v2")],
            locks=(Lock(vehicle="v2", stops=("f", "d", "e"), adjacent=True, first=True),),
        ),
        net=8,
        also=lambda plan: order(plan) == ["f", "d", "e"],
    ),
    "only one has the crane": Case(
        uses=Feature.SKILLS,
        problem=open_town(
            [empty("d", needs=frozenset({"crane"})), empty("e")],
            [vehicle("v1"), vehicle("v2", skills=frozenset({"crane"}), costs=_hours(fixed=3.0))],
        ),
        net=7,
        also=lambda plan: served(plan)["d"] == "v2",
    ),
    # d with its set-up 4 + 10 + 2 min at 1 a minute, 2 km
    "a place is set up once": Case(
        uses=Feature.SETUP,
        problem=open_town(
            [empty(n, modes=_at("d", service_s=60, setup_s=600, place="yard")) for n in ("x", "y")],
            [vehicle(costs=_hours(per_hour=60.0))],
        ),
        net=18,
    ),
    # slow: 4 + 60 min; quick: 4 + 10 min and 5 for going out
    "work takes unlike vehicles unlike times": Case(
        uses=Feature.SERVICE_TYPES,
        problem=open_town(
            [empty("d", modes=_at("d", service_s=600, service_by={"slow": 3600}))],
            [
                vehicle("v1", service_type="slow", costs=_hours(per_hour=60.0)),
                vehicle("v2", costs=_hours(per_hour=60.0, fixed=5.0)),
            ],
        ),
        net=21,
    ),
    "what is driven at work is paid": Case(
        uses=Feature.SERVICE_DISTANCE,
        problem=open_town([empty("d", modes=_at("d", service_s=60, distance_m=500))]),
        net=2.5,
    ),
    "only as far as it may": Case(
        uses=Feature.MAX_DISTANCE,
        problem=open_town([empty("d"), empty("f")], [vehicle(max_distance_m=5500)]),
        left=frozenset("f"),
        net=2,
    ),
    "only as far as it may, for nothing": Case(
        uses=Feature.MAX_DISTANCE,
        problem=open_town([empty("d"), empty("f")], [vehicle(max_distance_m=5500, costs=VehicleCosts())]),
        left=frozenset("f"),
        net=0,
        also=lambda plan: len(served(plan)) == 1,
    ),
    "only so much driving": Case(
        uses=Feature.MAX_DRIVING,
        problem=open_town([empty("d"), empty("f")], [vehicle(max_driving_s=600)]),
        left=frozenset("f"),
        net=2,
    ),
    "only so much driving, which costs": Case(
        uses=Feature.MAX_DRIVING,
        problem=open_town(
            [empty("d"), empty("f")], [vehicle(max_driving_s=600, costs=VehicleCosts(per_driving_hour=15.0))]
        ),
        left=frozenset("f"),
        net=1,
    ),
    "driving and work are paid": Case(
        uses=Feature.TIME_COSTS,
        problem=open_town([empty("d")], [vehicle(costs=_hours(per_driving_hour=30.0, per_service_hour=60.0))]),
        net=2 + 2 + 1,
    ),
    # two trips of 4 kg would be 2 tips; one optional stop less is one tip less
    "a tip costs more than a prize": Case(
        uses=Feature.TIP_COSTS,
        problem=town(
            TWELVE,
            stops=[stop("d", kg=2.0), stop("e", kg=2.0), stop("f", kg=2.0, prize=6.0)],
            vehicles=[vehicle(costs=_hours(per_tip=5.0))],
        ),
        left=frozenset("f"),
        net=13,
    ),
    # 16 min driving, 10 for the tip, 1 for the stop; with half an hour at the gate no time for it
    "a queue takes time": Case(
        uses=Feature.QUEUES,
        problem=town(
            TWELVE,
            stops=["d"],
            sites=[site(queue_s=1800)],
            vehicles=[vehicle(shift=Shift(start_s=6 * HOUR, end_s=15 * HOUR, max_duration_s=50 * 60))],
        ),
        left=frozenset("d"),
        net=0,
    ),
    "a bay for glass is chosen": Case(
        uses=Feature.LOADINGS,
        problem=replace(
            town(
                TWELVE,
                dimensions=PAPER,
                stops=[stop(n, loads={"glass": 1.0}) for n in "def"],
                sites=[],
                vehicles=[vehicle(limits=(), loadings=(_bays(4, 1), _bays(1, 4)), **KEEPS)],
            )
        ),
        net=6,
    ),
    "only so much in a day": Case(
        uses=Feature.DAY_LIMITS,
        problem=town(
            TWELVE,
            stops=list("def"),
            vehicles=[vehicle(kg=1.0, day_limits=(Limit(name="day", weights={"kg": 1.0}, at_most=2.0),))],
        ),
        left=frozenset("d"),  # or another: any two are 10 km
        net=10,
    ),
    # 6 km and 14 min, 4 of them at 1 a minute more
    "overtime is paid": Case(
        uses=Feature.OVERTIME,
        problem=open_town(
            [empty("d"), empty("f")],
            [
                vehicle(
                    shift=Shift(start_s=6 * HOUR, end_s=15 * HOUR, max_duration_s=600, overtime_s=600),
                    costs=_hours(overtime_per_hour=60.0),
                )
            ],
        ),
        net=10,
    ),
    "too late even with overtime": Case(
        uses=Feature.OVERTIME,
        problem=open_town(
            [empty("d"), empty("f", windows=[(7.0, 8.0)])],
            [
                vehicle(
                    shift=Shift(start_s=6 * HOUR, end_s=7 * HOUR, overtime_s=300), costs=_hours(overtime_per_hour=60.0)
                )
            ],
        ),
        left=frozenset("f"),
        net=2,
    ),
    # three hours of work in a shift of three and a half; the break is half an hour
    "a break is taken whenever": Case(
        uses=Feature.BREAKS_ALWAYS,
        problem=open_town(
            [empty(n, modes=_at(n, service_s=3600)) for n in "def"],
            [
                vehicle(
                    shift=Shift(start_s=6 * HOUR, end_s=9.75 * HOUR),
                    breaks=(Break(id="tea", duration_s=1800, earliest_s=0, latest_s=20 * HOUR, always=True),),
                )
            ],
        ),
        net=6,
        also=lambda plan: "tea" in {visit.id for visit in plan.rounds[0].visits},
    ),
    # the first span is over before work is, the second begins after it: e and f together last till 8.2 h
    "a break in one of two spans": Case(
        uses=Feature.BREAK_SPANS,
        problem=open_town(
            [empty("e", modes=_at("e", service_s=3600)), empty("f", windows=[(9, 9.5)])],
            [
                vehicle(
                    breaks=(
                        Break(
                            id="tea",
                            duration_s=1800,
                            earliest_s=6 * HOUR,
                            latest_s=6.01 * HOUR,
                            always=True,
                            more=(Window(open_s=8.5 * HOUR, close_s=8.75 * HOUR),),
                        ),
                    ),
                )
            ],
        ),
        net=6,
    ),
    # 3 h of work and 12 min of driving: one rest
    "a rest after so much work": Case(
        uses=Feature.DRIVING_REST,
        problem=open_town(
            [empty(n, modes=_at(n, service_s=3600)) for n in "def"],
            [
                vehicle(
                    shift=Shift(start_s=6 * HOUR, end_s=10 * HOUR),
                    driving_rest=DrivingRest(id="rest", duration_s=1800, after_s=2.5 * HOUR, of="work"),
                )
            ],
        ),
        net=6,
        also=lambda plan: [visit.id for visit in plan.rounds[0].visits].count("rest") == 1,
    ),
    # v1 is nearer to nothing; whoever serves d today serves it tomorrow
    "who serves it today": Case(
        uses=Feature.CHANGES,
        problem=open_town(
            [empty("d", usual="v2"), empty("e", usual="v2")],
            [vehicle("v1"), vehicle("v2", costs=_hours(fixed=1.5))],
            aims=Aims(change_per_stop=1.0),
        ),
        net=5.5,
        also=lambda plan: set(served(plan).values()) == {"v2"},
    ),
}
