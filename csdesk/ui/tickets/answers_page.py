"""What product answered, before it is taken in: new, changed on both sides, refused, same, not answered yet; then one step."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.tickets.product_answers import FATES, RowFate
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.list_filter import TYPING_MS, WordsField
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb, Page
from csdesk.ui.core.parts import Button, EmptyState, Label, MessageBar, PageHead, Surface, Tabs
from csdesk.ui.core.review_table import ReviewTable
from csdesk.ui.core.theme import px
from csdesk.ui.tickets.answer_lines import HEADS, lines_of, place_of, told

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk, Done
    from csdesk.services.core.progress import Progress
    from csdesk.services.tickets.product import Outcome
    from csdesk.services.tickets.product_return import Returned
    from csdesk.ui.core.context import Context

OURS, THEIRS = "ours", "theirs"
FIRST = (RowFate.CONFLICT, RowFate.NEW, RowFate.REFUSED, RowFate.UNANSWERED, RowFate.SAME)
"""Which tab a file opens with: the first of these that holds something."""


class AnswersPage(Page):
    """One workbook at a time. Nothing is written before "Take in"; what was refused stays here afterwards, to be mended."""

    key = "answers"
    entities = frozenset({"demands", "tickets", "releases"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.returned: Returned | None = None
        self.outcome: Outcome | None = None
        self._choices: dict[tuple[str, int], str] = {}
        column = self.column()
        self.head = PageHead(_("Product's answers"))
        self.other = Button(_("Choose a file"), "import")
        self.other.clicked.connect(self.choose)
        self.head.add_action(self.other)
        column.addWidget(self.head)
        self._bars = QVBoxLayout()
        self._bars.setSpacing(px(8))
        column.addLayout(self._bars)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing_yet())
        self._stack.addWidget(self._review())
        column.addWidget(self._stack, 1)

    def _nothing_yet(self) -> EmptyState:
        self.first = EmptyState(
            _("Drop the workbook that came back from product here"),
            _("You see each answer beside what is there now, before anything is written."),
            _("Choose a file"),
            icon="sheet",
        )
        self.first.chosen.connect(self.choose)
        return self.first

    def _review(self) -> QWidget:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        top = QHBoxLayout()
        top.setSpacing(px(8))
        self.tabs = Tabs([(fate, _(title)) for fate, title in FATES.items()], RowFate.NEW)
        self.tabs.chosen.connect(self._tab_chosen)
        top.addWidget(self.tabs)
        top.addStretch(1)
        self.words = WordsField(_("Search in the rows"), _("Search in the rows"), "search", "/")
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
        inside.setSpacing(0)
        self.list = ReviewTable(_("Product's answers"), HEADS)
        self.list.chosen.connect(self._show_line)
        self.list.menu_wanted.connect(self._menu)
        self._none = Label("", ink="muted")
        self._none.setContentsMargins(px(16), px(16), px(16), px(16))
        self._none.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._none.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        inside.addWidget(self._none, 1)
        inside.addWidget(self.list, 1)
        column.addWidget(surface, 1)
        self.detail = Label("", ink="muted", wrap=True)
        self.detail.setContentsMargins(px(4), px(8), px(4), 0)
        self.detail.setMinimumHeight(px(44))
        self.detail.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.detail)
        column.addLayout(self._foot())
        return body

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, px(8), 0, 0)
        row.setSpacing(px(8))
        self.ours = Button(_("Keep ours"), None, "O")
        self.ours.clicked.connect(self.keep_ours)
        self.theirs = Button(_("Take product's"), None, "T")
        self.theirs.clicked.connect(self.take_theirs)
        self.status = Label("", ink="muted", elide=True)
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.go = Button("", "import", "Ctrl+Enter", "primary")
        self.go.clicked.connect(self.primary)
        row.addWidget(self.status, 1)
        for button in (self.ours, self.theirs, self.go):
            row.addWidget(button)
        return row

    def arrive(self, args: Args) -> None:
        if args.get("path"):
            self.take(Path(str(args["path"])))
        elif args.get("choose"):
            self.choose()
        else:
            self.refresh()

    def refresh(self) -> None:
        if self.returned is not None:
            self._judge(self.returned)

    def choose(self) -> None:
        """Ask for the workbook that came back."""
        kinds = _("Workbooks ({kinds})").format(kinds="*.xlsx *.xlsm *.xls *.ods")
        path, _kind = QFileDialog.getOpenFileName(self.window(), _("Choose the workbook that came back"), "", kinds)
        if path:
            self.take(Path(path))

    def take(self, path: Path) -> None:
        """Read a workbook and show what would be taken in."""

        def read(desk: Desk, progress: Progress) -> tuple[Returned, Outcome]:
            from csdesk.services.tickets.product_return import read_returned

            returned = read_returned(path, progress)
            return returned, _rehearse(desk, returned, {}, progress)

        title = _("Reading {file}").format(file=path.name)
        self.context.runner.work(read, self._came, title, failed=self._not_read)

    def _came(self, found: tuple[Returned, Outcome]) -> None:
        empty(self._bars)
        self.returned, self._choices = found[0], {}
        self.words.clear()
        self._stack.setCurrentIndex(1)
        self._show(found[1])
        self._to_first_tab(found[1])
        self.crumbs_changed.emit()
        self.actions_changed.emit()
        self.focus_first()

    def _not_read(self, error: BaseException) -> None:
        from csdesk.services.core.errors import DeskError

        if not isinstance(error, DeskError):
            raise error
        self._say(str(error), "error")

    def _say(self, text: str, tone: str) -> None:
        empty(self._bars)
        bar = MessageBar(text, tone, closable=True)
        bar.closed.connect(self._clear_bars)
        self._bars.addWidget(bar)

    def _clear_bars(self) -> None:
        empty(self._bars)

    def _judge(self, returned: Returned) -> None:
        choices = dict(self._choices)

        def again(desk: Desk, progress: Progress) -> Outcome:
            return _rehearse(desk, returned, choices, progress)

        def judged(outcome: Outcome) -> None:
            if returned is self.returned and choices == self._choices:
                self._show(outcome)
                if outcome.counts[self.tabs.current()]:
                    self._fill_lines()
                else:
                    self._to_first_tab(outcome)

        self.context.runner.work(again, judged, _("Looking at the answers"))

    def _show(self, outcome: Outcome) -> None:
        self.outcome = outcome
        counts = outcome.counts
        for fate in FATES:
            self.tabs.set_count(fate, counts[fate])
        parts = [outcome.file, *([_("Nothing has been written yet")] if outcome.taken else [])]
        self.head.set_text(sentence=" \u00b7 ".join(parts))
        self.other.set_words(_("Choose another file"))
        taking = ngettext("Take in {n} answer", "Take in {n} answers", outcome.taken)
        self.go.set_words(taking.format(n=outcome.taken) if outcome.taken else _("Done"))
        self.go.set_icon("import" if outcome.taken else "")
        self.status.setText(_status(outcome))
        self.context.actions.update()

    def _to_first_tab(self, outcome: Outcome) -> None:
        counts = outcome.counts
        self.tabs.choose(next((fate for fate in FIRST if counts[fate]), RowFate.NEW))
        self._tab_chosen(self.tabs.current())

    def _tab_chosen(self, _key: Any) -> None:
        self._fill_lines()
        if self.list.lines:
            self.list.choose(self.list.lines[0].key)

    def _fill_lines(self) -> None:
        if self.outcome is None:
            return
        fate, words = self.tabs.current(), self.words.text().strip()
        lines = lines_of(self.outcome, fate, words)
        had = self.list.hasFocus()
        self.list.setVisible(bool(lines))
        self._none.setVisible(not lines)
        none = _("No row with “{words}” is here.").format(words=words) if words else _("No row of this file ends here.")
        self._none.setText(none)
        self.list.set_lines(lines)
        if had and lines:
            self.list.setFocus()
        self._show_line(self.list.current_key())

    def _show_line(self, _key: object) -> None:
        line = self.list.current_line() if self.list.isVisibleTo(self) else None
        can = self._can_choose()
        for button in (self.ours, self.theirs):
            button.setVisible(self.tabs.current() is RowFate.CONFLICT)
            button.setEnabled(can)
        self.detail.setText(told(line, self.list.lines) if line is not None else "")
        self.context.actions.update()

    def _can_choose(self) -> bool:
        return (
            self._stack.currentIndex() == 1
            and self.tabs.current() is RowFate.CONFLICT
            and self.list.current_line() is not None
        )

    def keep_ours(self) -> None:
        """Of a row that changed on both sides, keep what is there."""
        self._choose(OURS)

    def take_theirs(self) -> None:
        """Of a row that changed on both sides, take what product says."""
        self._choose(THEIRS)

    def _choose(self, whose: str) -> None:
        place = place_of(self.list.current_key())
        if place is None or not self._can_choose() or self.returned is None:
            return
        self._choices[place] = whose
        self._judge(self.returned)

    def primary(self) -> None:
        """Take in what can be taken; where nothing is left to take, leave the file."""
        returned, outcome = self.returned, self.outcome
        if returned is None or outcome is None:
            self.choose()
        elif not outcome.taken:
            self.leave()
        else:
            self._take_in(returned)

    def _take_in(self, returned: Returned) -> None:
        choices = dict(self._choices)

        def write(desk: Desk, progress: Progress) -> Done[Outcome]:
            from csdesk.services.tickets.product import TakeAnswers, take_answers

            return desk.do(take_answers, TakeAnswers(returned.path.name, returned.rows, choices), progress=progress)

        def written(_done: Done[Outcome]) -> None:
            empty(self._bars)

        self.context.runner.work(write, written, _("Taking product's answers in"))

    def leave(self) -> None:
        """Put the workbook away."""
        self.returned = self.outcome = None
        self._choices = {}
        empty(self._bars)
        self.head.set_text(sentence="")
        self.other.set_words(_("Choose a file"))
        self._stack.setCurrentIndex(0)
        self.crumbs_changed.emit()
        self.actions_changed.emit()
        self.focus_first()

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(self.returned.path.name),) if self.returned is not None else ()

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "", enabled: Any = None) -> Action:
            return Action(f"answers.{key}", text, run, icon, shortcut, "tools", (self.key,), 2, enabled)

        return [
            act("take", N_("Take the answers in"), self.primary, "Ctrl+Return", "import", self._has_file),
            act("ours", N_("Keep ours"), self.keep_ours, "O", "", self._can_choose),
            act("theirs", N_("Take product's"), self.take_theirs, "T", "", self._can_choose),
            act("choose", N_("Choose another workbook"), self.choose, "", "import"),
            act("leave", N_("Put the workbook away"), self.leave, "", "close", self._has_file),
        ]

    def _has_file(self) -> bool:
        return self.returned is not None

    def _menu(self, _key: object, place: QPoint) -> None:
        menu = QMenu(self)
        if self._can_choose():
            menu.addAction(_("Keep ours")).triggered.connect(self.keep_ours)
            menu.addAction(_("Take product's")).triggered.connect(self.take_theirs)
        menu.addAction(_("Copy")).triggered.connect(self.list.copy)
        menu.popup(place)

    def focus_first(self) -> None:
        if self._stack.currentIndex() == 0:
            assert self.first.primary is not None
            self.first.primary.setFocus()
        elif self.list.isVisibleTo(self):
            self.list.setFocus()
        else:
            self.go.setFocus()

    def focus_filter(self) -> bool:
        if self._stack.currentIndex() == 0:
            return False
        self.words.setFocus()
        self.words.selectAll()
        return True

    def remember(self) -> dict[str, Any]:
        return {"tab": str(self.tabs.current())}

    def recall(self, view: Args) -> None:
        if view.get("tab") in list(RowFate) and view["tab"] != self.tabs.current():
            self.tabs.choose(RowFate(view["tab"]))
            self._fill_lines()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.window().width() < px(SMALL_WINDOW)
        for button in (self.ours, self.theirs, self.go):
            button.show_key(not small)
        self.words.setMaximumWidth(px(140 if small else 220))


def _rehearse(desk: Desk, returned: Returned, choices: dict[tuple[str, int], str], progress: Progress) -> Outcome:
    from csdesk.services.tickets.product import TakeAnswers, take_answers

    command = TakeAnswers(returned.path.name, returned.rows, choices)
    return desk.rehearse(take_answers, command, progress=progress)


def _status(outcome: Outcome) -> str:
    """What the user should know before taking it in."""
    if outcome.open_conflicts:
        words = ngettext(
            "{n} changed on both sides: without a choice it stays as it is",
            "{n} changed on both sides: without a choice they stay as they are",
            outcome.open_conflicts,
        )
        return words.format(n=outcome.open_conflicts)
    refused = outcome.counts[RowFate.REFUSED]
    if refused:
        words = ngettext("{n} refused row will not come in", "{n} refused rows will not come in", refused)
        return words.format(n=refused)
    return "" if outcome.taken else _("Nothing in it is new.")
