"""The United States: ZIP codes lead to the Congress."""
