"""The Today page: one numbered list at the left, visits, the week and what was opened last at the right."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.today.rules import Group, Item, Kind
from csdesk.ui.core import paint
from csdesk.ui.core.actions import Action
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.page import SMALL_WINDOW, Args, Page
from csdesk.ui.core.parts import Bar, Button, Card, Divider, EmptyState, KeyHints, Label, PageHead, Surface
from csdesk.ui.core.theme import color, px

if TYPE_CHECKING:
    from csdesk.services.today.view import DayLoad, TodayView, TodayVisit
    from csdesk.ui.core.context import Context

SIDE_WIDTH = 376
TITLES = {
    Group.OVERDUE: N_("Overdue"),
    Group.TODAY: N_("Today"),
    Group.SOON: N_("Ahead"),
    Group.DONE: N_("Done today"),
}
VERBS = {
    Kind.VISIT: N_("Prepare visit"),
    Kind.RECORD: N_("Record visit"),
    Kind.CONTRACT: N_("Open account"),
    Kind.HANDOVER: N_("Check handover"),
    Kind.TASK: N_("Open task"),
    Kind.TELL: N_("Tell the customer"),
    Kind.DEMAND: N_("Open the demand"),
    Kind.BUG: N_("Open the bug"),
    Kind.LATE: N_("Open the requirements"),
}


class WeekStrip(QWidget):
    """Seven days with their load; a press goes to the day's plan."""

    pressed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._days: tuple[DayLoad, ...] = ()
        self._today = date.min
        self.setFixedHeight(px(56))
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_days(self, days: tuple[DayLoad, ...], today: date) -> None:
        """Show a week."""
        self._days, self._today = days, today
        words = [f"{formats.weekday(day.day)} {day.used}/{day.capacity}" for day in days]
        self.setAccessibleName("; ".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(280), px(56))

    def _boxes(self) -> list[QRect]:
        wide = self.width() / max(len(self._days), 1)
        return [QRect(round(place * wide), 0, round(wide) - px(2), self.height()) for place in range(len(self._days))]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        centre = Qt.AlignmentFlag.AlignCenter
        for box, day in zip(self._boxes(), self._days, strict=True):
            now = day.day == self._today
            if now:
                painter.fillRect(box, color("selection"))
            row = QRect(box.left(), px(4), box.width(), px(18))
            free = not day.capacity
            ink = "muted" if free else "text"
            paint.paint_text(painter, row, formats.weekday(day.day), "caption", ink, now, centre)
            row.translate(0, px(18))
            paint.paint_text(painter, row, str(day.day.day), "body", ink, now, centre)
            bar = QRect(box.left() + px(6), px(44), box.width() - px(12), px(6))
            share = day.used / day.capacity if day.capacity else 1.0 if day.used else 0.0
            paint.paint_bar(painter, bar, share, "ink_red" if day.over else "ink_blue", 4)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for box, day in zip(self._boxes(), self._days, strict=True):
            if box.contains(event.position().toPoint()):
                self.pressed.emit(day.day.isoformat())


