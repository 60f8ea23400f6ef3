"""The countries in which a postcode finds who represents it: a folder each."""
