"""The staff directory as it is stored: seeded from a file, kept by the API, read whole."""

from datetime import date, datetime

from pydantic import ValidationError
from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.absences import Absence
from services.notify.contract import Person, PersonFound
from services.notify.directory import COMPLAINTS_OFFICER, Directory, StaffMember, what_is_wrong
from services.notify.tables import AbsenceRow, StaffRow
from services.shared.database import insert
from services.shared.errors import MendRequest, NotThere


async def seed(session: AsyncSession, directory: Directory) -> None:
    """Adds everybody of the directory, or brings them up to date; removes nobody."""
    rows = [person.model_dump(mode="json") for person in directory.people]
    if not rows:
        return
    # One statement, so that a person may stand before their line manager.
    adding = insert(session, StaffRow).values(rows)
    changed = {name: adding.excluded[name] for name in StaffMember.model_fields if name != "id"}
    await session.exec(adding.on_conflict_do_update(index_elements=["id"], set_=changed))


async def load(session: AsyncSession, since: date | None = None) -> Directory:
    """Reads everybody: a landlord has hundreds of staff, and a role may lie with any of them.

    Of absences it reads those that had not ended before the day `since`; None reads them all.
    """
    people = await session.exec(select(StaffRow).order_by(col(StaffRow.id)))
    wanted = select(AbsenceRow).order_by(col(AbsenceRow.id))
    if since is not None:
        wanted = wanted.where(col(AbsenceRow.until_on) >= since)
    absences = await session.exec(wanted)
    # Built without validation: it was validated when it was stored, and a letter must go out.
    return Directory.model_construct(
        people=tuple(_member(row) for row in people),
        absences=tuple(_absence(row) for row in absences),
    )


async def find(session: AsyncSession, staff_id: str) -> PersonFound:
    """Looks one person up by id."""
    row = await session.get(StaffRow, staff_id)
    return PersonFound(person=None if row is None else Person(staff_id=row.id, role=row.role))


async def put(session: AsyncSession, member: StaffMember) -> None:
    """Adds one person, or replaces what is known of them.

    Raises MendRequest `bad-directory` where the directory would no longer hang together, or would
    lose its last complaints officer.
    """
    known = await load(session)
    others = tuple(person for person in known.people if person.id != member.id)
    try:
        changed = Directory(people=(*others, member), absences=known.absences)
    except ValidationError as error:
        raise MendRequest("bad-directory", what_is_wrong(error)) from None
    if known.has_officer and not changed.has_officer:
        raise MendRequest("bad-directory", f"nobody would have the role {COMPLAINTS_OFFICER!r}")
    await seed(session, Directory.model_construct(people=(member,)))


async def enter_absence(session: AsyncSession, absence: Absence, *, by: str, now: datetime) -> None:
    """Writes down that somebody is away; the same days again change who covers them.

    Raises NotThere `unknown-staff`, or MendRequest `unknown-deputy`.
    """
    if await session.get(StaffRow, absence.staff_id) is None:
        raise unknown_staff()
    if absence.deputy is not None and await session.get(StaffRow, absence.deputy) is None:
        raise MendRequest("unknown-deputy", "The directory has nobody with the id of the deputy.")
    entering = insert(session, AbsenceRow).values(
        id=absence.id, **absence.model_dump(), entered_at=now, entered_by=by
    )
    changed = {name: entering.excluded[name] for name in ("deputy", "entered_at", "entered_by")}
    await session.exec(
        entering.on_conflict_do_update(
            index_elements=["id"],
            set_=changed,
            where=col(AbsenceRow.deputy).is_distinct_from(absence.deputy),
        )
    )


async def withdraw_absence(session: AsyncSession, staff_id: str, absence_id: str) -> None:
    """Takes an absence back: it was entered by mistake, or they are back early.

    Where there is none of this id, there is nothing to take back. Raises NotThere `unknown-staff`.
    """
    if await session.get(StaffRow, staff_id) is None:
        raise unknown_staff()
    await session.exec(
        delete(AbsenceRow).where(
            col(AbsenceRow.id) == absence_id, col(AbsenceRow.staff_id) == staff_id
        )
    )


def unknown_staff() -> NotThere:
    """Returns the refusal of an id that the directory does not know."""
    return NotThere("unknown-staff", "The directory has nobody with this id.")


def _member(row: StaffRow) -> StaffMember:
    return StaffMember.model_construct(
        id=row.id,
        name=row.name,
        email=row.email,
        role=row.role,
        service_areas=tuple(row.service_areas),
        line_manager=row.line_manager,
        deputy=row.deputy,
    )


def _absence(row: AbsenceRow) -> Absence:
    return Absence.model_construct(
        staff_id=row.staff_id, from_on=row.from_on, until_on=row.until_on, deputy=row.deputy
    )