class TodayPage(Page):
    """The first item is open by itself; Enter does what it asks for."""

    key = "today"
    entities = frozenset(
        {
            *("visits", "visit_plans", "contracts", "accounts", "handovers", "settings", "contacts", "tasks"),
            *("notices", "tickets", "demands"),
        }
    )
    can_print = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.view: TodayView | None = None
        self._wanted: int | None = None
        column = self.column()
        column.addWidget(self._heading())
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self._left(), 1)
        row.addWidget(self._side())
        column.addLayout(row, 1)

    def _heading(self) -> QWidget:
        holder = QWidget()
        grid = QVBoxLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(px(4))
        self.head = PageHead("")
        self.sentence = Label("", elide=True)
        self.progress = Label("", "caption", "muted")
        self.progress_bar = Bar(0.0, 120)
        row = QHBoxLayout()
        row.setSpacing(px(12))
        row.addWidget(self.sentence, 1)
        row.addWidget(self.progress)
        row.addWidget(self.progress_bar)
        grid.addWidget(self.head)
        grid.addLayout(row)
        return holder

    def _left(self) -> QWidget:
        self._stack = QStackedWidget()
        surface = Surface()
        inside = QVBoxLayout(surface)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.setSpacing(0)
        self.list = LinesView(_("What to do today"), 36, with_icons=True)
        self.list.opened.connect(self._act_on)
        self.list.chosen.connect(self._chosen)
        inside.addWidget(self.list, 1)
        self.list.set_verbs(self._verb_bar())
        inside.addWidget(Divider())
        inside.addWidget(self._foot())
        self._stack.addWidget(surface)
        self._calm = EmptyState(
            _("Nothing is planned for today"),
            _("Plan visits from the list of accounts, or draft the week by rules."),
            _("Plan the week"),
            _("Open the accounts"),
            "visits",
        )
        self._calm.chosen.connect(self._plan_week)
        self._calm.linked.connect(self._accounts)
        self._stack.addWidget(self._calm)
        self._first = EmptyState(
            _("Welcome to your desk"),
            _("Begin with the workbook that sales handed over: accounts, contacts and contracts come out of it."),
            _("Import a handover workbook"),
            _("New account"),
            "import",
        )
        self._first.chosen.connect(self._import)
        self._first.linked.connect(self._new_account)
        self._stack.addWidget(self._first)
        return self._stack

    def _verb_bar(self) -> QWidget:
        bar = QWidget()
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        self.act = Button("", None, "Enter", "primary")
        self.open_account = Button(_("Open account"), "accounts", "O")
        self.done = Button(_("Record visit"), "check", "D")
        self.later = Button(_("Put off"), "calendar", "S")
        self.act.clicked.connect(self._act)
        self.open_account.clicked.connect(self._open_account)
        self.done.clicked.connect(self._done)
        self.later.clicked.connect(self._snooze)
        for button in (self.act, self.open_account, self.done, self.later):
            row.addWidget(button)
        row.addStretch(1)
        return bar

    def _foot(self) -> QWidget:
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(px(15), px(8), px(15), px(8))
        row.addWidget(
            KeyHints(
                [
                    ("\u2191 \u2193", _("Choose")),
                    ("D", _("Mark done")),
                    ("S", _("Put off")),
                    ("Ctrl+P", _("Print the week")),
                ]
            )
        )
        row.addStretch(1)
        return foot

    def _side(self) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(12))
        self.visits_card = Card(_("Visits today"), _("Print the week"), padded=False)
        self.visits_card.linked.connect(self.print_report)
        self.visits = LinesView(_("Visits today"), 56, with_icons=True, grows=True)
        self.visits.opened.connect(self._open_visit)
        self._no_visits = Label(_("No visit today."), ink="muted")
        self._no_visits.setContentsMargins(px(16), 0, px(16), px(16))
        self.visits_card.add(Divider())
        self.visits_card.add(self._no_visits)
        self.visits_card.add(self.visits)
        column.addWidget(self.visits_card)
        self.week_card = Card(_("This week"), _("Visit plan"))
        self.week_card.linked.connect(self._plan_week)
        self.strip = WeekStrip()
        self.strip.pressed.connect(self._open_day)
        self.week_card.add(self.strip)
        column.addWidget(self.week_card)
        self.recent_card = Card(_("Opened last"), padded=False)
        self.recent = LinesView(_("Opened last"), 0, with_icons=True, grows=True)
        self.recent.opened.connect(self._open_recent)
        self.recent_card.add(self.recent)
        column.addWidget(self.recent_card)
        column.addStretch(1)
        self.side = QScrollArea()
        self.side.setAccessibleName(_("This week"))
        self.side.setWidget(holder)
        self.side.setWidgetResizable(True)
        self.side.setFrameShape(QScrollArea.Shape.NoFrame)
        self.side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.side.setFixedWidth(px(SIDE_WIDTH))
        return self.side

    def arrive(self, args: Args) -> None:
        self.refresh()

    def show_early(self, look: TodayView) -> None:
        self._fill(look)

    def refresh(self) -> None:
        from csdesk.services.today.queries import today

        self.context.runner.ask(today, self.context.clock.today(), then=self._fill, owner=self)

    def _fill(self, view: TodayView) -> None:
        before = self._current()
        wanted, self._wanted = self._wanted or (before.record_id if before else None), None
        self.view = view
        self.head.set_text(
            formats.day_title(view.day),
            _("{year}, week {week}").format(year=view.day.year, week=view.day.isocalendar().week),
        )
        self.sentence.setText(_summary(view))
        done, todays = view.count(Group.DONE), view.count(Group.TODAY)
        self.progress.setText(_("Done today {done} / {all}").format(done=done, all=done + todays))
        self.progress_bar.set_fraction(done / (done + todays) if todays or done else None)
        self.progress.setVisible(bool(todays or done))
        self.progress_bar.setVisible(bool(todays or done))
        self.list.set_lines(_lines(view))
        self._choose(wanted)
        if self.list.current_key() is None:
            self.list.choose_first()
        self._stack.setCurrentIndex(0 if view.items else 1 if view.accounts else 2)
        self.visits.set_lines([_visit_line(card) for card in view.visits])
        self.visits.setVisible(bool(view.visits))
        self._no_visits.setVisible(not view.visits)
        self.visits_card.set_title(_("Visits today"), str(len(view.visits)) if view.visits else "")
        self.strip.show_days(view.week, view.day)
        over = [formats.weekday(day.day) for day in view.week if day.over]
        self.week_card.set_title(
            _("This week"), _("over capacity: {days}").format(days=_(", ").join(over)) if over else ""
        )
        recents = self.context.state.recents("accounts")[:5]
        self.recent.set_lines([Line(row_id, name, icon="accounts", bold=False) for row_id, name in recents])
        self.recent_card.setVisible(bool(recents))
        self._chosen(self.list.current_key())

    def _choose(self, record: int | None) -> None:
        """Stay with what was chosen; what is done now gives way to what came into its place."""
        items = self.view.items if self.view is not None else ()
        for place, item in enumerate(items):
            if item.record_id == record and item.group != Group.DONE:
                self.list.choose(place)

    def _current(self) -> Item | None:
        key = self.list.current_key()
        if self.view is None or not isinstance(key, int):
            return None
        return self.view.items[key]

    def _chosen(self, _key: object) -> None:
        item = self._current()
        if item is not None:
            self.act.set_words(_(VERBS[item.kind]))
            is_task, is_open = item.kind == Kind.TASK, item.group != Group.DONE
            self.open_account.setVisible(item.kind != Kind.CONTRACT and bool(item.account_id))
            self.done.set_words(_("Mark done") if is_task else _("Record visit"))
            self.done.setVisible(is_open and (is_task or item.kind == Kind.VISIT))
            self.later.setVisible(is_open and is_task)
            self.list.fit_verbs()
        self.context.actions.update()

    def _act_on(self, _key: object) -> None:
        self._act()

    def _act(self) -> None:
        item = self._current()
        if item is None:
            return
        if item.kind == Kind.RECORD:
            self._record()
        elif item.kind == Kind.VISIT:
            self._open_visit(item.record_id)
        elif item.kind == Kind.HANDOVER:
            self.context.go.to("accounts", id=item.account_id, tab="handover")
        elif item.kind == Kind.TASK:
            from csdesk.ui.tasks.forms import edit_task

            edit_task(self.context, item.record_id, self)
        elif item.kind == Kind.TELL:
            self.context.go.to("telling", notice=item.record_id)
        elif item.kind == Kind.DEMAND:
            self.context.go.to("tickets", id=item.record_id)
        elif item.kind == Kind.BUG:
            self.context.go.to("ticket", id=item.record_id)
        elif item.kind == Kind.LATE:
            self.context.go.to("tickets", view="late")
        else:
            self.context.go.to("accounts", id=item.account_id, tab="contracts")

    def _open_account(self) -> None:
        item = self._current()
        if item is not None and item.account_id:
            self.context.go.to("accounts", id=item.account_id)

    def _done(self) -> None:
        """D: a task is done, of a visit what was said is written down."""
        from csdesk.ui.tasks.forms import task_verb

        item = self._current()
        if item is not None and item.kind == Kind.TASK and item.group != Group.DONE:
            task_verb(self.context, "complete", (item.record_id,))
        else:
            self._record()

    def _snooze(self) -> None:
        from csdesk.ui.tasks.forms import snooze_menu

        item = self._current()
        if item is not None and item.kind == Kind.TASK and item.group != Group.DONE:
            at = self.list.viewport().mapToGlobal(self.list.visualRect(self.list.currentIndex()).center())
            snooze_menu(self.context, (item.record_id,), self, at)

    def _record(self) -> None:
        from csdesk.ui.visits.record import record_form

        item = self._current()
        if item is None or item.kind not in (Kind.VISIT, Kind.RECORD) or item.group == Group.DONE:
            return
        record_form(self.context, item.record_id, self)

    def _prepare(self) -> None:
        item = self._current()
        if item is not None and item.kind in (Kind.VISIT, Kind.RECORD):
            self._open_visit(item.record_id)

    def _note(self) -> None:
        item = self._current()
        if item is not None and item.account_id:
            self.context.go.to("accounts", id=item.account_id, tab="timeline", write=True)

    def _open_visit(self, key: Any) -> None:
        self.context.go.to("visits", id=key)

    def _open_day(self, day: str) -> None:
        self.context.go.to("visits", day=day)

    def _open_recent(self, key: object) -> None:
        self.context.go.to("accounts", id=key)

    def _plan_week(self) -> None:
        self.context.go.to("visits", day=self.context.clock.today().isoformat())

    def _handovers(self) -> None:
        self.context.go.to("handovers")

    def _accounts(self) -> None:
        self.context.go.to("accounts")

    def _import(self) -> None:
        self.context.go.to("handover", choose=True)

    def _new_account(self) -> None:
        from csdesk.ui.accounts.forms import new_account

        new_account(self.context, self)

    def print_report(self) -> None:
        from csdesk.services.visits.queries import week_plan

        self.context.runner.ask(week_plan, self.context.clock.today(), then=self._print, owner=self)

    def _print(self, view: Any) -> None:
        from csdesk.services.visits.report import plan_report
        from csdesk.ui.core.print_preview import PrintPreview

        self._preview = PrintPreview(plan_report(view, "", self.context.clock.local()), "", self.window(), self.context)
        self._preview.open()

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Any, shortcut: str, icon: str, menu: str) -> Action:
            return Action(f"today.{key}", text, run, icon, shortcut, menu, (self.key,), 2)

        return [
            act("account", N_("Open account"), self._open_account, "O", "accounts", "account"),
            act("record", N_("Done, or record the visit"), self._done, "D", "check", "visit"),
            act("snooze", N_("Put the task off…"), self._snooze, "S", "calendar", "account"),
            act("handovers", N_("All handovers"), self._handovers, "", "people", "account"),
            act("prepare", N_("Prepare visit"), self._prepare, "P", "visits", "visit"),
            act("note", N_("Write a note"), self._note, "L", "note", "account"),
            act("week", N_("Plan the week"), self._plan_week, "", "visits", "visit"),
        ]

    def focus_first(self) -> None:
        self.list.setFocus()

    def remember(self) -> dict[str, Any]:
        item = self._current()
        return {} if item is None else {"record": item.record_id}

    def recall(self, view: Args) -> None:
        record = view.get("record")
        self._wanted = record if isinstance(record, int) else None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.side.setVisible(self.window().width() >= SMALL_WINDOW - 100)


