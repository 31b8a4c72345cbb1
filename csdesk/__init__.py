"""CSDesk: the desk of a customer success manager. Floors: ui, services, models, from top to bottom."""

__version__ = "0.1.0"
