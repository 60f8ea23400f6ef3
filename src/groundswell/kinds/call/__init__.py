"""A call: people ring up those who decide, and tell what came of it."""
