"""A copy of everything that is worth keeping, and the way back from it."""
