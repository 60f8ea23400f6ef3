"""A petition: many people put their names to the same text."""
