"""Other tools' words for the same things: their requests answered as they expect."""
