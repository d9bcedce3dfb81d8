"""Made-up rows of past complaints, in the columns of deploy/import/past-complaints.toml."""

import csv
import io
import random
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

FIRST_DAY = date(2018, 4, 2)
DAYS = 2_400

HEADERS = (
    *("Case number", "Date received", "Received by", "Complainant", "Category", "Service", "Area"),
    *("Tenure", "Status", "Why refused", "S1 acknowledged", "S1 extended to"),
    *("S1 extension letter", "S1 response", "S1 outcome", "S1 remedies", "S1 compensation"),
    *("S2 requested", "S2 acknowledged", "S2 response", "S2 outcome", "Date closed"),
    *("Ombudsman case opened", "Ombudsman decision date", "Ombudsman decision", "How satisfied"),
)

CATEGORIES = ("Repairs", "Neighbourhood", "Staff", "Lettings", "Rent & service charges")
OUTCOMES = ("Upheld", "Partly upheld", "Not upheld", "")

Row = dict[str, str]


def rows(seed: int, number: int) -> Iterable[Row]:
    """Yields so many rows, the same for the same seed; one in eight goes to stage 2."""
    chance = random.Random(seed)  # noqa: S311 — made-up rows are no secret
    for each in range(1, number + 1):
        yield _row(chance, f"C/{2018 + each % 7}/{each:06}")


def as_csv(lines: Iterable[Row], *, headers: Sequence[str] = HEADERS, separator: str = ",") -> str:
    """Returns the rows as CSV, a row of headers first."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headers, delimiter=separator, restval="")
    writer.writeheader()
    writer.writerows(lines)
    return out.getvalue()


def written(day: date) -> str:
    """Returns a day as the example's map expects it."""
    return f"{day:%d/%m/%Y}"


def _row(chance: random.Random, reference: str) -> Row:
    received = FIRST_DAY + timedelta(days=chance.randrange(DAYS))
    row = {
        "Case number": reference,
        "Date received": written(received),
        "Received by": chance.choice(("Web form", "Telephone", "Letter", "")),
        "Complainant": "Somebody Else",
        "Category": chance.choice(CATEGORIES),
        "Service": chance.choice(("Heating", "Plumbing", "Estates", "")),
        "Area": chance.choice(("North", "South")),
        "Tenure": chance.choice(("General needs", "Shared ownership", "Leasehold", "")),
        "Status": "Closed",
    }
    if chance.random() < 0.04:
        refused = written(received + timedelta(days=chance.randrange(6)))
        return {**row, "Status": "Refused", "Why refused": "Over 12 months", "Date closed": refused}
    acknowledged = received + timedelta(days=chance.randrange(12))
    row["S1 acknowledged"] = written(acknowledged)
    if chance.random() < 0.04:
        return {**row, "Status": "Withdrawn", "Date closed": written(acknowledged)}
    responded = acknowledged + timedelta(days=chance.randrange(40))
    row |= {
        "S1 response": written(responded),
        "S1 outcome": chance.choice(OUTCOMES),
        "Date closed": written(responded),
        "How satisfied": chance.choice(("Very satisfied", "Neither", "", "", "")),
    }
    if chance.random() < 0.3:
        row |= {"S1 remedies": "Apology; Repair", "S1 compensation": f"{chance.randrange(1, 500)}"}
    if chance.random() < 0.125:
        requested = responded + timedelta(days=chance.randrange(30))
        answered = requested + timedelta(days=chance.randrange(3, 45))
        row |= {
            "S2 requested": written(requested),
            "S2 acknowledged": written(requested + timedelta(days=2)),
            "S2 response": written(answered),
            "S2 outcome": chance.choice(OUTCOMES),
            "Date closed": written(answered),
        }
        if chance.random() < 0.2:
            row["Ombudsman case opened"] = written(answered + timedelta(days=20))
    return row
