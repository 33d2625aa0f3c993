"""Fuel and the greenhouse gas of driving.

fuel = sum over rounds of km x litres (kWh) per 100 km / 100, all-in on the round; CO2e = fuel x factor. Tank-to-wheel
and upstream are shown apart.
"""

from __future__ import annotations

from collections.abc import Mapping

from optimiser.rounds.plan import Plan
from optimiser.rounds.price import price
from scenarios.data.defaults import DEFAULTS, lookup
from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.evidence.span import NOTHING, Span, exact, figure, of_default, total, unknown
from scenarios.model.fleet import FleetVehicle

LIQUID = ("diesel", "petrol")


def figures(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return litres, kWh and kg CO2e over all planned days."""
    if note := _not_known(case):
        units = {"fuel": "l", "co2e-transport": "kg CO2e", "co2e-upstream": "kg CO2e"}
        return tuple(unknown(name, unit, note, better="lower") for name, unit in units.items())
    used = fuel_used(case)
    country = case.scenario.country
    tailpipe = total(
        used[fuel] * of_default(lookup(f"{fuel}-co2-per-litre", country)) for fuel in LIQUID if fuel in used
    )
    upstream = total(
        used[fuel] * of_default(lookup(f"{fuel}-upstream-per-litre", country)) for fuel in LIQUID if fuel in used
    )
    if "electricity" in used:
        upstream += used["electricity"] * of_default(lookup("grid-intensity", country)) * exact(0.001)
    found = [
        figure("fuel", total(used[fuel] for fuel in LIQUID if fuel in used), "l", better="lower"),
        figure("co2e-transport", tailpipe, "kg CO2e", better="lower", note="tank to wheel"),
        figure("co2e-upstream", upstream, "kg CO2e", better="lower", note="making the fuel or the electricity"),
    ]
    if "electricity" in used:
        found.insert(1, figure("electricity", used["electricity"], "kWh", better="lower"))
    return tuple(found)


def fuel_used(case: EvidenceCase) -> dict[str, Span]:
    """Return fuel -> litres or kWh of the vehicles whose use is known."""
    used: dict[str, Span] = {}
    for vehicle, km in _driven(case):
        if (rate := per_100km(vehicle, case)) is not None:
            used[vehicle.fuel] = used.get(vehicle.fuel, NOTHING) + exact(km / 100.0) * rate
    return used


def driven_km(case: EvidenceCase) -> Mapping[str, float]:
    """Return vehicle -> kilometres over all planned days, those driven while a side of a street is served included."""
    km: dict[str, float] = {}
    for day in case.days:
        for round_ in day.result.plan.rounds if day.result.plan is not None else ():
            metres = price(day.problem, Plan(rounds=(round_,))).distance_m
            km[round_.vehicle] = km.get(round_.vehicle, 0.0) + metres / 1000.0
    return km


def per_100km(vehicle: FleetVehicle, case: EvidenceCase) -> Span | None:
    """Return what a vehicle uses: its own figure, else the default of its fuel and profile, if there is one."""
    if vehicle.fuel_per_100km is not None:
        return exact(vehicle.fuel_per_100km, str(vehicle.origin))
    name = f"{vehicle.fuel}-per-100km-{vehicle.profile}"
    return of_default(lookup(name, case.scenario.country)) if name in DEFAULTS else None


def _driven(case: EvidenceCase) -> list[tuple[FleetVehicle, float]]:
    """Return the vehicles that went out and burn something, with their kilometres."""
    vehicles = {vehicle.id: vehicle for vehicle in case.system.vehicles}
    return [(vehicles[name], km) for name, km in driven_km(case).items() if vehicles[name].fuel != "none"]


def _not_known(case: EvidenceCase) -> str:
    """Say whose use of fuel nobody knows, or nothing."""
    names = [
        f"{vehicle.id} ({vehicle.fuel}, {vehicle.profile})"
        for vehicle, _ in _driven(case)
        if per_100km(vehicle, case) is None
    ]
    return f"give fuel_per_100km: there is no default for {', '.join(names)}" if names else ""
