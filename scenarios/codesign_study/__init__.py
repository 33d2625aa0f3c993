"""Sites decided together with the rounds that serve them: from a scenario and a table of candidates to a report."""
