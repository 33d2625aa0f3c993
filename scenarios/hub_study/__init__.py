"""Where to put hubs, for whom, in which order, and what fairness costs: from a map and two tables to a report."""
