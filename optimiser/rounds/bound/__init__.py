"""How far from the best a plan can be: a lower limit on the net cost of any plan that serves all required stops."""

from optimiser.rounds.bound.front import bound
from optimiser.rounds.bound.warm import warm

__all__ = ["bound", "warm"]
