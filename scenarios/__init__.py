"""What if, how good: the waste system in the planner's words, what a run is, what it shows."""
