"""The flow problem written out with PuLP, to be read; HiGHS solves it. Slow to build beyond about 100,000 columns.

Sets: lanes a = (tail, head, stream, vehicle), sites h with sizes l and processes q, outlets o, cooperatives c.
Decisions: ``x`` kg on a lane, ``p`` kg of a stream into a process at a site, ``u`` kg left out, ``y`` 1 if a site is
built in a size, ``w`` members that work, ``m`` money paid for a stream.

    minimise    sum_a cost_a x_a + sum_o (fee - price) x_into_o + sum cost_q p + sum fixed y + sum m
                + sum unserved u + sum deposit (arising - u)                            (aim cost; others likewise)
    subject to  sum_out x + u = arising                     sources: everything leaves or is left out
                sum_in x = sum_q p                          sites: what comes in is processed
                sum_out x = sum_q yield p                   sites: what is made leaves
                sum p <= sum_l capacity_l y_l,  sum_l y_l <= 1
                p_q <= sum_l capacity_ql y_l                processes with limits of their own
                sum (contamination - allowed) p <= 0
                sum_in x <= cap,  sum_in x >= duty          outlets
                sum hours x <= hours_c w,  floor w <= sum m,  least x <= m <= most x
                sum fixed y <= budget,  aim <= limit
                u <= (1 - least share) arising,  w <= members,  x <= limit,  y whole, all others >= 0
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeAlias, cast

import highspy
import numpy as np
import pulp

from optimiser.hubs.flows.decode import SMALLEST
from optimiser.hubs.flows.engines import highs
from optimiser.hubs.flows.engines.answer import Answer
from optimiser.hubs.flows.lanes import Lanes, lanes
from optimiser.hubs.flows.materials import contamination, outputs
from optimiser.hubs.flows.places import Offer
from optimiser.hubs.flows.plan import Carried, FlowPlan, LeftOut, Processed, Work
from optimiser.hubs.flows.problem import Aim, FlowProblem

NAME = "pulp"

Variables = dict[Any, pulp.LpVariable]
Sum: TypeAlias = pulp.LpAffineExpression


def version() -> str:
    """Return the versions that make the answer."""
    return f"{highs.version()} through PuLP {pulp.__version__}"


def supports(_problem: FlowProblem) -> tuple[str, ...]:
    """Return reasons against: none."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Model:
    """The decisions by what they are about."""

    problem: FlowProblem
    lanes: Lanes
    lp: pulp.LpProblem
    x: list[pulp.LpVariable]
    p: Variables
    u: Variables
    y: Variables
    w: Variables
    m: Variables
    into: dict[tuple[int, int], list[pulp.LpVariable]] = field(default_factory=dict)
    out_of: dict[tuple[int, int], list[pulp.LpVariable]] = field(default_factory=dict)


def solve(
    problem: FlowProblem,
    *,
    deadline: float | None,
    iterations: int | None,
    seed: int,
    on_bounds: highs.OnBounds | None = None,
) -> Answer:
    """Solve by branch and bound; ``iterations`` are nodes."""
    model = _decisions(problem)
    goals = {aim: _goal(model, aim) for aim in Aim}
    model.lp.setObjective(goals[problem.aim])
    _sources(model)
    _sites(model)
    _outlets(model)
    _cooperatives(model)
    for limit in problem.limits:
        model.lp.addConstraint(goals[limit.aim] <= limit.at_most)
    if problem.fixed_budget is not None:
        sizes = {(s.id, size.id): size.fixed_cost for s in problem.sites for size in s.sizes}
        model.lp.addConstraint(pulp.lpSum(sizes[key] * y for key, y in model.y.items()) <= problem.fixed_budget)
    return _run(model, deadline, iterations, seed, on_bounds)


def _decisions(problem: FlowProblem) -> _Model:
    lp, ways = pulp.LpProblem("flows", pulp.LpMinimize), lanes(problem)

    def variables(name: str, keys: Iterable[Any], most: Callable[[Any], float | None], kind: str) -> Variables:
        return {key: lp.add_variable(f"{name}{k}", 0, most(key), kind) for k, key in enumerate(keys)}

    real, whole = pulp.LpContinuous, pulp.LpInteger
    arising = {(s.id, a.stream): a for s in problem.sources for a in s.arisings}
    sites = {site.id: site for site in problem.sites}
    process = {each.id: each for each in problem.processes}
    members = {work.id: work.members for work in problem.cooperatives}
    limit = [None if np.isinf(most) else most for most in ways.at_most_kg.tolist()]
    x = [lp.add_variable(f"x{k}", 0, most) for k, most in enumerate(limit)]
    model = _Model(
        problem=problem,
        lanes=ways,
        lp=lp,
        x=x,
        p=variables(
            "p",
            [(h.id, q, s) for h in problem.sites for q in h.processes for s in process[q].takes],
            lambda _: None,
            real,
        ),
        u=variables("u", arising, lambda key: (1.0 - arising[key].least_share) * arising[key].kg, real),
        y=variables(
            "y",
            [(h.id, size.id) for h in problem.sites for size in h.sizes],
            lambda key: int(sites[key[0]].may_open),
            whole,
        ),
        w=variables("w", members, lambda key: members[key], real),
        m=variables("m", [(c.id, fee.stream) for c in problem.cooperatives for fee in c.fees], lambda _: None, real),
    )
    for k, (tail, head, stream) in enumerate(
        zip(ways.tail.tolist(), ways.head.tolist(), ways.stream.tolist(), strict=True)
    ):
        model.out_of.setdefault((tail, stream), []).append(x[k])
        model.into.setdefault((head, stream), []).append(x[k])
    return model


