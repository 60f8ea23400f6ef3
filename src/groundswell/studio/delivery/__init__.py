"""The delivery desk: what became of each letter and call, and what can be done about it."""
