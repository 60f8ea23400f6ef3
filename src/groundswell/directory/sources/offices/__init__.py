"""Countries, America's states, and offices of the world that a campaign may turn to."""
