"""Parcels on their way to decision makers: each try, each answer, and nobody's words."""
