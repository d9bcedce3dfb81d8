"""Everything that goes out: notices, the staff directory, contact with investigators."""
