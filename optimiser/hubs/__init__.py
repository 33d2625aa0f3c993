"""Siting: which hubs open, who uses which."""
