"""The open letters' desk: who stands below them, and how they reach those they are for."""