def _summary(view: TodayView) -> str:
    overdue, todays = view.count(Group.OVERDUE), view.count(Group.TODAY)
    parts = []
    if overdue:
        parts.append(ngettext("{n} overdue", "{n} overdue", overdue).format(n=overdue))
    parts.append(ngettext("{n} today", "{n} today", todays).format(n=todays))
    if view.ending_soon:
        words = ngettext("{n} contract ends within 30 days", "{n} contracts end within 30 days", view.ending_soon)
        parts.append(words.format(n=view.ending_soon))
    if view.waiting:
        parts.append(ngettext("{n} handover waits", "{n} handovers wait", view.waiting).format(n=view.waiting))
    return " \u00b7 ".join(parts)


def _lines(view: TodayView) -> list[Line]:
    lines: list[Line] = []
    group: Group | None = None
    number = 0
    for place, item in enumerate(view.items):
        if item.group != group:
            group = item.group
            lines.append(Line(("group", group), _(TITLES[group]), section=True, note=str(view.count(group))))
        number += item.group != Group.DONE
        lines.append(_line(place, number, item, view.day))
    return lines


def _line(place: int, number: int, item: Item, day: date) -> Line:
    done = item.group == Group.DONE
    right, badge = "", None
    if item.group == Group.OVERDUE and item.days is not None:
        words = ngettext("{n} day over", "{n} days over", item.days).format(n=item.days)
        badge = Badge(words, "overdue")
    elif item.group == Group.SOON:
        right = formats.day_short(item.due, day)
    elif item.group == Group.TODAY:
        right = formats.time_text(item.time) if item.time else _("Today")
    elif item.time:
        right = formats.time_text(item.time)
    return Line(
        place, item.title, "" if done else item.why, left="" if done else str(number), icon=item.icon, tier=item.tier,
        right=right, right_badge=badge, bold=item.group == Group.OVERDUE or place == 0, muted=done,
        badges=(Badge(item.alarm, "bad"),) if item.alarm else (),
    )  # fmt: skip


def _visit_line(visit: TodayVisit) -> Line:
    person = f" \u00b7 {visit.contact}" if visit.contact else ""
    return Line(
        visit.id, visit.account + person, visit.where, left=formats.time_text(visit.starts_at), icon=visit.icon,
        muted=visit.done, right="\u2713" if visit.done else "",
    )  # fmt: skip
