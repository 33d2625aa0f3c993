"""Who asks the map, and when: tags as they hold for a profile at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from network.conditional import Moment, chosen
from network.profiles import VehicleProfile
from network.streets import StreetNetwork
from network.tagcolumn import TagColumn

CONDITIONAL = ":conditional"
FORWARD, BACKWARD = "forward", "backward"
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A profile at a moment before the tags of streets or junctions.

    Parameters
    ----------
    read
        Gives the column of a key, all empty where nothing carries it.
    size
        How many streets or junctions there are.
    profile, moment
        Who asks, and when; without a moment, conditions on day and hour do not hold.
    serving
        Whether the vehicle comes to serve, so that clauses such as ``none @ destination`` hold.
    """

    read: Callable[[str], TagColumn]
    size: int
    profile: VehicleProfile
    moment: Moment | None = None
    serving: bool = True

    def passing(self) -> Case:
        """Return the same vehicle when it only passes."""
        return replace(self, serving=False)

    def depends(self, keys: Iterable[str]) -> bool:
        """Return whether any of the keys is tagged with a condition anywhere."""
        return any(len(self.read(key + CONDITIONAL).values) > 1 for key in keys)

    def each_way(self, forms: Iterable[str], answer: Callable[[str], Answer]) -> dict[str, Answer]:
        """Return the answer for each direction: one for both where none of the forms of keys is tagged anywhere.

        ``forms`` are the keys that tell one direction from the other, with ``{}`` for the direction.
        """
        ways = (FORWARD, BACKWARD)
        if all(len(self.read(form.format(way)).values) == 1 for form in forms for way in ways):
            both = answer("")
            return dict.fromkeys(ways, both)
        return {way: answer(way) for way in ways}

    def tag(self, key: str) -> TagColumn:
        """Return the values of a key; where a clause of ``key:conditional`` holds, its value."""
        base, conditional = self.read(key), self.read(key + CONDITIONAL)
        if len(conditional.values) == 1:
            return base
        values = list(base.values)
        code = np.full(len(conditional.values), -1, np.int32)
        for k, text in enumerate(conditional.values):
            value = chosen(text, self.profile, self.moment, serving=self.serving)
            if value is not None:
                code[k] = len(values)
                values.append(value)
        here = code[conditional.codes]
        return TagColumn(codes=np.where(here >= 0, here, base.codes).astype(np.int32), values=tuple(values))


def on_streets(network: StreetNetwork, profile: VehicleProfile, moment: Moment | None = None) -> Case:
    """Return the case of a profile before the streets."""
    return Case(read=network.tag, size=network.segments, profile=profile, moment=moment)


def at_junctions(network: StreetNetwork, profile: VehicleProfile, moment: Moment | None = None) -> Case:
    """Return the case of a profile before the junctions."""
    return Case(read=network.junction_tag, size=network.junctions, profile=profile, moment=moment)
