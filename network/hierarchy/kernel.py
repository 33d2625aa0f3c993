"""Compiled functions: numba behind one typed decorator.

Compiled on first use and kept beside the module (or in numba's cache folder where that cannot be written); ``mzunguko
warm`` compiles all of them once. With ``NUMBA_DISABLE_JIT=1`` they run as plain Python, which the tests use on small
graphs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

Function = TypeVar("Function", bound=Callable[..., object])


def kernel(function: Function) -> Function:
    """Compile a function over arrays; division by zero gives infinity as in numpy, no bounds are checked."""
    return cast("Function", numba.njit(cache=True, error_model="numpy")(function))


def inner(function: Function) -> Function:
    """Compile a function that only kernels call: without a way in from Python, which takes a third of the time."""
    options: dict[str, Any] = {"error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", numba.njit(**options)(function))
