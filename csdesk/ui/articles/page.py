"""The list of articles."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from csdesk.models.vocabulary import ArticleKind
from csdesk.services.core import formats
from csdesk.services.core.texts import C_, N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.chip_row import View
from csdesk.ui.core.list_filter import Kind
from csdesk.ui.core.list_page import Bulk, ListPage, ListSpec
from csdesk.ui.core.parts import EmptyState

if TYPE_CHECKING:
    from csdesk.services.articles.queries import ArticleRow

KINDS = (
    Kind("kind", C_("what it is", "Kind"), tuple((kind.value, kind.label) for kind in ArticleKind)),
    Kind("internal", N_("For whom"), (("0", N_("Customers")), ("1", N_("Us alone")))),
)


class ArticlesPage(ListPage):
    """Enter opens an article as its reader sees it, E changes it."""

    key = "articles"
    entities = frozenset({"articles", "attachments"})
    row_actions = ("articles.open", "articles.edit", "articles.delete")

    def make_spec(self) -> ListSpec:
        from csdesk.services.articles.queries import ARTICLES, VIEWS, view_counts

        first = EmptyState(
            _("No articles yet"),
            _("Best practices, reports and links that you bring to customers: a file, an address or a text each."),
            _("New article"),
            icon="knowledge",
        )
        first.chosen.connect(self._new)
        return ListSpec(
            listing=ARTICLES,
            title=_("Knowledge base"),
            views=[View(key, title, filters) for key, title, filters in VIEWS],
            kinds=KINDS,
            counts=view_counts,
            counted=_counted,
            words=_stored_word,
            nothing=_("No article fits"),
            first=first,
            bulk=(Bulk(_("Delete"), self._delete, "trash"),),
        )

    def open_row(self, record: int) -> None:
        from csdesk.ui.articles.opening import open_article

        open_article(self.context, record, self)

    def more_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Callable[[], object], shortcut: str, icon: str) -> Action:
            return Action(f"articles.{key}", text, run, icon, shortcut, "edit", (self.key,), 2)

        return [
            act("open", N_("Open"), self._open_current, "", "knowledge"),
            act("edit", N_("Edit this article"), self._edit, "E", "edit"),
            act("delete", N_("Delete"), self._delete, "Ctrl+Delete", "trash"),
        ]

    def _open_current(self) -> None:
        current = self.table.current_id()
        if current is not None:
            self.open_row(current)

    def _new(self) -> None:
        from csdesk.ui.articles.forms import new_article

        new_article(self.context, self)

    def _edit(self) -> None:
        from csdesk.services.articles.queries import article

        current = self.table.current_id()
        if current is not None:
            self.context.runner.ask(article, current, then=self._edit_read, owner=self)

    def _edit_read(self, row: ArticleRow | None) -> None:
        from csdesk.ui.articles.forms import edit_article

        if row is not None:
            edit_article(self.context, row, self)

    def _delete(self) -> None:
        from csdesk.services.articles.commands import Articles, delete_articles

        ids = tuple(self.table.acting_ids())
        if ids:
            self.context.runner.do(delete_articles, Articles(ids))


def _counted(count: int) -> str:
    return ngettext("{n} article", "{n} articles", count).format(n=formats.number(count))


def _stored_word(key: str, value: Any) -> str:
    if key == "kind":
        return next((_(kind.label) for kind in ArticleKind if kind == value), str(value))
    if key == "internal":
        return _("Us alone") if value else _("Customers")
    return str(value)
