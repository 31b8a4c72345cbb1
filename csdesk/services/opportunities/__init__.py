"""Opportunities: what accounts may buy more of."""
