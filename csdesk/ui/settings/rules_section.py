"""A section of rules: numbers and words as fields, one save, one step to undo; what was typed and not saved is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.services.settings.rules import BY_KEY, Definition
from csdesk.ui.core.parts import Button, Card, Combo, Field, Label, WrongLabel
from csdesk.ui.core.theme import px
from csdesk.ui.settings.section import WIDEST, NumberField, Rows, Section, row_of, unit_label, value_of

if TYPE_CHECKING:
    from csdesk.services.core.errors import Problem
    from csdesk.ui.core.context import Context


class RulesSection(Section):
    """Subclasses put their cards into it, then call ``close_up``. ``draft_key`` is where what was typed is kept."""

    draft_key = ""

    def __init__(self, context: Context, name: str, rules: Iterable[Definition], parent: QWidget | None = None) -> None:
        super().__init__(context, name, parent)
        self.rules = tuple(rules)
        self.fields: dict[str, Field | Combo] = {}
        self._wrong: dict[str, WrongLabel] = {}
        self._settings: Mapping[str, Any] = {}

    def close_up(self) -> None:
        """Put the verbs beneath the cards."""
        self.column.addStretch(1)
        self.outer.addWidget(self._foot())

    def control_of(self, rule: Definition) -> QHBoxLayout:
        """The field of a rule with its unit; words take the room there is."""
        field = NumberField(rule) if isinstance(rule.default, int) else Field(_(rule.label))
        field.textEdited.connect(self._edited)
        self.fields[rule.key] = field
        return row_of(field, unit_label(rule.unit)) if rule.unit else row_of(field, stretch=False)

    def card_of(self, title: str, rules: Iterable[Definition], note: str = "") -> Card:
        """A card with a row a rule."""
        card = Card(title, note=note)
        rows = Rows(card, 320)
        for rule in rules:
            column = QVBoxLayout()
            column.setSpacing(px(4))
            column.addLayout(self.control_of(rule))
            column.addWidget(self.wrong_of(rule.key))
            rows.add(_(rule.label), column)
        return card

    def wrong_of(self, key: str) -> WrongLabel:
        label = self._wrong[key] = WrongLabel()
        return label

    def _foot(self) -> QWidget:
        foot = QWidget()
        foot.setMaximumWidth(px(WIDEST + 12))
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, px(24), 0)
        row.setSpacing(px(8))
        self.reset = Button(_("Back to the defaults"), kind="ghost")
        self.reset.clicked.connect(self._reset)
        self.unsaved = Label("", ink="muted", elide=True)
        self.forget = Button(_("Discard"))
        self.forget.clicked.connect(self._discard)
        self.save_button = Button(_("Save"), key="Ctrl+Enter", kind="primary")
        self.save_button.clicked.connect(self.save)
        row.addWidget(self.reset)
        row.addWidget(self.unsaved, 1)
        row.addWidget(self.forget)
        row.addWidget(self.save_button)
        return foot

    def settings_came(self, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        kept = self.context.state.get(self.draft_key)
        draft = kept if isinstance(kept, dict) else {}
        for key, field in self.fields.items():
            self._put(field, str(draft.get(key, settings[key])))
        self._tell()

    def draft(self) -> dict[str, str]:
        """The fields that differ from what is stored, as typed."""
        typed = {key: self._typed(field) for key, field in self.fields.items()}
        return {key: text for key, text in typed.items() if text != str(self._settings[key])}

    def save(self) -> bool:
        """Store what differs, in one step."""
        draft = self.draft()
        if draft:
            self.change({key: value_of(BY_KEY[key], text) for key, text in draft.items()}, self.refuse, self._saved)
        return bool(draft)

    def refuse(self, problems: Iterable[Problem]) -> None:
        """Say what is wrong at the fields; the first gets the keyboard."""
        said = {problem.field: problem.message for problem in problems}
        for key, field in self.fields.items():
            field.set_wrong(key in said)
            self._wrong[key].say(said.get(key, ""))
        first = next((key for key in self.fields if key in said), None)
        if first is not None:
            self.fields[first].setFocus()
            self.area.ensureWidgetVisible(self.fields[first])

    def _saved(self, _done: object) -> None:
        self.context.state.set(self.draft_key, None)
        self.refuse(())

    def _reset(self) -> None:
        values = {rule.key: rule.default for rule in self.rules if self._settings.get(rule.key) != rule.default}
        self._discard()
        if values:
            self.change(values)
        else:
            self.context.messages.toast(_("All rules stand at their defaults."))

    def _discard(self) -> None:
        self.context.state.set(self.draft_key, None)
        self.refuse(())
        self.settings_came(self._settings)

    def _edited(self, *_args: object) -> None:
        if self._settings:
            self.context.state.set(self.draft_key, self.draft() or None)
            self._tell()

    def _tell(self) -> None:
        changed = bool(self.draft())
        self.save_button.setEnabled(changed)
        self.forget.setVisible(changed)
        self.unsaved.setText(_("Changed, not saved yet") if changed else "")

    def _typed(self, field: Field | Combo) -> str:
        return str(field.value()) if isinstance(field, Combo) else field.text().strip()

    def _put(self, field: Field | Combo, text: str) -> None:
        if isinstance(field, Combo):
            field.choose(text)
        elif field.text().strip() != text:
            field.setText(text)
