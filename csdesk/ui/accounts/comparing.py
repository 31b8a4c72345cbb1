"""Two accounts side by side: why they may be one, field by field whose value wins, what moves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Confidence
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.accounts.wording import FIELD_NAMES, value_text
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.parts import Button, Divider, Label, RadioButton, StateBadge, set_tip
from csdesk.ui.core.theme import px

if TYPE_CHECKING:
    from csdesk.services.accounts.duplicates import Comparison, Difference
    from csdesk.services.accounts.likeness import Evidence

TONES = {Confidence.CERTAIN: "bad", Confidence.LIKELY: "warn", Confidence.WEAK: "neutral"}
LABEL_WIDTH = 96


class Choice(RadioButton):
    """A value that may win: as wide as its column, cut with the whole of it as a tooltip."""

    def __init__(self, text: str, checked: bool, name: str, parent: QWidget | None = None) -> None:
        super().__init__(" ".join(text.split()), checked, parent)
        self.setAccessibleName(f"{name}: {text}")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        set_tip(self, text)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(48), px(24))


class ComparePanel(QWidget):
    """Shows a Comparison; ``take`` gives the fields whose value comes from the second account. ``swapped`` asks for the
    other one to stay."""

    swapped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown: Comparison | None = None
        self.setObjectName("canvas")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(px(16), px(12), px(16), px(12))
        self._column.setSpacing(px(8))
        self._choices: dict[str, tuple[Choice, Choice]] = {}

    def show_pair(self, shown: Comparison | None, evidence: Evidence | None) -> None:
        """Show two accounts, or nothing."""
        empty(self._column)
        self.shown, self._choices = shown, {}
        if shown is None:
            self._column.addStretch(1)
            return
        self._column.addWidget(_evidence(evidence))
        self._column.addWidget(Divider())
        self._column.addWidget(self._fields(shown))
        alike = [field_name(field.field) for field in shown.fields if not field.differs and field.values[0]]
        if alike:
            words = _("The same in both: {fields}").format(fields=_(", ").join(alike))
            self._column.addWidget(Label(words, "caption", "muted", wrap=True))
        self._column.addWidget(Divider())
        for sentence in moving(shown):
            self._column.addWidget(Label(sentence, wrap=True))
        self._column.addStretch(1)

    def take(self) -> frozenset[str]:
        """The fields whose value the second account gives."""
        return frozenset(name for name, (_first, second) in self._choices.items() if second.isChecked())

    def focus_first(self) -> None:
        """Put the keyboard on the first field that differs."""
        for first, second in self._choices.values():
            (second if second.isChecked() else first).setFocus()
            return

    def _fields(self, shown: Comparison) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(4))
        grid.setColumnMinimumWidth(0, px(LABEL_WIDTH))
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        swap = Button(_("Swap"), kind="link")
        swap.clicked.connect(self.swapped)
        grid.addWidget(swap, 0, 0)
        for place, (name, badge) in enumerate(
            zip(shown.names, ((_("stays"), "ok"), (_("goes to the bin"), "neutral")), strict=True)
        ):
            grid.addWidget(_head(name, *badge), 0, place + 1)
        row = 1
        for field in shown.fields:
            if field.differs:
                self._add_field(grid, row, field)
                row += 1
        return holder

    def _add_field(self, grid: QGridLayout, row: int, field: Difference) -> None:
        name = field_name(field.field)
        label = Label(name, ink="muted", elide=True)
        label.setFixedWidth(px(LABEL_WIDTH))
        grid.addWidget(label, row, 0)
        texts = [value_text(field.field, value) for value in field.values]
        if field.keeps_both:
            grid.addWidget(Label(_("The texts of both are kept, one below the other."), ink="muted"), row, 1, 1, 2)
            return
        group = QButtonGroup(grid.parentWidget())
        first = Choice(texts[0], not field.takes_second, name)
        second = Choice(texts[1], field.takes_second, name)
        for place, choice in enumerate((first, second)):
            group.addButton(choice)
            grid.addWidget(choice, row, place + 1)
        self._choices[field.field] = (first, second)


def field_name(field: str) -> str:
    """A field of an account for people."""
    return _(FIELD_NAMES[field]) if field in FIELD_NAMES else field


def _head(name: str, words: str, tone: str) -> QWidget:
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(8))
    label = Label(name, bold=True, elide=True)
    label.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
    row.addWidget(label)
    row.addWidget(StateBadge(words, tone))
    row.addStretch(1)
    return holder


def _evidence(evidence: Evidence | None) -> QWidget:
    """The reasons in sentences, behind how sure they make it."""
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(px(12))
    words = QVBoxLayout()
    words.setSpacing(px(2))
    if evidence is None:
        words.addWidget(
            Label(_("You chose these two; nothing in them says that they are one."), ink="muted", wrap=True)
        )
    else:
        badge = StateBadge(_(evidence.confidence.label), TONES[evidence.confidence])
        side = QVBoxLayout()
        side.addWidget(badge)
        side.addStretch(1)
        row.addLayout(side)
        for reason in evidence.reasons:
            words.addWidget(Label(reason.sentence, wrap=True))
    row.addLayout(words, 1)
    return holder


def moving(shown: Comparison) -> list[str]:
    """What a merge would do, in sentences."""
    kept, merged = shown.names
    counted = counts_text(shown.belongings[1])
    sentences = [
        _("To “{name}” move: {counts}.").format(name=kept, counts=counted)
        if counted
        else _("“{name}” has nothing of its own that would move.").format(name=merged)
    ]
    joined = counts_text(shown.joined)
    if joined:
        sentences.append(
            _("Of these, both have the same already, and they are joined: {counts}.").format(counts=joined)
        )
    sentences.append(
        _("“{name}” goes to the bin with a note; imports that name it find “{kept}” from then on.").format(
            name=merged, kept=kept
        )
    )
    return sentences


def counts_text(counts: Mapping[str, int]) -> str:
    """2 contacts, 1 contract, 3 visits."""
    told = {
        "contacts": lambda n: ngettext("{n} contact", "{n} contacts", n),
        "contracts": lambda n: ngettext("{n} contract", "{n} contracts", n),
        "visits": lambda n: ngettext("{n} visit", "{n} visits", n),
        "handovers": lambda n: ngettext("{n} handover", "{n} handovers", n),
    }
    parts = [told[table](counts[table]).format(n=counts[table]) for table in told if counts.get(table)]
    rest = sum(count for table, count in counts.items() if table not in told)
    if rest:
        parts.append(ngettext("{n} other record", "{n} other records", rest).format(n=rest))
    return _(", ").join(parts)
