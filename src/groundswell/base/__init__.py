"""Shared words of all rooms: settings, errors, wire formats, sealing, ids, clock. No framework."""
