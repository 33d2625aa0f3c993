"""Compiled functions of siting and of flows: numba behind typed decorators, kept for all files that hold any.

numba compiles a kept function again when its own file has changed, but not when that of a function it calls has.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])
PARTS = (
    "compiled.py",
    "siting/capacitated/climb.py",
    "siting/capacitated/knapsack.py",
    "siting/capacitated/moves.py",
    "siting/lagrange/climb.py",
    "siting/lagrange/rows.py",
    "siting/lagrange/swap.py",
    "codesign/rough/moves.py",
    "codesign/rough/anneal.py",
    "flows/relax.py",
    "flows/togo.py",
    "flows/engines/opening.py",
)


def _stamp() -> tuple[tuple[float, int], ...]:
    """Return when the files with compiled functions were last changed, and their sizes."""
    found = [(Path(__file__).parent / part).stat() for part in PARTS]
    return tuple((file.st_mtime, file.st_size) for file in found)


STAMP = _stamp()


def kernel(function: Function) -> Function:
    """Compile a function over arrays that Python calls; no bounds are checked. Other threads run on meanwhile."""
    compiled = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
    kept: Any = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if hasattr(kept, "_source_stamp"):
        kept._source_stamp = STAMP  # noqa: SLF001 - numba has no other way
    return cast("Function", compiled)


def _called(function: Function, *, nrt: bool) -> Function:
    options: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": nrt}
    return cast("Function", numba.njit(error_model="numpy", **options)(function))


def inner(function: Function) -> Function:
    """Compile a function that only kernels call, and that makes arrays."""
    return _called(function, nrt=True)


def plain(function: Function) -> Function:
    """Compile a function that only kernels call, and that makes no array: much quicker to compile."""
    return _called(function, nrt=False)
