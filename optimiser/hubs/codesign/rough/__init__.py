"""Rounds without clocks: loads, legs and sites only. Quick, and never the last word on a cost."""
