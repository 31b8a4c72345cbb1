"""Visit plans in the window: week, month, quarter and list, its forms, print and calendar file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Drop, Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.visits.page import VisitsPage

    return VisitsPage(context)


FEATURE = Feature(
    "visits", N_("Visit plans"), "visits", _page, "Ctrl+3",
    drops=(Drop((".ics",), N_("Take {name} in as your own calendar")),),
)  # fmt: skip
