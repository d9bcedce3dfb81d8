"""The staff directory's API: who works here, who is away, and who covers for them."""

import asyncio
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Path, Response
from temporalio.service import RPCError

from services.notify import manager_contact, staff
from services.notify.absences import Absence
from services.notify.access import AtDesk, Desk
from services.notify.directory import Directory, StaffMember
from services.notify.staff_models import (
    AbsenceEntry,
    AbsenceRequest,
    PersonRequest,
    StaffDetail,
    StaffEntry,
    StaffList,
)
from services.shared.errors import MendRequest, TryLater
from services.shared.local_time import local_date
from services.shared.problems import refusals
from services.shared.text import Code, Line

router = APIRouter(prefix="/api/staff", tags=["staff"], responses=refusals(401, 422))

PATIENCE = 3.0
"""Seconds that Temporal may take to answer."""

StaffId = Annotated[Code, Path(examples=["sam-okafor"])]


@router.get("")
async def list_staff(desk: AtDesk) -> StaffList:
    """List everybody who works here, and who is away today."""
    today = local_date(await desk.now())
    async with desk.database.session() as session:
        directory = await staff.load(session, since=today)
    return StaffList(
        people=tuple(
            StaffEntry.model_validate(_entry(person, directory, today))
            for person in directory.people
        )
    )


@router.get("/{staff_id}", responses=refusals(404))
async def read_person(desk: AtDesk, staff_id: StaffId) -> StaffDetail:
    """Read one person with the absences that have not ended yet."""
    return await _detail(desk, staff_id)


@router.put("/{staff_id}", responses=refusals(400, 413, 503))
async def put_person(desk: AtDesk, staff_id: StaffId, body: PersonRequest) -> StaffDetail:
    """Add one person, or replace what is known of them.

    Whoever stands in the directory's file is brought back to what that says at the next start.
    """
    async with desk.database.session() as session:
        await staff.put(session, StaffMember(id=staff_id, **body.model_dump()))
    await _tell(desk, staff_id)
    return await _detail(desk, staff_id)


@router.post("/{staff_id}/absences", status_code=201, responses=refusals(400, 404, 413, 503))
async def enter_absence(desk: AtDesk, staff_id: StaffId, body: AbsenceRequest) -> AbsenceEntry:
    """Enter days on which a person is away: meanwhile whoever covers is written to.

    The same days again are the same absence, so this may be repeated; with another deputy they
    change who covers. Whoever falls ill for longer is given a longer absence beside the first.
    """
    now = await desk.now()
    if body.until_on < body.from_on:
        raise MendRequest("ends-before-it-begins", "The last day away lies before the first.")
    if body.until_on < local_date(now):
        raise MendRequest("absence-over", "These days are over: nobody is written to in them.")
    if body.deputy == staff_id:
        raise MendRequest("own-deputy", "Nobody covers for themself.")
    absence = Absence(staff_id=staff_id, **body.model_dump())
    async with desk.database.session() as session:
        await staff.enter_absence(session, absence, by=desk.by, now=now)
    await _tell(desk, staff_id)
    return _shown(absence)


@router.delete("/{staff_id}/absences/{absence_id}", status_code=204, responses=refusals(404, 503))
async def withdraw_absence(
    desk: AtDesk,
    staff_id: StaffId,
    absence_id: Annotated[Line, Path(examples=["sam-okafor.2027-01-04.2027-01-15"])],
) -> Response:
    """Take an absence back: it was a mistake, or they are back early. It may be repeated."""
    async with desk.database.session() as session:
        await staff.withdraw_absence(session, staff_id, absence_id)
    await _tell(desk, staff_id)
    return Response(status_code=204)


async def _detail(desk: Desk, staff_id: str) -> StaffDetail:
    today = local_date(await desk.now())
    async with desk.database.session() as session:
        directory = await staff.load(session, since=today)
    person = directory.find(staff_id)
    if person is None:
        raise staff.unknown_staff()
    absences = (one for one in directory.absences if one.staff_id == staff_id)
    return StaffDetail.model_validate(
        _entry(person, directory, today)
        | {"absences": [_shown(one) for one in sorted(absences, key=lambda one: one.from_on)]}
    )


def _entry(person: StaffMember, directory: Directory, today: date) -> dict[str, object]:
    absence = directory.away(person.id, today)
    covering = None if absence is None else directory.deputy_of(person.id, today)
    return person.model_dump() | {
        "away_until": None if absence is None else absence.until_on,
        "covered_by": None if covering is None else covering.id,
    }


def _shown(absence: Absence) -> AbsenceEntry:
    return AbsenceEntry(
        id=absence.id,
        from_on=absence.from_on,
        until_on=absence.until_on,
        deputy=absence.deputy,
    )


async def _tell(desk: Desk, staff_id: str) -> None:
    """Has what is open for them written of at once to whoever covers now.

    So for everybody who is away today: who covers for them may have changed with it.
    """
    today = local_date(await desk.now())
    async with desk.database.session() as session:
        directory = await staff.load(session, since=today)
    away = [one.id for one in directory.people if directory.away(one.id, today)]
    try:
        async with asyncio.timeout(PATIENCE):
            for concerned in dict.fromkeys((staff_id, *away)):
                await manager_contact.absence_changed(desk.client, concerned)
    except (RPCError, TimeoutError) as error:
        raise TryLater(
            "engine-away", "It is written down; send it again so that it is acted on at once."
        ) from error
