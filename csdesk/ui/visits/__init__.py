"""Visit plans in the window: a week as a board, its forms, print and calendar file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.visits.page import VisitsPage

    return VisitsPage(context)


FEATURE = Feature("visits", N_("Visit plans"), "visits", _page, "Ctrl+3")
