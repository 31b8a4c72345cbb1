"""The form of an article."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from csdesk.models.vocabulary import ArticleKind
from csdesk.services.core.texts import C_, N_, _
from csdesk.ui.core.fields import FieldKind, FormField
from csdesk.ui.core.form import Form, FormDialog, open_form
from csdesk.ui.core.parts import Button

if TYPE_CHECKING:
    from csdesk.services.articles.queries import ArticleRow
    from csdesk.ui.core.context import Context

ONLY_OF = {"target": ArticleKind.LINK, "text": ArticleKind.NOTE, "file": ArticleKind.FILE}


def _fields() -> list[FormField]:
    return [
        FormField("title", C_("of an article", "Title"), required=True, wide=True),
        FormField(
            "kind",
            C_("what it is", "Kind"),
            FieldKind.CHOICE,
            options=tuple((kind.value, _(kind.label)) for kind in ArticleKind),
        ),
        FormField("internal", N_("For us alone, not for customers"), FieldKind.CHECK),
        FormField("target", N_("Address"), hint="https://", wide=True),
        FormField("file", N_("File"), hint=N_("Choose a file, or type where it lies"), wide=True),
        FormField("text", N_("Text"), FieldKind.LONG),
        FormField("topic", N_("Topic")),
        FormField("industry", N_("Industry")),
    ]


class _Suiting(QObject):
    """Shows the field that the chosen kind asks for."""

    def __init__(self, form: Form) -> None:
        super().__init__(form)
        self.form = form
        form.cells["kind"].edited.connect(self.suit)
        self.suit()

    def suit(self) -> None:
        """Show and hide."""
        kind = self.form.cells["kind"].text()
        for key, of in ONLY_OF.items():
            self.form.cells[key].setVisible(kind == of)


class _FileChooser(QObject):
    """The button beside the file's field."""

    def __init__(self, dialog: FormDialog) -> None:
        super().__init__(dialog)
        self._dialog = dialog
        self.button = Button(_("Choose file…"), "sheet", small=True)
        self.button.clicked.connect(self.choose)
        cell = dialog.form.cells["file"]
        layout = cell.layout()
        assert layout is not None
        layout.addWidget(self.button)

    def choose(self) -> None:
        """Ask for the file and put where it lies into the field; an empty title becomes its name."""
        chosen, _kind = QFileDialog.getOpenFileName(self._dialog, _("Choose file…"))
        if chosen:
            cells = self._dialog.form.cells
            cells["file"].set_text(chosen)
            if not cells["title"].text().strip():
                cells["title"].set_text(Path(chosen).stem)


def new_article(context: Context, parent: QWidget | None = None) -> FormDialog:
    """Make an article."""
    from csdesk.services.articles.commands import NewArticle, create_article
    from csdesk.services.articles.rules import parse

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = NewArticle(parse(typed), _file(typed), _folder(context))
        context.runner.do(create_article, wish, then=dialog.done_well, failed=dialog.refuse)

    return _open(context, _("New article"), {"kind": ArticleKind.LINK.value}, send, "article.new", parent)


def edit_article(context: Context, row: ArticleRow, parent: QWidget | None = None) -> FormDialog:
    """Change an article; another file takes the place of the one before."""
    from csdesk.services.articles.commands import ChangeArticle, change_article
    from csdesk.services.articles.rules import parse

    kept = row.file.kept.name if row.file is not None else ""

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        file = _file(typed) if typed.get("file", "").strip() != kept else None
        wish = ChangeArticle(row.id, parse(typed), row.version, file, _folder(context))
        context.runner.do(change_article, wish, then=dialog.done_well, failed=dialog.refuse)

    draft = {
        "title": row.title, "kind": row.kind, "internal": "1" if row.internal else "", "target": row.target,
        "file": kept, "text": row.text, "topic": row.topic, "industry": row.industry,
    }  # fmt: skip
    return _open(context, row.title, draft, send, f"article.{row.id}", parent)


def _open(
    context: Context, title: str, draft: Mapping[str, str], send: Any, key: str, parent: QWidget | None
) -> FormDialog:
    above = parent.window() if parent is not None else QApplication.activeWindow()
    dialog = open_form(context, title, _fields(), draft, send, draft_key=key, parent=above)
    _Suiting(dialog.form)
    _FileChooser(dialog)
    return dialog


def _file(typed: Mapping[str, str]) -> Path | None:
    words = typed.get("file", "").strip()
    return Path(words) if words and typed.get("kind") == ArticleKind.FILE else None


def _folder(context: Context) -> Path:
    from csdesk.services.files.kept_files import folder_of

    return folder_of(context.desk.database.path)
