"""The migrations of reporting, in the order of their numbers."""
