"""Tickets, the demands they ask for, and telling customers what became of them."""
