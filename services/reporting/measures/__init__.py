"""Measures: each is one dated rule, a pure function, by which complaints are counted in or out.

Read `measure.py` and a file of rules (`timeliness.py`), then `counting.py`, which lets the database
group and the rule judge, and `cases.py`, which lists what was counted, with the reasons.
"""
