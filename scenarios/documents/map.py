"""Maps as SVG: drawn here from arrays, without any tile, script or outside host."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from scenarios.documents import marks
from scenarios.documents.itinerary import Itinerary, Step
from scenarios.documents.map_layers import (
    homes_without,
    hub_items,
    place_items,
    round_item,
    round_lines,
    site_marks,
    stop_marks,
    walks,
    xy,
)
from scenarios.documents.map_names import street_names
from scenarios.documents.map_sheet import Base, sheet, trip_base
from scenarios.documents.places import COLLECTED, Place, Role, hub_places, places, users
from scenarios.messages import say
from scenarios.outcome import DayPlan, Outcome


def day_map(
    outcome: Outcome,
    day: DayPlan,
    rounds: Sequence[Itinerary],
    base: Base,
    *,
    title: str,
    closed: Sequence[Place] = (),
) -> Markup:
    """Draw all rounds of a day with their stops, the stops that are left out, and candidate sites that stay closed."""
    known, language = places(outcome.system), outcome.scenario.language
    plan = day.result.plan
    left_out = [known[item.stop] for item in plan.unserved] if plan is not None else []
    sites = [place for place in known.values() if place.role not in COLLECTED]
    labels = marks.Labels(base.frame)
    layers = [*round_lines(rounds, base.frame), *stop_marks(rounds, base.frame, labels)]
    for place in left_out:
        labels.keep_clear(*xy(base.frame, place), 6)
        layers.append(marks.left_out_mark(*xy(base.frame, place)))
    layers += [marks.hub_mark(*xy(base.frame, place), chosen=False) for place in closed]
    layers += site_marks(sites, base.frame, labels)
    layers += street_names(outcome.network, base.frame, labels)
    items = [round_item(itinerary, language) for itinerary in rounds]
    items += place_items(sites, language, rounds=rounds, left_out=bool(left_out))
    if closed:
        items.append(marks.LegendItem(sign=marks.hub_mark(0, 0, chosen=False), text=say("map.closed", language)))
    return sheet(outcome, base, layers, items, title=title)


def round_map(outcome: Outcome, itinerary: Itinerary, base: Base, *, title: str) -> Markup:
    """Draw one round for its driver."""
    language = outcome.scenario.language
    sites = [*dict.fromkeys((itinerary.start, itinerary.end, *_tips(itinerary)))]
    labels = marks.Labels(base.frame)
    layers = [*round_lines([itinerary], base.frame), *stop_marks([itinerary], base.frame, labels)]
    layers += site_marks(sites, base.frame, labels)
    layers += street_names(outcome.network, base.frame, labels)
    items = [round_item(itinerary, language), *place_items(sites, language, rounds=[itinerary])]
    return sheet(outcome, base, layers, items, title=title)


def trip_map(outcome: Outcome, itinerary: Itinerary, trip: Sequence[Step], *, title: str) -> Markup:
    """Draw one trip of a round, large: its stops with the ways between them; what leads there is cut off."""
    part = replace(itinerary, steps=tuple(trip), back=None)
    base = trip_base(outcome, part)
    labels = marks.Labels(base.frame)
    layers = [*round_lines([part], base.frame), *stop_marks([part], base.frame, labels)]
    layers += site_marks(_tips(part), base.frame, labels)
    layers += street_names(outcome.network, base.frame, labels)
    return sheet(outcome, base, layers, title=title)


def small_map(outcome: Outcome, itinerary: Itinerary, base: Base, *, title: str) -> Markup:
    """Draw one round small: its line and its places, on the same sheet as its neighbours."""
    layers = round_lines([itinerary], base.frame, width=6.0, arrows=False)
    for place in dict.fromkeys((itinerary.start, itinerary.end, *_tips(itinerary))):
        sign = marks.depot_mark(0, 0) if place.role is Role.DEPOT else marks.facility_mark(0, 0)
        layers.append(
            Markup('<g transform="translate({:.1f} {:.1f}) scale(2.4)">{}</g>').format(*xy(base.frame, place), sign)
        )
    return sheet(outcome, base, layers, title=title, small=True)


def places_map(outcome: Outcome, base: Base, *, title: str) -> Markup:
    """Draw where everything stands, without rounds."""
    known, language = [*places(outcome.system).values()], outcome.scenario.language
    sites = [place for place in known if place.role not in COLLECTED]
    points = [place for place in known if place.role in COLLECTED]
    labels = marks.Labels(base.frame)
    layers = [marks.dot_mark(*xy(base.frame, place)) for place in points]
    layers += site_marks(sites, base.frame, labels)
    layers += street_names(outcome.network, base.frame, labels)
    items = place_items(sites, language)
    if points:
        items.append(marks.LegendItem(sign=marks.dot_mark(0, 0), text=say("map.point", language)))
    return sheet(outcome, base, layers, items, title=title)


def hub_map(outcome: Outcome, base: Base, *, title: str) -> Markup:
    """Draw the hubs that open, the candidates that do not, and who walks where."""
    hubs = outcome.hubs
    if hubs is None or hubs.result.plan is None:
        return places_map(outcome, base, title=title)
    plan, sites, homes = hubs.result.plan, hub_places(outcome.system), users(outcome.system)
    opened = frozenset(plan.open)
    others = [place for name, place in sites.items() if name not in opened]
    ends = [(homes[item.demand], (sites[item.hub].lon, sites[item.hub].lat)) for item in plan.assignments]
    without = [homes[item.demand] for item in plan.left_out]
    labels = marks.Labels(base.frame)
    layers = [walks(ends, base.frame), homes_without(without, base.frame)]
    layers += [marks.hub_mark(*xy(base.frame, place), chosen=False) for place in others]
    layers += _named_hubs([sites[name] for name in plan.open], base, labels)
    items = hub_items(outcome.scenario.language, others=bool(others), walking=bool(ends), without=bool(without))
    return sheet(outcome, base, layers, items, title=title)


def _named_hubs(chosen: Sequence[Place], base: Base, labels: marks.Labels) -> list[Markup]:
    for place in chosen:
        labels.keep_clear(*xy(base.frame, place), 10)
    signs = [marks.hub_mark(*xy(base.frame, place)) for place in chosen]
    return signs + [labels.place(*xy(base.frame, place), place.name, gap=13) for place in chosen]


def _tips(itinerary: Itinerary) -> list[Place]:
    return [step.place for step in itinerary.steps if step.place is not None and step.point is None]
