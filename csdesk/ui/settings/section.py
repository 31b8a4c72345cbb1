"""One section of the settings: cards beneath each other that scroll, and rows of a caption with its control."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLayout, QScrollArea, QVBoxLayout, QWidget

from csdesk.services.core.texts import _
from csdesk.ui.core.parts import Card, Field, Label, set_tip
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.settings.rules import Definition
    from csdesk.ui.core.context import Context

WIDEST = 840


class Section(QWidget):
    """A column of cards. ``settings_came`` gets all settings by key whenever they may have changed."""

    def __init__(self, context: Context, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(px(12))
        self.outer = outer
        inner = QWidget()
        inner.setObjectName("canvas")
        inner.setMaximumWidth(px(WIDEST))
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 0, px(12), 0)
        self.column.setSpacing(px(16))
        self.area = QScrollArea()
        self.area.setObjectName("canvas")
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.viewport().setAutoFillBackground(False)
        self.area.setAccessibleName(name)
        self.area.setWidget(inner)
        inner.setAutoFillBackground(False)
        outer.addWidget(self.area, 1)

    def add_card(self, card: Card) -> Card:
        """Put a card beneath the others."""
        self.column.addWidget(card)
        return card

    def settings_came(self, settings: Mapping[str, Any]) -> None:
        """Show these values."""

    def shown(self) -> None:
        """The section was chosen, or what it shows may have changed: ask for what is its own."""

    def save(self) -> bool:
        """Ctrl+Enter; False where there is nothing to save here."""
        return False

    def change(
        self, values: dict[str, Any], failed: Callable[[tuple[Any, ...]], object] | None = None,
        then: Callable[[Any], object] | None = None,
    ) -> None:  # fmt: skip
        """Store new values by key in one step that undo takes back."""
        from csdesk.services.settings.commands import ChangeSettings, change_settings

        self.context.runner.do(change_settings, ChangeSettings(values), then=then, failed=failed)


class Rows:
    """Captions at the left, controls at the right, in a card."""

    def __init__(self, card: Card, caption_width: int = 220, height: int = 32) -> None:
        self._height = px(height)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(16))
        self._grid.setVerticalSpacing(px(8))
        self._grid.setColumnMinimumWidth(0, px(caption_width))
        self._grid.setColumnStretch(1, 1)
        self._count = 0
        card.add(self._grid)

    def add(self, caption: str, control: QWidget | QLayout, note: str = "") -> Label:
        """Add a row; ``note`` stands muted beneath the control. Returns the caption's label."""
        label = Label(caption, wrap=True)
        label.setMinimumHeight(self._height)
        label.setAlignment(Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(label, self._count, 0, Qt.AlignmentFlag.AlignTop)
        if isinstance(control, QLayout):
            self._grid.addLayout(control, self._count, 1)
        else:
            label.setBuddy(control)
            self._grid.addWidget(control, self._count, 1)
        self._count += 1
        if note:
            self._grid.addWidget(Label(note, "caption", "muted", wrap=True), self._count, 1)
            self._count += 1
        return label


def row_of(*controls: QWidget, stretch: bool = True) -> QHBoxLayout:
    """Controls beside each other, room after them."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(8))
    for control in controls:
        row.addWidget(control)
    if stretch:
        row.addStretch(1)
    return row


class NumberField(Field):
    """A whole number as typed; what is wrong with it is said by whoever stores it."""

    def __init__(self, rule: Definition, parent: QWidget | None = None) -> None:
        super().__init__(_(rule.label), parent=parent)
        self.rule = rule
        self.setFixedWidth(px(72))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_tip(self, _("From {least} to {most}").format(least=rule.least, most=rule.most))


def value_of(rule: Definition, text: str) -> Any:
    """The number where it is one; else the text, which the command refuses at its field."""
    return int(text) if isinstance(rule.default, int) and text.isdecimal() and len(text) < 9 else text


def unit_label(unit: str) -> Label:
    """The unit behind a number."""
    return Label(_(unit) if unit else "", ink="muted")
