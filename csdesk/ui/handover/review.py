"""The review of one file: the equation, what went where, the rows by their fate, the cell in its sheet, the answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from csdesk.models.vocabulary import Fate
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import LinesView
from csdesk.ui.core.page import SMALL_WINDOW
from csdesk.ui.core.parts import Button, Card, Divider, Icon, Label, PageHead, StateBadge, Surface, Tabs
from csdesk.ui.core.theme import px
from csdesk.ui.handover.cell import CellPanel
from csdesk.ui.handover.review_lines import lines_for, sections

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk, Done
    from csdesk.services.core.progress import Progress
    from csdesk.services.handover.report import ImportReport
    from csdesk.services.handover.reviewing import Answers, Review
    from csdesk.ui.core.context import Context

ORDER = (Fate.NEW, Fate.UPDATED, Fate.SAME, Fate.UNDECIDED, Fate.SKIPPED, Fate.REFUSED)
INKS = {Fate.UNDECIDED: "ink_amber", Fate.REFUSED: "ink_red"}
SHOWN_COLUMNS = 4


class ReviewView(QWidget):
    """Nothing is written here until Import; each answer judges the whole file again. ``left`` gives the place back."""

    left = Signal()
    imported = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self.review: Review | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        self.head = PageHead(_("Review the import"))
        column.addWidget(self.head)
        column.addWidget(self._equation_card())
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addLayout(self._rows(), 1)
        self.panel = CellPanel()
        self.panel.decided.connect(self._decide)
        self.panel.typed.connect(self._type)
        self.panel.left_out.connect(self._leave_out)
        row.addWidget(self.panel)
        column.addLayout(row, 1)
        column.addLayout(self._foot())

    def _equation_card(self) -> Card:
        card = Card(padded=False)
        self._equation = QHBoxLayout()
        self._equation.setContentsMargins(px(16), px(10), px(16), px(10))
        self._equation.setSpacing(px(8))
        self._mapping = QHBoxLayout()
        self._mapping.setContentsMargins(px(16), px(8), px(16), px(8))
        self._mapping.setSpacing(px(8))
        card.add(self._equation)
        card.add(Divider())
        card.add(self._mapping)
        return card

    def _rows(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(0)
        self.tabs = Tabs([(fate, _(fate.label)) for fate in ORDER] + [("findings", _("Doubts"))], Fate.NEW)
        self.tabs.chosen.connect(self._show_tab)
        column.addWidget(self.tabs)
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        self.list = LinesView(_("Rows"), 88)
        self.list.chosen.connect(self._show_cell)
        self.list.opened.connect(self._show_cell)
        self._nothing = Label("", ink="muted")
        self._nothing.setContentsMargins(px(16), px(16), px(16), px(16))
        inside.addWidget(self._nothing)
        inside.addWidget(self.list, 1)
        column.addWidget(surface, 1)
        return column

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        back = Button(_("Choose another file"), "back")
        back.clicked.connect(self.left)
        self.status = Label("", ink="muted", elide=True)
        self.status.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.go = Button("", "import", "Ctrl+Enter", "primary")
        self.go.clicked.connect(self._primary)
        row.addWidget(back)
        row.addWidget(self.status, 1)
        row.addWidget(self.go)
        return row

    def show_review(self, review: Review) -> None:
        """Show a file as it was just judged."""
        fresh = self.review is None or self.review.path != review.path
        self.review = review
        report = review.report
        self.head.set_text(sentence=_about(report))
        self._fill_equation(report)
        self._fill_mapping(review)
        for key, count in sections(report).items():
            self.tabs.set_count(key, count)
        if fresh:
            first = next((fate for fate in ORDER if sections(report)[fate]), Fate.NEW)
            self.tabs.choose(Fate.UNDECIDED if sections(report)[Fate.UNDECIDED] else first)
        self._show_tab(self.tabs.current())
        self._say_next(report)
        self.context.actions.update()

    def focus_first(self) -> None:
        """Put the keyboard into the list."""
        self.list.setFocus()

    def _fill_equation(self, report: ImportReport) -> None:
        empty(self._equation)
        total = report.read
        self._add(Label(_("Read")), Label(formats.number(total), "h2"), Label("="))
        shown = [fate for fate in ORDER if report.rows.get(fate, 0) or fate in (Fate.NEW, Fate.UPDATED, Fate.SAME)]
        for place, fate in enumerate(shown):
            if place:
                self._add(Label("+", ink="muted"))
            ink = INKS.get(fate, "text") if report.rows.get(fate, 0) else "text"
            self._add(Label(formats.number(report.rows.get(fate, 0)), "h2", ink), Label(_(fate.label).lower(), ink=ink))
        if sum(report.rows.values()) == total:
            self._add(StateBadge(_("adds up"), "ok", "check"))
        self._equation.addStretch(1)
        note = _("Nothing has been written yet")
        if report.seen_before:
            note = _("This very file was imported before; what is the same stays the same")
        self._add(Label(note, "caption", "muted", elide=True))

    def _add(self, *labels: QWidget) -> None:
        for label in labels:
            self._equation.addWidget(label)

    def _fill_mapping(self, review: Review) -> None:
        from csdesk.services.handover.fields import FIELDS, GROUPS

        empty(self._mapping)
        self._mapping.addWidget(Label(_("Columns"), ink="muted"))
        matches = [match for _table, found in review.wish.tables for match in found]
        asked = [match for match in matches if match.is_doubtful and match.used is None]
        sure = [match for match in matches if match.used is not None]
        room = SHOWN_COLUMNS if self.window().width() >= SMALL_WINDOW else SHOWN_COLUMNS // 2
        shown = asked[:room] + sure[: max(0, room - len(asked))]
        for match in shown:
            box = Surface("amber_bg" if match in asked else "surface", "ink_amber" if match in asked else "divider", 4)
            line = QHBoxLayout(box)
            line.setContentsMargins(px(8), px(3), px(8), px(3))
            line.setSpacing(px(6))
            line.addWidget(Label(match.heading.replace("\n", " ")[:20]))
            line.addWidget(Icon("arrow", "muted", 12))
            field = FIELDS.get(match.field or "")
            words = f"{_(GROUPS[field.group])} \u00b7 {_(field.title)}" if field else _("not imported")
            line.addWidget(Label(f"{words}?" if match in asked else words))
            self._mapping.addWidget(box)
        rest = len(matches) - len(shown)
        none = sum(1 for match in matches if match.used is None)
        more = [ngettext("{n} more column", "{n} more columns", rest).format(n=rest)] if rest > 0 else []
        more += [ngettext("{n} not imported", "{n} not imported", none).format(n=none)] if none else []
        self._mapping.addWidget(Label(" \u00b7 ".join(more), "caption", "muted", elide=True), 1)
        change = Button(_("Change columns"), kind="link")
        change.clicked.connect(self.change_mapping)
        self._mapping.addWidget(change)

    def _show_tab(self, key: Any) -> None:
        assert self.review is not None
        lines = lines_for(self.review.report, key)
        self.list.set_lines(lines)
        self.list.setVisible(bool(lines))
        self._nothing.setVisible(not lines)
        self._nothing.setText(_("No row of this file ends here."))
        self._nothing.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        if self.list.current_key() is None:
            self.list.choose_first()
        self._show_cell(self.list.current_key())

    def _show_cell(self, key: Any) -> None:
        if self.review is not None:
            self.panel.show_line(self.review, key)

    def _say_next(self, report: ImportReport) -> None:
        """The primary is the next unanswered thing; Import only when none is left."""
        open_ones = sum(1 for company in report.companies if company.fate == Fate.UNDECIDED)
        refused = report.rows.get(Fate.REFUSED, 0)
        if open_ones:
            self.go.set_words(ngettext("Decide {n} account", "Decide {n} accounts", open_ones).format(n=open_ones))
            self.status.setText(_("Some accounts may be there already; say whether they are the same."))
            return
        count = sum(1 for company in report.companies if company.fate in (Fate.NEW, Fate.UPDATED))
        self.go.set_words(
            ngettext("Import {n} account", "Import {n} accounts", count).format(n=count) if count else _("Done")
        )
        words = ngettext("{n} refused row will not come in", "{n} refused rows will not come in", refused)
        self.status.setText(words.format(n=refused) if refused else _("Everything is decided."))

    def _primary(self) -> None:
        assert self.review is not None
        if any(company.fate == Fate.UNDECIDED for company in self.review.report.companies):
            self.tabs.choose(Fate.UNDECIDED)
            self._show_tab(Fate.UNDECIDED)
            self.list.setFocus()
        elif not any(self.review.report.rows.get(fate, 0) for fate in (Fate.NEW, Fate.UPDATED)):
            self.left.emit()
        else:
            self._import()

    def _import(self) -> None:
        from csdesk.services.handover.reviewing import commit

        review = self.review
        assert review is not None

        def take(desk: Desk, progress: Progress) -> Done[ImportReport]:
            return commit(desk, review, progress)

        self.context.runner.work(take, self._done, _("Importing {file}").format(file=review.path.name))

    def _done(self, done: Done[ImportReport]) -> None:
        report = done.value
        self.review = None
        sentence = _(
            "{file}: {accounts} accounts, {contacts} contacts and {contracts} contracts are new; {updated} rows updated, {refused} refused."
        )
        self.imported.emit(
            sentence.format(
                file=report.file,
                accounts=report.created.get("accounts", 0),
                contacts=report.created.get("contacts", 0),
                contracts=report.created.get("contracts", 0),
                updated=report.rows.get(Fate.UPDATED, 0),
                refused=report.rows.get(Fate.REFUSED, 0),
            )
        )

    def _again(self, answers: Answers) -> None:
        from csdesk.services.handover.reviewing import answer

        review = self.review
        assert review is not None

        def judge(desk: Desk, progress: Progress) -> Review:
            return answer(desk, review, answers, progress)

        self.context.runner.work(judge, self.show_review, _("Judging the rows again"))

    def _decide(self, company: str, decision: str) -> None:
        from csdesk.services.handover.rules import name_key

        assert self.review is not None
        answers = self.review.answers
        self._again(replace(answers, decisions={**answers.decisions, name_key(company): decision}))

    def _type(self, sheet: str, cell: str, text: str) -> None:
        assert self.review is not None
        answers = self.review.answers
        self._again(replace(answers, edits={**answers.edits, (sheet, cell): text}))

    def _leave_out(self, sheet: str, row: int) -> None:
        assert self.review is not None
        answers = self.review.answers
        self._again(replace(answers, left_out=answers.left_out ^ {(sheet, row)}))

    def change_mapping(self) -> None:
        """Open the table of columns."""
        from csdesk.ui.handover.mapping import MappingDialog

        assert self.review is not None
        dialog = MappingDialog(self.review, self.window())
        dialog.chosen.connect(self._mapped)
        dialog.open()

    def _mapped(self, mapping: dict[str, str | None]) -> None:
        assert self.review is not None
        self._again(replace(self.review.answers, mapping=mapping))

    def next_doubt(self) -> None:
        """Go to the next thing that wants an answer (F8)."""
        assert self.review is not None
        counts = sections(self.review.report)
        here = self.tabs.current()
        wanted = next((key for key in (Fate.UNDECIDED, "findings") if counts[key]), None)
        if wanted is None:
            return
        if here != wanted:
            self.tabs.choose(wanted)
            self._show_tab(wanted)
        else:
            keys = [line.key for line in self.list.lines if not line.section]
            current = self.list.current_key()
            if keys:
                self.list.choose(keys[(keys.index(current) + 1) % len(keys)] if current in keys else keys[0])
        self.list.setFocus()

    def review_actions(self) -> list[Action]:
        """What the page adds to the menus during a review."""

        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "") -> Action:
            return Action(f"handover.{key}", text, run, icon, shortcut, "tools", ("handover",), 2)

        return [
            act("import", N_("Import"), self._primary, "Ctrl+Return", "import"),
            act("next", N_("Next doubt"), self.next_doubt, "F8"),
            act("columns", N_("Change columns"), self.change_mapping, "", "columns"),
            act("leave", N_("Choose another file"), self.left.emit, "", "back"),
        ]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3) and not event.modifiers():
            self.panel.answer(event.key() - Qt.Key.Key_1)
        elif event.key() == Qt.Key.Key_X and not event.modifiers():
            self.panel.toggle_left_out()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.panel.setVisible(self.window().width() >= SMALL_WINDOW - 140)


def _about(report: ImportReport) -> str:
    parts = [
        _("Sheet “{name}”, headings in row {row}").format(name=sheet.name, row=sheet.header_row)
        for sheet in report.sheets[:2]
    ]
    parts += [_("not read: {names}").format(names=_(", ").join(report.unread_sheets))] if report.unread_sheets else []
    return " \u00b7 ".join(parts)
