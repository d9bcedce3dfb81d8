"""What was measured, boiled down to a few figures."""

import math
from collections.abc import Sequence

from services.shared.events import Frozen


class Spread(Frozen):
    """How a sample is spread, in the unit of the sample."""

    p50: float
    p99: float
    most: float


def percentile(sample: Sequence[float], share: float) -> float:
    """Returns the smallest value that at least `share` (0 to 1) of the sample does not exceed.

    Raises ValueError for an empty sample: a percentile of nothing is a fault of the measurement.
    """
    if not sample:
        raise ValueError("nothing was measured")
    rank = max(1, math.ceil(share * len(sample)))
    return sorted(sample)[rank - 1]


def spread(sample: Sequence[float]) -> Spread:
    """Returns the spread of a sample. Raises ValueError when it is empty."""
    return Spread(p50=percentile(sample, 0.5), p99=percentile(sample, 0.99), most=max(sample))
