"""All engines by name. A new engine is one file in this folder and one line here."""

from __future__ import annotations

from collections.abc import Mapping

from optimiser.rounds.engines import Engine, nearest, ortools, pyvrp, ruin, strings

ENGINES: Mapping[str, Engine] = {engine.NAME: engine for engine in (strings, pyvrp, ortools, ruin, nearest)}
AUTO = ("pyvrp", "ortools", "ruin", "nearest")  # for small problems, in the order of preference; the last takes all
AUTO_LARGE = ("strings", *AUTO)
