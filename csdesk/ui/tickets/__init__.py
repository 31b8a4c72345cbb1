"""Requirements in the window: demands on their way to product and back, with the tickets that ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _board(context: Context) -> Page:
    from csdesk.ui.tickets.page import RequirementsPage

    return RequirementsPage(context)


def _demand(context: Context) -> Page:
    from csdesk.ui.tickets.demand import DemandPage

    return DemandPage(context)


FEATURE = Feature("tickets", N_("Requirements"), "requirements", _board, "Ctrl+4", detail=_demand)
