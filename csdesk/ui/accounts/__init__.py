"""Accounts in the window: the list, the account page, the forms. The slice to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _list(context: Context) -> Page:
    from csdesk.ui.accounts.page import AccountsPage

    return AccountsPage(context)


def _detail(context: Context) -> Page:
    from csdesk.ui.accounts.detail import AccountPage

    return AccountPage(context)


def _duplicates(context: Context) -> Page:
    from csdesk.ui.accounts.duplicates import DuplicatesPage

    return DuplicatesPage(context)


def _actions(context: Context) -> list[Action]:
    def new() -> None:
        from csdesk.ui.accounts.forms import new_account

        new_account(context)

    def duplicates() -> None:
        context.go.to("duplicates")

    return [
        Action("accounts.new", N_("New account"), new, "accounts", "", "account", section=1, new=True),
        Action("accounts.duplicates", N_("Possible duplicates"), duplicates, "people", "", "account", section=3),
    ]


FEATURE = Feature("accounts", N_("Accounts"), "accounts", _list, "Ctrl+2", detail=_detail, actions=_actions)
DUPLICATES = Feature("duplicates", N_("Possible duplicates"), "people", _duplicates, group="hidden")
