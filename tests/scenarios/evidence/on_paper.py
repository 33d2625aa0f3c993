"""A day small enough to check every figure on paper.

One truck leaves the depot, collects 100 kg of waste at ``a``, 50 kg at ``b`` and 30 kg of plastic at ``p``, unloads
at the tip and drives home: five places in a row, one kilometre and two minutes apart. ``c`` (25 kg) is left out.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np

from optimiser.result import Result, Status
from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem, VehicleCosts
from scenarios.evidence.balance import balance
from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.model.fleet import FleetVehicle
from scenarios.model.origin import Origin
from scenarios.model.sites import Facility
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, Residents, Stream
from scenarios.outcome import DayPlan, Leg
from scenarios.scenario import Scenario, StreetsRef
from tests.notation import grid_travel, site, stop, vehicle
from tests.notation import plan as planned

PLACES = {"depot": (0, 0), "a": (1, 0), "b": (2, 0), "p": (3, 0), "tip": (4, 0), "c": (9, 0)}
POINTS = {"a": ("residual", 100.0), "b": ("residual", 50.0), "p": ("plastic", 30.0), "c": ("residual", 25.0)}
TABLE = Origin(file="points.csv", row=2)


def scenario(**changes) -> Scenario:
    streams = (
        Stream(id="residual", name="Residual waste", density_kg_m3=334),
        Stream(id="plastic", name="Plastic", density_kg_m3=24, sale_price_per_kg=20.0),
    )
    fields = {"name": "on paper", "country": "KE", "currency": "KES", "streams": streams}
    return Scenario(**(fields | {"streets": StreetsRef(town="twelve-junctions")} | changes))


def point(name: str, **changes) -> CollectionPoint:
    stream, kg = POINTS[name]
    fields = {"id": name, "name": name, "lon": 0.0, "lat": 0.0, "stream": stream, "kg_per_day": kg, "origin": TABLE}
    return CollectionPoint(**(fields | {"buying_price_per_kg": 5.0 if name == "p" else None} | changes))


def truck(**changes) -> FleetVehicle:
    fields = {"id": "v1", "name": "Truck", "profile": "refuse-truck", "start_depot": "depot", "end_depot": "depot"}
    fields |= {"streams": ("residual", "plastic"), "payload_kg": 1000.0, "shift_start_s": 0.0, "shift_end_s": 36000.0}
    fields |= {"wage_per_hour": 360.0, "fixed_per_day": 50.0, "cost_per_km": 2.0}
    return FleetVehicle(**(fields | {"origin": Origin(file="vehicles.csv", row=2)} | changes))


def facility(**changes) -> Facility:
    fields = {"id": "tip", "name": "Tip", "lon": 0.0, "lat": 0.0, "kind": "landfill", "unload_s": 600.0}
    fields |= {"accepts": ("residual", "plastic"), "gate_fee_per_tonne": 100.0, "origin": TABLE}
    return Facility(**(fields | changes))


def system(**changes) -> WasteSystem:
    fields = {"points": tuple(point(name) for name in POINTS), "facilities": (facility(),), "vehicles": (truck(),)}
    fields |= {"streams": scenario().streams, "residents": (), "depots": ()}
    return WasteSystem(**(fields | changes))


def problem(**changes) -> RoundsProblem:
    costs = VehicleCosts(fixed=50.0, per_hour=360.0, per_km=2.0)
    limit = vehicle().limits[0]
    carries = replace(limit, weights={"residual": 1.0, "plastic": 1.0}, at_most=1000.0)
    fields = {
        "dimensions": ("residual", "plastic"),
        "stops": tuple(stop(name, loads={stream: kg}) for name, (stream, kg) in POINTS.items()),
        "tip_sites": (site(accepts=frozenset({"residual", "plastic"}), fees={"residual": 0.1, "plastic": 0.1}),),
        "vehicles": (vehicle(limits=(carries,), costs=costs),),
        "travel": {"truck": grid_travel(PLACES)},
    }
    return RoundsProblem(**(fields | changes))


def day(text: str = "v1: a b p |", *, name: str = "day", posed: RoundsProblem | None = None) -> DayPlan:
    """Return the day as planned on the whiteboard; no text, no plan."""
    posed = posed or problem()
    found: Plan | None = planned(posed, text) if text else None
    status = Status.PARTIAL if found else Status.NO_PLAN
    result = Result(
        status=status,
        plan=found,
        price=price(posed, found) if found else None,
        seed=1,
        engine="paper",
        engine_version="1",
        runtime_s=0.0,
    )
    loads = {name: kg for name, (_, kg) in POINTS.items()}
    return DayPlan(day=name, problem=posed, result=result, violations=(), ways=ways(text), loads_kg=loads)


def ways(text: str) -> dict[str, tuple[Leg, ...]]:
    """Return a leg for each move, straight along the row of places."""
    if not text:
        return {}
    name, visits = text.split(": ")
    chain = ["depot", *("tip" if visit == "|" else visit for visit in visits.split()), "depot"]
    metres = [1000.0 * abs(PLACES[here][0] - PLACES[there][0]) for here, there in pairwise(chain)]
    line = np.zeros((2, 2))
    return {
        name: tuple(
            Leg(to=to, line=line, distance_m=m, duration_s=m * 0.12, streets=())
            for to, m in zip(chain[1:], metres, strict=True)
        )
    }


def homes(*people: float, estimated: bool = False) -> tuple[Residents, ...]:
    return tuple(
        Residents(id=f"r{k}", lon=0.0, lat=0.0, people=n, kg_per_day=n, estimated=estimated, origin=TABLE)
        for k, n in enumerate(people)
    )


def case(**changes) -> EvidenceCase:
    """Return the day to measure; the balance is drawn up unless given."""
    fields = {"scenario": scenario(), "system": system(), "days": (day(),), "hubs": None, "people": np.zeros(0)}
    fields |= changes
    if "balance" not in fields:
        fields["balance"] = balance(fields["scenario"], fields["system"], fields["days"], {})
    fields.setdefault("walk_to_service_m", np.zeros(len(fields["people"])))
    return EvidenceCase(**fields)


def by_id(figures: tuple[Figure, ...]) -> dict[str, Figure]:
    found = {figure.id: figure for figure in figures}
    assert len(found) == len(figures), "a figure is given twice"
    return found


def values(figures: tuple[Figure, ...]) -> dict[str, float | None]:
    return {name: figure.value for name, figure in by_id(figures).items()}
