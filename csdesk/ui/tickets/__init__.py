"""Requirements in the window: demands on their way to product and back, with the tickets that ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _figures(context: Context) -> Page:
    from csdesk.ui.tickets.figures import RequirementFiguresPage

    return RequirementFiguresPage(context)


FIGURES = Feature("requirement_figures", N_("Requirement figures"), "figures", _figures, group="occasional")
