"""Random problems that mix every rule of the trade; round numbers, so that a failure can be read.

``complete(seed)`` draws about a third of all features, so that seeds differ in what they combine; ``complete(seed,
only=...)`` has just those. Problems are small, loosely constrained, and nearly always leave something that can be done.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from random import Random
from typing import Any

from optimiser.rounds.features import Feature
from optimiser.rounds.problem import (
    Aim,
    Aims,
    Balance,
    Break,
    Choice,
    DrivingRest,
    Limit,
    Lock,
    Measure,
    Mode,
    Period,
    RoundsProblem,
    Shift,
    Shipment,
    Stop,
    TipSite,
    Vehicle,
    VehicleCosts,
    Window,
)
from optimiser.travel import DenseTravel
from tests.notation import HOUR, grid_travel

DIMENSIONS = ("paper", "glass", "parcels")
WASTE = ("paper", "glass")
SHARE = 0.35


def complete(
    seed: int, *, stops: int = 8, vehicles: int = 2, only: Collection[Feature] | None = None, optional: bool = True
) -> RoundsProblem:
    """Return the problem of a seed."""
    rng = Random(seed)
    use = {feature for feature in Feature if rng.random() < SHARE} if only is None else set(only)
    places: dict[str, tuple[float, float]] = {"depot": (0, 0), "yard": (3, 3)}
    work = tuple(_stop(rng, use, f"s{n}", places, optional=optional) for n in range(stops))
    sites = tuple(_site(rng, use, f"t{n}", places) for n in range(rng.choice([1, 2])))
    fleet = tuple(_vehicle(rng, use, f"v{n}", places) for n in range(vehicles))
    return _tied(rng, use, work, sites, fleet, places)


def _tied(
    rng: Random,
    use: Collection[Feature],
    work: tuple[Stop, ...],
    sites: tuple[TipSite, ...],
    fleet: tuple[Vehicle, ...],
    places: dict[str, tuple[float, float]],
) -> RoundsProblem:
    """Return the problem with what ties its stops to each other, each stop in one tie at most."""
    names = [stop.id for stop in work]
    free = rng.sample(names, len(names))

    def draw(count: int) -> list[str]:
        return [free.pop() for _ in range(count)] if len(free) >= count else []

    pairs = [pair for _ in range(2) if Feature.SHIPMENTS in use and (pair := draw(2))]
    ends = {stop for pair in pairs for stop in pair}
    work = tuple(replace(stop, loads={}, deliveries={}) if stop.id in ends else stop for stop in work)
    three = draw(3) if Feature.CHOICES in use else []
    travel, periods = _roads(use, places)
    return RoundsProblem(
        dimensions=DIMENSIONS,
        stops=work,
        tip_sites=sites,
        vehicles=fleet,
        travel=travel,
        periods=periods,
        shipments=tuple(
            Shipment(id=f"p{n}", pickup=a, delivery=b, loads={"parcels": float(rng.randint(0, 2))})
            for n, (a, b) in enumerate(pairs)
        ),
        choices=(Choice(id="c", options=((three[0],), (three[1], three[2]))),) if three else (),
        together=_sets(Feature.TOGETHER in use, draw(2)),
        apart=_sets(Feature.APART in use, draw(2)),
        locks=_locks(rng, use, draw(2), work, fleet),
        aims=_aims(rng, use),
    )


def _sets(used: bool, stops: list[str]) -> tuple[frozenset[str], ...]:
    return (frozenset(stops),) if used and stops else ()


def _locks(
    rng: Random, use: Collection[Feature], stops: list[str], work: tuple[Stop, ...], fleet: tuple[Vehicle, ...]
) -> tuple[Lock, ...]:
    if Feature.LOCKS not in use or not stops:
        return ()
    first = rng.random() < 0.3
    return (Lock(vehicle=rng.choice(fleet).id, stops=tuple(stops), adjacent=rng.random() < 0.5, first=first),)


def _spot(rng: Random) -> tuple[float, float]:
    return float(rng.randint(0, 5)), float(rng.randint(0, 5))


def _windows(rng: Random, chance: float) -> tuple[Window, ...]:
    if rng.random() > chance:
        return ()
    edges = sorted(rng.sample(range(24, 60), rng.choice([2, 2, 4])))
    return tuple(
        Window(open_s=a * HOUR / 4, close_s=b * HOUR / 4) for a, b in zip(edges[::2], edges[1::2], strict=True)
    )


def _mode(rng: Random, use: Collection[Feature], name: str, places: dict[str, tuple[float, float]]) -> Mode:
    places[name] = _spot(rng)
    more: dict[str, Any] = {}
    if Feature.SETUP in use:
        more = {"setup_s": 120.0, "place": rng.choice(["", "market"])}
    if Feature.SERVICE_TYPES in use:
        more["service_by"] = {"crane": 60.0}
    if Feature.SERVICE_DISTANCE in use:
        more["distance_m"] = rng.choice([0.0, 400.0])
    return Mode(arrive=name, leave=name, service_s=rng.choice([0.0, 300.0]), **more)


def _stop(
    rng: Random, use: Collection[Feature], name: str, places: dict[str, tuple[float, float]], *, optional: bool
) -> Stop:
    modes = tuple(_mode(rng, use, f"{name}m{m}", places) for m in range(rng.choice([1, 1, 1, 2])))
    goods = Feature.DELIVERIES in use and rng.random() < 0.5
    return Stop(
        id=name,
        modes=modes,
        loads={d: float(q) for d in WASTE if (q := rng.randint(0, 2))},
        deliveries={"parcels": float(rng.randint(1, 2))} if goods else {},
        windows=_windows(rng, 0.3),
        prize=rng.choice([None, None, 4.0, 40.0]) if optional else None,
        weight=rng.choice([1.0, 1.0, 3.0]),
        needs=frozenset({"crane"}) if Feature.SKILLS in use and rng.random() < 0.3 else frozenset(),
        release_s=rng.choice([0.0, 6.5 * HOUR]) if Feature.RELEASE in use else 0.0,
        usual=rng.choice([None, "v0", "v1"]) if Feature.CHANGES in use else None,
        at=(places[modes[0].arrive][0] * 1000.0, places[modes[0].arrive][1] * 1000.0),
    )


def _site(rng: Random, use: Collection[Feature], name: str, places: dict[str, tuple[float, float]]) -> TipSite:
    cap = Limit(name="paper a day", weights={"paper": 1.0}, at_most=float(rng.randint(3, 8)))
    return TipSite(
        id=name,
        modes=(_mode(rng, use, name, places),),
        queue_s=300.0 if Feature.QUEUES in use else 0.0,
        accepts=frozenset(WASTE) if name == "t0" else frozenset(rng.sample(WASTE, 1)),
        supplies=frozenset({"parcels"}) if Feature.SUPPLIES in use and rng.random() < 0.7 else frozenset(),
        windows=_windows(rng, 0.2),
        fee_per_tip=float(rng.randint(0, 2)),
        fees={d: float(rng.randint(0, 2)) for d in WASTE},
        caps=(cap,) if Feature.CAPS in use else (),
    )


def _breaks(rng: Random, use: Collection[Feature]) -> tuple[Break, ...]:
    kinds = {Feature.BREAK_PLACES, Feature.BREAKS_ALWAYS, Feature.BREAK_SPANS, Feature.BREAK_LIMITS} & set(use)
    if not kinds and rng.random() < 0.6:
        return ()
    rest = Break(
        id="lunch",
        duration_s=1800.0,
        earliest_s=rng.choice([6.5, 8.0]) * HOUR,
        latest_s=rng.choice([8.5, 9.0]) * HOUR,
        paid=rng.random() < 0.5,
        modes=(Mode(arrive="yard", leave="yard", service_s=0.0),) if Feature.BREAK_PLACES in use else (),
        always=Feature.BREAKS_ALWAYS in use,
        more=(Window(open_s=9.5 * HOUR, close_s=10 * HOUR),) if Feature.BREAK_SPANS in use else (),
        limits=(Limit(name="nearly empty", weights={"glass": 1.0}, at_most=1.0),)
        if Feature.BREAK_LIMITS in use
        else (),
    )
    return (rest,)


def _vehicle(rng: Random, use: Collection[Feature], name: str, places: dict[str, tuple[float, float]]) -> Vehicle:
    start = rng.choice(["depot", "depot", "yard"])
    bays = tuple(Limit(name=f"{d} bay", weights={d: 1.0}, at_most=3.0) for d in WASTE)
    wide = tuple(Limit(name=f"{d} bay", weights={d: 1.0}, at_most=4.0 - 2.0 * n) for n, d in enumerate(WASTE))
    return Vehicle(
        id=name,
        profile="truck",
        start=start,
        end=start if rng.random() < 0.8 else "depot",
        limits=(Limit(name="payload", weights=dict.fromkeys(DIMENSIONS, 1.0), at_most=float(rng.randint(4, 7))),),
        loadings=(bays, wide) if Feature.LOADINGS in use else (),
        day_limits=(Limit(name="a day", weights={"paper": 1.0}, at_most=6.0),) if Feature.DAY_LIMITS in use else (),
        shift=Shift(
            start_s=6 * HOUR,
            end_s=rng.choice([9.0, 12.0]) * HOUR,
            max_duration_s=rng.choice([None, 3 * HOUR]),
            overtime_s=HOUR if Feature.OVERTIME in use else 0.0,
        ),
        breaks=_breaks(rng, use),
        driving_rest=_driving_rest(rng) if Feature.DRIVING_REST in use else None,
        costs=_costs(rng, use),
        max_stops=rng.choice([None, None, 5]),
        max_driving_s=1.5 * HOUR if Feature.MAX_DRIVING in use else None,
        max_distance_m=40_000.0 if Feature.MAX_DISTANCE in use else None,
        must_end_empty=rng.random() < 0.7,
        skills=frozenset({"crane"}) if rng.random() < 0.6 else frozenset(),
        service_type=rng.choice(["", "crane"]),
    )


def _driving_rest(rng: Random) -> DrivingRest:
    of = rng.choice(["driving", "work"])
    return DrivingRest(
        id="rest", duration_s=900.0, after_s=HOUR if of == "driving" else 2 * HOUR, of=of, paid=rng.random() < 0.5
    )


def _costs(rng: Random, use: Collection[Feature]) -> VehicleCosts:
    dear = Feature.TIME_COSTS in use
    return VehicleCosts(
        fixed=rng.choice([0.0, 5.0]),
        per_hour=rng.choice([0.0, 12.0]),
        per_km=1.0,
        per_tip=2.0 if Feature.TIP_COSTS in use else 0.0,
        per_driving_hour=6.0 if dear else 0.0,
        per_service_hour=3.0 if dear else 0.0,
        overtime_per_hour=20.0 if Feature.OVERTIME in use else 0.0,
    )


def _roads(
    use: Collection[Feature], places: dict[str, tuple[float, float]]
) -> tuple[dict[str, DenseTravel], dict[str, tuple[Period, ...]]]:
    travel = grid_travel(places)
    if Feature.PERIODS not in use:
        return {"truck": travel}, {}
    slow = replace(travel, duration_ms=travel.duration_ms * 2, distance_dm=travel.distance_dm.copy())
    rush = (
        Period(from_s=0.0, travel="truck"),
        Period(from_s=7 * HOUR, travel="rush"),
        Period(from_s=8 * HOUR, travel="truck"),
    )
    return {"truck": travel, "rush": slow}, {"truck": rush}


def _aims(rng: Random, use: Collection[Feature]) -> Aims:
    balance = Balance(
        measure=rng.choice(list(Measure)),
        per_unit=rng.choice([0.0, 2.0]),
        at_most=rng.choice([None, 3.0]),
        weights=rng.choice([{}, {"paper": 1.0}]),
    )
    even = Feature.BALANCE in use
    first = [aim for aim in Aim if even or aim is not Aim.SPREAD]
    return Aims(
        balance=(balance,) if even else (),
        compact_per_km=0.5 if Feature.COMPACT in use else 0.0,
        change_per_stop=2.0 if Feature.CHANGES in use else 0.0,
        most_changes=rng.choice([None, 2]) if Feature.CHANGES in use else None,
        first=tuple(rng.sample(first, rng.choice([1, 2]))) if Feature.ORDER_OF_AIMS in use else (),
    )
