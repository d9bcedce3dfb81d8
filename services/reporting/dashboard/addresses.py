"""Where each page is."""

NOW = "/dashboard"
WORK = "/dashboard/work"
"""The open stages that wait, first due first."""
CASES = "/dashboard/complaints"
"""The cases behind a figure; with a reference, one complaint."""
TREND = "/dashboard/trend"
AREAS = "/dashboard/areas"
INVESTIGATORS = "/dashboard/investigators"

PAGES = {
    NOW: "Now",
    TREND: "Trend",
    AREAS: "Areas and categories",
    INVESTIGATORS: "Investigators",
}
"""What every page leads to, in order."""
