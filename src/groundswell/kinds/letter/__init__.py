"""A letter: each person writes to those who decide, in their own words and name."""
