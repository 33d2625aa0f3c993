"""What a scenario says about kerbside collection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scenarios.choices import Weekday

FRONTAGE = (
    *("residential", "living_street", "unclassified", "road", "service", "pedestrian", "track"),
    *("tertiary", "secondary", "primary", "tertiary_link", "secondary_link", "primary_link"),
)
"""Classes of streets that houses have their doors to, where a scenario names none (expert)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KerbsideRef:
    """Waste is fetched from the houses, street by street.

    Parameters
    ----------
    from_
        ``"buildings"``: people spread over the extract's buildings by floor area; ``"zones"``: people of each zone
        spread along its streets; ``"list"``: the table ``kerbside`` says which streets, and how much.
    stream
        What is put out; a list may name another one in a row. If ``demand`` estimates containers of the same stream,
        these are for the people whom kerbside collection does not serve.
    people
        People in the area (buildings); empty: those of ``demand``.
    kg_per_person_day
        Empty: that of ``demand``, else the default of the country.
    classes
        Classes of streets that are served; empty: all that houses have their doors to.
    most_people
        A building with more people has containers of its own and is not served.
    reach_m
        A house farther than this from any street, its own or another, is not served.
    named_reach_m
        A house is served from the street of its address if that is no farther than this.
    longest_m, payload_share
        A stretch is cut where it is longer, or where what lies there is more than this share of the payload of the
        smallest vehicle.
    shortest_m
        Shorter pieces of a street are served together with the next piece of the same name.
    at_once
        Both sides of quiet narrow streets in one pass: ``"choose"`` (or each side apart, whichever is better),
        ``"always"``, ``"never"``.
    at_once_width_m
        Up to this width.
    household_s
        Seconds for a household's sack or small bin; empty: default of the country.
    days
        Weekdays on which it is collected; empty: every planned day.
    """

    from_: Literal["buildings", "zones", "list"] = "buildings"
    stream: str = "residual"
    people: float | None = None
    kg_per_person_day: float | None = None
    classes: tuple[str, ...] = ()
    most_people: float | None = None
    reach_m: float = 60.0
    named_reach_m: float = 200.0
    longest_m: float = 300.0
    payload_share: float = 0.5
    shortest_m: float = 40.0
    at_once: Literal["choose", "always", "never"] = "choose"
    at_once_width_m: float = 6.0
    household_s: float | None = None
    days: tuple[Weekday, ...] = ()
