"""All tables of this room; each file holds one matter."""
