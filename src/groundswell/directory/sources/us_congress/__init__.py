"""The Congress of the United States: members, offices, committees and contact forms."""
