"""Figures: what a period came to, with the rows behind each number."""
