"""Receivables and payments."""
