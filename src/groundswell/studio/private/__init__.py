"""Pages for people without an account, each behind a link that is itself the key (decision 13)."""
