"""The binding rules of every stop that is left out, and the cheapest change that was verified to serve it.

For each rule the problem is taken without it, and the stop is brought into the plan where that costs least. If it goes
in, the rule *binds*. What the new plan breaks in the problem as it was says how much more is needed; just that much is
granted, and the judges look at the new plan in the problem so changed: no violation, and a price. The cheapest of
these changes is told, with all other stops that the plan then has room for too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from optimiser.result import Budget
from optimiser.rounds.check import check
from optimiser.rounds.deadline import Deadline
from optimiser.rounds.draft import Draft, new_draft, remember, restore
from optimiser.rounds.explain.collide import UNREACHABLE, colliding
from optimiser.rounds.explain.grant import Granted
from optimiser.rounds.explain.loosen import EXTRA, another, with_extra
from optimiser.rounds.explain.remedies import REMEDIES, Remedy, told
from optimiser.rounds.merit import left_out
from optimiser.rounds.plan import PROVEN, Change, Plan, Reason, Unserved, Violation
from optimiser.rounds.price import price
from optimiser.rounds.problem import RoundsProblem, Stop
from optimiser.rounds.repair import insert
from optimiser.rounds.schedule import planned

EXTRA_VEHICLE, PRIZE = "extra-vehicle", "prize"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A change that serves a stop, as a plan that passed the judges in the changed problem."""

    change: Change
    sentence: str
    problem: RoundsProblem
    plan: Plan
    resort: int = 0

    @property
    def rank(self) -> tuple[int, float]:
        """What is offered first: what needs agreement only, then what costs least."""
        return self.resort, round(self.change.cost, 6)


@dataclass(slots=True, kw_only=True)
class Desk:
    """What is looked at: the problem, its plan, the clock, and drafts of the problem without one rule each."""

    problem: RoundsProblem
    plan: Plan
    net: float
    deadline: Deadline
    drafts: dict[str, Draft] = field(default_factory=dict)

    def draft(self, kind: str, loosened: RoundsProblem) -> Draft:
        """Return the plan as a draft of the problem without a rule, the same one each time."""
        if kind not in self.drafts:
            self.drafts[kind] = new_draft(loosened, self.plan.rounds)
        return self.drafts[kind]


def explain(problem: RoundsProblem, plan: Plan, *, budget: Budget) -> Plan:
    """Return the plan with the rules that bind and the cheapest verified change for each stop it leaves out.

    Rounds are left as they are. Stops are looked at in the order of their weight; those that a change found before
    serves too share it. What the budget does not reach keeps its reason as it was.

    Parameters
    ----------
    problem, plan
        A plan that keeps all rules of the problem.
    budget
        Its seconds; iterations limit how many stops are looked at.
    """
    desk = Desk(
        problem=problem,
        plan=plan,
        net=price(problem, plan).net,
        deadline=Deadline(seconds=budget.seconds),
    )
    weight = {stop.id: stop for stop in problem.stops}
    wanted = sorted(plan.unserved, key=lambda left: (weight[left.stop].prize is not None, -weight[left.stop].weight))
    told_: dict[str, Unserved] = {}
    for looked, left in enumerate(wanted):
        if desk.deadline.passed or (budget.iterations is not None and looked >= budget.iterations):
            break
        if left.stop not in told_:
            told_ |= _looked_at(desk, left)
    kept = {left.stop: left for left in plan.unserved}
    return Plan(rounds=plan.rounds, unserved=tuple(told_.get(stop, left) for stop, left in kept.items()))


def _looked_at(desk: Desk, left: Unserved) -> dict[str, Unserved]:
    """Return what is known now about a stop, and about the others that its change serves too."""
    stop = next(stop for stop in desk.problem.stops if stop.id == left.stop)
    if stop.prize is not None:
        return {stop.id: _priced(desk, left, stop)}
    rules = colliding(desk.problem, stop.id) if left.reason in PROVEN else ()
    if rules == (UNREACHABLE,):
        return {stop.id: replace(left, rules=rules)}
    binding: list[str] = []
    best: Found | None = None
    for remedy, found in _changes(desk, stop):
        binding += sorted(remedy.codes)
        if found is not None and (best is None or found.rank < best.rank):
            best = found
    rules = rules or tuple(dict.fromkeys(binding))
    if best is None:
        detail = left.detail if rules else f"{left.detail}; several rules bind at once, no one of them alone"
        return {stop.id: replace(left, rules=rules, detail=detail)}
    best = _with_others(desk, best)
    mine = _sentence(best)
    others = {
        one.stop: replace(one, fix=mine, change=best.change, rules=tuple(sorted(_codes(best.change.kind))))
        for one in desk.plan.unserved
        if one.stop in best.change.serves
    }
    return {**others, stop.id: replace(left, rules=rules, fix=mine, change=best.change)}


def _codes(kind: str) -> frozenset[str]:
    return next((remedy.codes for remedy in REMEDIES if remedy.kind == kind), frozenset())


