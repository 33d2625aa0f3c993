"""The made-up town, taken in once for all tests of a run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import scenarios.samples
from scenarios.intake import Intake, take_in

SAMPLES = Path(scenarios.samples.__file__).parent


@cache
def town() -> Intake:
    return take_in(SAMPLES / "town" / "scenario.toml", seconds=2.0)


@cache
def tricycle() -> Intake:
    return take_in(SAMPLES / "one-tricycle" / "scenario.toml", seconds=2.0)
