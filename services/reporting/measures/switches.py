"""How a landlord reads what the rules of the Code and of the Regulator leave open."""

from typing import Literal

from pydantic import ConfigDict

from services.shared.events import Frozen


class Switches(Frozen):
    """How the disputed choices are made. A report names them."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    ch02_of: Literal["received", "responded"] = "received"
    """Of what CH02 is a share: of all complaints received, or of those responded to."""
    refused_count: bool = False
    """Whether a complaint counts that was not taken in."""
    declined_count: bool = False
    """Whether a request for stage 2 counts that was declined; it is one without an answer then."""
    withdrawn_count: bool = True
    """Whether a complaint counts that the resident took back."""
    agreed_extensions_count: bool = False
    """Whether an extension by more than 10 working days at stage 1, or 20 at stage 2, is made for
    a good reason (Code 6.4, 6.15) where the resident agreed to it, and so counts as within."""
