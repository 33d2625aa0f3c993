"""Kerbside streets of a scenario in the optimiser's words: what their modes need to know of the fleet and the day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from optimiser.rounds.problem import Choice, Stop, Window
from scenarios.ground import Ground
from scenarios.hours import allowed, own_spans
from scenarios.kerbside.ref import KerbsideRef
from scenarios.kerbside.work import KerbsideBook, kerbside_work
from scenarios.model.fleet import FleetVehicle
from scenarios.model.kerbside import KerbsideStreet
from scenarios.pose_fleet import service_type
from scenarios.pose_stops import NEVER, StopBook, plane


def pose_kerbside(
    book: StopBook, ground: Ground, vehicles: Sequence[FleetVehicle], loads_kg: Mapping[str, float]
) -> tuple[tuple[Stop, ...], tuple[Choice, ...]]:
    """Pose the kerbside streets of a day that have something to collect."""
    if ground.kerb is None:
        return (), ()

    def windows(street: KerbsideStreet) -> tuple[Window, ...]:
        spans = own_spans((street.open_s, street.close_s))
        open_ = allowed(spans, book.system.hours.get(street.id, ()), book.scenario, book.day)
        return NEVER if open_ is None else open_

    return kerbside_work(
        KerbsideBook(
            scenario=book.scenario,
            ref=book.scenario.kerbside or KerbsideRef(),
            stands=ground.kerb,
            types={service_type(vehicle): (vehicle.profile, vehicle.service_factor) for vehicle in vehicles},
            service_factor=book.service_factor,
            windows=windows,
            at=lambda street: plane(street.lon, street.lat, book.system),
        ),
        book.system.kerbside,
        loads_kg,
    )
