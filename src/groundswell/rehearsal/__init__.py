"""Rehearsing a surge: what visitors do, what the installation answers, what follows from it."""
