"""The dated sets of rules by which measures are counted, and where each comes from."""

from datetime import date

from services.reporting.measures.measure import RuleSet

READ_ON = date(2026, 11, 22)
"""When the Code and the Regulator's measures were last read anew: which extensions the Code allows,
which stages it knows, and what is never done or not done yet."""

CODE = RuleSet(
    "complaint-handling-code",
    "Housing Ombudsman's Complaint Handling Code",
    READ_ON,
    "The Code's own times, from the dates that happened: 5 working days to acknowledge, and from "
    "then 10 to answer at stage 1 and 20 at stage 2. Day 1 is the first working day after. "
    "An extension counts as within the time as far as the Code allows it: the resident was told "
    "inside the time before, and it adds at most as many days again. A step of a policy before "
    "stage 1, or after stage 2, is part of that stage.",
)

POLICY = RuleSet(
    "policy",
    "The landlord's own policy",
    date(2024, 4, 1),
    "The times promised by the policy that was in force when the complaint came in, as its clocks "
    "counted them; extensions made under it count as within the time.",
)

PUTRIGHT = RuleSet(
    "putright",
    "Putright's definitions",
    date(2024, 4, 1),
    "Counts for which no outside rule is binding: what came in, what became of it, what was put "
    "right and what was learnt.",
)

TENANT_SATISFACTION = RuleSet(
    "tenant-satisfaction-measures",
    "Tenant Satisfaction Measures",
    READ_ON,
    "The Regulator of Social Housing's measures CH01, CH02 and TP09, as we read them: rented homes "
    "and shared ownership apart, the year from April to March, one decimal. Where the reading is "
    "disputed it is a switch, and each measure says how it is set.",
)

RULE_SETS = (CODE, POLICY, PUTRIGHT, TENANT_SATISFACTION)
