"""Renewals: what ends, how sure we are of it, what came of it."""
