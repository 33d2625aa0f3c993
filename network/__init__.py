"""How to get there: streets, who may use them, how long it takes. Knows nothing of waste."""
