"""Engines for siting: each a module with ``NAME``, ``supports(problem)`` (reasons against it) and ``solve(...)``."""
