"""The texts by which customers hear an answer: one for each cause, with a look at what it becomes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from csdesk.models.vocabulary import NoticeCause
from csdesk.services.core.texts import _
from csdesk.services.tickets.templates import NAMES, SETTING, filled, template, unknown_names
from csdesk.ui.core.growing import GrowingText
from csdesk.ui.core.parts import Button, Card, Label, Surface, WrongLabel
from csdesk.ui.core.theme import px
from csdesk.ui.settings.section import Section

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


def sample() -> dict[str, str]:
    """An invented customer, for a look at a text."""
    return {
        "account": _("Amber Foods"),
        "contact": _("Ms Chen"),
        "words": _("Every month I copy 300 lines by hand into the statement, can it not be exported?"),
        "title": _("Export the monthly statement"),
        "date": "2026-12-18",
        "release": "V3.2",
        "answer": _("A statement for each of your branches can be printed already, under Reports."),
    }


class AnswerTextsSection(Section):
    """Each text is stored when the keyboard leaves it; beneath it stands what a customer would read."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Texts of answers"), parent)
        self.editors: dict[NoticeCause, GrowingText] = {}
        self.looks: dict[NoticeCause, Label] = {}
        self.wrong: dict[NoticeCause, WrongLabel] = {}
        self.resets: dict[NoticeCause, Button] = {}
        self._own: Mapping[str, Any] = {}
        self._sample = sample()
        card = self.add_card(Card(_("What customers read")))
        names = _(", ").join(f"{{{name}}}" for name in NAMES)
        for words in (
            _("Names in braces are filled in for each customer: {names}").format(names=names),
            _("A part in [square brackets] is left out where the name in it is not known."),
            _("Saved when you leave the field; an empty one means the default. Nothing is sent: you copy the text."),
        ):
            card.add(Label(words, ink="muted", wrap=True))
        for cause in NoticeCause:
            self._add(cause)
        self.column.addStretch(1)

    def _add(self, cause: NoticeCause) -> None:
        card = self.add_card(Card(_(cause.label)))
        editor = GrowingText(_(cause.label), "", 3)
        editor.left.connect(partial(self._store, cause))
        editor.textChanged.connect(partial(self._show_look, cause))
        reset = Button(_("Back to the default"), kind="link")
        reset.clicked.connect(partial(self._reset, cause))
        card.header.addWidget(reset)
        card.add(editor)
        wrong = WrongLabel()
        card.add(wrong)
        look, ground = Label("", wrap=True), Surface("sunken", "", 4)
        inside = QVBoxLayout(ground)
        inside.setContentsMargins(px(12), px(8), px(12), px(8))
        inside.addWidget(Label(_("A customer reads"), "caption", "muted"))
        inside.addWidget(look)
        card.add(ground)
        self.editors[cause], self.looks[cause], self.wrong[cause] = editor, look, wrong
        self.resets[cause] = reset

    def settings_came(self, settings: Mapping[str, Any]) -> None:
        stored = settings.get(SETTING)
        self._own = dict(stored) if isinstance(stored, Mapping) else {}
        for cause, editor in self.editors.items():
            if not editor.hasFocus():
                editor.show_text(template(cause, self._own))
            self.resets[cause].setVisible(bool(str(self._own.get(cause.value) or "").strip()))

    def save(self) -> bool:
        """Ctrl+Enter: store the text that has the keyboard."""
        return any(self._store(cause) for cause, editor in self.editors.items() if editor.hasFocus())

    def _show_look(self, cause: NoticeCause) -> None:
        text = self.editors[cause].toPlainText()
        self.looks[cause].setText(filled(text if text.strip() else template(cause, None), self._sample))
        unknown = _(", ").join(f"{{{name}}}" for name in unknown_names(text))
        self.wrong[cause].say(_("No such name: {names}. It stays as it is.").format(names=unknown) if unknown else "")

    def _store(self, cause: NoticeCause) -> bool:
        typed = self.editors[cause].toPlainText().strip()
        own = {key: text for key, text in self._own.items() if key != cause.value}
        if typed and typed != template(cause, None).strip():
            own[cause.value] = typed
        if own == self._own:
            self.editors[cause].show_text(template(cause, own))
            return False
        self.change({SETTING: own})
        return True

    def _reset(self, cause: NoticeCause) -> None:
        self.change({SETTING: {key: text for key, text in self._own.items() if key != cause.value}})
