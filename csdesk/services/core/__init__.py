"""What every slice stands on: unit of work, undo, listings, texts, the clock. Imports no slice."""
