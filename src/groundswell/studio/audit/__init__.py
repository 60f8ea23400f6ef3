"""The audit log: what organisers did with supporters' data."""
