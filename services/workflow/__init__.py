"""Every rule: policies, working days, clocks, and the life of one complaint."""
