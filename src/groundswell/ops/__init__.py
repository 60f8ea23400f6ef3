"""Running an installation: the supervisor, the demo, the mail sink, keys, accounts, documents."""
