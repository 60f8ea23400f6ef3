"""The office's own web form: the supporter sends it there; we only say where and what it asks."""
