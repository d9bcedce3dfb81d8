"""The made-up people, and the made-up landlord, of the samples of notices."""

from datetime import UTC, datetime

from services.notify.contract import Addressee, Brand, Letterhead, Signpost
from services.notify.directory import Directory, StaffMember

REFERENCE = "PR-7K2M-9QXT"

NOW = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)
"""A Tuesday morning."""

JO = Addressee(
    name="Jo Bloggs", email="jo.bloggs@example.org", address="7 Elm Row\nElmfield\nEL1 2AB"
)

STAFF = Directory(
    people=(
        StaffMember(
            id="sam-okafor",
            name="Sam Okafor",
            email="sam.okafor@example.org",
            role="manager",
            service_areas=("Repairs",),
            line_manager="priya-shah",
        ),
        StaffMember(
            id="priya-shah",
            name="Priya Shah",
            email="priya.shah@example.org",
            role="area-manager",
            line_manager="helen-ward",
        ),
        StaffMember(
            id="helen-ward",
            name="Helen Ward",
            email="helen.ward@example.org",
            role="head-of-service",
            service_areas=("Repairs",),
        ),
        StaffMember(
            id="ruth-ellis-jones",
            name="Ruth Ellis-Jones",
            email="ruth.ellis-jones@example.org",
            role="complaints-officer",
        ),
    )
)
"""Whoever has a part in the samples."""

OMBUDSMAN = Signpost(
    name="Housing Ombudsman Service",
    when="You can ask the Ombudsman for advice at any time.",
    address="PO Box 1484, Unit D, Preston PR2 0ET",
    telephone="0300 111 3000",
    email="info@housing-ombudsman.org.uk",
    website="www.housing-ombudsman.org.uk",
)
LETTERHEAD = Letterhead(
    landlord="Elmfield Homes",
    policy_name="Complaint Handling Code",
    stage="Stage 1",
    tracking_url="https://complaints.example.org/track/abc123",
    signposts=(OMBUDSMAN,),
    brand=Brand(
        telephone="0300 000 0000",
        email="complaints@elmfield.example",
        website="www.elmfield.example",
        address="1 Elm Row, Elmfield EL1 2AB",
    ),
)
