"""The direct line's desk: what was said to those who decide, what they said, and what is next."""
