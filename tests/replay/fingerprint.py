"""The ordered commands of a life: what replay cannot see (durations, queues) stands here too."""

from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory


def fingerprint(history: WorkflowHistory) -> list[str]:
    """Returns the commands of a history in order, one line each, without what people wrote."""
    lines = (_line(event) for event in history.events)
    return [line for line in lines if line is not None]


def _line(event: HistoryEvent) -> str | None:
    match event.WhichOneof("attributes"):
        case "timer_started_event_attributes":
            wait = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
            # To the minute: an action takes some milliseconds of the time that is left.
            return f"timer {round(wait.total_seconds() / 60)} min"
        case "timer_canceled_event_attributes":
            return "timer cancelled"
        case "activity_task_scheduled_event_attributes":
            activity = event.activity_task_scheduled_event_attributes
            return f"activity {activity.activity_type.name} on {activity.task_queue.name}"
        case "marker_recorded_event_attributes":
            return "local activity"
        case "upsert_workflow_search_attributes_event_attributes":
            upsert = event.upsert_workflow_search_attributes_event_attributes
            return "upsert " + ", ".join(sorted(upsert.search_attributes.indexed_fields))
        case "workflow_execution_update_accepted_event_attributes":
            update = event.workflow_execution_update_accepted_event_attributes
            return f"update {update.accepted_request.input.name}"
        case "workflow_execution_completed_event_attributes":
            return "completed"
        case "workflow_execution_continued_as_new_event_attributes":
            return "continued as new"
        case _:
            return None
