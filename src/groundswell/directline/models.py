"""The tables of the direct line."""
