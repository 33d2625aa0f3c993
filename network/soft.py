"""What is assumed because the map does not tell, by street and in kilometres: to be said beside every result.

The rules themselves stand in :mod:`network.fill` (figures in ``network/data/soft.csv``) and
:mod:`network.conditional`; docs/streets.md tells planners what to do about each code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from network.case import CONDITIONAL, Case, on_streets
from network.conditional import About, Moment, clauses, terms
from network.fill import FLOODED, grades, widths
from network.limits import BELOW_DEFAULT, LIMITS, NO_LIMIT, stated
from network.profiles import VehicleProfile
from network.restrictions import Restrictions
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn
from network.tags import decide
from network.values import kmh, parsed

Bools = NDArray[np.bool_]
NO_SPEED = frozenset({"", "none", "signals", "variable", "implicit", "sign", "unposted", "no"})
TURNING = frozenset({"turning_circle", "turning_loop", "mini_roundabout"})

ASSUMPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "width-unknown": "on streets of unknown width: taken by lanes, kind and class",
        "surface-unknown": "on streets of unknown surface: taken as usual for their class",
        "class-unknown": "on streets of unknown class (highway=road): taken as residential",
        "turning-room-unknown": "in dead ends of unknown width: taken as wide enough to turn round",
        "height-below-default": "under bridges lower than the law's height, without a figure: 3.5 m taken",
        "limit-unread": "on streets with a limit that cannot be read: not heeded",
        "incline-unmeasured": "on slopes without a figure: 6 % taken",
        "ford": "through fords: passable when dry, at walking pace",
        "flood-prone": "on streets known to be flooded: passable when dry, slowly",
        "toll": "on toll roads: the toll is not counted",
        "hours-not-applied": "on streets with rules by day or hour: not heeded, no time was given",
        "condition-ignored": "on streets with rules for rain, snow, seasons or certain years: not heeded",
        "condition-unread": "on streets with a condition that cannot be read: not heeded",
    }
)
"""What is assumed, by code: words to follow "3.2 km"."""

_CODES = {About.IGNORED: "condition-ignored", About.UNREAD: "condition-unread"}


def assumed(network: StreetNetwork, profile: VehicleProfile, moment: Moment | None = None) -> dict[str, Bools]:
    """Return for each code of :data:`ASSUMPTIONS` the segments usable to a profile of which it is assumed.

    Parameters
    ----------
    moment
        As for :func:`network.tags.usable`.
    """
    asked: dict[str, TagColumn] = {}

    def read(key: str) -> TagColumn:
        return asked.setdefault(key, network.tag(key))

    use = decide(Case(read=read, size=network.segments, profile=profile, moment=moment))
    used = use.forward | use.backward
    found = _of_tags(network, profile) | _of_conditions(asked.items(), network.segments, moment)
    found["turning-room-unknown"] = _dead_ends(network, profile, used)
    found["limit-unread"] = _limits_unread(on_streets(network, profile), heeds=profile.heeds_maxspeed)
    return {code: found[code] & used for code in ASSUMPTIONS}


def kilometres(
    network: StreetNetwork, masks: Mapping[str, Bools], segments: ArrayLike | None = None
) -> dict[str, float]:
    """Return the kilometres of each code that has any, each street once.

    Parameters
    ----------
    masks
        As :func:`assumed` returns them.
    segments
        Positions of the segments concerned, those of a plan for one; None for all.
    """
    chosen = np.ones(network.segments, bool)
    if segments is not None:
        chosen[:] = False
        chosen[np.asarray(segments, np.int64)] = True
    sums = {code: float(network.length_m[mask & chosen].sum()) / 1000 for code, mask in masks.items()}
    return {code: km for code, km in sums.items() if km > 0}


def sentences(km: Mapping[str, float]) -> tuple[str, ...]:
    """Return what :func:`kilometres` found in words: "3.2 km on streets of unknown width: …"."""
    return tuple(f"{_length(value)} {ASSUMPTIONS[code]}" for code, value in km.items())


def notes(
    network: StreetNetwork,
    profile: VehicleProfile,
    moment: Moment | None = None,
    *,
    segments: ArrayLike | None = None,
) -> tuple[str, ...]:
    """Return what is assumed for a profile in words, for the whole network or some of its segments."""
    return sentences(kilometres(network, assumed(network, profile, moment), segments))


def _length(km: float) -> str:
    return f"{km:,.1f} km" if km >= 0.95 else f"{km * 1000:.0f} m"


def undecided(restrictions: Restrictions, moment: Moment | None = None) -> dict[str, int]:
    """Return how many turn restrictions do not bind because of a condition that is not applied, by code."""
    counts: dict[str, int] = {}
    number = np.bincount(restrictions.when.codes, minlength=len(restrictions.when.values))
    for text, count in zip(restrictions.when.values, number.tolist(), strict=True):
        for code in _codes((term.about for term in terms(text)), moment) if count else ():
            counts[code] = counts.get(code, 0) + count
    return dict(sorted(counts.items()))


def unread(network: StreetNetwork) -> dict[str, float]:
    """Return the conditions that cannot be read, as "key=value", with the kilometres of street they stand on."""
    found: dict[str, float] = {}
    for key, column in network.tags.items():
        if key.endswith(CONDITIONAL):
            km = np.bincount(column.codes, weights=network.length_m / 1000, minlength=len(column.values))
            for text, length in zip(column.values, km.tolist(), strict=True):
                if length and About.UNREAD in _abouts(text):
                    found[f"{key}={text}"] = length
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _of_tags(network: StreetNetwork, profile: VehicleProfile) -> dict[str, Bools]:
    """Return what single tags lack or say."""
    nothing = np.zeros(network.segments, bool)
    incline, slope = network.tag("incline"), grades(network.tag)
    sloped = incline.isin({"up", "down"}) & ~slope.measured
    low = network.tag("maxheight").isin({BELOW_DEFAULT}) | network.tag("maxheight:hgv").isin({BELOW_DEFAULT})
    unpaved = (network.tag("surface").codes == 0) & (network.tag("tracktype").codes == 0)
    floods = network.tag("flood_prone").isin(set(FLOODED)) | network.tag("hazard").isin(set(FLOODED))
    return {
        "width-unknown": ~widths(network.tag).known if profile.width_m else nothing,
        "surface-unknown": unpaved,
        "class-unknown": network.tag("highway").isin({"road"}),
        "height-below-default": low if profile.height_m else nothing,
        "incline-unmeasured": sloped if profile.power_kw else nothing,
        "ford": ~network.tag("ford").isin({"", "no"}),
        "flood-prone": floods,
        "toll": network.tag("toll").isin({"yes"}) if profile.movement == "drive" else nothing,
    }


def _of_conditions(asked: Iterable[tuple[str, TagColumn]], size: int, moment: Moment | None) -> dict[str, Bools]:
    """Return where conditions were asked and not applied."""
    found = {code: np.zeros(size, bool) for code in ("hours-not-applied", *_CODES.values())}
    for key, column in asked:
        if key.endswith(CONDITIONAL):
            for k, text in enumerate(column.values):
                for code in _codes(_abouts(text), moment):
                    found[code] |= column.codes == k
    return found


def _abouts(text: str) -> set[About]:
    """Return what a conditional value depends on; a clause without a value cannot be read."""
    return {term.about if c.value else About.UNREAD for c in clauses(text) for term in c.terms}


def _codes(abouts: Iterable[About], moment: Moment | None) -> set[str]:
    """Return the codes of what is not applied."""
    codes = dict(_CODES) if moment is not None else {**_CODES, About.HOURS: "hours-not-applied"}
    return {codes[about] for about in abouts if about in codes}


def _dead_ends(network: StreetNetwork, profile: VehicleProfile, used: Bools) -> Bools:
    """Return dead ends whose room to turn is not known, for vehicles that need it."""
    if profile.u_turns == "anywhere":
        return np.zeros(network.segments, bool)
    arms = np.bincount(network.tail[used], minlength=network.junctions)
    arms += np.bincount(network.head[used], minlength=network.junctions)
    blind = (arms == 1) & ~network.junction_tag("highway").isin(TURNING) & (network.junction_tag("clipped").codes == 0)
    ends: Bools = blind[network.tail] | blind[network.head]
    return ends & ~widths(network.tag).known


def _limits_unread(case: Case, *, heeds: bool) -> Bools:
    """Return where a limit on size or speed is no limit that anybody knows."""
    odd = np.zeros(case.size, bool)
    for limit in LIMITS:
        column = case.read(limit.key)
        odd |= np.isnan(stated(column, limit)) & ~column.isin(NO_LIMIT | {""})
    if heeds:
        column = case.read("maxspeed")
        odd |= ~np.isfinite(parsed(column, kmh)) & ~column.isin(NO_SPEED)
    return odd
