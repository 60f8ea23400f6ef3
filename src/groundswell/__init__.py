"""Groundswell: digital advocacy that survives the hour everyone comes at once."""
