"""What to do: problems, plans, engines, judges, bounds. Knows no map, no file, no web."""
