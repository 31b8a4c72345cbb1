"""Paper notes typed back in: the visits of some days one after another, each recorded with Ctrl+Enter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from csdesk.models.vocabulary import VisitKind
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.articles.opening import choose_files
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.form import ENTERS, Form
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.page import SMALL_WINDOW, Args, Page
from csdesk.ui.core.parts import Button, EmptyState, Label, PageHead, Segmented, Surface
from csdesk.ui.core.theme import px
from csdesk.ui.visits.detail_cards import subject_of
from csdesk.ui.visits.record import (
    Suiting,
    attach,
    draft_of,
    read_for_record,
    record_fields,
    say_next,
    send_record,
)

if TYPE_CHECKING:
    from csdesk.services.core.errors import Problem
    from csdesk.services.visits.cards import VisitCard
    from csdesk.services.visits.preparation import Preparation
    from csdesk.services.visits.recording import NextVisit
    from csdesk.ui.core.context import Context, Subject

ICONS = {VisitKind.ONSITE: "onsite", VisitKind.ONLINE: "online", VisitKind.PHONE: "phone"}
LIST_WIDTH = 320
DAYS = {"today": 0, "week": 6, "fortnight": 13, "month": 30}
TITLES = {"today": N_("Today"), "week": N_("7 days"), "fortnight": N_("14 days"), "month": N_("31 days")}


class TypingBackPage(Page):
    """Left the visits that nobody wrote down yet, right the record of the chosen one."""

    key = "records"
    entities = frozenset({"visits", "accounts", "contacts", "attendees", "needs", "tasks", "settings", "notices"})

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.view: Preparation | None = None
        self.form: Form | None = None
        self._cards: tuple[VisitCard, ...] = ()
        self._recorded = 0
        self._wanted: int | None = None
        column = self.column()
        self.head = PageHead(_("Type visits back in"))
        self.days = Segmented([(key, _(title)) for key, title in TITLES.items()], "week")
        self.days.chosen.connect(self._span_chosen)
        self.head.add_action(self.days)
        column.addWidget(self.head)
        self._stack = QStackedWidget()
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(16))
        row.addWidget(self._left())
        row.addWidget(self._right(), 1)
        self._stack.addWidget(both)
        self._stack.addWidget(self._nothing())
        column.addWidget(self._stack, 1)

    def _left(self) -> QWidget:
        self.list_box = Surface()
        self.list_box.setFixedWidth(px(LIST_WIDTH))
        inside = QVBoxLayout(self.list_box)
        inside.setContentsMargins(1, 1, 1, 1)
        self.list = LinesView(_("Visits without a record"), 52, with_icons=True)
        self.list.chosen.connect(self._chosen)
        self.list.opened.connect(self._enter)
        inside.addWidget(self.list)
        return self.list_box

    def _right(self) -> QWidget:
        surface = Surface()
        column = QVBoxLayout(surface)
        column.setContentsMargins(px(16), px(12), px(16), px(12))
        column.setSpacing(px(8))
        self.title = Label("", "h2", elide=True)
        self.about = Label("", ink="muted", elide=True)
        column.addWidget(self.title)
        column.addWidget(self.about)
        self._holder = QVBoxLayout()
        self._holder.setContentsMargins(0, 0, 0, 0)
        inner = QWidget()
        inner.setObjectName("canvas")
        inner.setLayout(self._holder)
        self.area = QScrollArea()
        self.area.setAccessibleName(_("Record"))
        self.area.setWidget(inner)
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.area, 1)
        verbs = QHBoxLayout()
        verbs.setSpacing(px(8))
        self.wrong = Label("", ink="ink_red", elide=True)
        self.attach = Button(_("Attach photo…"), "link")
        self.attach.clicked.connect(self._attach)
        self.later = Button(_("Later"), None, "F8")
        self.later.clicked.connect(self._skip)
        self.save = Button(_("Save, next"), None, "Ctrl+Enter", "primary")
        self.save.clicked.connect(self._save)
        verbs.addWidget(self.wrong, 1)
        for button in (self.attach, self.later, self.save):
            verbs.addWidget(button)
        column.addLayout(verbs)
        return surface

    def _nothing(self) -> EmptyState:
        state = EmptyState(
            _("Every visit of these days is written down"),
            _("Visits whose day has come stand here until they are recorded."),
            normal=_("Open the visit plan"),
        )
        state.chosen.connect(self._open_plan)
        return state

    def subject(self) -> Subject | None:
        return subject_of(self.view) if self.view is not None else None

    def arrive(self, args: Args) -> None:
        if args.get("visit"):
            self._wanted = int(args["visit"])
        if args.get("days") in DAYS:
            self.days.choose(args["days"])
        self.refresh()

    def refresh(self) -> None:
        from csdesk.services.visits.recording import to_record

        today = self.context.clock.today()
        start = today - timedelta(DAYS[self.days.current()])
        self.context.runner.ask(to_record, start, today, today, then=self._fill, owner=self)

    def _fill(self, cards: tuple[VisitCard, ...]) -> None:
        self._cards = cards
        self.list.set_lines(_lines(cards, self.context.clock.today()))
        self._stack.setCurrentIndex(0 if cards else 1)
        self._say()
        ids = [card.id for card in cards]
        if self._wanted in ids:
            self.list.choose(self._wanted)
            self._wanted = None
        shown = self.view.card.id if self.view is not None else None
        if shown not in ids:
            current = self.list.current_key()
            if current in ids:
                self._chosen(current)
            else:
                self.list.choose_first()

    def _say(self) -> None:
        waiting = ngettext("{n} waits", "{n} wait", len(self._cards)).format(n=len(self._cards))
        done = ngettext("{n} recorded", "{n} recorded", self._recorded).format(n=self._recorded)
        self.head.set_text(sentence=f"{waiting} \u00b7 {done}" if self._recorded else waiting)

    def _chosen(self, visit_id: Any) -> None:
        if self.view is None or self.view.card.id != visit_id:
            today = self.context.clock.today()
            self.context.runner.ask(read_for_record, visit_id, today, then=self._show, owner=self)

    def _show(self, found: tuple[Preparation, NextVisit | None] | None) -> None:
        if found is None or (self.view is not None and self.view.card.id == found[0].card.id):
            return
        focused = QApplication.focusWidget()
        had_focus = self.form is not None and focused is not None and self.form.isAncestorOf(focused)
        self._keep()
        view, following = found
        self.view = view
        card, today = view.card, self.context.clock.today()
        self.title.setText(card.account)
        when = " ".join((formats.day_near(card.day, today), formats.time_text(card.starts_at))).strip()
        self.about.setText(" \u00b7 ".join(part for part in (when, _(card.kind.label), card.goal) if part))
        empty(self._holder)
        draft = draft_of(view, following, today) | (self.context.state.get(self._draft_key(card.id)) or {})
        self.form = Form(record_fields(view), draft)
        Suiting(self.form)
        say_next(self.form, following)
        self._holder.addWidget(self.form)
        self.wrong.setText("")
        if had_focus or self._recorded:
            self.form.focus_first()

    def _draft_key(self, visit_id: int) -> str:
        return f"draft.record.{visit_id}"

    def _keep(self) -> None:
        """What was typed for the shown visit and not saved is there when one comes back."""
        if self.form is not None and self.view is not None:
            self.context.state.set(self._draft_key(self.view.card.id), self.form.draft())

    def _enter(self, _key: object) -> None:
        if self.form is not None:
            self.form.focus_first()

    def _save(self) -> None:
        if self.form is not None and self.view is not None:
            stored = partial(self._stored, self.view.card.id)
            send_record(self.context, self.view, self.form.draft(), stored, self._refuse)

    def _stored(self, done: int, _result: object) -> None:
        """Go on from the visit that was saved; where the list filled anew has gone on already, stay there."""
        self.context.state.set(self._draft_key(done), None)
        self._recorded += 1
        if self.view is None or self.view.card.id != done:
            self._say()
            return
        following = self._after(done)
        self.view = self.form = None
        if following is not None:
            self.list.choose(following)
        self.refresh()

    def _after(self, visit_id: int) -> int | None:
        ids = [card.id for card in self._cards]
        place = ids.index(visit_id) if visit_id in ids else -1
        rest = [*ids[place + 1 :], *ids[: max(place, 0)]]
        return rest[0] if rest else None

    def _refuse(self, problems: Iterable[Problem]) -> None:
        if self.form is not None:
            rest = self.form.show_problems(problems)
            self.wrong.setText(" ".join(problem.message for problem in rest))

    def _skip(self) -> None:
        if self.view is not None:
            following = self._after(self.view.card.id)
            if following is not None:
                self.list.choose(following)

    def _attach(self) -> None:
        if self.view is not None:
            attach(self.context, self.view.card.id, choose_files(self))

    def _span_chosen(self, _key: object) -> None:
        self.refresh()

    def _open_plan(self) -> None:
        self.context.go.to("visits")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.key() in ENTERS and held == Qt.KeyboardModifier.ControlModifier:
            self._save()
        elif event.key() in ENTERS and not held and self.form is not None:
            self.form.focusNextChild()
        else:
            super().keyPressEvent(event)

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Any, icon: str = "", shortcut: str = "") -> Action:
            return Action(f"records.{key}", text, run, icon, shortcut, "visit", (self.key,), 2)

        return [
            act("save", N_("Save the record, go to the next visit"), self._save, "check"),
            act("later", N_("Leave this visit for later"), self._skip, "", "F8"),
            act("attach", N_("Attach photo…"), self._attach, "link"),
        ]

    def may_leave(self) -> bool:
        self._keep()
        return True

    def focus_first(self) -> None:
        if self.form is not None:
            self.form.focus_first()
        else:
            self.list.setFocus()

    def remember(self) -> dict[str, Any]:
        self._keep()
        return {"days": self.days.current()}

    def recall(self, view: Args) -> None:
        if view.get("days") in DAYS and view["days"] != self.days.current():
            self.days.choose(view["days"])
            self.refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.window().width() < SMALL_WINDOW
        self.list_box.setFixedWidth(px(LIST_WIDTH - 80 if small else LIST_WIDTH))


def _lines(cards: Iterable[VisitCard], today: date) -> list[Line]:
    lines: list[Line] = []
    day: date | None = None
    for card in cards:
        if card.day != day:
            day = card.day
            lines.append(Line(f"day {day}", formats.day_near(day, today), section=True))
        prepared = (Badge(_("moved"), "line"),) if card.moved_count else ()
        lines.append(
            Line(
                card.id, card.account, card.goal, left=formats.time_text(card.starts_at), icon=ICONS[card.kind],
                tier=card.tier or "", badges=prepared,
            )
        )  # fmt: skip
    return lines
