"""The published language of the services (events, errors) and their plumbing."""
