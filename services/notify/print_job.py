"""Many letters as one file for the printer."""

import io
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

TAGGING = ("/StructParents", "/Tabs")
"""What a page says of its place in the structure tree of its own file, which stays behind."""


def merged(letters: Sequence[bytes]) -> bytes:
    """Returns one PDF of all these letters, in order, for printing.

    Each begins on a new sheet: printed on both sides, no letter stands on the back of another.
    It is not tagged; whoever reads on a screen is given a letter's own file.
    """
    job = PdfWriter()
    for letter in letters:
        job.append(PdfReader(io.BytesIO(letter)), import_outline=False)
        if len(job.pages) % 2:
            job.add_blank_page()
    for page in job.pages:
        for name in TAGGING:
            page.pop(name, None)
    file = io.BytesIO()
    job.write(file)
    return file.getvalue()
