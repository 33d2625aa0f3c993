"""Siting: which candidates open, at what size, who goes to which, for whom that is fair, how good it provably is."""
