"""Where decision makers come from: a folder for each source, listed in `registry`."""
