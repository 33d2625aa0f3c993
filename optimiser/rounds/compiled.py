"""Compiled functions: numba behind one typed decorator.

Compiled on first use and kept beside the module (or in numba's cache folder where that cannot be written). With
``NUMBA_DISABLE_JIT=1`` they run as plain Python.

numba compiles a kept function again when its own file has changed, but not when that of a function it calls has. Here
it is kept for the files of all compiled functions that its module can see.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core.dispatcher import Dispatcher

Function = TypeVar("Function", bound=Callable[..., object])
FILES: dict[str, frozenset[str]] = {}  # module -> files its compiled functions depend on


def kernel(function: Function) -> Function:
    """Compile a function over arrays; no bounds are checked. Other threads run on meanwhile."""
    compiled = numba.njit(cache=True, error_model="numpy", nogil=True)(function)
    kept: Any = getattr(getattr(compiled, "_cache", None), "_cache_file", None)
    files = _files(function)
    if hasattr(kept, "_source_stamp"):
        kept._source_stamp = tuple((Path(file).stat().st_mtime, Path(file).stat().st_size) for file in sorted(files))  # noqa: SLF001 - numba has no other way
    return cast("Function", compiled)


def inner(function: Function) -> Function:
    """Compile a function that only kernels call: without a way in from Python, which takes a third of the time."""
    options: dict[str, Any] = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    _files(function)
    return cast("Function", numba.njit(**options)(function))


def _files(function: Callable[..., object]) -> frozenset[str]:
    """Note and return the files that the compiled functions of a function's module depend on."""
    files = {function.__code__.co_filename, __file__}
    for seen in function.__globals__.values():
        if isinstance(seen, Dispatcher):
            files |= FILES.get(seen.__module__, frozenset())
    FILES[function.__module__] = FILES.get(function.__module__, frozenset()) | files
    return FILES[function.__module__]
