"""Arisings where no list exists: people, what they throw away, and containers for it. Estimated, and marked so."""

from scenarios.demand.arisings import estimate

__all__ = ["estimate"]
