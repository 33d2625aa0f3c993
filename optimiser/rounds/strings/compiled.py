"""Compiled functions of this room: numba behind typed decorators, kept for all files that the search is made of.

numba compiles a kept function again when its own file has changed, but not when that of a function it calls has.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])
NOT_COMPILED = (
    "__init__.py",
    "desk.py",
    "epochs.py",
    "heat.py",
    "near_stops.py",
    "neighbourhoods.py",
    "news.py",
    "parts.py",
    "scene.py",
    "search.py",
    "teams.py",
    "ticks.py",
    "warm.py",
)  # nothing compiled is in them
ELSEWHERE = ("plane.py", "plane_kernel.py")  # files of ``optimiser`` that are called from here


def _stamp() -> tuple[tuple[float, int], ...]:
    """Return when the files with compiled functions were last changed, and their sizes."""
    here = Path(__file__).parent
    kernels = (file for file in sorted(here.glob("*.py")) if file.name not in NOT_COMPILED)
    files = [*kernels, *(here.parents[1] / name for name in ELSEWHERE)]
    found = [file.stat() for file in files if file.exists()]
    return tuple((file.st_mtime, file.st_size) for file in found)


STAMP = _stamp()


def _called(function: Function, *, nrt: bool = False, pasted: bool = False) -> Function:
    """Compile a function that only compiled ones call, so that nothing of Python is needed to call it."""
    options: dict[str, Any] = {"_nrt": nrt, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", numba.njit(error_model="numpy", forceinline=pasted, **options)(function))


def kernel(function: Function) -> Function:
    """Compile a function over arrays that Python calls; no bounds are checked. Other threads run on meanwhile."""
    options: dict[str, Any] = {"_nrt": False, "error_model": "numpy"}
    compiled = numba.njit(cache=True, nogil=True, **options)(function)
    kept: Any = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if hasattr(kept, "_source_stamp"):
        kept._source_stamp = STAMP  # noqa: SLF001 - numba has no other way
    return cast("Function", compiled)


def inner(function: Function) -> Function:
    """Compile a function that only kernels call."""
    return _called(function)


def small(function: Function) -> Function:
    """Compile a small function right into its callers."""
    return _called(function, pasted=True)


def view(function: Function) -> Function:
    """Compile a function that returns an array which belongs to nobody."""
    return _called(function, nrt=True, pasted=True)
