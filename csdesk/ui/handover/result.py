"""One import after it was done: what came of it, its accounts, what did not come in, how it was read; and what can follow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Fate
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.page import SMALL_WINDOW
from csdesk.ui.core.parts import Button, Card, Label, PageHead, StateBadge
from csdesk.ui.core.theme import px
from csdesk.ui.handover.review_lines import field_words, reason_words
from csdesk.ui.handover.steps import RESULT, Steps

if TYPE_CHECKING:
    from csdesk.services.handover.queries import ImportDetails
    from csdesk.ui.core.context import Context

SHOWN = 200
LOW = 720
"""Below this height of the window there is no room to say how the file was read."""
ORDER = (Fate.NEW, Fate.UPDATED, Fate.SAME, Fate.UNDECIDED, Fate.SKIPPED, Fate.REFUSED)
INKS = {Fate.UNDECIDED: "ink_amber", Fate.REFUSED: "ink_red"}


class ResultView(QWidget):
    """``left`` gives the place back, ``again_wanted`` (path, recipe) runs it once more, ``back_wanted`` and
    ``forth_wanted`` take the import back or in again."""

    left = Signal()
    again_wanted = Signal(str, object)
    back_wanted = Signal(object)
    forth_wanted = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.details: ImportDetails | None = None
        self._waiting = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self.head = PageHead(_("The import is done"))
        self.steps = Steps(RESULT)
        self.head.add_action(self.steps)
        column.addWidget(self.head)
        card = Card(padded=False)
        self._equation = QHBoxLayout()
        self._equation.setContentsMargins(px(16), px(10), px(16), px(10))
        self._equation.setSpacing(px(7))
        card.add(self._equation)
        column.addWidget(card)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        self.accounts = LinesView(_("Accounts of this import"))
        self.accounts.opened.connect(self._account_opened)
        self.accounts_card = Card(_("Accounts of this import"), padded=False)
        self.accounts_card.set_link(_("All as a list"))
        self.accounts_card.linked.connect(self.show_accounts)
        self.accounts_card.add(self.accounts, 1)
        row.addWidget(self.accounts_card, 3)
        side = QVBoxLayout()
        side.setSpacing(px(12))
        self.problems = LinesView(_("Did not come in, or not whole"), 72)
        self.problems_card = Card(_("Did not come in, or not whole"), padded=False)
        self.problems_card.linked.connect(self.save_kept)
        self.problems_card.add(self.problems, 1)
        self.nothing = Label(_("Every row came in whole."), ink="muted")
        self.nothing.setContentsMargins(px(16), 0, px(16), px(16))
        self.problems_card.add(self.nothing)
        self.problems_card.body.addStretch()
        side.addWidget(self.problems_card, 3)
        self.read_card = Card(_("How it was read"))
        self.read = Label("", ink="muted", wrap=True)
        self.read_card.add(self.read)
        side.addWidget(self.read_card)
        row.addLayout(side, 2)
        column.addLayout(row, 1)
        column.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        self.leave_button = Button(_("To the imports"), "back")
        self.back_button = Button(_("Take back\u2026"), "undo")
        self.forth_button = Button(_("Take in again"), "undo")
        self.again_button = Button(_("Run again"), "import")
        self.go = Button(_("Look at the accounts"), "accounts", "Ctrl+Enter", "primary")
        self.leave_button.clicked.connect(self.left)
        self.back_button.clicked.connect(self.take_back)
        self.forth_button.clicked.connect(self.take_in_again)
        self.again_button.clicked.connect(self.run_again)
        self.go.clicked.connect(self.primary)
        foot.addStretch(1)
        for button in (self.leave_button, self.again_button, self.forth_button, self.back_button, self.go):
            foot.addWidget(button)
        return foot

    def show_import(self, details: ImportDetails, names: dict[int, str], fresh: bool) -> None:
        """Show one import; ``fresh``: it was done just now."""
        self.details = details
        row = details.row
        undone = row.undone_at is not None
        today = self.context.clock.today()
        size = _("{n} KB").format(n=formats.number(max(1, row.size // 1024)))
        about = f"{formats.moment_near(row.imported_at, today)} \u00b7 {size} \u00b7 {row.sha256[:12]}"
        self.head.set_text(
            _("The import is done") if fresh else row.file_name, f"{row.file_name} \u00b7 {about}" if fresh else about
        )
        self.steps.setVisible(fresh)
        self._fill_equation(row.counts.get("rows", {}), undone)
        lines = [Line(account, names[account]) for account in details.account_ids if account in names]
        self.accounts.set_lines(lines[:SHOWN])
        count = len(details.account_ids)
        self.accounts_card.set_title(_("Accounts of this import"), formats.number(count))
        self.accounts_card.set_link(_("All as a list") if count and not undone else "")
        self.problems.set_lines([_problem(one) for one in details.problems[:SHOWN]])
        self.problems.setVisible(bool(details.problems))
        self.nothing.setVisible(not details.problems)
        self.problems_card.set_title(
            _("Did not come in, or not whole"), formats.number(len(details.problems)) if details.problems else ""
        )
        self.problems_card.set_link(_("Workbook for sales") if details.refused else "")
        self.read.setText(_read_as(details))
        self.back_button.setVisible(not undone)
        self.forth_button.setVisible(undone)
        self.again_button.setVisible(True)
        self.go.setVisible(not undone and count > 0)

    def set_waiting(self, count: int) -> None:
        """How many files wait: then the next one comes before anything else."""
        self._waiting = count
        words = ngettext("Next file ({n} waiting)", "Next file ({n} waiting)", count).format(n=count)
        self.go.set_words(words if count else _("Look at the accounts"))
        self.leave_button.setVisible(not count)
        if count:
            self.go.show()

    def primary(self) -> None:
        """The next file, else the accounts (Ctrl+Enter)."""
        if self._waiting:
            self.left.emit()
        else:
            self.show_accounts()

    def focus_first(self) -> None:
        """Put the keyboard into the accounts."""
        self.accounts.setFocus()

    def _fill_equation(self, rows: dict[str, int], undone: bool) -> None:
        empty(self._equation)
        counts = {fate: rows.get(fate.value, 0) for fate in Fate}
        parts: list[QWidget] = [Label(_("Read")), Label(formats.number(sum(counts.values())), "h2"), Label("=")]
        shown = [fate for fate in ORDER if counts[fate] or fate in ORDER[:3]]
        for place, fate in enumerate(shown):
            parts += [Label("+", ink="muted")] if place else []
            ink = INKS.get(fate, "text") if counts[fate] else "text"
            parts += [Label(formats.number(counts[fate]), "h2", ink), Label(_(fate.label).lower(), ink=ink)]
        parts.append(StateBadge(_("taken back"), "neutral") if undone else StateBadge(_("adds up"), "ok", "check"))
        for part in parts:
            self._equation.addWidget(part)
        self._equation.addStretch(1)

    def _account_opened(self, key: Any) -> None:
        self.context.go.to("accounts", id=key)

    def show_accounts(self) -> None:
        """The list of accounts, only those of this import."""
        if self.details is not None and self.details.row.undone_at is None:
            self.context.go.to("accounts", filter=["import", self.details.row.id])

    def save_kept(self) -> None:
        """The rows that did not come in, for sales."""
        from csdesk.ui.handover.saving import save_kept

        if self.details is not None and self.details.refused:
            save_kept(self.context, self.details.row.file_name, self.details.refused, self)

    def run_again(self) -> None:
        """The same file, read in the same way."""
        if self.details is not None:
            self.again_wanted.emit(self.details.path, self.details.recipe)

    def take_back(self) -> None:
        """Show what taking it back would do."""
        if self.details is not None and self.details.row.undone_at is None:
            self.back_wanted.emit(self.details.row.id)

    def take_in_again(self) -> None:
        """Take in again what was taken back."""
        if self.details is not None and self.details.row.undone_at is not None:
            self.forth_wanted.emit(self.details.row.id)

    def view_actions(self) -> list[Action]:
        """What the page adds to the menus while an import is shown."""

        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "") -> Action:
            return Action(f"handover.{key}", text, run, icon, shortcut, "tools", ("handover",), 2)

        return [
            act("accounts", N_("Look at the accounts"), self.primary, "Ctrl+Return", "accounts"),
            act("kept", N_("Workbook of refused rows"), self.save_kept, "Ctrl+E", "sheet"),
            act("again", N_("Run again"), self.run_again, "", "import"),
            act("back", N_("Take this import back"), self.take_back, "", "undo"),
            act("forth", N_("Take this import in again"), self.take_in_again, "", "undo"),
            act("leave", N_("To the imports"), self.left.emit, "", "back"),
        ]

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.steps.set_narrow(self.window().width() < px(SMALL_WINDOW + 120))
        self.read_card.setVisible(self.window().height() >= px(LOW))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)


def _problem(told: dict[str, Any]) -> Line:
    wrong = told["severity"] == "error"
    badge = Badge(_("not imported"), "bad") if wrong else Badge(_("left empty"), "warn")
    title = told["column"].replace("\n", " ") or reason_words(told["code"])
    return Line((told["sheet"], told["cell"]), title, told["message"], left=told["cell"], right_badge=badge, bold=False)


def _read_as(details: ImportDetails) -> str:
    parts = []
    for sheet, mapping in details.mapping.items():
        name, _mark, row = sheet.rpartition("!")
        known = [
            f"{' '.join(heading.split())} \u2192 {field_words(field.partition('.')[0], field)}"
            for heading, field in mapping.items()
        ]
        told = _("Sheet “{name}”, headings in row {row}").format(name=name, row=row)
        more = " \u2026" if len(known) > 8 else ""
        parts.append(told + ": " + _(", ").join(known[:8]) + more)
    if details.path:
        parts.append(details.path)
    return "\n".join(parts)
