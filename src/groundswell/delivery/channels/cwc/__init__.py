"""Communicating with Congress 2.0. Off until its addresses and keys are set."""
