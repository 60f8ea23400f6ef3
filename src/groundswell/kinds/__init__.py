"""What can be done on an action page: one folder a kind, one dict that lists them. No framework."""
