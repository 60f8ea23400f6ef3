"""Home: the numbers of every campaign and the health of the installation, on one page."""
