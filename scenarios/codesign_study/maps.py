"""Sites and rounds of both plans on the same sheet, so that they can be laid beside each other."""

from __future__ import annotations

from dataclasses import replace

from markupsafe import Markup

from scenarios.codesign_study.outcome import CodesignOutcome, Plan
from scenarios.documents.itinerary import itineraries
from scenarios.documents.map import day_map
from scenarios.documents.map_sheet import Base, base_of
from scenarios.documents.places import Place, Role


def base_map(outcome: CodesignOutcome) -> Base:
    """Return the sheet that shows all candidates and the rounds of both plans."""
    plans = [plan for plan in (outcome.together, outcome.first) if plan is not None]
    rounds = [one for plan in plans for one in itineraries(plan.outcome, plan.day)]
    everywhere = replace(outcome.together.outcome, system=outcome.posed.system)
    return base_of(everywhere, rounds, name="streets")


def plan_map(outcome: CodesignOutcome, plan: Plan, base: Base, *, title: str) -> Markup:
    """Draw a plan: its sites, its rounds, and the candidates that stay closed in it."""
    closed = [
        Place(id=site.id, name=site.name, lon=site.lon, lat=site.lat, role=Role.HUB)
        for site in outcome.sites.values()
        if site.id not in plan.open
    ]
    return day_map(plan.outcome, plan.day, itineraries(plan.outcome, plan.day), base, title=title, closed=closed)
