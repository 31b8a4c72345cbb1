"""Contracts: terms, lines, what follows what."""
