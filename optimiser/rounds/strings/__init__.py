"""The own engine's compiled search: ruin and recreate by strings over modes, tips and shifts in one kernel."""
