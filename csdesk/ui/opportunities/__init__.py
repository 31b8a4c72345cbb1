"""Opportunities in the window: the list, the form, winning and losing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.opportunities.page import OpportunitiesPage

    return OpportunitiesPage(context)


def _actions(context: Context) -> list[Action]:
    def new() -> None:
        from csdesk.ui.opportunities.forms import new_opportunity

        new_opportunity(context)

    return [Action("opportunities.new", N_("New opportunity"), new, "growth", "", "account", section=1, new=True)]


FEATURE = Feature("opportunities", N_("Opportunities"), "growth", _page, group="occasional", actions=_actions)
