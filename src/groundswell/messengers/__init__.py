"""The people who carry the link: who they are, what they say, and what it did."""
