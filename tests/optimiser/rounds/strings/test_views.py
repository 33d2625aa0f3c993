"""The table of addresses tells where each array lies and what shape it has."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from optimiser.rounds.strings import views
from optimiser.rounds.strings.desk import empty
from optimiser.rounds.strings.layout import Scene, Work
from tests.optimiser.rounds.strings.posed import CLASSES, problem_of, searched, staged


def parts() -> list[Scene | Work]:
    """Return a scene and a plan in the making."""
    stage = staged(problem_of(CLASSES["all"], 1))
    return [stage.scene, empty(stage, 1)]


@pytest.mark.parametrize("which", [0, 1])
def test_addresses_and_shapes(which: int) -> None:
    fields = parts()[which]
    found = views.table(fields)
    value: Any
    for k, (name, value) in enumerate(zip(fields._fields, fields, strict=True)):
        entry = found[views.EACH * k : views.EACH * (k + 1)].tolist()
        if isinstance(value, np.ndarray):
            assert entry[0] == value.__array_interface__["data"][0], name
            assert entry[1 : 1 + value.ndim] == list(value.shape), name
        else:
            assert entry[0] == value, name


@pytest.mark.parametrize("which", [0, 1])
def test_every_array_has_a_view_of_its_name(which: int) -> None:
    fields = parts()[which]
    names = [name for name, value in zip(fields._fields, fields, strict=True) if isinstance(value, np.ndarray)]
    assert [name for name in names if not hasattr(views, name)] == []


def test_an_array_in_pieces_is_refused_by_name() -> None:
    work = empty(staged(problem_of(CLASSES["plain"], 1)), 1)
    with pytest.raises(ValueError, match="key does not lie in one piece"):
        views.table(work._replace(key=np.zeros(20)[::2]))


def test_what_the_kernel_writes_is_in_the_array() -> None:
    stage = staged(problem_of(CLASSES["plain"], 1))
    before = empty(stage, 1)
    after = searched(stage, iterations=5)
    assert before.dice[0] != after.dice[0]
    assert (after.link[: stage.scene.n, 2] >= 0).any()
