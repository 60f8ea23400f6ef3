"""Which congressional districts an American ZIP code may lie in."""
