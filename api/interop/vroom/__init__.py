"""VROOM's JSON: read as VROOM reads it, planned by our engines, answered in its shape and its words."""
