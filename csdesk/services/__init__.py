"""What can be done with what is stored. Knows no Qt."""
