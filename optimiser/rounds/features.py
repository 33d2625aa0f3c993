"""Which rules of the trade a problem uses: engines say by these names what they can state."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum

from optimiser.rounds.problem import Mode, RoundsProblem


class Feature(StrEnum):
    """A rule that a problem may use beside the plain ones (loads, windows, tips, shifts, breaks at fixed hours)."""

    DELIVERIES = "deliveries"
    SHIPMENTS = "shipments"
    RELEASE = "release"
    CHOICES = "choices"
    TOGETHER = "together"
    APART = "apart"
    LOCKS = "locks"
    SKILLS = "skills"
    SETUP = "setup"
    SERVICE_TYPES = "service-types"
    SERVICE_DISTANCE = "service-distance"
    LOADINGS = "loadings"
    DAY_LIMITS = "day-limits"
    OVERTIME = "overtime"
    BREAK_PLACES = "break-places"
    BREAKS_ALWAYS = "breaks-always"
    BREAK_SPANS = "break-spans"
    BREAK_LIMITS = "break-limits"
    DRIVING_REST = "driving-rest"
    MAX_DRIVING = "max-driving"
    MAX_DISTANCE = "max-distance"
    TIME_COSTS = "time-costs"
    TIP_COSTS = "tip-costs"
    QUEUES = "queues"
    SUPPLIES = "supplies"
    CAPS = "caps"
    PERIODS = "periods"
    BALANCE = "balance"
    COMPACT = "compact"
    CHANGES = "changes"
    ORDER_OF_AIMS = "order-of-aims"


def features(problem: RoundsProblem) -> frozenset[Feature]:
    """Return the features that a problem uses."""
    return frozenset(feature for feature, uses in USES.items() if uses(problem))


def _modes(problem: RoundsProblem) -> Iterator[Mode]:
    for stop in problem.stops:
        yield from stop.modes
    for site in problem.tip_sites:
        yield from site.modes


USES: Mapping[Feature, Callable[[RoundsProblem], bool]] = {
    Feature.DELIVERIES: lambda p: any(any(stop.deliveries.values()) for stop in p.stops),
    Feature.SHIPMENTS: lambda p: bool(p.shipments),
    Feature.RELEASE: lambda p: any(stop.release_s > 0 for stop in p.stops),
    Feature.CHOICES: lambda p: bool(p.choices),
    Feature.TOGETHER: lambda p: bool(p.together),
    Feature.APART: lambda p: bool(p.apart),
    Feature.LOCKS: lambda p: bool(p.locks),
    Feature.SKILLS: lambda p: any(stop.needs for stop in p.stops),
    Feature.SETUP: lambda p: any(mode.setup_s or mode.setup_by for mode in _modes(p)),
    Feature.SERVICE_TYPES: lambda p: any(mode.service_by or mode.setup_by for mode in _modes(p)),
    Feature.SERVICE_DISTANCE: lambda p: any(mode.distance_m > 0 for mode in _modes(p)),
    Feature.LOADINGS: lambda p: any(vehicle.loadings for vehicle in p.vehicles),
    Feature.DAY_LIMITS: lambda p: any(vehicle.day_limits for vehicle in p.vehicles),
    Feature.OVERTIME: lambda p: any(vehicle.shift.overtime_s > 0 for vehicle in p.vehicles),
    Feature.BREAK_PLACES: lambda p: any(rest.modes for vehicle in p.vehicles for rest in vehicle.breaks),
    Feature.BREAKS_ALWAYS: lambda p: any(rest.always for vehicle in p.vehicles for rest in vehicle.breaks),
    Feature.BREAK_SPANS: lambda p: any(rest.more for vehicle in p.vehicles for rest in vehicle.breaks),
    Feature.BREAK_LIMITS: lambda p: any(rest.limits for vehicle in p.vehicles for rest in vehicle.breaks),
    Feature.DRIVING_REST: lambda p: any(vehicle.driving_rest for vehicle in p.vehicles),
    Feature.MAX_DRIVING: lambda p: any(vehicle.max_driving_s is not None for vehicle in p.vehicles),
    Feature.MAX_DISTANCE: lambda p: any(vehicle.max_distance_m is not None for vehicle in p.vehicles),
    Feature.TIME_COSTS: lambda p: any(
        vehicle.costs.per_driving_hour or vehicle.costs.per_service_hour for vehicle in p.vehicles
    ),
    Feature.TIP_COSTS: lambda p: any(vehicle.costs.per_tip for vehicle in p.vehicles),
    Feature.QUEUES: lambda p: any(site.queue_s > 0 for site in p.tip_sites),
    Feature.SUPPLIES: lambda p: any(site.supplies for site in p.tip_sites),
    Feature.CAPS: lambda p: any(site.caps for site in p.tip_sites),
    Feature.PERIODS: lambda p: any(len(periods) > 1 for periods in p.periods.values()),
    Feature.BALANCE: lambda p: bool(p.aims.balance),
    Feature.COMPACT: lambda p: p.aims.compact_per_km > 0,
    Feature.CHANGES: lambda p: p.aims.change_per_stop > 0 or p.aims.most_changes is not None,
    Feature.ORDER_OF_AIMS: lambda p: bool(p.aims.first),
}
