"""Everything from outside enters here: the channel API, resident pages, the case file."""
