"""Access on foot: who has a served collection point near, and how far the nearest open hub is.

Distances are along the walking streets, from the door to the street included.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from scenarios.data.defaults import lookup
from scenarios.evidence.case import EvidenceCase
from scenarios.evidence.figure import Figure
from scenarios.evidence.span import Span, exact, figure, of_default, unknown

WORST = 0.1  # the worst decile


def figures(case: EvidenceCase) -> tuple[Figure, ...]:
    """Return the share of people within the service radius and the walking times to the nearest open hub.

    A designated point within 200 m is the basic service of SDG 11.6.1 (metadata, Table 1). Walking speed is the
    default of the country; people with no way to a hub are counted apart, not averaged.
    """
    estimated = any(people.estimated for people in case.system.residents)
    return (_near_service(case, estimated=estimated), *_walks(case, estimated=estimated))


def _near_service(case: EvidenceCase, *, estimated: bool) -> Figure:
    people = float(case.people.sum())
    if not case.system.residents or people <= 0:
        note = "where people live is not known: only collection points are listed"
        return unknown("people-near-service", "share", note, better="higher")
    near = float(case.people[case.walk_to_service_m <= case.scenario.service_radius_m].sum())
    source = f"service radius {case.scenario.service_radius_m:.0f} m; walking streets"
    return figure("people-near-service", exact(near / people, source), "share", better="higher", estimated=estimated)


def _walks(case: EvidenceCase, *, estimated: bool) -> tuple[Figure, ...]:
    if case.walk_to_hub_m is None:
        return ()
    reached = np.isfinite(case.walk_to_hub_m) & (case.people > 0)
    everyone, there = float(case.people.sum()), float(case.people[reached].sum())
    if there <= 0:
        note = "nobody has a way to an open hub"
        return tuple(
            unknown(name, "min", note, better="lower") for name in ("walk-mean", "walk-median", "walk-worst-decile")
        )
    metres, people = case.walk_to_hub_m[reached], case.people[reached]
    speed = of_default(lookup("walking-speed", case.scenario.country))
    minutes = Span(  # per metre: the fastest walker has the shortest time
        value=0.06 / speed.value, low=0.06 / speed.high, high=0.06 / speed.low, sources=speed.sources
    )
    cut_off = exact((everyone - there) / everyone, "walking streets")
    return (
        *(
            figure(name, exact(metre) * minutes, "min", better="lower", estimated=estimated)
            for name, metre in (
                ("walk-mean", float(np.average(metres, weights=people))),
                ("walk-median", weighted_quantile(metres, people, 0.5)),
                ("walk-worst-decile", worst_mean(metres, people, WORST)),
            )
        ),
        figure("people-without-way-to-hub", cut_off, "share", better="lower", estimated=estimated),
    )


def weighted_quantile(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """Return the value that this share of the weight does not exceed."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, share * reached[-1])])


def worst_mean(values: NDArray[np.float64], weights: NDArray[np.float64], share: float) -> float:
    """Return the mean over the share of the weight with the highest values."""
    order = np.argsort(-values, kind="stable")
    before = np.concatenate([[0.0], np.cumsum(weights[order])[:-1]])
    counted = np.clip(share * weights.sum() - before, 0.0, weights[order])
    return float(np.average(values[order], weights=counted))
