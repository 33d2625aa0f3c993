"""A study in plain sentences: what to build first, whom it serves, who is left out, how sure that is."""

from __future__ import annotations

from optimiser.hubs.siting.reasons import Reason
from optimiser.result import Status
from scenarios.documents.numbers import fixed, metres, money, number, percent
from scenarios.hub_study.outcome import StudyOutcome
from scenarios.hub_study.rows import left_out, totals
from scenarios.messages import say

MOST_NAMED = 6  # sites that one sentence names


def site_names(outcome: StudyOutcome) -> dict[str, str]:
    """Return candidate id -> its name."""
    return {site.id: site.name for site in outcome.given.candidates}


def lead(outcome: StudyOutcome) -> list[str]:
    """Return the answer in a few sentences."""
    language = outcome.study.language
    if outcome.plan is None or not outcome.order:
        return [say("study.lead.none", language)]
    found, people = totals(outcome), fixed
    sentences = []
    if outcome.result.status in (Status.INFEASIBLE, Status.PARTIAL):
        sentences.append(say("study.lead.not_all", language))
    sentences += steps(outcome)[:2]
    sentences.append(
        say(
            "study.lead.whole",
            language,
            count=len(outcome.order),
            served=people(found.served, 0),
            people=people(found.people, 0),
            share=percent(found.served / found.people if found.people else None),
            mean=metres(found.mean_m or 0.0),
        )
    )
    if lost := sum(left_out(outcome).values()):
        sentences.append(say("study.lead.left", language, people=people(lost, 0)))
    return sentences


def steps(outcome: StudyOutcome) -> list[str]:
    """Return in which order to build, a sentence a step."""
    language, names, found = outcome.study.language, site_names(outcome), []
    new = 0
    for step in outcome.order:
        new += not step.stands
        key = "study.step.stands" if step.stands else "study.step.first" if new == 1 else "study.step.then"
        found.append(
            say(
                key,
                language,
                site=names[step.site],
                adds=fixed(step.adds, 0),
                served=fixed(step.served, 0),
                mean=metres(step.mean_m or 0.0),
            )
        )
    return found


def certainty(outcome: StudyOutcome) -> str:
    """Return how far from the best the plan can be at most."""
    result, language = outcome.result, outcome.study.language
    if result.status is Status.OPTIMAL:
        return say("study.sure.optimal", language)
    if result.gap is None or result.bound is None:
        return say("study.sure.none", language)
    return say("study.sure.gap", language, gap=percent(result.gap, 2), method=result.bound.method)


def amount(outcome: StudyOutcome, value: float) -> str:
    """Return a difference of the objective as planners count: mean metres, people, money or sites."""
    price, language = outcome.result.price, outcome.study.language
    if price is None:
        return number(value)
    if price.unit == "weight x distance":
        people = float(outcome.posed.core.demand.weight.sum())
        return say("study.amount.mean", language, metres=number(value / people if people else 0.0))
    if price.unit == "weight":
        return say("study.amount.people", language, people=fixed(value, 0))
    if price.unit == "distance":
        return say("study.amount.metres", language, metres=number(value))
    if price.fixed_cost + price.closing_cost:
        return money(value, outcome.study.currency)
    return say("study.amount.sites", language, count=round(value))


def closed_sentence(outcome: StudyOutcome, reason: Reason) -> str:
    """Return why a candidate stays closed."""
    detail = site_names(outcome).get(reason.detail, reason.detail)
    return say(f"study.closed.{reason.why.value.replace('-', '_')}", outcome.study.language, detail=detail)


def change_sentence(outcome: StudyOutcome, reason: Reason) -> str:
    """Return what opening a closed candidate would change; empty where it was not tried."""
    if reason.change is None:
        return ""
    gain, language = reason.change.gain, outcome.study.language
    if abs(gain) < 1e-6:
        return say("study.change.same", language)
    key = "study.change.better" if gain > 0 else "study.change.worse"
    return say(key, language, amount=amount(outcome, abs(gain)))


def price_sentence(outcome: StudyOutcome) -> str:
    """Return what the fair plan of the study gives to the worst off, and takes from the mean; empty without one."""
    language, averse = outcome.study.language, outcome.study.fairness.aversion
    plain = next((point for point in outcome.curve if point.aversion == 0), None)
    fair = next((point for point in outcome.curve if point.aversion == averse), None)
    if plain is None or fair is None:
        return ""
    gain, cost = plain.worst - fair.worst, fair.mean - plain.mean
    if gain < 1:
        return say("study.price.none", language)
    share = percent(outcome.study.fairness.worst_share)
    return say("study.price.fair", language, share=share, gain=fixed(gain, 0), cost=fixed(cost, 0))


def swap_sentence(outcome: StudyOutcome) -> str:
    """Return which sites the fair plan opens in place of which of the plain one; empty where they are the same."""
    if outcome.plain is None or outcome.fair is None or outcome.plain.plan is None or outcome.fair.plan is None:
        return ""
    names = site_names(outcome)
    plain, fair = ({site.site for site in found.plan.opened} for found in (outcome.plain, outcome.fair) if found.plan)
    new, old = ("; ".join(sorted(names[site] for site in these)) for these in (fair - plain, plain - fair))
    if not new or not old:
        return ""
    if len(fair - plain) > MOST_NAMED:
        return say("study.price.swaps", outcome.study.language, moved=len(fair - plain), sites=len(fair))
    return say("study.price.swap", outcome.study.language, new=new, old=old)


def firm_sentence(outcome: StudyOutcome) -> str:
    """Return which sites open in every plan of the price of equity; empty where plans do not differ or share none."""
    plans = [{site.site for site in point.result.plan.opened} for point in outcome.curve if point.result.plan]
    firm = set.intersection(*plans) if plans else set()
    if not firm or all(plan == plans[0] for plan in plans):
        return ""
    names = site_names(outcome)
    if len(firm) > MOST_NAMED:
        return say("study.price.firms", outcome.study.language, firm=len(firm), sites=len(plans[0]))
    listed = "; ".join(names[step.site] for step in outcome.order if step.site in firm)
    return say("study.price.firm", outcome.study.language, sites=listed) if listed else ""
