"""Compiled functions: numba behind one typed decorator.

Compiled on first use and kept beside the module (or in numba's cache folder where that cannot be written). With
``NUMBA_DISABLE_JIT=1`` they run as plain Python.

numba compiles a kept function again when its own file has changed, but not when that of a function it calls has, or of
a constant it uses. Here all are kept for all the files that the timing pass is made of.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])
PARTS = (
    *("aboard", "clock", "compiled", "course", "dayparts", "flat", "grow", "labels", "legs", "pace", "search"),
    *("terms", "togo", "told", "ways"),
)


def _stamp() -> tuple[tuple[float, int], ...]:
    """Return when the files of the timing pass were last changed, and their sizes."""
    found = [(Path(__file__).parent / f"{part}.py").stat() for part in PARTS]
    return tuple((file.st_mtime, file.st_size) for file in found)


STAMP = _stamp()


def kernel(function: Function) -> Function:
    """Compile a function over arrays; no bounds are checked. Other threads run on meanwhile."""
    compiled = numba.njit(cache=True, error_model="numpy", nogil=True)(function)
    kept: Any = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    if hasattr(kept, "_source_stamp"):
        kept._source_stamp = STAMP  # noqa: SLF001 - numba has no other way
    return cast("Function", compiled)


def inner(function: Function) -> Function:
    """Compile a function that only kernels call: without a way in from Python, which takes a third of the time."""
    options: dict[str, Any] = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", numba.njit(**options)(function))
