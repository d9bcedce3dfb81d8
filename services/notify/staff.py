"""The staff directory as it is stored: seeded from a file, read whole, asked for one person."""

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.notify.contract import Person, PersonFound
from services.notify.directory import Directory, StaffMember
from services.notify.tables import StaffRow
from services.shared.database import insert


async def seed(session: AsyncSession, directory: Directory) -> None:
    """Adds everybody of the directory, or brings them up to date; removes nobody."""
    rows = [person.model_dump(mode="json") for person in directory.people]
    if not rows:
        return
    # One statement, so that a person may stand before their line manager.
    adding = insert(session, StaffRow).values(rows)
    changed = {name: adding.excluded[name] for name in StaffMember.model_fields if name != "id"}
    await session.exec(adding.on_conflict_do_update(index_elements=["id"], set_=changed))


async def load(session: AsyncSession) -> Directory:
    """Reads everybody: a landlord has hundreds of staff, and a role may lie with any of them."""
    rows = await session.exec(select(StaffRow).order_by(col(StaffRow.id)))
    # Built without validation: it was validated when it was seeded, and a letter must go out.
    return Directory.model_construct(
        people=tuple(
            StaffMember.model_construct(
                id=row.id,
                name=row.name,
                email=row.email,
                role=row.role,
                service_areas=tuple(row.service_areas),
                line_manager=row.line_manager,
            )
            for row in rows
        )
    )


async def find(session: AsyncSession, staff_id: str) -> PersonFound:
    """Looks one person up by id."""
    row = await session.get(StaffRow, staff_id)
    return PersonFound(person=None if row is None else Person(staff_id=row.id, role=row.role))
