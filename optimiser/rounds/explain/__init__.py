"""Why stops are left out, and what would change it: found by planning again with one rule changed."""

from optimiser.rounds.explain.collide import colliding
from optimiser.rounds.explain.explain import explain

__all__ = ["colliding", "explain"]
