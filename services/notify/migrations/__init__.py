"""The migrations of notify's tables."""
