"""Small siting problems as one would draw them, and the answer by trying everything."""

from itertools import combinations

import numpy as np
from hypothesis import strategies as st
from scipy.optimize import linprog

from optimiser.hubs.problem import Aim, Candidate, DemandPoint, HubProblem


def problem(distance_m, *, people=None, kg=None, hubs=None, aim="walking", reach_m=500.0, **limits) -> HubProblem:
    """Demand points a, b, c ... and hubs H1, H2 ...; ``hubs`` lists the fields of each candidate."""
    distance_m = np.array(distance_m, dtype=np.float64)
    n, m = distance_m.shape
    people = people or [10.0] * n
    kg = people if kg is None else kg
    return HubProblem(
        demand=tuple(DemandPoint(id=chr(ord("a") + i), people=people[i], kg_per_day=kg[i]) for i in range(n)),
        candidates=tuple(Candidate(id=f"H{j + 1}", **(hubs[j] if hubs else {})) for j in range(m)),
        distance_m=distance_m,
        reach_m=reach_m,
        aim=Aim(aim),
        **limits,
    )


@st.composite
def problems(draw, *, capacities: bool, most: int = 6):
    """Any small problem that can be solved by trying everything."""
    n, m = draw(st.integers(1, most)), draw(st.integers(1, 5 if capacities else 8))
    far = st.one_of(st.integers(0, 700).map(float), st.just(np.inf))
    small = st.integers(0, 9).map(float)
    hub = st.fixed_dictionaries(
        {
            "capacity_kg_per_day": st.one_of(st.none(), st.integers(0, 20).map(float)) if capacities else st.none(),
            "fixed_cost_per_day": small,
            "cost_per_tonne": st.sampled_from([0.0, 100.0, 250.0, 400.0]),
            "existing": st.booleans(),
            "may_close": st.sampled_from([True, True, True, False]),
        }
    )
    return problem(
        draw(st.lists(st.lists(far, min_size=m, max_size=m), min_size=n, max_size=n)),
        people=draw(st.lists(small, min_size=n, max_size=n)),
        kg=draw(st.lists(small, min_size=n, max_size=n)),
        hubs=draw(st.lists(hub, min_size=m, max_size=m)),
        aim=draw(st.sampled_from(["walking", "coverage", "cost"])),
        at_most=draw(st.one_of(st.none(), st.integers(0, m))),
        budget_per_day=draw(st.one_of(st.none(), st.integers(0, 30).map(float))),
        unserved_cost_per_tonne=draw(st.sampled_from([0.0, 300.0, 3000.0])),
    )


def best_objective(p: HubProblem) -> float | None:
    """Try every set of hubs and, for each, the best flows; ``None`` when the limits contradict each other."""
    hubs = range(len(p.candidates))
    found = [
        worth
        for size in range(len(p.candidates) + 1)
        for opened in combinations(hubs, size)
        if _allowed(p, opened) and (worth := _best_flows(p, opened)) is not None
    ]
    if not found:
        return None
    return max(found) if p.aim is Aim.COVERAGE else min(found)


def _allowed(p: HubProblem, opened) -> bool:
    stays = {j for j, hub in enumerate(p.candidates) if hub.existing and not hub.may_close}
    fixed = sum(p.candidates[j].fixed_cost_per_day for j in opened)
    return (
        stays <= set(opened)
        and (p.at_most is None or len(opened) <= p.at_most)
        and (p.budget_per_day is None or fixed <= p.budget_per_day)
    )


def _best_flows(p: HubProblem, opened) -> float:
    """The best flows to open hubs as a linear program, written down from the definition of each aim."""
    pairs = [(i, j) for i in range(len(p.demand)) for j in opened if p.distance_m[i, j] <= p.reach_m]
    fixed = sum(p.candidates[j].fixed_cost_per_day for j in opened)
    nobody = {
        Aim.WALKING: sum(d.people for d in p.demand) * 2 * p.reach_m,
        Aim.COVERAGE: 0.0,
        Aim.COST: fixed + sum(d.kg_per_day for d in p.demand) / 1000 * p.unserved_cost_per_tonne,
    }[p.aim]
    if not pairs:
        return nobody
    gain = {
        Aim.WALKING: [p.demand[i].people * (2 * p.reach_m - p.distance_m[i, j]) for i, j in pairs],
        Aim.COVERAGE: [p.demand[i].people for i, _ in pairs],
        Aim.COST: [
            p.demand[i].kg_per_day / 1000 * (p.unserved_cost_per_tonne - p.candidates[j].cost_per_tonne)
            for i, j in pairs
        ],
    }[p.aim]
    rows = [[float(i == k) for i, _ in pairs] for k in range(len(p.demand))]
    most = [1.0] * len(p.demand)
    for k in opened:
        if (limit := p.candidates[k].capacity_kg_per_day) is not None:
            rows.append([p.demand[i].kg_per_day * (j == k) for i, j in pairs])
            most.append(limit)
    gained = -linprog(-np.array(gain), A_ub=rows, b_ub=most, bounds=(0, 1)).fun
    return nobody + gained if p.aim is Aim.COVERAGE else nobody - gained
