"""Tasks: what is to be done by a day, whatever asked for it."""
