"""Turn restrictions as paths of directed segments.

A *directed segment* is a segment and a direction: ``2 * segment`` in the direction it was mapped, ``2 * segment + 1``
against it. A restriction names such segments in the order they would be driven: two of them where it hangs on a
junction, more where it runs along other streets (``via`` ways).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from network.tagcolumn import TagColumn


@dataclass(frozen=True, kw_only=True)
class Restrictions:
    """Paths that are forbidden, or that are the only ones allowed.

    Parameters
    ----------
    start, path
        Path ``r`` has the directed segments ``path[start[r]:start[r + 1]]``, at least two.
    kind
        The rule as written ("no_left_turn", "only_straight_on"). A rule ``no_…`` forbids the path. A rule ``only_…``
        makes it the only one for whoever drives off its first segment: every other continuation is forbidden.
    key
        The tag it was written in, without ``:conditional``: "restriction", "restriction:hgv".
    when
        The condition of a conditional rule as written ("Mo-Fr 07:00-09:00"), ``""`` for one that always holds.
    exempt
        Value of ``except`` ("psv;bicycle"), ``""`` where nobody is exempt.
    relation_id
        OSM relation.
    """

    start: NDArray[np.int64]
    path: NDArray[np.int32]
    kind: TagColumn
    key: TagColumn
    when: TagColumn
    exempt: TagColumn
    relation_id: NDArray[np.int64]

    def __post_init__(self) -> None:
        count = len(self.relation_id)
        if len(self.start) != count + 1 or self.start[-1] != len(self.path) or (np.diff(self.start) < 2).any():
            raise ValueError("the paths of restrictions do not fit their starts")
        if any(len(column.codes) != count for column in (self.kind, self.key, self.when, self.exempt)):
            raise ValueError("restriction columns differ in length")
        for array in (self.start, self.path, self.relation_id):
            array.setflags(write=False)

    def __len__(self) -> int:
        """Return the number of paths."""
        return len(self.relation_id)


def none() -> Restrictions:
    """Return no restrictions."""
    empty = TagColumn(codes=np.zeros(0, np.int32), values=("",))
    return Restrictions(
        start=np.zeros(1, np.int64),
        path=np.zeros(0, np.int32),
        kind=empty,
        key=empty,
        when=empty,
        exempt=empty,
        relation_id=np.zeros(0, np.int64),
    )
