"""An open letter: many people sign one text in public."""
