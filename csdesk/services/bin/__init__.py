"""The bin: what was deleted, until somebody brings it back."""
