"""Tiers: proposed from the money, the seats and the fit; decided by hand; the history of both."""
