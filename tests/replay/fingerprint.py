"""The ordered commands of a life, with what replay does not compare: durations and queues.

Timeouts, retry policies and the values of search attributes are not in it.
"""

from collections.abc import Callable

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

PATCH = "core_patch"
"""The marker that `workflow.patched` leaves."""


def fingerprint(history: WorkflowHistory) -> list[str]:
    """Returns the commands of a history in order, one line each, without what people wrote."""
    lines = (_line(event) for event in history.events)
    return [line for line in lines if line is not None]


def _timer(event: HistoryEvent) -> str:
    wait = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
    # To the minute: an action takes some milliseconds of the time that is left.
    return f"timer {round(wait.total_seconds() / 60)} min"


def _activity(event: HistoryEvent) -> str:
    activity = event.activity_task_scheduled_event_attributes
    return f"activity {activity.activity_type.name} on {activity.task_queue.name}"


def _marker(event: HistoryEvent) -> str:
    marker = event.marker_recorded_event_attributes
    return "patch" if marker.marker_name == PATCH else "local activity"


def _upsert(event: HistoryEvent) -> str:
    upsert = event.upsert_workflow_search_attributes_event_attributes
    return "upsert " + ", ".join(sorted(upsert.search_attributes.indexed_fields))


def _update(event: HistoryEvent) -> str:
    accepted = event.workflow_execution_update_accepted_event_attributes
    return f"update {accepted.accepted_request.input.name}"


COMMANDS: dict[str, Callable[[HistoryEvent], str]] = {
    "timer_started": _timer,
    "timer_canceled": lambda _: "timer cancelled",
    "activity_task_scheduled": _activity,
    "activity_task_cancel_requested": lambda _: "activity cancelled",
    "marker_recorded": _marker,
    "upsert_workflow_search_attributes": _upsert,
    "workflow_execution_update_accepted": _update,
    "workflow_execution_completed": lambda _: "completed",
    "workflow_execution_continued_as_new": lambda _: "continued as new",
}


def _line(event: HistoryEvent) -> str | None:
    kind = (event.WhichOneof("attributes") or "").removesuffix("_event_attributes")
    return COMMANDS[kind](event) if kind in COMMANDS else None
