"""Today's rounds, judged by the same code as our plans, and the honest difference.

Modelled hours and kilometres are first compared with what was recorded; speeds and service times are calibrated; no
saving is claimed until both agree within 5 %.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.plan import Order, Plan, Price
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from optimiser.rounds.schedule import schedule
from optimiser.rounds.solve import solve
from scenarios.evidence.figure import Figure
from scenarios.ground import Ground
from scenarios.loads import day_loads, planned_days
from scenarios.model.fleet import TodayRound
from scenarios.model.system import WasteSystem
from scenarios.outcome import Baseline, DayPlan, TodayDay
from scenarios.pose import pose_rounds
from scenarios.scenario import Scenario
from scenarios.terrain import Terrain

AGREES = 0.05
COMPARED = ("today's rounds", "plan", "calibration")
CLOSE = 0.005  # a calibration this close is left alone
REFINEMENTS = 2
SPEED_LIMITS = (0.4, 1.6)  # ours: outside this the records and the map do not speak of the same rounds
SERVICE_LIMITS = (0.4, 2.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Factors on speeds and service times, and how well the model then meets the records."""

    speed_factor: float = 1.0
    service_factor: float = 1.0
    hours_error: float | None = None  # (modelled - recorded) / recorded
    km_error: float | None = None

    @property
    def agrees(self) -> bool | None:
        """Within 5 % in hours and kilometres; ``None`` when nothing was recorded."""
        errors = [error for error in (self.hours_error, self.km_error) if error is not None]
        return all(abs(error) <= AGREES for error in errors) if errors else None


def calibrated(system: WasteSystem, terrain: Terrain, scenario: Scenario, brought: Mapping[str, float]) -> Calibration:
    """Return the factors on speeds and service times that fit today's records, 1 where there are none.

    They are found on the uncalibrated ground and refined once, because waiting and breaks move with them.
    """
    calibration = Calibration()
    days = [day for day in planned_days(scenario) if _rounds_on(system.today, day)]
    for _ in range(REFINEMENTS):
        today = [
            judge_today(
                system,
                terrain.ground(day, calibration.speed_factor),
                scenario,
                day=day,
                service_factor=calibration.service_factor,
                brought=brought,
            )[1]
            for day in days
        ]
        step = calibrate(today, so_far=calibration)
        if step == calibration:
            break
        calibration = step
    return calibration


def judge_today(
    system: WasteSystem,
    ground: Ground,
    scenario: Scenario,
    *,
    day: str,
    service_factor: float,
    brought: Mapping[str, float],
) -> tuple[RoundsProblem, TodayDay]:
    """Time, check and price today's rounds of one day."""
    today = [round_ for round_ in system.today if round_.day in ("", day)]
    problem = today_problem(system, ground, scenario, day=day, service_factor=service_factor, brought=brought)
    facilities = {facility.id for facility in system.facilities}
    plan = schedule(
        problem,
        [
            Order(
                vehicle=round_.vehicle,
                visits=round_.visits,
                tips="listed" if facilities & set(round_.visits) else "free",
            )
            for round_ in today
        ],
    )
    return problem, TodayDay(
        day=day,
        plan=plan,
        price=price(problem, plan),
        violations=check(problem, plan),
        recorded_hours=_sum([round_.recorded_hours for round_ in today]),
        recorded_km=_sum([round_.recorded_km for round_ in today]),
    )


def today_problem(
    system: WasteSystem,
    ground: Ground,
    scenario: Scenario,
    *,
    day: str,
    service_factor: float,
    brought: Mapping[str, float],
) -> RoundsProblem:
    """Pose the day as today's rounds find it: with every point they go to."""
    visited = frozenset(visit for round_ in system.today if round_.day in ("", day) for visit in round_.visits)
    return pose_rounds(
        system,
        ground,
        scenario,
        day=day,
        loads_kg=day_loads(system.points, day, scenario, brought),
        service_factor=service_factor,
        visited=visited & frozenset(point.id for point in system.points),
    )


def calibrate(today: Sequence[TodayDay], *, so_far: Calibration) -> Calibration:
    """Return the factors that bring modelled hours to the recorded ones.

    First the speed, ``driving / f + rest = recorded``; what its limits leave over, the service times. Kilometres
    cannot be calibrated: a difference there means that the recorded round drove other streets, and it is reported.
    """
    timed = [day for day in today if day.recorded_hours is not None]
    speed, service = so_far.speed_factor, so_far.service_factor
    if timed:
        recorded_s = sum(day.recorded_hours or 0.0 for day in timed) * 3600.0
        driving_s = sum(day.price.driving_s for day in timed)
        service_s = sum(day.price.service_s for day in timed)
        out_s = sum(round_.end_s - round_.start_s for day in timed for round_ in day.plan.rounds)
        fixed_s = out_s - driving_s - service_s
        wanted = recorded_s - service_s - fixed_s
        if abs(recorded_s - out_s) <= CLOSE * recorded_s:
            return so_far
        speed = _clip(speed * driving_s / wanted, SPEED_LIMITS) if wanted > 0 else SPEED_LIMITS[1]
        driven_s = driving_s * so_far.speed_factor / speed
        if service_s > 0:
            service = _clip(service * (recorded_s - fixed_s - driven_s) / service_s, SERVICE_LIMITS)
    return Calibration(speed_factor=speed, service_factor=service)


