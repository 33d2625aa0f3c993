"""Flows: what is collected goes through hubs and plants to buyers and landfill, each kilogram accounted for."""
