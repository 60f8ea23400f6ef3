"""What comes back for letters: bounces, automatic answers and answers."""
