"""The legislatures and executives of the states of the United States."""
