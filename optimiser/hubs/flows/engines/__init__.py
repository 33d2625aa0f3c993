"""Engines of the flow problem: a readable face, arrays for HiGHS, and a search priced by linear programs."""
