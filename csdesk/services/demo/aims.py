"""What the figures of an invented portfolio are to reach, and what its figures of value are reckoned with."""

from __future__ import annotations

from datetime import date, timedelta

from csdesk.services.core.money import anniversary
from csdesk.services.demo.terms import Row

AIMS: dict[str, tuple[str, str, str]] = {
    "logo_churn_rate": ("0.015", "0.04", "0.12"),
    "gross_revenue_retention": ("0.985", "0.96", "0.88"),
    "net_revenue_retention": ("1.005", "1.01", "1.05"),
    "renewal_rate": ("0.85", "0.85", "0.85"),
    "renewal_rate_by_amount": ("0.88", "0.88", "0.88"),
    "receivable_collection_rate": ("0.95", "0.95", "0.95"),
    "visit_plan_execution": ("0.9", "0.9", "0.9"),
    "ltv_cac": ("3", "3", "3"),
}
"""By figure: its target of a month, of a quarter, of a year; retention is asked for anew each time."""
YEARS_BACK = 2
RECKONED = {"figures.gross_margin": 72, "figures.cac": 120_000, "figures.hourly_cost": 160}


def targets(day: date) -> list[Row]:
    """For every month, quarter and year from the year before last to the next."""
    found: list[Row] = []
    for year in range(day.year - YEARS_BACK, day.year + 2):
        for place, months in enumerate((1, 3, 12)):
            for number in range(12 // months):
                start = date(year, number * months + 1, 1)
                end = anniversary(start, months) - timedelta(1)
                found += [
                    {"figure": figure, "starts_on": start, "ends_on": end, "value": values[place], "notes": ""}
                    for figure, values in AIMS.items()
                ]
    return found
