"""What the Temporal UI can list and filter complaints by. Ids, codes and dates: never a person.

SQL visibility stores these in the clear and allows few of each type in a namespace, so there is
one date (the next thing due) and one flag (overdue).
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    SearchAttributeUpdate,
    TypedSearchAttributes,
)

POLICY = SearchAttributeKey.for_keyword("Policy")
STAGE = SearchAttributeKey.for_keyword("Stage")
STATUS = SearchAttributeKey.for_keyword("ComplaintStatus")
INVESTIGATOR = SearchAttributeKey.for_keyword("Investigator")
SERVICE_AREA = SearchAttributeKey.for_keyword("ServiceArea")
REGION = SearchAttributeKey.for_keyword("Region")
PRIORITY = SearchAttributeKey.for_keyword("Priority")
NEXT_DUE = SearchAttributeKey.for_datetime("NextDue")
OVERDUE = SearchAttributeKey.for_bool("Overdue")

TYPES = {
    key.name: value
    for keys, value in (
        (
            (POLICY, STAGE, STATUS, INVESTIGATOR, SERVICE_AREA, REGION, PRIORITY),
            IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
        ),
        ((NEXT_DUE,), IndexedValueType.INDEXED_VALUE_TYPE_DATETIME),
        ((OVERDUE,), IndexedValueType.INDEXED_VALUE_TYPE_BOOL),
    )
    for key in keys
}
"""Every search attribute and its type, as the server must know them before the first start."""


LISTED_WITHIN = 30.0


@dataclass(frozen=True)
class Listing:
    """How a complaint is listed: what of its position can be searched for."""

    stage: str
    status: str
    priority: str
    investigator: str | None
    next_due: datetime | None
    overdue: bool
    service_area: str | None
    region: str | None

    def changes(self, new: "Listing") -> list[SearchAttributeUpdate[Any]]:
        """Returns what must be upserted so that this listing becomes `new`, in one batch."""
        updates: list[SearchAttributeUpdate[Any]] = []
        if new.stage != self.stage:
            updates.append(STAGE.value_set(new.stage))
        if new.status != self.status:
            updates.append(STATUS.value_set(new.status))
        if new.priority != self.priority:
            updates.append(PRIORITY.value_set(new.priority))
        if new.investigator != self.investigator:
            updates.append(
                INVESTIGATOR.value_unset()
                if new.investigator is None
                else INVESTIGATOR.value_set(new.investigator)
            )
        if new.next_due != self.next_due:
            updates.append(
                NEXT_DUE.value_unset() if new.next_due is None else NEXT_DUE.value_set(new.next_due)
            )
        if new.overdue != self.overdue:
            updates.append(OVERDUE.value_set(new.overdue))
        # Once it is recorded it can be put right, and not taken away.
        if new.service_area is not None and new.service_area != self.service_area:
            updates.append(SERVICE_AREA.value_set(new.service_area))
        if new.region is not None and new.region != self.region:
            updates.append(REGION.value_set(new.region))
        return updates


def at_start(*, policy: str, listing: Listing) -> TypedSearchAttributes:
    """Returns what a complaint is listed under from its start on."""
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(POLICY, policy),
        SearchAttributePair(STAGE, listing.stage),
        SearchAttributePair(STATUS, listing.status),
        SearchAttributePair(PRIORITY, listing.priority),
        SearchAttributePair(OVERDUE, listing.overdue),
    ]
    if listing.next_due is not None:
        pairs.append(SearchAttributePair(NEXT_DUE, listing.next_due))
    if listing.service_area is not None:
        pairs.append(SearchAttributePair(SERVICE_AREA, listing.service_area))
    if listing.region is not None:
        pairs.append(SearchAttributePair(REGION, listing.region))
    return TypedSearchAttributes(pairs)


async def register(client: Client) -> list[str]:
    """Makes the server know every search attribute; returns the names that were new to it.

    Returns once the server lists them, which it does a moment after it has taken them. Raises
    TimeoutError when that takes longer than `LISTED_WITHIN` seconds.
    """
    missing = await _missing(client)
    new = sorted(missing)
    if missing:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
        )
    async with asyncio.timeout(LISTED_WITHIN):
        while missing:
            await asyncio.sleep(0.05)
            missing = await _missing(client)
    return new


async def _missing(client: Client) -> dict[str, IndexedValueType.ValueType]:
    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return {name: kind for name, kind in TYPES.items() if name not in known.custom_attributes}
