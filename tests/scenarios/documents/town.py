"""Outcomes built by hand on the made-up town: real streets, real travel times, rounds written down as lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from faults import Fault
from network.sources.made_up import twelve_junctions
from network.streets import StreetNetwork
from optimiser.hubs.plan import Assignment, HubPlan, HubPrice, LeftOut
from optimiser.result import Bound, Result, Status
from optimiser.rounds.check import check
from optimiser.rounds.plan import Act, Plan, Reason, Round, Unserved, Visit
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem
from scenarios.evidence.figure import Figure
from scenarios.ground import Ground, lay_ground
from scenarios.loads import day_loads
from scenarios.model.fleet import CrewBreak, FleetVehicle
from scenarios.model.origin import Origin
from scenarios.model.sites import Depot, Facility, HubSite
from scenarios.model.system import WasteSystem
from scenarios.model.work import CollectionPoint, PointKind, Residents, Stream
from scenarios.outcome import (
    BalanceRow,
    Baseline,
    DayPlan,
    HubOutcome,
    Outcome,
    Provenance,
    StageCost,
    TodayDay,
)
from scenarios.pose import pose_hubs, pose_rounds
from scenarios.scenario import HubChoice, Scenario, StreetsRef
from scenarios.ways import lay_ways

BREAK = "break"
Routes = Mapping[str, Sequence[str]]  # vehicle -> ids in order; "break" is its first break
METRES = 111_195.0

ORGANIC = Stream(id="organic", name="Organic waste", density_kg_m3=500)
RESIDUAL = Stream(id="residual", name="Residual waste", density_kg_m3=334)
SCRIPT = "<script>alert('x')</script> & Sons"


def place(x: float, y: float) -> dict[str, float]:
    return {"lon": x / METRES, "lat": y / METRES}


def point(name: str, x: float, y: float, kg: float, *, row: int, title: str = "", **more: object) -> CollectionPoint:
    own = {
        "Bin no": name.upper(),
        "Ward": f"Ward {row % 3}",
        "Phone": "+254 700 000 00" + str(row),
        "Message": "Gate on the left; ring twice" if row == 3 else "",
        "Litres": "1100",
    }
    values: dict[str, object] = {
        "id": name,
        "name": title or f"Container {name.upper()}",
        "stream": "residual",
        "kg_per_day": kg,
        "own": own,
        "people": 40.0,
        "origin": Origin(file="points.xlsx", sheet="Bins", row=row),
        **place(x, y),
        **more,
    }
    return CollectionPoint(**values)  # type: ignore[arg-type]


def points() -> tuple[CollectionPoint, ...]:
    tricky = {"Bin no": '=HYPERLINK("http://evil","x")', "Ward": "@SUM(1+1)", "Phone": "-2+3", "Extra": "\tTab"}
    return (
        point("a", 100, 4, 60, row=2, title="Primary school"),
        point("b", 350, -6, 80, row=3, title=SCRIPT, containers=3, estimated=True),
        point("c", 600, 5, 45, row=4, open_s=7 * 3600.0, close_s=9 * 3600.0),
        point("d", 706, 50, 70, row=5),
        point("e", 350, 105, 55, row=6, title="Market Street 12"),
        point("f", 100, 245, 40, row=7, stream="organic", title="Café Njema", own=tricky),
        point("g", 350, 256, 90, row=8, stream="organic", title="Hotel"),
        point("h", 4, 180, 65, row=9, kind=PointKind.CUSTOMER),
        point("far", 550, 300, 30, row=10, title="Behind the quarry"),
    )


def fleet() -> tuple[FleetVehicle, ...]:
    common = {
        "start_depot": "yard",
        "end_depot": "yard",
        "shift_start_s": 6 * 3600.0,
        "shift_end_s": 14 * 3600.0,
        "cost_per_km": 45.0,
        "origin": Origin(file="vehicles.csv", row=2),
    }
    rest = CrewBreak(duration_s=900, earliest_s=6.2 * 3600, latest_s=10 * 3600, paid=False)
    return (
        FleetVehicle(
            id="truck-1", name="Truck <1>", profile="refuse-truck", streams=("residual",), payload_kg=1200,
            volume_m3=4.0, wage_per_hour=900, fixed_per_day=1500, breaks=(rest,), crew=3, **common,
        ),
        FleetVehicle(
            id="trike", name="Tricycle", profile="tricycle", streams=("organic",), payload_kg=600,
            wage_per_hour=300, fixed_per_day=200, **common,
        ),
    )  # fmt: skip


def system(**changes: object) -> WasteSystem:
    origin = Origin(file="sites.csv", row=2)
    values: dict[str, object] = {
        "streams": (RESIDUAL, ORGANIC),
        "points": points(),
        "residents": tuple(
            Residents(id=f"home-{k}", people=20.0, kg_per_day=10.0, estimated=True, origin=origin, **place(x, y))
            for k, (x, y) in enumerate([(40, 6), (180, 40), (420, 96), (640, 8), (60, 240), (480, 258)])
        ),
        "depots": (Depot(id="yard", name="Municipal yard", origin=origin, **place(10, -8)),),
        "facilities": (
            Facility(id="dump", name="Quarry landfill", kind="landfill", accepts=("residual",), unload_s=600,
                     gate_fee_per_tonne=500, open_s=6 * 3600.0, close_s=18 * 3600.0, controlled=True, origin=origin,
                     **place(605, 345)),
            Facility(id="compost", name="Compost site", kind="composting", accepts=("organic",), unload_s=300,
                     recovers=True, origin=origin, **place(690, 95)),
        ),
        "vehicles": fleet(),
        "hub_sites": (
            HubSite(id="hub-1", name="Hub at First Avenue", capacity_kg_per_day=60, fixed_cost_per_day=100,
                    cost_per_tonne=200, origin=origin, **place(-4, 60)),
            HubSite(id="hub-2", name="Hub at Fourth Avenue", origin=origin, **place(706, 60)),
        ),
    }  # fmt: skip
    return WasteSystem(**{**values, **changes})  # type: ignore[arg-type]


def scenario(**changes: object) -> Scenario:
    values: dict[str, object] = {
        "name": "Small town",
        "description": "A made-up town, to learn with",
        "country": "KE",
        "currency": "KES",
        "days": ("mon", "thu"),
        "streams": (RESIDUAL, ORGANIC),
        "streets": StreetsRef(town="twelve-junctions"),
        "hubs": HubChoice(at_most=1, reach_m=600, share_brought=0.1),
    }
    return Scenario(**{**values, **changes})  # type: ignore[arg-type]


MONDAY: Routes = {"truck-1": ("a", "b", "c", BREAK, "d", "dump", "e", "dump"), "trike": ("f", "g", "compost")}
THURSDAY: Routes = {"truck-1": ("h", "a", "b", "dump", BREAK, "c", "d", "e", "dump")}


def timed(problem: RoundsProblem, routes: Routes) -> tuple[Round, ...]:
    """Give every visit its times: drive, wait for the opening, work."""
    vehicles = {vehicle.id: vehicle for vehicle in problem.vehicles}
    work = {item.id: item for item in (*problem.stops, *problem.tip_sites)}
    sites = {site.id for site in problem.tip_sites}
    rounds = []
    for name, ids in routes.items():
        vehicle = vehicles[name]
        travel = problem.travel[vehicle.profile]
        now, here, visits = vehicle.shift.start_s, vehicle.start, []
        for item in ids:
            if item == BREAK:
                rest = vehicle.breaks[0]
                begin = max(now, rest.earliest_s)
                visits.append(
                    Visit(act=Act.BREAK, id=rest.id, arrive_s=now, start_s=begin, end_s=begin + rest.duration_s)
                )
                now = visits[-1].end_s
                continue
            modes = work[item].modes
            arrivals = [now + drive_s(travel, here, mode.arrive) for mode in modes]
            chosen = int(np.argmin(arrivals))
            arrive = arrivals[chosen]
            begin = max([arrive, *(window.open_s for window in work[item].windows)])
            end = begin + modes[chosen].service_s
            act = Act.TIP if item in sites else Act.STOP
            visits.append(Visit(act=act, id=item, mode=chosen, arrive_s=arrive, start_s=begin, end_s=end))
            now, here = end, modes[chosen].leave
        back = now + drive_s(travel, here, vehicle.end)
        rounds.append(Round(vehicle=name, start_s=vehicle.shift.start_s, end_s=back, visits=tuple(visits)))
    return tuple(rounds)


def drive_s(travel, here: str, there: str) -> float:
    duration_ms, _ = travel.legs(np.array([travel.row(here)]), np.array([travel.column(there)]))
    return float(duration_ms[0]) / 1000


def planned(
    whole: WasteSystem,
    scene: Scenario,
    ground: Ground,
    day: str,
    routes: Routes,
    unserved: Sequence[Unserved] = (),
    *,
    bound: bool = False,
) -> DayPlan:
    """Make a day from routes; what no route names and ``unserved`` does not explain has no room."""
    loads = day_loads(whole.points, day, scene, {})
    problem = pose_rounds(whole, ground, scene, day=day, loads_kg=loads)
    served = {item for ids in routes.values() for item in ids} | {item.stop for item in unserved}
    rest = [Unserved(stop=stop.id, reason=Reason.NO_ROOM) for stop in problem.stops if stop.id not in served]
    plan = Plan(rounds=timed(problem, routes), unserved=(*unserved, *rest))
    cost = price(problem, plan)
    result = Result(
        status=Status.PARTIAL if plan.unserved else Status.FEASIBLE,
        plan=plan,
        price=cost,
        bound=Bound(value=cost.net * 0.97, method="relaxed problem") if bound else None,
        gap=0.03 if bound else None,
        seed=1,
        engine="by-hand",
        engine_version="1",
        runtime_s=0.5,
        notes=("Written down by hand.",),
    )
    violations = check(problem, plan)
    return DayPlan(
        day=day,
        problem=problem,
        result=result,
        violations=violations,
        ways=lay_ways(problem, plan, ground),
        loads_kg=loads,
    )


def hubs_of(whole: WasteSystem, network: StreetNetwork, scene: Scenario) -> HubOutcome:
    plan = HubPlan(
        open=("hub-1",),
        assignments=tuple(Assignment(demand=f"home-{k}", hub="hub-1", share=1.0) for k in (0, 1, 4)),
        left_out=tuple(LeftOut(demand=f"home-{k}", share=1.0, reason="not-chosen") for k in (2, 3, 5)),
    )
    cost = HubPrice(
        objective=14_400.0,
        unit="person-metres",
        fixed_cost_per_day=100.0,
        handling_cost_per_day=0.6,
        unserved_cost_per_day=0.0,
        people_served=60.0,
        people_left_out=60.0,
        kg_per_day_served=3.0,
        mean_walk_m=240.0,
    )
    return HubOutcome(
        problem=pose_hubs(whole, network, scene),
        result=Result(
            status=Status.OPTIMAL,
            plan=plan,
            price=cost,
            bound=Bound(value=14_400.0, method="branch and bound"),
            gap=0.0,
            seed=1,
            engine="milp",
            engine_version="1.12",
            runtime_s=0.2,
        ),
    )


def figures(days: Sequence[DayPlan]) -> tuple[Figure, ...]:
    prices = [day.result.price for day in days if day.result.price is not None]
    metres, cost = sum(p.distance_m for p in prices), sum(p.total for p in prices)
    return (
        Figure(id="distance", value=metres / 1000, unit="km", better="lower", sources=("street network",)),
        Figure(id="cost", value=cost, unit="KES", low=cost * 0.9, high=cost * 1.2, better="lower",
               sources=("vehicles.csv", "gate fees"), estimated=True),
        Figure(id="share-served", value=0.83, unit="share", better="higher"),
        Figure(id="co2e-transport", value=None, unit="kg CO2e", note="no fuel is known for the tricycle"),
    )  # fmt: skip


def balances(days: Sequence[DayPlan], whole: WasteSystem) -> tuple[BalanceRow, ...]:
    rows = []
    streams = {item.id: item.stream for item in whole.points}
    for stream in whole.streams:
        served = {stop for day in days for r in (day.result.plan.rounds if day.result.plan else ()) for stop in r.stops}
        mine = [name for name, kind in streams.items() if kind == stream.id]
        total = sum(day.loads_kg.get(name, 0.0) for day in days for name in mine)
        got = sum(
            day.loads_kg[stop]
            for day in days
            for r in (day.result.plan.rounds if day.result.plan else ())
            for stop in r.stops
            if streams[stop] == stream.id
        )
        site = next((f.id for f in whole.facilities if stream.id in f.accepts), "")
        rows.append(
            BalanceRow(stream=stream.id, generated_kg=total, collected_kg=got, to_hubs_kg=0.0, left_kg=total - got,
                       left_reason="no-room" if total > got else "", unloaded_kg={site: got} if got else {})
        )  # fmt: skip
        assert served or not got
    return tuple(rows)


def doubts() -> tuple[Fault, ...]:
    return (
        Fault(code="place-moved", place="points.xlsx, sheet Bins, row 10 (far)", cause="moved 43 m",
              action="check that this is where it stands"),
        Fault(code="amount-estimated", place="points.xlsx, sheet Bins, row 3 (b)", cause="<b> is an estimate",
              action="=weigh it"),
    )  # fmt: skip


def today_of(day: DayPlan, *, agrees: bool | None, note: str) -> Baseline:
    plan = day.result.plan
    assert plan is not None
    judged = TodayDay(
        day=day.day,
        plan=plan,
        price=price(day.problem, plan),
        violations=day.violations,
        recorded_hours=5.0,
        recorded_km=12.0,
    )
    comparison = () if note else (
        Figure(id="today-cost", value=5200.0, unit="KES", better="lower"),
        Figure(id="saving-cost", value=-310.0, unit="KES", better="higher"),
    )  # fmt: skip
    return Baseline(
        days=(judged,), speed_factor=0.9, service_factor=1.1, agrees=agrees, comparison=comparison, note=note
    )


def outcome_of(
    whole: WasteSystem,
    scene: Scenario,
    network: StreetNetwork,
    days: Sequence[DayPlan],
    **changes: object,
) -> Outcome:
    values: dict[str, object] = {
        "scenario": scene,
        "system": whole,
        "network": network,
        "days": tuple(days),
        "hubs": None,
        "baseline": None,
        "figures": figures(days),
        "balance": balances(days, whole),
        "doubts": doubts(),
        "provenance": Provenance(
            inputs_sha256="ab" * 32,
            files={"scenario.toml": "cd" * 32, "points.xlsx": "ef" * 32},
            versions={"python": "3.11.7", "mzunguko": "0.1.0"},
            seed=1,
            stages=(
                StageCost(stage="read", seconds=0.21, peak_mb=88.0),
                StageCost(stage="solve mon", seconds=3, peak_mb=90),
            ),
            made_at="2025-11-20T08:30:00+00:00",
            attribution=network.attribution,
        ),
    }
    return Outcome(**{**values, **changes})  # type: ignore[arg-type]


def full() -> Outcome:
    """Two days, two vehicles, two streams, breaks, tips, left-out stops, hubs, rounds of today."""
    whole, scene, network = system(), scenario(), twelve_junctions()
    ground = lay_ground(whole, network, limit_m=200)
    away = Unserved(stop="far", reason=Reason.NO_TIME, detail="needs 3 h", fix="a longer shift <for> the truck")
    days = (
        planned(whole, scene, ground, "mon", MONDAY, (away,), bound=True),
        planned(whole, scene, ground, "thu", THURSDAY, (away,)),
    )
    return outcome_of(
        whole, scene, network, days,
        hubs=hubs_of(whole, network, scene), baseline=today_of(days[0], agrees=True, note=""),
    )  # fmt: skip


def illustration() -> Outcome:
    """One day, invented fleet and rounds."""
    whole, network = system(), twelve_junctions()
    scene = scenario(days=(), hubs=None, illustration=("fleet", "rounds"))
    ground = lay_ground(whole, network, limit_m=200)
    day = planned(whole, scene, ground, "day", MONDAY)
    return outcome_of(whole, scene, network, (day,), baseline=today_of(day, agrees=True, note="illustration"))


def empty() -> Outcome:
    """Nothing to collect, nobody goes out."""
    whole, network = system(points=(), residents=(), hub_sites=()), twelve_junctions()
    scene = scenario(days=(), hubs=None)
    ground = lay_ground(whole, network, limit_m=200)
    return outcome_of(whole, scene, network, (planned(whole, scene, ground, "day", {}),), figures=(), doubts=())


def no_plan() -> Outcome:
    """The budget ended before the first plan."""
    whole, network = system(), twelve_junctions()
    scene = scenario(days=(), hubs=None)
    ground = lay_ground(whole, network, limit_m=200)
    day = planned(whole, scene, ground, "day", {})
    result = Result(
        status=Status.NO_PLAN, plan=None, price=None, seed=1, engine="by-hand", engine_version="1", runtime_s=1
    )
    gone = DayPlan(day="day", problem=day.problem, result=result, violations=(), ways={}, loads_kg=day.loads_kg)
    return outcome_of(whole, scene, network, (gone,))


def recycler() -> Outcome:
    """A small recycler with one tricycle: buys at the stops, sells at a yard, leaves out what does not pay."""
    pet = Stream(id="pet", name="PET bottles", density_kg_m3=80, sale_price_per_kg=30.0)
    origin = Origin(file="pickups.csv", row=2)
    stops = tuple(
        CollectionPoint(
            id=f"p{k}", name=title, kind=PointKind.CUSTOMER, stream="pet", kg_now=kg, buying_price_per_kg=12.0,
            optional=True, service_s=240, origin=origin, **place(x, y),
        )
        for k, (title, kg, x, y) in enumerate(
            [("Mama Kioko", 40, 100, 3), ("Duka", 25, 350, 3), ("Hoteli", 60, 600, 3), ("Mbali", 2, 600, 300)]
        )
    )  # fmt: skip
    buyer = Facility(id="buyer", name="Buyer's yard", kind="buyer", accepts=("pet",), unload_s=600, recovers=True,
                     origin=origin, **place(690, 95))  # fmt: skip
    trike = FleetVehicle(
        id="trike", name="Tricycle", profile="tricycle", start_depot="yard", end_depot="yard", streams=("pet",),
        payload_kg=250, shift_start_s=7 * 3600.0, shift_end_s=12 * 3600.0, wage_per_hour=0, fixed_per_day=100,
        cost_per_km=5.0, origin=origin,
    )  # fmt: skip
    whole = system(streams=(pet,), points=stops, residents=(), facilities=(buyer,), vehicles=(trike,), hub_sites=())
    scene = scenario(name="Today's run", days=(), hubs=None, streams=(pet,))
    network = twelve_junctions()
    ground = lay_ground(whole, network, limit_m=200)
    far = Unserved(stop="p3", reason=Reason.NOT_WORTH_IT, fix="20 kg would be worth it")
    day = planned(whole, scene, ground, "day", {"trike": ("p0", "p1", "p2", "buyer")}, (far,))
    return outcome_of(whole, scene, network, (day,), figures=())
