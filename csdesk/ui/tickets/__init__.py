"""Requirements in the window: demands on their way to product and back, the tickets that ask for them, what is to be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _board(context: Context) -> Page:
    from csdesk.ui.tickets.page import RequirementsPage

    return RequirementsPage(context)


def _demand(context: Context) -> Page:
    from csdesk.ui.tickets.demand import DemandPage

    return DemandPage(context)


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


def _telling(context: Context) -> Page:
    from csdesk.ui.tickets.telling import TellingPage

    return TellingPage(context)


def _releases(context: Context) -> Page:
    from csdesk.ui.tickets.releases import ReleasesPage

    return ReleasesPage(context)


def _release_actions(context: Context) -> list[Action]:
    def new() -> None:
        from csdesk.ui.tickets.release_forms import new_release

        new_release(context)

    return [Action("releases.new", N_("New release"), new, "", "", "account", section=1, new=True)]


def _answers(context: Context) -> Page:
    from csdesk.ui.tickets.answers_page import AnswersPage

    return AnswersPage(context)


def _product_actions(context: Context) -> list[Action]:
    def export() -> None:
        from csdesk.ui.tickets.product import export_for_product

        export_for_product(context, ())

    def back() -> None:
        from csdesk.ui.tickets.product import take_back

        take_back(context)

    return [
        Action("product.export", N_("Workbook for product…"), export, "export", "Ctrl+Shift+S", "file", section=1),
        Action("product.back", N_("Take product's answers in…"), back, "import", "Ctrl+Shift+R", "file", section=1),
    ]


def _figures(context: Context) -> Page:
    from csdesk.ui.tickets.figures import RequirementFiguresPage

    return RequirementFiguresPage(context)


FEATURE = Feature("tickets", N_("Requirements"), "requirements", _board, "Ctrl+4", detail=_demand)
TICKET = Feature("ticket", N_("Tickets"), "requirements", _tickets, group="hidden", detail=_ticket, actions=_capturing)
ANSWERS = Feature("answers", N_("Product's answers"), "import", _answers, group="hidden", actions=_product_actions)
TELLING = Feature("telling", N_("To tell"), "mail", _telling, group="occasional")
RELEASES = Feature("releases", N_("Releases"), "export", _releases, group="occasional", actions=_release_actions)
FIGURES = Feature("requirement_figures", N_("Requirement figures"), "requirement_figures", _figures, group="occasional")
