"""Requirements in the window: demands on their way to product and back, with the tickets that ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


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


ANSWERS = Feature("answers", N_("Product's answers"), "import", _answers, group="hidden", actions=_product_actions)
