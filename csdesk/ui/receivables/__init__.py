"""Money to come in, in the window: the list with its ages, the forms, the sheet of payments, the tab of an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import C_, N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.receivables.page import ReceivablesPage

    return ReceivablesPage(context)


def _actions(context: Context) -> list[Action]:
    def enter() -> None:
        from csdesk.ui.receivables.payment import ask_payer

        ask_payer(context)

    def take() -> None:
        from csdesk.ui.receivables.sheet import choose_sheet

        choose_sheet(context)

    return [
        Action("payments.new", N_("New payment"), enter, "money", "", "account", section=1, new=True),
        Action("payments.take", N_("Take in a payments sheet…"), take, "import", "Ctrl+Shift+M", "file", section=1),
    ]


FEATURE = Feature("receivables", C_("place", "Receivables"), "money", _page, group="occasional", actions=_actions)
