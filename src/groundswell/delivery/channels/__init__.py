"""How a letter reaches an office: one folder each, listed in `registry`."""