def _changes(desk: Desk, stop: Stop) -> Iterator[tuple[Remedy, Found | None]]:
    """Yield every rule that keeps the stop out, with the change that serves it, if it is one to offer."""
    for remedy in REMEDIES:
        loosened = remedy.loosen(desk.problem, [left.stop for left in desk.plan.unserved])
        if loosened == desk.problem:
            continue
        made = _brought_in(desk, remedy.kind, loosened, stop)
        if made is not None:
            yield remedy, _granted(desk, remedy, made, stop) if remedy.grant else None
    made = _brought_in(desk, EXTRA_VEHICLE, another(desk.problem, ()), stop)
    if made is not None and (found := _extra(desk, made, stop)) is not None:
        yield Remedy(kind=EXTRA_VEHICLE, codes=frozenset(), loosen=another), found


def _brought_in(desk: Desk, kind: str, loosened: RoundsProblem, stop: Stop) -> Plan | None:
    """Return the plan with the stop, in the problem without a rule; ``None`` if it does not go in."""
    if desk.deadline.passed:
        return None
    draft = desk.draft(kind, loosened)
    before = remember(draft)
    insert(draft, [stop.id], deadline=desk.deadline)
    made = draft.plan()
    restore(draft, before)
    return made if any(stop.id in tour.stops for tour in made.rounds) else None


def _granted(desk: Desk, remedy: Remedy, made: Plan, stop: Stop) -> Found | None:
    """Return the change that grants just what the plan needs, if the judges let it pass."""
    assert remedy.grant is not None
    problem: RoundsProblem = desk.problem
    last: Granted | None = None
    for _ in range(len(made.rounds) + 1):
        broken = [violation for violation in check(problem, made) if _counts(violation)]
        if not broken:
            break
        if not {violation.code for violation in broken} <= remedy.codes:
            return None
        last = remedy.grant(problem, made, broken[0])
        problem = last.problem
    else:
        return None
    if last is None:
        return None  # it goes in as things are: nothing has to change
    found = _found(desk, remedy.kind, last, told(remedy, last), problem, made, stop)
    return found and replace(found, resort=remedy.resort)


def _counts(violation: Violation) -> bool:
    """Return whether a violation is about the rounds, not about the list of what they leave out."""
    return violation.code not in {"stop-forgotten", "unserved-not-due"}


def _extra(desk: Desk, made: Plan, stop: Stop) -> Found | None:
    used = [tour.vehicle for tour in made.rounds if tour.vehicle.endswith(EXTRA)]
    if len(used) != 1:
        return None
    like = used[0].removesuffix(EXTRA)
    problem = with_extra(desk.problem, [like])
    granted = Granted(problem=problem, of=like, amount=1.0, unit="vehicles")
    return _found(desk, EXTRA_VEHICLE, granted, f"one vehicle more like {like}", problem, made, stop)


def _found(
    desk: Desk, kind: str, granted: Granted, sentence: str, problem: RoundsProblem, made: Plan, stop: Stop
) -> Found | None:
    plan = planned(problem, made.rounds)
    if check(problem, plan):
        return None
    change = Change(
        kind=kind,
        of=granted.of,
        amount=granted.amount,
        unit=granted.unit,
        cost=price(problem, plan).net - desk.net,
        serves=(stop.id,),
    )
    return Found(change=change, sentence=sentence, problem=problem, plan=plan)


def _with_others(desk: Desk, found: Found) -> Found:
    """Return the change with all other required stops that its plan has room for."""
    draft = new_draft(found.problem, found.plan.rounds)
    insert(draft, draft.left(), deadline=desk.deadline)
    plan = draft.plan()
    if check(found.problem, plan):
        return found
    still = {stop.id for stop in left_out(found.problem, plan)}
    served = tuple(stop.id for stop in left_out(desk.problem, desk.plan) if stop.id not in still)
    cost = price(found.problem, plan).net - desk.net
    return replace(found, plan=plan, change=replace(found.change, serves=served, cost=cost))


def _sentence(found: Found) -> str:
    """Return the change as a sentence for the planner."""
    more = len(found.change.serves) - 1
    with_it = f"; it then serves {more} other stops left out too" if more > 0 else ""
    cost = found.change.cost
    money = f"costs {cost:.2f} more" if cost >= 0 else f"saves {-cost:.2f}"
    return f"{found.sentence[0].upper()}{found.sentence[1:]} ({money}{with_it}; verified by planning it)."


def _priced(desk: Desk, left: Unserved, stop: Stop) -> Unserved:
    """Return by how much more an optional stop would have to be worth."""
    required = tuple(replace(one, prize=None) if one.id == stop.id else one for one in desk.problem.stops)
    problem = replace(desk.problem, stops=required)
    draft = new_draft(problem, desk.plan.rounds)
    insert(draft, [stop.id], deadline=desk.deadline)
    plan = draft.plan()
    if not any(stop.id in tour.stops for tour in plan.rounds) or check(problem, plan):
        return replace(left, reason=Reason.NO_ROOM if left.reason is Reason.NOT_WORTH_IT else left.reason)
    cost = price(problem, plan).net - desk.net
    amount = max(cost - (stop.prize or 0.0), 0.0)
    change = Change(kind=PRIZE, of=stop.id, amount=amount, unit="money", cost=cost, serves=(stop.id,))
    fix = f"It is served if it is worth {amount:.2f} more: going there costs {cost:.2f} (verified by planning it)."
    return replace(left, fix=fix, change=change)
