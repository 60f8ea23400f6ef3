"""The directory's desk: decision makers, where they come from, and lists of them."""
