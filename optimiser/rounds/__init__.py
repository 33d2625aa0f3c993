"""Collecting: who goes where, in which order, with which tips and breaks."""
