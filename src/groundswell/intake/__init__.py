"""The public door: published pages from memory, submissions into a sealed journal. No Django."""
