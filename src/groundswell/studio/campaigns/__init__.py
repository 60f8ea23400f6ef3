"""The list of campaigns, and what comes after publishing."""
