"""Compiled functions: numba behind one typed decorator.

Compiled on first use and kept beside the module (or in numba's cache folder where that cannot be written). With
``NUMBA_DISABLE_JIT=1`` they run as plain Python, which the tests use on small problems. A kept function is compiled
again when its own file changes: what it calls lives in the same file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compile a function over arrays; no bounds are checked, other threads run on meanwhile."""
    return cast("Function", numba.njit(cache=True, error_model="numpy", nogil=True)(function))


def inner(function: Function) -> Function:
    """Compile a function that only kernels of the same file call."""
    options: dict[str, Any] = {"error_model": "numpy"}
    return cast("Function", numba.njit(**options)(function))
