"""Settings of the workflow service."""

from services.shared.settings import Settings


class WorkflowSettings(Settings):
    """What the complaint worker and its codec server need to know."""

    workflow_host: str = "127.0.0.1"
    workflow_port: int = 8002
    """Health and the codec server."""

    ui_origin: str = "http://127.0.0.1:8233"
    """The Temporal UI's origin: the only one whose pages may ask the codec server."""

    cached_workflows: int = 500
    """How many complaints the worker keeps in memory; the others are replayed when they wake."""
