"""A register with five hundred lives in it, and each report of it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import get_args

from services.reporting.landlord import Landlord
from services.reporting.reports.document import Report
from services.reporting.reports.making import Asked, Kind, make
from services.reporting.reports.self_assessment import Finding
from services.shared.database import Database
from services.workflow import policies
from services.workflow.self_assessment.assessment import assess
from tests.reporting.measures.filled import Lives
from tests.reporting.measures.recount import Recount
from tests.reporting.measures.varied_lives import complaints, feedback

YEAR = Asked(from_on=date(2025, 4, 1), seed="board-7")

POLICY = "housing-ombudsman"

OF_A_POLICY = Asked(from_on=date(2025, 4, 1), policy=POLICY, seed="board-7")
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)

KINDS: tuple[Kind, ...] = get_args(Kind)

LANDLORD = Landlord.model_validate(
    {
        "name": "Example Homes",
        "homes": [{"year": 2025, "rented": 1000, "shared_ownership": 100}],
        "periods": [
            {
                "from_on": date(2025, 4, 1),
                "before": date(2026, 4, 1),
                "board_comment": "We asked for more.\nAnd sooner.\n\nThat is all.",
                "improvements": [{"heard": "It is slow.", "done": "It is faster."}],
            }
        ],
    }
)


@dataclass
class Filled:
    """A register with lives in it, and a recount of their events."""

    database: Database
    recount: Recount

    async def report(self, kind: Kind, asked: Asked | None = None) -> Report:
        asked = asked or asked_of(kind)
        async with self.database.session() as session:
            return await make(session, kind, asked, landlord=LANDLORD, findings=findings(), now=NOW)


def asked_of(kind: Kind) -> Asked:
    """A year, or the quarter that it begins with; a self-assessment is of one policy."""
    return OF_A_POLICY if kind == "self-assessment" else YEAR


@cache
def lives() -> Lives:
    return Lives.of(complaints(500), feedback(80))


@cache
def recount() -> Recount:
    return Recount(lives().complaints, lives().feedback, NOW.date())


@cache
def findings() -> tuple[Finding, ...]:
    """What `putright policy check` finds of the policy."""
    file = policies.read(policies.path_of(policies.in_force(POLICY, date(2026, 1, 1))))
    return tuple(Finding.model_validate(one.model_dump()) for one in assess(file))
