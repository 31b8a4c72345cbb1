"""Accounts: the exemplary slice; copy it to add a feature."""
