"""Visits: whom to see and why, the plan of a week, what became of each meeting."""