def errors_of(today: Sequence[TodayDay], calibration: Calibration) -> Calibration:
    """Return the calibration with its remaining errors against the records."""
    hours = [
        (sum(r.end_s - r.start_s for r in day.plan.rounds) / 3600.0, day.recorded_hours)
        for day in today
        if day.recorded_hours
    ]
    km = [(day.price.distance_m / 1000.0, day.recorded_km) for day in today if day.recorded_km]
    return replace(calibration, hours_error=_error(hours), km_error=_error(km))


def compare(
    system: WasteSystem,
    terrain: Terrain,
    scenario: Scenario,
    *,
    planned: Sequence[DayPlan],
    calibration: Calibration,
    brought: Mapping[str, float],
) -> Baseline | None:
    """Judge today's rounds on every planned day they are known for and say what differs; ``None`` without any."""
    if not system.today:
        return None
    judged = [
        judge_today(
            system,
            terrain.ground(day.day, calibration.speed_factor),
            scenario,
            day=day.day,
            service_factor=calibration.service_factor,
            brought=brought,
        )
        for day in planned
        if _rounds_on(system.today, day.day)
    ]
    days = tuple(today for _, today in judged)
    final = errors_of(days, calibration)
    note = _note(scenario, final)
    return Baseline(
        days=days,
        speed_factor=final.speed_factor,
        service_factor=final.service_factor,
        agrees=final.agrees,
        comparison=() if note else _differences(judged, planned, scenario),
        note=note,
    )


def _note(scenario: Scenario, calibration: Calibration) -> str:
    if "rounds" in scenario.illustration:
        return "illustration"
    if calibration.agrees is None:
        return "nothing-recorded"
    return "" if calibration.agrees else "disagrees"


def _differences(
    judged: Sequence[tuple[RoundsProblem, TodayDay]], planned: Sequence[DayPlan], scenario: Scenario
) -> tuple[Figure, ...]:
    plans = {day.day: day for day in planned}
    pairs = [(today.price, plans[today.day].result.price) for _, today in judged]
    equal = [(today.price, _equal_service(problem, today, plans[today.day], scenario)) for problem, today in judged]
    figures = [*_saving("", pairs, scenario), *_saving("-equal-service", equal, scenario)]
    broken = sum(len(today.violations) for _, today in judged)
    figures.append(Figure(id="today-violations", value=float(broken), unit="rules broken", better="lower"))
    return tuple(figures)


def _saving(suffix: str, pairs: Sequence[tuple[Price, Price | None]], scenario: Scenario) -> list[Figure]:
    """Return today's figures and what the plan saves; without value if any day has no plan to compare with."""
    known = [(today, plan) for today, plan in pairs if plan is not None]
    note = "" if len(known) == len(pairs) else "on some day no plan serves all that today's rounds serve"

    def figures(name: str, unit: str, measure: Callable[[Price], float]) -> list[Figure]:
        today = sum(measure(price) for price, _ in pairs)
        saving = None if note else today - sum(measure(plan) for _, plan in known)
        return [
            Figure(id=f"today-{name}{suffix}", value=today, unit=unit, better="lower", sources=COMPARED),
            Figure(id=f"saving-{name}{suffix}", value=saving, unit=unit, better="higher", sources=COMPARED, note=note),
        ]

    return [
        *figures("cost", scenario.currency, lambda price: price.total),
        *figures("distance", "km", lambda price: price.distance_m / 1000.0),
        *figures("hours", "h", lambda price: price.paid_s / 3600.0),
    ]


def _equal_service(problem: RoundsProblem, today: TodayDay, plan: DayPlan, scenario: Scenario) -> Price | None:
    """Price our plan for exactly the stops that today's rounds serve; ``None`` when it cannot serve them all."""
    served = {stop for round_ in today.plan.rounds for stop in round_.stops}
    ours = plan.result.plan or Plan(rounds=())
    if served == {stop for round_ in ours.rounds for stop in round_.stops}:
        return plan.result.price
    same = replace(problem, stops=tuple(replace(stop, prize=None) for stop in problem.stops if stop.id in served))
    result = solve(
        same,
        engine=scenario.solve.engine,
        budget=Budget(
            seconds=scenario.solve.seconds,
            iterations=scenario.solve.iterations,
            threads=scenario.solve.threads,
        ),
        seed=scenario.solve.seed,
    )
    return None if result.plan is None or result.plan.unserved else result.price


def _rounds_on(today: Sequence[TodayRound], day: str) -> bool:
    return any(round_.day in ("", day) for round_ in today)


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) and known else None


def _clip(value: float, limits: tuple[float, float]) -> float:
    return min(max(value, limits[0]), limits[1])


def _error(pairs: Sequence[tuple[float, float | None]]) -> float | None:
    recorded = sum(value or 0.0 for _, value in pairs)
    return (sum(model for model, _ in pairs) - recorded) / recorded if recorded else None
