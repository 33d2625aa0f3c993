"""What a budget is."""

from __future__ import annotations

import pytest

from optimiser.result import Budget


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({}, "seconds, iterations or both"),
        ({"seconds": 0.0}, "negative"),
        ({"seconds": -1.0}, "negative"),
        ({"iterations": -1}, "negative"),
        ({"seconds": 1.0, "threads": 0}, "at least one thread"),
    ],
)
def test_what_no_budget_is(wrong: dict[str, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Budget(**wrong)  # type: ignore[arg-type]


def test_one_thread_unless_more_are_given() -> None:
    assert Budget(seconds=1.0).threads == 1
    assert Budget(iterations=0, threads=3).threads == 3
