"""Settings that travel with the store."""
