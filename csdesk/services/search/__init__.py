"""One text in memory, scanned at each key."""
