"""Interactions: notes, calls and messages of an account, and its timeline."""
