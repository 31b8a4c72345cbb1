"""What the Today page shows."""
