"""Target lists from files: a CSV as organisers keep it, or Popolo JSON."""
