"""Kerbside collection: sides of streets as work, how they are made, and how a vehicle serves them."""