def _goal(model: _Model, aim: Aim) -> Sum:
    """Return the sum that an aim is about."""
    problem, ways = model.problem, model.lanes
    transport = {
        Aim.COST: ways.cost,
        Aim.GHG: ways.ghg_kg,
        Aim.NET_GHG: ways.ghg_kg,
        Aim.LANDFILLED: np.zeros(len(ways)),
        Aim.JOBS: -ways.jobs,
    }[aim]
    terms = [float(value) * x for value, x in zip(transport, model.x, strict=True) if value]
    first = len(problem.sources) + len(problem.sites)
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    for place, outlet in enumerate(problem.outlets, start=first):
        for offer in outlet.offers:
            worth = _of_offer(offer, aim)
            terms += [worth * x for x in model.into.get((place, number[offer.stream]), ()) if worth]
    for process in problem.processes:
        of = {
            Aim.COST: process.cost_per_kg,
            Aim.GHG: process.ghg_kg_per_kg,
            Aim.NET_GHG: process.ghg_kg_per_kg,
            Aim.LANDFILLED: 0.0,
            Aim.JOBS: -process.jobs_per_kg,
        }[aim]
        terms += [of * p for (_, q, _), p in model.p.items() if q == process.id and of]
    for source in problem.sources:
        for a in source.arisings:
            left = model.u[source.id, a.stream]
            terms += {
                Aim.COST: [a.unserved_cost_per_kg * left, a.deposit_per_kg * (a.kg - left)],
                Aim.GHG: [a.unserved_ghg_kg_per_kg * left],
                Aim.NET_GHG: [a.unserved_ghg_kg_per_kg * left],
                Aim.LANDFILLED: [1.0 * left],
                Aim.JOBS: [],
            }[aim]
    for site in problem.sites:
        for size in site.sizes:
            if (each := {Aim.COST: size.fixed_cost, Aim.JOBS: -size.jobs}.get(aim, 0.0)) != 0.0:
                terms.append(each * model.y[site.id, size.id])
    money = list(model.m.values()) if aim is Aim.COST else []
    return cast("Sum", pulp.lpSum(terms + money))


def _of_offer(offer: Offer, aim: Aim) -> float:
    return {
        Aim.COST: offer.gate_fee_per_kg - offer.price_per_kg,
        Aim.GHG: offer.ghg_kg_per_kg,
        Aim.NET_GHG: offer.ghg_kg_per_kg - offer.credit_ghg_kg_per_kg,
        Aim.LANDFILLED: float(not offer.diverted),
        Aim.JOBS: 0.0,
    }[aim]


def _sources(model: _Model) -> None:
    number = {stream.id: k for k, stream in enumerate(model.problem.streams)}
    for row, source in enumerate(model.problem.sources):
        for a in source.arisings:
            leaves = pulp.lpSum(model.out_of.get((row, number[a.stream]), ()))
            model.lp.addConstraint(leaves + model.u[source.id, a.stream] == a.kg)


def _sites(model: _Model) -> None:
    problem, add = model.problem, model.lp.addConstraint
    process = {each.id: each for each in problem.processes}
    everything = sum(a.kg for source in problem.sources for a in source.arisings)
    for row, site in enumerate(problem.sites, start=len(problem.sources)):
        made: dict[str, list[Sum]] = {stream.id: [] for stream in problem.streams}
        for name in site.processes:
            for stream in (s for s in problem.streams if s.id in process[name].takes):
                for into, share in outputs(process[name], stream).items():
                    made[into].append(share * model.p[site.id, name, stream.id])
        for k, stream in enumerate(problem.streams):
            taken = [model.p[site.id, q, stream.id] for q in site.processes if stream.id in process[q].takes]
            add(pulp.lpSum(model.into.get((row, k), ())) == pulp.lpSum(taken))
            add(pulp.lpSum(model.out_of.get((row, k), ())) == pulp.lpSum(made[stream.id]))
        size_of = {size.id: min(size.limit_kg(site.hours), everything) for size in site.sizes}
        built = [model.y[site.id, size.id] for size in site.sizes]
        every = [model.p[site.id, q, s] for q in site.processes for s in process[q].takes]
        room = pulp.lpSum(kg * model.y[site.id, size] for size, kg in size_of.items())
        add(pulp.lpSum(every) <= room)
        add(pulp.lpSum(built) <= 1)
        add(pulp.lpSum(built) >= int(site.must_open))
        for q in (process[name] for name in site.processes):
            mine = {s: model.p[site.id, q.id, s] for s in q.takes}
            own = [min(size.process_kg.get(q.id, everything), everything) for size in site.sizes]
            add(pulp.lpSum(mine.values()) <= pulp.lpSum(kg * y for kg, y in zip(own, built, strict=True)))
            spoilt = {s.id: contamination(q, s) - q.contamination_at_most for s in problem.streams}
            add(pulp.lpSum(spoilt[s] * p for s, p in mine.items()) <= 0)


