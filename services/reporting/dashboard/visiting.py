"""Somebody who looks at a page: through one transaction, on one day."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse
from sqlmodel.ext.asyncio.session import AsyncSession

from services.reporting import landlord
from services.reporting.dashboard import freshness, pages, standing_now
from services.reporting.dashboard.addresses import PAGES
from services.reporting.dashboard.choices import KnownChoices
from services.reporting.dashboard.filters import LABELS, Filters
from services.reporting.landlord import Landlord
from services.reporting.measures.catalogue import Catalogue
from services.shared.local_time import local_date


def present() -> datetime:
    """The present instant (UTC)."""
    return datetime.now(UTC)


Present = Annotated[datetime, Depends(present)]


@dataclass(frozen=True)
class Visit:
    """Somebody who looks: through one transaction, on one day (Europe/London)."""

    session: AsyncSession
    choices: KnownChoices
    landlord: Landlord
    today: date
    is_short: bool = False
    """Whether some complaints are still to be counted."""

    @property
    def measures(self) -> Catalogue:
        """Every measure, as it judges today."""
        return standing_now.measures(self.today, self.landlord.tenant_satisfaction_measures)

    async def page(
        self,
        template: str,
        here: str,
        filters: Filters,
        shown: Mapping[str, object],
        *,
        days: Filters | None = None,
    ) -> HTMLResponse:
        """Returns a page with its form and what every page shows.

        `filters` are as they were asked for, so that no other page is led to by what this one
        chose itself. `days` are those with the period that is shown; None: as things stand now.
        """
        frame = {
            "here": here,
            "filters": filters,
            "days": days,
            "pages": {
                address: (title, filters.of_any_page().url(address))
                for address, title in PAGES.items()
            },
            "labels": LABELS,
            "landlord": self.landlord.name,
            "choices": await self.choices.known(self.session, self.today),
            "told": freshness.in_words(await freshness.last_told(self.session)),
            "short": freshness.SHORT if self.is_short else None,
        }
        return pages.render(template, {**frame, **shown})


async def _visit(request: Request, now: Present) -> AsyncIterator[Visit]:
    state = request.app.state
    reported = landlord.read(state.settings.report_facts_file)
    async with state.database.snapshot() as session:
        yield Visit(session, state.choices, reported, local_date(now), state.filling.is_short)


Visiting = Annotated[Visit, Depends(_visit)]
