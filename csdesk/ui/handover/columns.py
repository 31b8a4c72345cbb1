"""What the columns mean: heading, samples, field, how sure; days in two orders, words of tiers, values for all rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from csdesk.models.vocabulary import ContactRole, Tier
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.page import SMALL_WINDOW
from csdesk.ui.core.parts import Button, Card, Combo, Field, Icon, Label, PageHead, Segmented, StateBadge, WrongLabel
from csdesk.ui.core.parts.buttons import Press
from csdesk.ui.core.theme import px
from csdesk.ui.handover.steps import COLUMNS, Steps

if TYPE_CHECKING:
    from csdesk.services.handover.mapping import Match
    from csdesk.services.handover.reviewing import Answers, Review, WordRead
    from csdesk.ui.core.context import Context

SURE = 0.9
MOST_WORDS = 40
HOW = {
    "exact": N_("known heading"),
    "alias": N_("known heading"),
    "likeness": N_("similar heading"),
    "content": N_("told by the cells"),
    "remembered": N_("as last time"),
    "chosen": N_("by you"),
}


class ColumnsView(QWidget):
    """The user's word on the columns. ``agreed`` gives the answers as they then are, ``step_wanted`` a step behind."""

    agreed = Signal(object)
    step_wanted = Signal(int)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._review: Review | None = None
        self.boxes: dict[str, Combo] = {}
        self._constants: list[tuple[Combo, Field, WrongLabel]] = []
        self._orders: dict[str, Segmented] = {}
        self._words: dict[tuple[str, str], Combo] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self.head = PageHead(_("What the columns mean"))
        self.steps = Steps(COLUMNS)
        self.steps.wanted.connect(self.step_wanted)
        self.head.add_action(self.steps)
        column.addWidget(self.head)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self._scroll, 1)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        self.back = Button(_("Sheets and headings"), "back")
        self.back.clicked.connect(self._back)
        self.status = Label("", ink="muted", elide=True)
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.go = Button(_("Use these columns"), key="Ctrl+Enter", kind="primary")
        self.go.clicked.connect(self.primary)
        foot.addWidget(self.back)
        foot.addWidget(self.status, 1)
        foot.addWidget(self.go)
        column.addLayout(foot)

    def show_review(self, review: Review) -> None:
        """Show the columns of a file."""
        self._review = review
        self.boxes, self._constants, self._orders, self._words = {}, [], {}, {}
        holder = QWidget()
        holder.setAutoFillBackground(False)
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        if review.report.open_days:
            column.addWidget(self._days_card(review))
        for number, (table, matches) in enumerate(review.wish.tables):
            title = _("Sheet “{name}”, headings in row {row}").format(name=table.sheet, row=table.header_row)
            column.addWidget(self._table_card(title, matches, number == 0))
        words = _words_of(review)
        if words:
            column.addWidget(self._words_card(words))
        column.addWidget(self._constants_card(review))
        column.addStretch(1)
        self._scroll.setWidget(holder)
        self._scroll.viewport().setAutoFillBackground(False)
        asked = len({match.heading for _table, match in review.asked}) + len(review.report.open_days)
        self.head.set_text(sentence=_("Remembered for files with the same headings."))
        self.status.setText(
            ngettext("{n} column wants a look", "{n} columns want a look", asked).format(n=asked) if asked else ""
        )

    def focus_first(self) -> None:
        """Put the keyboard on the first doubt, else on the first column."""
        review = self._review
        if review is None:
            return
        if self._orders:
            row = next(iter(self._orders.values()))
            next(option for option in row.findChildren(Press) if option.isChecked()).setFocus()
            return
        asked = next((match.heading for _table, match in review.asked), None)
        box = self.boxes.get(asked or "") or next(iter(self.boxes.values()), None)
        if box is not None:
            box.setFocus()
            self._scroll.ensureWidgetVisible(box)

    def _table_card(self, title: str, matches: Sequence[Match], first: bool) -> Card:
        card = Card(title, link=_("Change the heading row") if first else "")
        card.linked.connect(self._back)
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(6))
        for place, words in enumerate((_("In the file"), _("Samples"), "", _("Means"), _("How sure"))):
            caption = Label(words, "caption", "muted", elide=True)
            caption.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            grid.addWidget(caption, 0, place)
        grid.setColumnMinimumWidth(4, px(150))
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(1, 3)
        options = _fields()
        shown = sorted(matches, key=lambda match: (not match.is_doubtful, match.field is None))
        none_yet = False
        for match in shown:
            if match.field is None and not match.is_doubtful and not none_yet:
                none_yet = True
                line = Label(_("Not imported"), "caption", "muted", elide=True)
                grid.addWidget(line, grid.rowCount(), 0, 1, 5)
            self._column_row(grid, match, options)
        card.add(grid)
        return card

    def _column_row(self, grid: QGridLayout, match: Match, options: list[tuple[str, str]]) -> None:
        row = grid.rowCount()
        heading = " ".join(match.heading.split())
        name = Label(heading, bold=True, elide=True)
        samples = Label(" \u00b7 ".join(" ".join(one.split()) for one in match.samples), ink="muted", elide=True)
        for label in (name, samples):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        box = Combo(match.heading, options)
        _group_heads(box)
        box.choose(match.field or "")
        box.setMinimumWidth(px(200))
        self.boxes.setdefault(match.heading, box)
        grid.addWidget(name, row, 0)
        grid.addWidget(samples, row, 1)
        grid.addWidget(Icon("arrow", "muted", 16), row, 2)
        grid.addWidget(box, row, 3)
        if match.field is None and not match.is_doubtful:
            into = Button(_("Into the notes"), kind="link")
            into.clicked.connect(_chooser(box))
            grid.addWidget(into, row, 4)
        else:
            grid.addWidget(_sureness(match), row, 4)

    def _days_card(self, review: Review) -> Card:
        card = Card(_("Day or month first?"), note=_("Nothing in these columns says which."))
        for one in review.report.open_days:
            line = QHBoxLayout()
            line.setSpacing(px(12))
            label = Label(" ".join(one.heading.split()), bold=True)
            line.addWidget(Icon("question", "ink_amber", 16))
            line.addWidget(label)
            line.addWidget(Label(" \u00b7 ".join(one.samples), ink="muted", elide=True), 1)
            given = review.answers.recipe.day_orders.get(one.heading, "open")
            choice = Segmented(_orders_of(one.samples[0] if one.samples else ""), given)
            choice.setAccessibleName(one.heading)
            self._orders[one.heading] = choice
            line.addWidget(choice)
            card.add(line)
        return card

    def _words_card(self, words: Sequence[WordRead]) -> Card:
        card = Card(_("What the words mean"), note=_("Remembered for all files."))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(4, 1)
        for word in words:
            row = grid.rowCount()
            box = Combo(word.word, _values_of(word.field))
            box.choose(word.value)
            box.setMinimumWidth(px(200))
            self._words[word.field, word.word] = box
            text = Label(word.word, bold=True, elide=True)
            text.setMinimumWidth(px(160))
            grid.addWidget(text, row, 0)
            times = ngettext("{n} time", "{n} times", word.count).format(n=word.count)
            grid.addWidget(Label(times, ink="muted"), row, 1)
            grid.addWidget(Icon("arrow", "muted", 16), row, 2)
            grid.addWidget(box, row, 3)
            if not word.value:
                grid.addWidget(StateBadge(_("not known"), "warn"), row, 4, Qt.AlignmentFlag.AlignLeft)
        card.add(grid)
        return card

    def _constants_card(self, review: Review) -> Card:
        card = Card(_("For all rows"), note=_("A value for a field that no column fills, such as the sales owner."))
        self._constants_box = QVBoxLayout()
        self._constants_box.setSpacing(px(6))
        card.add(self._constants_box)
        for key, text in review.answers.recipe.constants.items():
            self._constant_row(key, text)
        more = Button(_("Add a value for all rows"), "plus", kind="ghost", small=True)
        more.clicked.connect(self._add_constant)
        line = QHBoxLayout()
        line.addWidget(more)
        line.addStretch(1)
        card.add(line)
        return card

    def _add_constant(self) -> None:
        self._constant_row("account.sales_owner", "")
        self._constants[-1][1].setFocus()

    def _constant_row(self, key: str, text: str) -> None:
        from csdesk.services.handover.fields import INTO_NOTES
        from csdesk.services.handover.leftover import IDS

        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(8))
        used = {box.value() for box in self.boxes.values()}
        options = [
            one
            for one in _fields()
            if one[0] and one[0] not in IDS | {INTO_NOTES} and (one[0] not in used or one[0] == key)
        ]
        box = Combo(_("Field for all rows"), options)
        box.choose(key)
        box.setMinimumWidth(px(200))
        value = Field(_("Value for all rows"), _("Value for all rows"))
        value.setText(text)
        wrong = WrongLabel()
        line.addWidget(box)
        line.addWidget(Label("="))
        line.addWidget(value, 1)
        line.addWidget(wrong)
        self._constants_box.addWidget(holder)
        self._constants.append((box, value, wrong))

    def primary(self) -> None:
        """Use what stands here (Ctrl+Enter)."""
        if self._review is not None and self._constants_are_right():
            self.agreed.emit(self._answers(self._review))

    def _constants_are_right(self) -> bool:
        from csdesk.services.handover.rules import constant

        right = True
        for box, field, wrong in self._constants:
            bad = bool(field.text().strip()) and constant(box.value(), field.text())[1] != ""
            field.set_wrong(bad)
            wrong.say(_("This is no such value.") if bad else "")
            right = right and not bad
        return right

    def _answers(self, review: Review) -> Answers:
        recipe = review.answers.recipe
        before = {match.heading: match.used for _table, matches in review.wish.tables for match in matches}
        mapping = {heading: box.value() or None for heading, box in self.boxes.items()}
        asked = {match.heading for _table, match in review.asked}
        changed = any(before.get(heading) != field for heading, field in mapping.items()) or asked
        orders = {heading: choice.current() for heading, choice in self._orders.items() if choice.current() != "open"}
        words = {key: dict(told) for key, told in recipe.words.items()}
        for word in _words_of(review):
            value = self._words[word.field, word.word].value()
            if value != word.value:
                words.setdefault(word.field, {})[word.word] = value
        constants = {
            box.value(): field.text().strip() for box, field, _wrong in self._constants if field.text().strip()
        }
        told = replace(
            recipe,
            mapping=mapping if changed else recipe.mapping,
            day_orders={**recipe.day_orders, **orders},
            words=words,
            constants=constants,
        )
        return replace(review.answers, recipe=told, mapping_seen=True)

    def _back(self) -> None:
        from csdesk.ui.handover.steps import SHEETS

        self.step_wanted.emit(SHEETS)

    def view_actions(self) -> list[Action]:
        """What the page adds to the menus while the columns are shown."""

        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "") -> Action:
            return Action(f"handover.{key}", text, run, icon, shortcut, "tools", ("handover",), 2)

        return [
            act("agree", N_("Use these columns"), self.primary, "Ctrl+Return", "check"),
            act("constant", N_("Add a value for all rows"), self._add_constant, "", "plus"),
            act("sheets", N_("Sheets and headings"), self._back, "", "back"),
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            from csdesk.ui.handover.steps import REVIEW

            self.step_wanted.emit(REVIEW)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.steps.set_narrow(self.window().width() < px(SMALL_WINDOW + 120))


def _words_of(review: Review) -> tuple[WordRead, ...]:
    from csdesk.services.handover.reviewing import words_of

    return words_of(review)[:MOST_WORDS]


def _fields() -> list[tuple[str, str]]:
    from csdesk.services.handover.fields import FIELDS, GROUPS

    known = [(field.key, f"{_(GROUPS[field.group])} \u00b7 {_(field.title)}") for field in FIELDS.values()]
    return [("", _("not imported")), *known]


def _group_heads(box: Combo) -> None:
    """A line between the objects."""
    for place in range(box.count() - 1, 1, -1):
        group, before = (str(box.itemData(at)).partition(".")[0] for at in (place, place - 1))
        if group != before:
            box.insertSeparator(place)
    box.insertSeparator(1)


def _chooser(box: Combo) -> Callable[[], None]:
    from csdesk.services.handover.fields import INTO_NOTES

    return lambda: box.choose(INTO_NOTES)


def _sureness(match: Match) -> QWidget:
    if match.rival:
        return StateBadge(_("also “{heading}”").format(heading=" ".join(match.rival.split())[:12]), "warn")
    if match.is_doubtful:
        return StateBadge(_("please check"), "warn")
    words = _(HOW[match.how.value]) if match.how is not None else ""
    tone = "ok" if match.confidence >= SURE else "neutral"
    return StateBadge(words, tone)


def _orders_of(sample: str) -> list[tuple[str, str]]:
    from csdesk.services.handover.days import Order, read_day

    def told(order: Order) -> str:
        day = read_day(sample, order)[0]
        return day.isoformat() if day else ""

    return [
        ("open", _("Not known")),
        (Order.DAY_FIRST.value, _("Day first: {day}").format(day=told(Order.DAY_FIRST))),
        (Order.MONTH_FIRST.value, _("Month first: {day}").format(day=told(Order.MONTH_FIRST))),
    ]


def _values_of(field: str) -> list[tuple[str, str]]:
    words: Any = Tier if field.endswith(".tier") else ContactRole
    return [("", _("nothing")), *((word.value, _(word.label)) for word in words)]
