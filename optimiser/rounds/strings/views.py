"""Views of a plan's arrays for compiled code, through one table of addresses.

A kernel that hands dozens of arrays from function to function takes minutes to compile. Here each function gets two
small tables instead: entry ``4 k`` is the address of the array of field ``k`` of a :class:`~.layout.Scene` or
:class:`~.layout.Work` (a number itself where the field is one), the entries after it are its shape. The views below
make an array of it again, in no time; they belong to nobody, so the arrays must be kept alive outside.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numba
import numpy as np
from numba.core import types
from numba.extending import intrinsic

from optimiser.rounds.strings.compiled import view
from optimiser.rounds.strings.layout import I64, Scene, Work

EACH = 4
_WIDTHS: dict[str, int] = {}  # lengths of last axes that compiled code relies on


def table(fields: Scene | Work) -> I64:
    """Return the table of addresses of a scene or of a plan in the making."""
    found = np.zeros(EACH * len(fields), dtype=np.int64)
    field: Any
    for k, field in enumerate(fields):
        if not isinstance(field, np.ndarray):
            found[EACH * k] = field
            continue
        if not field.flags.c_contiguous:
            raise ValueError(f"{fields._fields[k]} does not lie in one piece")
        found[EACH * k] = field.ctypes.data
        found[EACH * k + 1 : EACH * k + 1 + field.ndim] = field.shape
        if isinstance(fields, Work) and field.shape[-1] != _WIDTHS.get(fields._fields[k], field.shape[-1]):
            raise ValueError(f"{fields._fields[k]} has the shape {field.shape}")
    return found


def _to_pointer(_context: Any, address: Any) -> Any:
    """Return an address as a pointer."""

    def made(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        return builder.inttoptr(args[0], numba.core.cgutils.voidptr_t)

    return types.voidptr(address), made


_pointer: Any = intrinsic(_to_pointer)
_array: Any = numba.carray  # type: ignore[attr-defined]


def _at_least_0(_context: Any, number: Any) -> Any:
    """Return a number that is known not to be negative."""

    def made(_context: Any, builder: Any, _signature: Any, args: Any) -> Any:
        builder.assume(builder.icmp_signed(">=", args[0], args[0].type(0)))
        return args[0]

    return number(number), made


sure: Any = intrinsic(_at_least_0)  # an index that is not negative need not be looked at for counting from the end


def _view(kind: type[Scene | Work], name: str, dtype: type, axes: int) -> Callable[[I64], Any]:
    at = EACH * kind._fields.index(name)

    if axes == 1:

        @view
        def found(t: I64) -> Any:
            return _array(_pointer(t[at]), (t[at + 1],), dtype)

    elif axes == 2:

        @view
        def found(t: I64) -> Any:
            return _array(_pointer(t[at]), (t[at + 1], t[at + 2]), dtype)

    else:

        @view
        def found(t: I64) -> Any:
            return _array(_pointer(t[at]), (t[at + 1], t[at + 2], t[at + 3]), dtype)

    return found


def _rows(name: str, axes: int, width: int) -> Callable[[I64], Any]:
    """Return a view of an array of a plan in the making whose last axis is known to be so long."""
    at = EACH * Work._fields.index(name)
    _WIDTHS[name] = width

    if axes == 2:

        @view
        def found(t: I64) -> Any:
            return _array(_pointer(t[at]), (t[at + 1], width), np.int64)

    else:

        @view
        def found(t: I64) -> Any:
            return _array(_pointer(t[at]), (t[at + 1], t[at + 2], width), np.int64)

    return found


N = EACH * Scene._fields.index("n")
HEADS = EACH * Scene._fields.index("heads")
LABELLED = EACH * Scene._fields.index("labelled")
TIMED = EACH * Scene._fields.index("timed")
TIPPED = EACH * Scene._fields.index("tipped")
RELEASED = EACH * Scene._fields.index("released")
DENSE = EACH * Scene._fields.index("dense")

cost = _view(Scene, "cost", np.int32, 3)
back = _view(Scene, "back", np.int32, 3)
time = _view(Scene, "time", np.int32, 3)
time_back = _view(Scene, "time_back", np.int32, 3)
xy = _view(Scene, "xy", np.float64, 2)
plane = _view(Scene, "plane", np.float64, 1)
work_cost = _view(Scene, "work_cost", np.int64, 2)
work_time = _view(Scene, "work_time", np.int64, 2)
opens = _view(Scene, "opens", np.int64, 2)
closes = _view(Scene, "closes", np.int64, 2)
use = _view(Scene, "use", np.float64, 3)
room = _view(Scene, "room", np.float64, 2)
may = _view(Scene, "may", np.uint8, 2)
ready = _view(Scene, "ready", np.int64, 2)
prize = _view(Scene, "prize", np.int64, 1)
near = _view(Scene, "near", np.int32, 2)
near_cost = _view(Scene, "near_cost", np.int32, 2)
barred = _view(Scene, "barred", np.uint8, 2)
far = _view(Scene, "far", np.int64, 1)
profile = _view(Scene, "profile", np.int64, 1)
depot = _view(Scene, "depot", np.int64, 1)
starts = _view(Scene, "starts", np.int64, 1)
ends = _view(Scene, "ends", np.int64, 1)
longest = _view(Scene, "longest", np.int64, 1)
most_stops = _view(Scene, "most_stops", np.int64, 1)
must = _view(Scene, "must", np.int64, 1)
fixed = _view(Scene, "fixed", np.int64, 1)
wait = _view(Scene, "wait", np.float64, 1)
over = _view(Scene, "over", np.float64, 1)
normal_end = _view(Scene, "normal_end", np.int64, 1)
normal_longest = _view(Scene, "normal_longest", np.int64, 1)
day_room = _view(Scene, "day_room", np.float64, 2)
sites = _view(Scene, "sites", np.int64, 2)
site_ways = _view(Scene, "site_ways", np.int64, 2)
link = _rows("link", 2, 4)
ways = _view(Work, "ways", np.int64, 2)
site = _view(Work, "site", np.int64, 1)
money = _rows("money", 3, 2)
clock = _rows("clock", 3, 8)
load = _view(Work, "load", np.float64, 3)
holds = _rows("holds", 2, 2)
parts = _rows("parts", 3, 6)
tour = _rows("tour", 2, 8)
total = _view(Work, "total", np.float64, 2)
spare = _view(Work, "spare", np.int64, 1)
spare_at = _view(Work, "spare_at", np.int64, 1)
empty = _view(Work, "empty", np.int64, 2)
empties = _view(Work, "empties", np.int64, 1)
absent = _view(Work, "absent", np.int64, 1)
absent_at = _view(Work, "absent_at", np.int64, 1)
log = _rows("log", 2, 5)
touched = _view(Work, "touched", np.int64, 1)
stale = _view(Work, "stale", np.int64, 1)
purse = _view(Work, "purse", np.int64, 1)
best_next = _view(Work, "best_next", np.int64, 1)
best_site = _view(Work, "best_site", np.int64, 1)
dice = _view(Work, "dice", np.uint64, 1)
out = _rows("out", 2, 2)
key = _view(Work, "key", np.float64, 1)
buffer = _view(Work, "buffer", np.int64, 1)
value = _view(Work, "value", np.int64, 1)
came = _view(Work, "came", np.int64, 1)
gone = _view(Work, "gone", np.int64, 1)
dump = _rows("dump", 2, 2)
memo = _rows("memo", 2, 8)
seat = _view(Work, "seat", np.int64, 1)
