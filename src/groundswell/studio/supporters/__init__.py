"""Supporters: find one, see their history, help them, forget them, export them."""
