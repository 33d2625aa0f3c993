"""The places of a request, numbered as VROOM numbers them: by the request, or in the order of first mention."""

from __future__ import annotations

from dataclasses import dataclass, field

from api.interop.vroom.fields import Json, lonlat, whole, wrong
from api.interop.vroom.nouns import Spot


@dataclass(slots=True)
class Spots:
    """Collects places while a request is read; either all of them have an index of their own, or none."""

    named: bool | None = None
    found: dict[int, Spot] = field(default_factory=dict)
    _index: dict[tuple[tuple[float, float], str], int] = field(default_factory=dict)

    def read(self, given: Json, key: str, index_key: str, message: str, missing: str = "", side: str = "") -> Spot:
        """Read a place.

        Parameters
        ----------
        key, index_key
            Where its coordinates and its index stand.
        message
            Of the refusal of an index that is none.
        missing
            Of the refusal when there is neither.
        side
            See :class:`Spot`; the two sides of a street are two places.

        Raises
        ------
        Refusal
            In VROOM's words.
        """
        if index_key in given:
            index = whole(given, index_key, message)
            place = lonlat(given, key) if key in given else None
            return self._kept(Spot(index=index, lonlat=place, named=True, side=side))
        if missing and not isinstance(given.get(key), list):
            raise wrong(missing)
        place = lonlat(given, key)
        index = self._index.setdefault((place, side), len(self._index))
        return self._kept(Spot(index=index, lonlat=place, named=False, side=side))

    def _kept(self, spot: Spot) -> Spot:
        if self.named is None:
            self.named = spot.named
        if self.named != spot.named:
            raise wrong("Missing location index.")
        known = self.found.get(spot.index)
        if known is None or known.lonlat is None:
            self.found[spot.index] = spot
        return spot
