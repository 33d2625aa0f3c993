"""Hubs decided together with the rounds that serve them (location-routing)."""
