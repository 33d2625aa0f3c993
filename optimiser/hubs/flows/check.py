"""Does a flow plan keep every rule? One small function per rule; the codes are explained in ``docs/errors.md``.

The judge knows the problem and the plan, and no engine. Masses are compared with ``TOLERANCE``, relative to what goes
through the place: that is what a linear-programming engine can promise in double precision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from optimiser.hubs.flows.books import Books, books, limit_of, process_limit_of
from optimiser.hubs.flows.lanes import sieves
from optimiser.hubs.flows.materials import contamination
from optimiser.hubs.flows.plan import FlowPlan, FlowViolation
from optimiser.hubs.flows.price import price
from optimiser.hubs.flows.problem import Aim, FlowProblem

TOLERANCE = 1e-6

Rule = Callable[[FlowProblem, FlowPlan, Books], Iterator[FlowViolation]]


def check(problem: FlowProblem, plan: FlowPlan) -> tuple[FlowViolation, ...]:
    """Return every rule the plan breaks; empty means it is good.

    A plan that names what the problem does not have, or amounts that are no numbers, is judged on that alone.
    """
    unknown = tuple(check_named(problem, plan))
    if unknown:
        return unknown
    kept = books(problem, plan)
    return tuple(violation for rule in RULES for violation in rule(problem, plan, kept))


def check_named(problem: FlowProblem, plan: FlowPlan) -> Iterator[FlowViolation]:
    """Names must be those of the problem, amounts numbers from 0."""
    sizes = {site.id: {size.id for size in site.sizes} for site in problem.sites}
    runs = {(s.id, p.id, name) for s in problem.sites for p in problem.processes if p.id in s.processes
            for name in p.takes}  # fmt: skip
    arise = {(source.id, arising.stream) for source in problem.sources for arising in source.arisings}
    works = {work.id: {fee.stream for fee in work.fees} for work in problem.cooperatives}
    for site, size in plan.open.items():
        if size not in sizes.get(site, ()):
            yield FlowViolation(code="flow-unknown", place=f"{site}/{size}")
    for each in plan.processed:
        if (each.site, each.process, each.stream) not in runs:
            yield FlowViolation(code="flow-unknown", place=f"{each.site}/{each.process}", stream=each.stream)
    for left in plan.left_out:
        if (left.source, left.stream) not in arise:
            yield FlowViolation(code="flow-unknown", place=left.source, stream=left.stream)
    for work in plan.work:
        if work.cooperative not in works or set(work.paid) - works[work.cooperative]:
            yield FlowViolation(code="flow-unknown", place=work.cooperative)
    yield from _amounts(problem, plan)


def _amounts(problem: FlowProblem, plan: FlowPlan) -> Iterator[FlowViolation]:
    carried = plan.carried
    sizes = {len(carried.link), len(carried.stream), len(carried.kg)}
    if len(sizes) > 1 or _outside(carried.link, len(problem.links)) or _outside(carried.stream, len(problem.streams)):
        yield FlowViolation(code="flow-unknown", place="links")
    bad = [kg for kg in carried.kg.tolist() if not 0.0 <= kg < np.inf]
    told = [*(each.kg for each in plan.processed), *(left.kg for left in plan.left_out)]
    bad += [kg for kg in told if not 0.0 <= kg < np.inf]
    for work in plan.work:
        bad += [value for value in (work.members, *work.paid.values()) if not 0.0 <= value < np.inf]
    if bad:
        yield FlowViolation(code="flow-negative", place="flows", amount=min(bad))


def _outside(position: np.ndarray, size: int) -> bool:
    return bool(((position < 0) | (position >= size)).any())


def check_lanes(problem: FlowProblem, plan: FlowPlan, _kept: Books) -> Iterator[FlowViolation]:
    """A stream goes only where it is dealt in, within reach of the vehicle, and while it keeps; links have limits."""
    wanted, near, fresh = sieves(problem)
    places, carried = problem.places, plan.carried
    used = carried.kg > 0
    for code, allowed in (
        ("flow-not-taken", wanted[carried.link, carried.stream]),
        ("flow-too-far", near[carried.link]),
        ("flow-too-old", fresh[carried.link, carried.stream]),
    ):
        for k in np.flatnonzero(used & ~allowed).tolist():
            head = places[problem.links.head[carried.link[k]]]
            stream = problem.streams[carried.stream[k]].id
            yield FlowViolation(code=code, place=head, stream=stream, amount=float(carried.kg[k]))
    totals = np.zeros((len(problem.links), len(problem.streams)))
    np.add.at(totals, (carried.link, carried.stream), carried.kg)
    over = totals - problem.links.limits()[:, None] * (1.0 + TOLERANCE)
    for link, stream in zip(*np.nonzero(over > TOLERANCE), strict=True):
        place = places[problem.links.head[link]]
        name = problem.streams[stream].id
        yield FlowViolation(code="flow-over-link", place=place, stream=name, amount=float(over[link, stream]))


def check_balance(problem: FlowProblem, _plan: FlowPlan, kept: Books) -> Iterator[FlowViolation]:
    """What arises leaves or is left out; what comes in is processed; what is made leaves. Nothing vanishes."""
    first = len(problem.sources)
    for code, place, gain, loss in (
        ("flow-source-balance", 0, kept.arising, kept.outward[:first] + kept.left_out),
        ("flow-inward-balance", first, kept.inward[first : first + len(problem.sites)], kept.processed),
        ("flow-outward-balance", first, kept.made, kept.outward[first : first + len(problem.sites)]),
    ):
        wrong = np.abs(gain - loss) > TOLERANCE * np.maximum(1.0, np.maximum(gain, loss))
        for row, stream in zip(*np.nonzero(wrong), strict=True):
            yield FlowViolation(
                code=code,
                place=problem.places[place + row],
                stream=problem.streams[stream].id,
                amount=float(gain[row, stream] - loss[row, stream]),
            )


def check_sites(problem: FlowProblem, plan: FlowPlan, kept: Books) -> Iterator[FlowViolation]:
    """Sites that work are open and within capacity and contamination; what must open does, what may not does not."""
    for row, site in enumerate(problem.sites):
        size = next((size for size in site.sizes if size.id == plan.open.get(site.id)), None)
        if (site.must_open and size is None) or (not site.may_open and size is not None):
            yield FlowViolation(code="flow-site-fixed", place=site.id)
        most = 0.0 if size is None else limit_of(site, size)
        over = float(kept.processed[row].sum()) - most
        if over > TOLERANCE * max(1.0, most):
            code = "flow-site-closed" if size is None else "flow-over-capacity"
            yield FlowViolation(code=code, place=site.id, amount=over)
        for process in (p for p in problem.processes if p.id in site.processes):
            amounts = kept.by_process.get((site.id, process.id), {})
            total = sum(amounts.values())
            most = np.inf if size is None else process_limit_of(size, process.id)
            if total - most > TOLERANCE * max(1.0, most):
                yield FlowViolation(code="flow-over-capacity", place=f"{site.id}/{process.id}", amount=total - most)
            spoilt = sum(kg * contamination(process, kept.stream[name]) for name, kg in amounts.items())
            over = spoilt - process.contamination_at_most * total
            if over > TOLERANCE * max(1.0, total):
                yield FlowViolation(code="flow-contaminated", place=f"{site.id}/{process.id}", amount=over)


def check_outlets(problem: FlowProblem, _plan: FlowPlan, kept: Books) -> Iterator[FlowViolation]:
    """Outlets get no more than they take; duties are met."""
    at = {place: row for row, place in enumerate(problem.places)}
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    for outlet in problem.outlets:
        for offer in outlet.offers:
            most = np.inf if offer.at_most_kg is None else offer.at_most_kg
            over = float(kept.inward[at[outlet.id], number[offer.stream]]) - most
            if over > TOLERANCE * max(1.0, most):
                yield FlowViolation(code="flow-over-cap", place=outlet.id, stream=offer.stream, amount=over)
    for duty in problem.duties:
        stream = number[duty.stream]
        least = max(duty.least_kg, duty.least_share * float(kept.arising[:, stream].sum()))
        short = least - float(kept.inward[[at[name] for name in duty.outlets], stream].sum())
        if short > TOLERANCE * max(1.0, least):
            yield FlowViolation(code="flow-duty-short", place=duty.id, stream=duty.stream, amount=short)


def check_service(problem: FlowProblem, _plan: FlowPlan, kept: Books) -> Iterator[FlowViolation]:
    """Of what arises at least the promised share is taken away."""
    number = {stream.id: k for k, stream in enumerate(problem.streams)}
    for row, source in enumerate(problem.sources):
        for arising in source.arisings:
            over = float(kept.left_out[row, number[arising.stream]]) - (1.0 - arising.least_share) * arising.kg
            if over > TOLERANCE * max(1.0, arising.kg):
                yield FlowViolation(code="flow-share-short", place=source.id, stream=arising.stream, amount=over)


def check_work(problem: FlowProblem, plan: FlowPlan, kept: Books) -> Iterator[FlowViolation]:
    """Cooperatives have members and hours for what they carry, prices in their limits; all earn the floor."""
    told = {work.cooperative: work for work in plan.work}
    for work in problem.cooperatives:
        said = told.get(work.id)
        members = 0.0 if said is None else said.members
        hours, carried = kept.hours.get(work.id, 0.0), kept.by_cooperative.get(work.id, {})
        if (over := hours - work.hours * members) > TOLERANCE * max(1.0, hours):
            yield FlowViolation(code="flow-hours-short", place=work.id, amount=over)
        if (over := members - work.members) > TOLERANCE * max(1.0, work.members):
            yield FlowViolation(code="flow-members", place=work.id, amount=over)
        paid = {} if said is None else said.paid
        for fee in work.fees:
            kg, money = carried.get(fee.stream, 0.0), paid.get(fee.stream, 0.0)
            out = max(fee.least * kg - money, money - fee.most * kg)
            if out > TOLERANCE * max(1.0, fee.most * kg):
                yield FlowViolation(code="flow-fee-range", place=work.id, stream=fee.stream, amount=out)
        due = work.earnings_floor * members
        if (short := due - sum(paid.values())) > TOLERANCE * max(1.0, due):
            yield FlowViolation(code="flow-earnings-short", place=work.id, amount=short)


def check_limits(problem: FlowProblem, plan: FlowPlan, _kept: Books) -> Iterator[FlowViolation]:
    """The budget and the other aims stay within their limits."""
    worth = price(problem, plan)
    reached = {
        Aim.COST: worth.cost,
        Aim.GHG: worth.ghg_kg,
        Aim.NET_GHG: worth.ghg_kg - worth.credit_kg,
        Aim.LANDFILLED: worth.landfilled_kg,
        Aim.JOBS: -worth.jobs,
    }
    limits = [(limit.aim.value, reached[limit.aim], limit.at_most) for limit in problem.limits]
    if problem.fixed_budget is not None:
        limits.append(("fixed_budget", worth.fixed, problem.fixed_budget))
    for name, value, most in limits:
        if value - most > TOLERANCE * max(1.0, abs(most)):
            yield FlowViolation(code="flow-over-limit", place=name, amount=value - most)


RULES: tuple[Rule, ...] = (
    check_lanes,
    check_balance,
    check_sites,
    check_outlets,
    check_service,
    check_work,
    check_limits,
)
