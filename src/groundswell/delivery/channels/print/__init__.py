"""Letters on paper: one that a supporter prints, or a pack of all that is handed over."""
