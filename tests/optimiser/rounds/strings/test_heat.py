"""How the temperature falls."""

from __future__ import annotations

import pytest

from optimiser.rounds.strings.heat import Heat


def test_it_falls_by_the_same_factor_in_each_step_and_not_beyond() -> None:
    falls = Heat(hot=800.0, cold=8.0)
    assert [falls.at(spent) for spent in (-1.0, 0.0, 0.5, 1.0, 2.0)] == pytest.approx([800.0, 800.0, 80.0, 8.0, 8.0])
