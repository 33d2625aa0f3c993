"""Shortest ways through large graphs: an order once, weights in milliseconds, matrices by sweeps."""
