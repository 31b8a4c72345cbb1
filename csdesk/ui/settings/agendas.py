"""The agenda that each type of visit begins with: the desk's own until another is written."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from csdesk.models.vocabulary import VisitType
from csdesk.services.core.texts import _
from csdesk.services.visits.agendas import SETTING, template
from csdesk.ui.core.growing import GrowingText
from csdesk.ui.core.parts import Button, Card, Label
from csdesk.ui.settings.section import Section

if TYPE_CHECKING:
    from csdesk.ui.core.context import Context


class AgendasSection(Section):
    """A text for each type, stored when the keyboard leaves it."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Agendas"), parent)
        self.editors: dict[VisitType, GrowingText] = {}
        self.resets: dict[VisitType, Button] = {}
        self._own: Mapping[str, str] = {}
        card = self.add_card(Card(_("Agendas by type of visit")))
        card.add(
            Label(
                _("One point a line, its minutes first. Saved when you leave the field; an empty one means the default."),
                ink="muted", wrap=True,
            )
        )  # fmt: skip
        for kind in VisitType:
            card = self.add_card(Card(_(kind.label)))
            editor = GrowingText(_(kind.label), "", 4)
            editor.left.connect(partial(self._store, kind))
            reset = Button(_("Back to the default"), kind="link")
            reset.clicked.connect(partial(self._reset, kind))
            card.header.addWidget(reset)
            card.add(editor)
            self.editors[kind], self.resets[kind] = editor, reset
        self.column.addStretch(1)

    def settings_came(self, settings: Mapping[str, Any]) -> None:
        stored = settings.get(SETTING)
        self._own = dict(stored) if isinstance(stored, Mapping) else {}
        for kind, editor in self.editors.items():
            if not editor.hasFocus():
                editor.show_text(template(kind, self._own))
            self.resets[kind].setVisible(bool(str(self._own.get(kind.value, "")).strip()))

    def save(self) -> bool:
        """Ctrl+Enter: store the text that has the keyboard."""
        for kind, editor in self.editors.items():
            if editor.hasFocus():
                return self._store(kind)
        return False

    def _store(self, kind: VisitType) -> bool:
        typed = self.editors[kind].toPlainText().strip()
        if typed == template(kind, self._own):
            return False
        own = {key: text for key, text in self._own.items() if key != kind.value}
        if typed and typed != template(kind, None):
            own[kind.value] = typed
        if own == self._own:
            self.editors[kind].show_text(template(kind, own))
            return False
        self.change({SETTING: own})
        return True

    def _reset(self, kind: VisitType) -> None:
        self.change({SETTING: {key: text for key, text in self._own.items() if key != kind.value}})
