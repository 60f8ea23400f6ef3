"""The White House and the departments of the United States Government."""
