"""Articles in the window: the list, the form, opening one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from csdesk.services.core.texts import N_
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import Feature, Page

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def _page(context: Context) -> Page:
    from csdesk.ui.articles.page import ArticlesPage

    return ArticlesPage(context)


def _actions(context: Context) -> list[Action]:
    def new() -> None:
        from csdesk.ui.articles.forms import new_article

        new_article(context)

    return [Action("articles.new", N_("New article"), new, "knowledge", "", "tools", section=2, new=True)]


FEATURE = Feature("articles", N_("Knowledge base"), "knowledge", _page, group="occasional", actions=_actions)
