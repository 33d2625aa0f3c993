"""Kept compiled functions belong to the files as they are; what is warmed up is not compiled again."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest
from numba import config

import optimiser
from optimiser import hubs
from optimiser.hubs import compiled, ready
from optimiser.hubs.flows.solve import solve as solve_flows
from optimiser.hubs.siting.problem import Aim
from optimiser.hubs.siting.solve import solve as solve_siting
from optimiser.result import Budget
from tests.optimiser.hubs.flows.whiteboard import town
from tests.optimiser.hubs.siting.made_up import problem

FOLDER = Path(compiled.__file__).parent


def kernels() -> list[Any]:
    """Return the compiled functions that Python calls, of every module of the room."""
    found = {}
    for module in pkgutil.walk_packages(hubs.__path__, "optimiser.hubs."):
        for value in vars(importlib.import_module(module.name)).values():
            if hasattr(value, "signatures") and not value.targetoptions.get("no_cpython_wrapper"):
                found[value.py_func.__qualname__, value.py_func.__module__] = value
    return list(found.values())


def test_every_file_with_compiled_functions_is_in_the_stamp() -> None:
    with_kernels = {
        str(file.relative_to(FOLDER))
        for file in FOLDER.rglob("*.py")
        if "from optimiser.hubs.compiled import" in file.read_text(encoding="utf-8")
    }
    assert with_kernels == set(compiled.PARTS) - {"compiled.py"}
    assert len(compiled.STAMP) == len(compiled.PARTS)


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
def test_what_is_warmed_up_is_not_compiled_again() -> None:
    ready.ready()
    before = {str(one): len(one.signatures) for one in kernels()}
    assert len(before) >= 5
    assert all(before.values()), before
    solve_siting(problem(3, Aim.MEDIAN), engine="lagrange", budget=Budget(iterations=50))
    solve_flows(town(), engine="search", budget=Budget(iterations=5))
    assert {str(one): len(one.signatures) for one in kernels()} == before


def only_for_kernels(value: object) -> bool:
    return bool(getattr(value, "targetoptions", {}).get("no_cpython_wrapper"))


def named_in(code: CodeType, space: dict[str, Any]) -> Iterator[object]:
    """Yield what a function names: globals, and attributes of modules among them."""
    found = [space[name] for name in code.co_names if name in space]
    yield from found
    for module in found:
        if isinstance(module, ModuleType):
            yield from (vars(module)[name] for name in code.co_names if name in vars(module))
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from named_in(inner, space)


def functions_of_python(module: ModuleType) -> Iterator[FunctionType]:
    for value in vars(module).values():
        if getattr(value, "__module__", "") != module.__name__:
            continue
        members = vars(value).values() if isinstance(value, type) else (value,)
        for member in members:
            plain = getattr(member, "fget", None) or getattr(member, "__func__", member)
            if isinstance(plain, FunctionType):
                yield plain


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="nothing is compiled")
def test_python_calls_no_function_that_only_kernels_can_call() -> None:
    """One that is loaded from where it is kept has no entrance from Python: calling it ends the process."""
    seen, wrong = 0, []
    for info in pkgutil.walk_packages(optimiser.__path__, "optimiser."):
        module = importlib.import_module(info.name)
        seen += sum(map(only_for_kernels, vars(module).values()))
        for function in functions_of_python(module):
            called = filter(only_for_kernels, named_in(function.__code__, function.__globals__))
            wrong += [f"{module.__name__}.{function.__qualname__} calls {one}" for one in called]
    assert seen >= 100
    assert not wrong, wrong
