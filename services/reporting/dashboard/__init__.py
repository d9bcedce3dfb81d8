"""Pages for staff who watch complaints: what waits now, how it has gone, each complaint whole.

Every figure leads to the complaints that it counts. Pages need no script, change nothing and hold
ids, dates and codes only. `routes.py` names them; `open_stages.py` says what waits for what, and
everything else is counted by the measures.
"""
