"""Paper: letters ready for a window envelope, and packs to hand over. Drawn by typst, from data."""