def _outlets(model: _Model) -> None:
    problem = model.problem
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    place = {name: k for k, name in enumerate(problem.places)}
    for outlet in problem.outlets:
        for offer in outlet.offers:
            if offer.at_most_kg is not None:
                got = pulp.lpSum(model.into.get((place[outlet.id], number[offer.stream]), ()))
                model.lp.addConstraint(got <= offer.at_most_kg)
    for duty in problem.duties:
        arises = sum(a.kg for source in problem.sources for a in source.arisings if a.stream == duty.stream)
        got = pulp.lpSum(x for name in duty.outlets for x in model.into.get((place[name], number[duty.stream]), ()))
        model.lp.addConstraint(got >= max(duty.least_kg, duty.least_share * arises))


def _cooperatives(model: _Model) -> None:
    problem, ways = model.problem, model.lanes
    of = [problem.vehicles[v].cooperative for v in ways.vehicle.tolist()]
    for work in problem.cooperatives:
        mine = [k for k, name in enumerate(of) if name == work.id]
        hours = pulp.lpSum(float(ways.hours[k]) * model.x[k] for k in mine)
        model.lp.addConstraint(hours <= work.hours * model.w[work.id])
        for fee in work.fees:
            carried = pulp.lpSum(model.x[k] for k in mine if problem.streams[ways.stream[k]].id == fee.stream)
            model.lp.addConstraint(model.m[work.id, fee.stream] <= fee.most * carried)
            model.lp.addConstraint(model.m[work.id, fee.stream] >= fee.least * carried)
        earned = pulp.lpSum(model.m[work.id, fee.stream] for fee in work.fees)
        model.lp.addConstraint(earned >= work.earnings_floor * model.w[work.id])


def _run(
    model: _Model, deadline: float | None, nodes: int | None, seed: int, on_bounds: highs.OnBounds | None
) -> Answer:
    options = {"random_seed": seed} | ({} if nodes is None else {"mip_max_nodes": nodes})
    solver = pulp.HiGHS(msg=False, threads=1, gapRel=highs.GAP, gapAbs=highs.GAP, **options)
    solver.createAndConfigureSolver(model.lp)
    solver.buildSolverModel(model.lp)
    made: highspy.Highs = model.lp.solverModel
    if deadline is not None:
        made.setOptionValue("time_limit", max(deadline - time.monotonic(), 0.01))
    constant = float(model.lp.objective.constant)
    tell = None if on_bounds is None else (lambda best, bound: on_bounds(best + constant, bound + constant))
    found = highs.run(made, whole=bool(model.y), on_bounds=tell)
    plan = None
    if found.column is not None:
        values = dict(zip([v.name for v in model.lp.variables()], found.column.tolist(), strict=True))
        plan = _plan(model, values)
    return Answer(
        plan=plan,
        minimised=found.minimised + constant,
        bound=found.bound + constant,
        method="branch and bound of HiGHS" if model.y else "linear program",
        impossible=found.impossible,
        iterations=found.nodes,
    )


def _plan(model: _Model, values: dict[str, float]) -> FlowPlan:
    problem, ways = model.problem, model.lanes
    least = SMALLEST * max(1.0, sum(a.kg for source in problem.sources for a in source.arisings))
    kg = np.array([values.get(x.name, 0.0) for x in model.x], dtype=np.float64)
    used = np.flatnonzero(kg > least)

    def amounts(variables: Variables) -> dict[Any, float]:
        found = {key: values.get(variable.name, 0.0) for key, variable in variables.items()}
        return {key: amount for key, amount in found.items() if amount > least}

    paid: dict[str, dict[str, float]] = {work.id: {} for work in problem.cooperatives}
    for (work, stream), money in amounts(model.m).items():
        paid[work][stream] = money
    return FlowPlan(
        open={site: size for (site, size), y in model.y.items() if values.get(y.name, 0.0) > 0.5},
        carried=Carried(link=ways.link[used], stream=ways.stream[used], kg=kg[used]),
        processed=tuple(Processed(site=h, process=q, stream=s, kg=a) for (h, q, s), a in amounts(model.p).items()),
        left_out=tuple(LeftOut(source=i, stream=s, kg=a) for (i, s), a in amounts(model.u).items()),
        work=tuple(
            Work(cooperative=name, members=values.get(w.name, 0.0), paid=paid[name]) for name, w in model.w.items()
        ),
    )
