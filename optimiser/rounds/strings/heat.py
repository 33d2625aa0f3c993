"""How the temperature falls with the share of the budget spent."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Temperatures in ticks, from ``hot`` down to ``cold``, each step by the same factor."""

    hot: float
    cold: float

    def at(self, spent: float) -> float:
        """Return the temperature when this share of the budget is spent."""
        return float(self.hot * (self.cold / self.hot) ** min(1.0, max(0.0, spent)))
