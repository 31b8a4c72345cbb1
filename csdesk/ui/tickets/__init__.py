"""Requirements in the window: demands on their way to product and back, with the tickets that ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _tickets(context: Context) -> Page:
    from csdesk.ui.tickets.listing import TicketsPage

    return TicketsPage(context)


def _ticket(context: Context) -> Page:
    from csdesk.ui.tickets.ticket import TicketPage

    return TicketPage(context)


def _capturing(context: Context) -> list[Action]:
    def new() -> None:
        from csdesk.ui.tickets.capture import capture

        capture(context)

    return [Action("tickets.new", N_("New ticket"), new, "requirements", "Ctrl+T", "account", section=1, new=True)]


TICKET = Feature("ticket", N_("Tickets"), "requirements", _tickets, group="hidden", detail=_ticket, actions=_capturing)
