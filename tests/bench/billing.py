"""What one workflow costs: its events, its size, and the actions that Temporal Cloud bills."""

from collections import Counter
from collections.abc import Sequence

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from services.shared.events import Frozen

LOCAL_ACTIVITY = "core_local_activity"
"""The name under which the SDK records what a local activity returned."""

BILLED = {
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED: "start",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: "update",
    EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED: "activity",
    EventType.EVENT_TYPE_TIMER_STARTED: "timer",
    EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES: "upsert",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signal",
    EventType.EVENT_TYPE_SIGNAL_EXTERNAL_WORKFLOW_EXECUTION_INITIATED: "signal",
}
"""The events that are one action each. A child workflow would be two, and none is ever started."""


class Cost(Frozen):
    """The cost of one workflow."""

    events: int
    bytes: int
    """The sum of its events' sizes, as the server counts a history."""
    actions: int
    by_kind: dict[str, int]
    """The actions by what they were for, the most frequent first."""


def cost(events: Sequence[HistoryEvent], queries: int = 0) -> Cost:
    """Returns what a history cost; queries leave no event, so the caller says how many there were.

    An activity counts once more for each retry, and all local activities that one workflow task
    ran count as one.
    """
    kinds: Counter[str] = Counter(query=queries)
    local: set[int] = set()
    for event in events:
        marker = event.marker_recorded_event_attributes
        if marker.marker_name == LOCAL_ACTIVITY:
            local.add(marker.workflow_task_completed_event_id)
        elif kind := BILLED.get(event.event_type):
            kinds[kind] += 1
        kinds["retry"] += max(0, event.activity_task_started_event_attributes.attempt - 1)
    kinds["local activities"] = len(local)
    return Cost(
        events=len(events),
        bytes=sum(event.ByteSize() for event in events),
        actions=kinds.total(),
        by_kind={kind: count for kind, count in kinds.most_common() if count},
    )
