"""The review of one file: the equation, what went where, the rows by their fate, the cell in its sheet, the answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Fate
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.list_filter import TYPING_MS, WordsField
from csdesk.ui.core.page import SMALL_WINDOW
from csdesk.ui.core.parts import (
    Button,
    Card,
    Combo,
    Divider,
    Label,
    MessageBar,
    PageHead,
    StateBadge,
    Surface,
    Tabs,
    set_tip,
)
from csdesk.ui.core.review_table import ReviewTable
from csdesk.ui.core.theme import px
from csdesk.ui.handover.cell import CellPanel
from csdesk.ui.handover.judging import Judging
from csdesk.ui.handover.mapping_strip import MappingStrip
from csdesk.ui.handover.review_lines import DOUBTS, Lines, sections
from csdesk.ui.handover.steps import REVIEW, Steps

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk, Done
    from csdesk.services.core.progress import Progress
    from csdesk.services.handover.report import ImportReport
    from csdesk.services.handover.reviewing import Answers, Review
    from csdesk.ui.core.context import Context

ORDER = (Fate.NEW, Fate.UPDATED, Fate.SAME, Fate.UNDECIDED, Fate.REFUSED)
ASKING = (Fate.UNDECIDED, Fate.REFUSED, DOUBTS)
"""The tabs through which F8 leads, in this order."""
INKS = {Fate.UNDECIDED: "ink_amber", Fate.REFUSED: "ink_red"}
POLICIES = (
    ("update", N_("Take what the file says")),
    ("fill", N_("Only fill what is empty")),
    ("skip", N_("Change nothing")),
    ("ask", N_("Ask me for each")),
)


class ReviewView(QWidget):
    """Nothing is written here until Import; each answer judges the rows again.

    ``left`` gives the place back, ``imported`` the report of what came in, ``step_wanted`` a step behind.
    """

    left = Signal()
    imported = Signal(object)
    step_wanted = Signal(int)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.judging = Judging(context, self)
        self.judging.judged.connect(self._judged)
        self.judging.refused.connect(self._refused)
        self._opened: frozenset[Any] = frozenset()
        self._lines: Lines | None = None
        self._to_next = False
        self._tab_keys: list[Any] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self.head = PageHead(_("Review the import"))
        self.steps = Steps(REVIEW)
        self.steps.wanted.connect(self.step_wanted)
        self.head.add_action(self.steps)
        column.addWidget(self.head)
        self._bars = QVBoxLayout()
        column.addLayout(self._bars)
        column.addWidget(self._equation_card())
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addLayout(self._rows(), 1)
        self.panel = CellPanel()
        self.panel.answered.connect(self._answered)
        self.panel.left_out.connect(self._leave_out)
        row.addWidget(self.panel)
        column.addLayout(row, 1)
        column.addLayout(self._foot())

    @property
    def review(self) -> Review | None:
        """The file under review as it was judged last."""
        return self.judging.review

    def _equation_card(self) -> Card:
        card = Card(padded=False)
        line = QHBoxLayout()
        line.setContentsMargins(px(16), px(8), px(12), px(8))
        line.setSpacing(px(8))
        self._equation = QHBoxLayout()
        self._equation.setSpacing(px(7))
        line.addLayout(self._equation)
        line.addStretch(1)
        self.policy_label = Label(_("Accounts that are there"), "caption", "muted")
        line.addWidget(self.policy_label)
        self.policy = Combo(_("Accounts that are there"), [(value, _(text)) for value, text in POLICIES])
        self.policy.activated.connect(self._policy_chosen)
        line.addWidget(self.policy)
        self.mapping = MappingStrip()
        self.mapping.pressed.connect(self.change_mapping)
        card.add(line)
        card.add(Divider())
        self._side = QHBoxLayout()
        self._side.setContentsMargins(0, 0, px(12), 0)
        self._side.setSpacing(px(8))
        self._side.addWidget(self.mapping, 1)
        card.add(self._side)
        return card

    def _rows(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self._top = top = QHBoxLayout()
        top.setSpacing(px(8))
        self.tabs = Tabs([(fate, _(fate.label)) for fate in ORDER], Fate.NEW)
        self.tabs.chosen.connect(self._tab_chosen)
        top.addWidget(self.tabs)
        top.addStretch(1)
        self.reason = Combo(_("Reason"))
        self.reason.activated.connect(self._fill_lines)
        top.addWidget(self.reason)
        self.words = WordsField(_("Search in the rows"), _("Search in the rows"), "search", "/")
        self.words.setMinimumWidth(px(110))
        self.words.setMaximumWidth(px(220))
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._typing.timeout.connect(self._fill_lines)
        self.words.textChanged.connect(self._typing.start)
        self.words.left.connect(self.focus_first)
        top.addWidget(self.words, 20)
        column.addLayout(top)
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        self.list = ReviewTable(_("Rows"))
        self.list.chosen.connect(self._show_cell)
        self.list.typed.connect(self._type)
        self.list.ticked.connect(self._leave_out)
        self.list.turned.connect(self._turn)
        self.list.menu_wanted.connect(self._menu)
        self._nothing = Label("", ink="muted")
        self._nothing.setContentsMargins(px(16), px(16), px(16), px(16))
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._nothing.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        inside.addWidget(self._nothing)
        inside.addWidget(self.list, 1)
        column.addWidget(surface, 1)
        return column

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.back = Button(_("Change columns"), "back")
        self.back.clicked.connect(self.change_mapping)
        self.errors = Button(_("Workbook for sales"), "sheet")
        set_tip(self.errors, _("The refused and doubtful rows with the reasons, to be mended and imported again"))
        self.errors.clicked.connect(self.save_errors)
        self.status = Label("", ink="muted", elide=True)
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.take = Button("", "import")
        self.take.setEnabled(False)
        self.go = Button("", "import", "Ctrl+Enter", "primary")
        self.go.clicked.connect(self.primary)
        for button in (self.back, self.errors):
            row.addWidget(button)
        row.addWidget(self.status, 1)
        row.addWidget(self.take)
        row.addWidget(self.go)
        return row

    def show_review(self, review: Review) -> None:
        """Show a file that was opened, or the same one after its columns or sheets were changed."""
        same = self.review is not None and self.review.path == review.path
        self.judging.begin(review)
        self._opened = frozenset()
        self.words.clear()
        self._show(review)
        if not same:
            self._to_first_tab()

    def _judged(self, review: Review) -> None:
        self._show(review)
        if self._to_next:
            self._to_next = False
            if review.report.rows.get(Fate.UNDECIDED):
                self.next_doubt()

    def _show(self, review: Review) -> None:
        report = review.report
        self._lines = Lines(review)
        self.head.set_text(sentence=_about(review))
        self._fill_equation(report)
        self.mapping.show_review(review, self._is_small())
        self.policy.choose(review.answers.recipe.policy.value)
        self._say_seen(report)
        counts = sections(report)
        self._show_tabs(counts)
        if self.tabs.current() in ASKING and not counts[self.tabs.current()]:
            self._to_first_tab()
        self._fill_reasons()
        self._fill_lines()
        self._say_next(report)
        self.context.actions.update()

    def _show_tabs(self, counts: dict[Any, int]) -> None:
        """Other tabs only where others are needed: the keyboard may be on one."""
        tabs = _tabs(counts, self._is_small())
        keys = [key for key, _words, _count in tabs]
        if keys != self._tab_keys:
            self._tab_keys = keys
            self.tabs.set_options(tabs)
        for key, _words, count in tabs:
            self.tabs.set_count(key, count)

    def _to_first_tab(self) -> None:
        assert self.review is not None
        counts = sections(self.review.report)
        order = (Fate.UNDECIDED, Fate.NEW, Fate.UPDATED, Fate.REFUSED, Fate.SAME)
        self.tabs.choose(next((key for key in order if counts[key]), Fate.NEW))
        self._fill_reasons()
        self._fill_lines()
        if self.list.lines:
            self.list.choose(self.list.lines[0].key)

    def focus_first(self) -> None:
        """Put the keyboard into the list."""
        self.list.setFocus()

    def focus_words(self) -> None:
        """Put the keyboard into the search."""
        self.words.setFocus()
        self.words.selectAll()

    def _fill_equation(self, report: ImportReport) -> None:
        empty(self._equation)
        total = report.read
        self._add(Label(_("Read")), Label(formats.number(total), "h2"), Label("="))
        shown = [
            fate for fate in (*ORDER[:4], Fate.SKIPPED, Fate.REFUSED) if report.rows.get(fate, 0) or fate in ORDER[:3]
        ]
        for place, fate in enumerate(shown):
            if place:
                self._add(Label("+", ink="muted"))
            ink = INKS.get(fate, "text") if report.rows.get(fate, 0) else "text"
            self._add(Label(formats.number(report.rows.get(fate, 0)), "h2", ink), Label(_(fate.label).lower(), ink=ink))
        if sum(report.rows.values()) == total:
            self._add(StateBadge(_("adds up"), "ok", "check"))

    def _add(self, *labels: QWidget) -> None:
        for label in labels:
            self._equation.addWidget(label)

    def _say_seen(self, report: ImportReport) -> None:
        empty(self._bars)
        if not report.seen_before:
            return
        from datetime import datetime

        day = formats.day_near(datetime.fromisoformat(report.seen_before).date(), self.context.clock.today())
        sentence = _("This very file was imported already, {day}.").format(day=day)
        new = report.rows.get(Fate.NEW, 0) + report.rows.get(Fate.UPDATED, 0)
        more = _("Nothing in it is new.") if not new else _("What is the same stays as it is.")
        self._bars.addWidget(MessageBar(f"{sentence} {more}"))

    def _refused(self, sentence: str) -> None:
        empty(self._bars)
        bar = MessageBar(sentence, "error", closable=True)
        bar.closed.connect(self._clear_bars)
        self._bars.addWidget(bar)
        if self.review is not None:
            self.policy.choose(self.review.answers.recipe.policy.value)

    def _clear_bars(self) -> None:
        empty(self._bars)

    def _tab_chosen(self, _key: Any) -> None:
        self._fill_reasons()
        self._fill_lines()

    def _fill_reasons(self) -> None:
        assert self._lines is not None
        reasons = self._lines.reasons(self.tabs.current())
        keep = self.reason.value()
        offered = [("", _("All reasons")), *((code, f"{words} \u00b7 {count}") for code, words, count in reasons)]
        self.reason.set_options(offered)
        self.reason.choose(keep if keep in [code for code, _words in offered] else "")
        self.reason.setVisible(len(reasons) > 1)

    def _fill_lines(self) -> None:
        if self._lines is None or self.list.is_typing:
            return
        tab = self.tabs.current()
        lines = self._lines.of(tab, self._opened, self.words.text(), str(self.reason.value() or ""))
        self.list.setVisible(bool(lines))
        self._nothing.setVisible(not lines)
        words = self.words.text().strip()
        self._nothing.setText(
            _("No row with “{words}” is here.").format(words=words) if words else _("No row of this file ends here.")
        )
        had = self.list.hasFocus()
        self.list.set_lines(lines)
        if had:
            self.list.setFocus()
        self._show_cell(self.list.current_key())

    def _show_cell(self, _key: Any) -> None:
        if self.review is not None:
            self.panel.show_line(self.review, self.list.current_line())

    def _say_next(self, report: ImportReport) -> None:
        """The primary is the next unanswered thing; Import only when none is left."""
        assert self.review is not None
        count = sum(1 for company in report.companies if company.fate in (Fate.NEW, Fate.UPDATED))
        taking = ngettext("Import {n} account", "Import {n} accounts", count).format(n=count) if count else _("Done")
        asked, waiting = len(self.review.asked) + len(report.open_days), self._waiting(report)
        refused = report.rows.get(Fate.REFUSED, 0)
        self.errors.setVisible(bool(report.findings))
        self.take.setVisible(bool(asked or waiting) and not self._is_small())
        self.take.set_words(taking)
        self.go.set_icon("" if asked or waiting else "import")
        if asked and not self.review.answers.mapping_seen:
            self.go.set_words(ngettext("Check {n} column", "Check {n} columns", asked).format(n=asked))
            self.status.setText(_("Some columns could mean several things; say which."))
        elif waiting:
            self.go.set_words(ngettext("Decide {n} account", "Decide {n} accounts", waiting).format(n=waiting))
            self.status.setText(_("Some accounts may be there already; say whether they are the same."))
        else:
            self.go.set_words(taking)
            words = ngettext("{n} refused row will not come in", "{n} refused rows will not come in", refused)
            self.status.setText(words.format(n=refused) if refused else _("Everything is decided."))

    def _waiting(self, report: ImportReport) -> int:
        return sum(1 for company in report.companies if company.fate == Fate.UNDECIDED)

    def primary(self) -> None:
        """Do the next thing: check columns, decide, import."""
        review = self.review
        if review is None or not self.judging.is_settled:
            return
        if (review.asked or review.report.open_days) and not review.answers.mapping_seen:
            self.change_mapping()
        elif self._waiting(review.report):
            self.tabs.choose(Fate.UNDECIDED)
            self._tab_chosen(Fate.UNDECIDED)
            self.list.setFocus()
        elif not any(review.report.rows.get(fate, 0) for fate in (Fate.NEW, Fate.UPDATED)):
            self.left.emit()
        else:
            self._import(review)

    def _import(self, review: Review) -> None:
        def take(desk: Desk, progress: Progress) -> Done[ImportReport]:
            from csdesk.services.handover.reviewing import commit

            return commit(desk, review, progress)

        self.context.runner.work(take, self._done, _("Importing {file}").format(file=review.path.name))

    def _done(self, done: Done[ImportReport]) -> None:
        self.judging.begin(None)
        self.imported.emit(done.value)

    def _answered(self, give: Callable[[Answers], Answers]) -> None:
        assert self.judging.answers is not None
        self._to_next = self.tabs.current() == Fate.UNDECIDED
        self.list.setFocus()
        self.judging.give(give(self.judging.answers))

    def _policy_chosen(self) -> None:
        from csdesk.services.handover.recipe import Policy

        answers = self.judging.answers
        if answers is not None:
            self.judging.give(replace(answers, recipe=replace(answers.recipe, policy=Policy(self.policy.value()))))

    def _type(self, sheet: str, cell: str, text: str) -> None:
        answers = self.judging.answers
        if answers is not None:
            self.judging.give(replace(answers, edits={**answers.edits, (sheet, cell): text}))

    def _leave_out(self, sheet: str, row: int) -> None:
        answers = self.judging.answers
        if answers is None or self.review is None or not row:
            return
        company = next((one for one in self.review.report.companies if (sheet, row) in one.rows), None)
        whole = company is not None and self.list.current_key() == ("company", company.name)
        places = set(company.rows) if whole and company is not None else {(sheet, row)}
        out = answers.left_out - places if places <= answers.left_out else answers.left_out | places
        self.judging.give(replace(answers, left_out=frozenset(out)))

    def _turn(self, key: Any) -> None:
        self._opened ^= {key}
        self._fill_lines()

    def _menu(self, _key: Any, place: Any) -> None:
        menu = QMenu(self)
        line = self.list.current_line()
        if line is not None and line.cell is not None:
            menu.addAction(_("Type over")).triggered.connect(self.list.edit_current)
            menu.addAction(_("Replace in this column\u2026")).triggered.connect(self.replace_in_column)
        if line is not None and line.place[1]:
            menu.addAction(_("Leave this row out")).triggered.connect(self.panel.toggle_left_out)
        menu.addAction(_("Copy")).triggered.connect(self.list.copy)
        menu.popup(place)

    def replace_in_column(self) -> None:
        """Put one value in place of another throughout a column (Ctrl+H)."""
        from csdesk.ui.handover.replacing import ReplaceDialog

        review = self.review
        if review is None:
            return
        line = self.list.current_line()
        dialog = ReplaceDialog(review, line.cell if line is not None else None, self.window())
        dialog.replaced.connect(self._replaced)
        dialog.open()

    def _replaced(self, edits: dict[tuple[str, str], str], count: int) -> None:
        answers = self.judging.answers
        if answers is not None:
            self.judging.give(replace(answers, edits=edits))
            text = ngettext("{n} cell replaced", "{n} cells replaced", count).format(n=count)
            self.context.messages.toast(text, undo=self.judging.take_back)

    def save_errors(self) -> None:
        """Write the refused and doubtful rows to a workbook for sales."""
        from csdesk.ui.handover.saving import save_left_over

        if self.review is not None:
            save_left_over(self.context, self.review.wish, self.review.report, self)

    def change_mapping(self) -> None:
        """Go back to the columns."""
        from csdesk.ui.handover.steps import COLUMNS

        self.step_wanted.emit(COLUMNS)

    def next_doubt(self) -> None:
        """Go to the next thing that wants an answer: undecided, then refused, then doubtful (F8)."""
        if self._lines is None:
            return
        every = self._lines.asking()
        if not every:
            return
        here = (self.tabs.current(), self.list.current_key())
        if here in every:
            tab, key = every[(every.index(here) + 1) % len(every)]
        else:
            tab, key = next((one for one in every if one[0] == here[0]), every[0]) if here[0] in ASKING else every[0]
        if tab != here[0] or self.words.text() or self.reason.value():
            self.words.clear()
            self.tabs.choose(tab)
            self._fill_reasons()
            self.reason.choose("")
            self._fill_lines()
        self.list.choose(key)
        self.list.setFocus()

    def review_actions(self) -> list[Action]:
        """What the page adds to the menus during a review."""

        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "", enabled: Any = None) -> Action:
            return Action(f"handover.{key}", text, run, icon, shortcut, "tools", ("handover",), 2, enabled)

        return [
            act("import", N_("Next step of the import"), self.primary, "Ctrl+Return", "import"),
            act("next", N_("Next doubt"), self.next_doubt, "F8"),
            act("replace", N_("Replace in a column"), self.replace_in_column, "Ctrl+H"),
            act(
                "unanswer",
                N_("Take the last answer back"),
                self.judging.take_back,
                "Ctrl+Backspace",
                "undo",
                self._can_take_back,
            ),
            act("errors", N_("Workbook of refused rows"), self.save_errors, "Ctrl+E", "sheet"),
            act("columns", N_("Change columns"), self.change_mapping, "", "columns"),
            act("leave", N_("Choose another file"), self.left.emit, "", "back"),
        ]

    def _can_take_back(self) -> bool:
        return self.judging.can_take_back

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain and Qt.Key.Key_1 <= event.key() <= Qt.Key.Key_9 and self.panel.answer(event.key() - Qt.Key.Key_1):
            return
        if event.key() == Qt.Key.Key_X and plain:
            self.panel.toggle_left_out()
        else:
            super().keyPressEvent(event)

    def _place_search(self, small: bool) -> None:
        """Beside the tabs; where there is no room, beside the columns."""
        if (self._side.indexOf(self.words) >= 0) != small:
            home = self._side if small else self._top
            self._side.setContentsMargins(0, 0, px(12), px(6) if small else 0)
            home.addWidget(self.reason)
            home.addWidget(self.words, 0 if small else 20)
            self.words.setMinimumWidth(px(110))
            self.words.setMaximumWidth(px(140 if small else 220))
            if self.review is not None:
                self._show_tabs(sections(self.review.report))

    def _is_small(self) -> bool:
        return self.window().width() < px(SMALL_WINDOW)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self._is_small()
        self.panel.set_narrow(small)
        self._place_search(small)
        self.steps.set_narrow(self.window().width() < px(SMALL_WINDOW + 120))
        self.policy_label.setVisible(not small)
        self.go.show_key(not small)
        if self.review is not None:
            self.mapping.show_review(self.review, small)


def _tabs(counts: dict[Any, int], small: bool) -> list[tuple[Any, str, int]]:
    """The tabs with their counts; in a small window only those that hold something."""
    found: list[tuple[Any, str, int]] = [
        (fate, _(fate.label), counts[fate]) for fate in ORDER if counts[fate] or not small or fate is Fate.NEW
    ]
    found += [(DOUBTS, _("Doubts"), counts[DOUBTS])] if counts[DOUBTS] else []
    return found + ([(Fate.SKIPPED, _(Fate.SKIPPED.label), counts[Fate.SKIPPED])] if counts[Fate.SKIPPED] else [])


def _about(review: Review) -> str:
    report = review.report
    parts = [
        _("Sheet “{name}”, headings in row {row}").format(name=sheet.name, row=sheet.header_row)
        for sheet in report.sheets[:2]
    ]
    parts += [_("not read: {names}").format(names=_(", ").join(report.unread_sheets))] if report.unread_sheets else []
    parts += list(report.notes[:2])
    return " \u00b7 ".join([_("Nothing has been written yet"), *parts])
