"""A week of visits: draft by rules, move, confirm, print, export."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QSizePolicy, QStackedWidget, QWidget

from csdesk.models.vocabulary import PlanState, VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.lines import Line, LinesView
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb, Page
from csdesk.ui.core.parts import Button, Card, Divider, EmptyState, Label, PageHead, StateBadge, Surface
from csdesk.ui.core.theme import px
from csdesk.ui.visits.board import DayColumn, Dragged, Weekend

if TYPE_CHECKING:
    from csdesk.services.visits.cards import WeekPlan
    from csdesk.ui.core.context import Context

SIDE_WIDTH = 280


class LeftOutList(LinesView):
    """What found no place; 1–5 or a drag puts it on a day."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(_("Left out"), parent=parent)
        self._pressed: QPoint | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        key = self.current_key()
        far = self._pressed is not None and (event.position().toPoint() - self._pressed).manhattanLength() > px(10)
        if far and event.buttons() & Qt.MouseButton.LeftButton and isinstance(key, int):
            self._pressed = None
            drag = QDrag(self)
            drag.setMimeData(Dragged(account=key).mime())
            drag.setPixmap(self.viewport().grab(self.visualRect(self.currentIndex())))
            drag.exec(Qt.DropAction.MoveAction)
        else:
            super().mouseMoveEvent(event)


class VisitsPage(Page):
    """Monday to Friday side by side, the weekend as a strip unless something is planned there."""

    key = "visits"
    entities = frozenset({"visits", "visit_plans", "accounts", "contacts", "settings", "travel_times"})
    can_print = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.day = context.clock.today()
        self.view: WeekPlan | None = None
        self._wanted: int | None = None
        column = self.column()
        column.addWidget(self._head())
        column.addLayout(self._verbs())
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self._board(), 1)
        self.side = self._side()
        row.addWidget(self.side)
        column.addLayout(row, 1)
        self._why_card = Card(padded=False)
        self._why = QHBoxLayout()
        self._why.setContentsMargins(px(16), px(8), px(16), px(8))
        self._why.setSpacing(px(16))
        self._why_card.add(self._why)
        column.addWidget(self._why_card)

    def _head(self) -> PageHead:
        self.head = PageHead("")
        self.state = StateBadge("", "line")
        self.head.add_badge(self.state)
        for icon, name, run in (
            ("back", _("Week before"), self._before),
            ("", _("This week"), self._this),
            ("forward", _("Week after"), self._after),
        ):
            button = Button(name, icon, kind="icon", framed=True) if icon else Button(name)
            button.clicked.connect(run)
            self.head.add_action(button)
        return self.head

    def _verbs(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.counts = Label("", elide=True)
        self.draft = Button(_("Draft by rules"), "undo", "R")
        self.print = Button(_("Print"), "print", "Ctrl+P")
        self.calendar = Button(_("Export .ics"), "calendar")
        self.confirm = Button(_("Confirm plan"), None, "Ctrl+Enter", "primary")
        self.draft.clicked.connect(self._draft)
        self.print.clicked.connect(self.print_report)
        self.calendar.clicked.connect(self._export_calendar)
        self.confirm.clicked.connect(self._confirm)
        row.addWidget(self.counts, 1)
        for button in (self.draft, self.print, self.calendar, self.confirm):
            row.addWidget(button)
        return row

    def _board(self) -> QWidget:
        self._stack = QStackedWidget()
        surface = Surface()
        row = QHBoxLayout(surface)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        self.columns = [DayColumn() for _day in range(7)]
        self._lines = []
        for place, day in enumerate(self.columns):
            if place:
                line = Divider(vertical=True)
                self._lines.append(line)
                row.addWidget(line)
            row.addWidget(day, 1)
            day.list.opened.connect(self._open)
            day.list.dropped.connect(self._dropped)
            day.list.shifted.connect(self._shift)
            day.list.left.connect(self._step)
            day.list.menu_wanted.connect(self._menu)
            day.list.chosen.connect(self._chosen)
        self.weekend = Weekend()
        row.addWidget(self.weekend)
        self._stack.addWidget(surface)
        empty = EmptyState(
            _("No plan for this week yet"),
            _("The rules know who has not been seen for long, whose contract ends and who is new."),
            _("Draft by rules"),
            _("Look at the rules"),
            "visits",
            key="R",
        )
        empty.chosen.connect(self._draft)
        empty.linked.connect(self._rules)
        self._stack.addWidget(empty)
        return self._stack

    def _side(self) -> Card:
        card = Card(_("Left out"), _("Rules"), padded=False)
        card.setFixedWidth(px(SIDE_WIDTH))
        card.linked.connect(self._rules)
        self.left_out = LeftOutList()
        self.left_out.opened.connect(self._open_account)
        self._nothing_left = Label(_("Everybody found a place."), ink="muted", wrap=True)
        self._nothing_left.setContentsMargins(px(16), px(12), px(16), px(16))
        self._nothing_left.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        hint = Label(_("Drag onto a day, or press 1–5 for Monday to Friday"), "caption", "muted", wrap=True)
        hint.setContentsMargins(px(16), px(8), px(16), px(8))
        hint.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        card.add(Divider())
        card.add(self._nothing_left)
        card.add(self.left_out, 1)
        self._room = QWidget()
        card.add(self._room, 1)
        card.add(Divider())
        card.add(hint)
        return card

    def arrive(self, args: Args) -> None:
        if args.get("day"):
            self.day = date.fromisoformat(str(args["day"]))
        self._wanted = int(args["visit"]) if args.get("visit") else None
        self.refresh()
        plan = args.get("plan")
        if plan:
            from csdesk.ui.visits.forms import new_visit, plan_accounts

            if isinstance(plan, list):
                plan_accounts(self.context, [int(account) for account in plan], self.day, self)
            else:
                new_visit(self.context, int(plan), self.context.clock.today(), self)

    def refresh(self) -> None:
        from csdesk.services.visits.queries import week_plan

        self.context.runner.ask(week_plan, self.day, then=self._fill, owner=self)

    def _fill(self, view: WeekPlan) -> None:
        self.view = view
        today = self.context.clock.today()
        title = _("Visit plan, week {week}").format(week=view.start.isocalendar().week)
        visits = ngettext("{n} visit", "{n} visits", len(view.visits)).format(n=len(view.visits))
        cities = ngettext("{n} city", "{n} cities", len(view.cities)).format(n=len(view.cities)) if view.cities else ""
        days = _("{start} to {end}").format(start=f"{view.start:%m-%d}", end=f"{view.end:%m-%d}")
        self.head.set_text(title, " \u00b7 ".join(part for part in (days, visits, cities) if part))
        confirmed = view.plan is not None and view.plan.state == PlanState.CONFIRMED
        word = _("Confirmed") if confirmed else _("Draft")
        self.state.set_state(word if view.plan is not None else "", "ok" if confirmed else "line")
        self._say_counts()
        work = [day for day in view.days if day.day.weekday() < 5 or day.visits or day.capacity]
        for place, column in enumerate(self.columns):
            shown = place < len(work)
            column.setVisible(shown)
            if place:
                self._lines[place - 1].setVisible(shown)
            if shown:
                column.show_day(work[place], today)
        free = [day for day in view.days if day not in work]
        self.weekend.setVisible(bool(free))
        self.weekend.show_days(free)
        self._fill_left_out()
        self._fill_why()
        empty = view.plan is None and not view.visits
        self._stack.setCurrentIndex(1 if empty else 0)
        self._why_card.setVisible(bool(view.visits) or bool(view.notes))
        self.side.setVisible(not empty and self.window().width() >= SMALL_WINDOW)
        for button in (self.print, self.calendar):
            button.setEnabled(not empty)
        self.confirm.setVisible(view.plan is not None and not confirmed)
        self.draft.setVisible(not empty and not confirmed)
        self.draft.set_words(_("Draft again") if view.plan is not None else _("Draft by rules"))
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            for column in self.columns:
                if column.list.choose(wanted):
                    column.list.setFocus()
        self.crumbs_changed.emit()
        self.context.actions.update()

    def _say_counts(self) -> None:
        assert self.view is not None
        view = self.view
        parts = [_("{used} / {room} places").format(used=len(view.visits), room=view.capacity)]
        tiers = [f"{tier} {count}" for tier, count in view.by_tier.items() if tier is not None]
        if tiers:
            parts.append(_("by tier {list}").format(list=_(", ").join(tiers)))
        if view.last_week.base:
            parts.append(
                _("last week {done} of {base} done").format(done=view.last_week.done, base=view.last_week.base)
            )
        self.counts.setText(" \u00b7 ".join(parts) if view.plan or view.visits else "")

    def _fill_left_out(self) -> None:
        assert self.view is not None
        rows = self.view.left_out
        self.side.set_title(_("Left out"), str(len(rows)) if rows else "")
        self.left_out.set_lines(
            [
                Line(card.account_id, card.account, " \u00b7 ".join((card.why, card.cause_text)), tier=card.tier or "")
                for card in rows
            ]
        )
        self.left_out.setVisible(bool(rows))
        self._nothing_left.setVisible(not rows)
        self._room.setVisible(not rows)

    def _fill_why(self) -> None:
        assert self.view is not None
        empty(self._why)
        count = len(self.view.visits)
        if count:
            self._why.addWidget(
                Label(ngettext("Why this {n} visit", "Why these {n} visits", count).format(n=count), bold=True)
            )
        for group, number in self.view.why:
            self._why.addWidget(Label(f"{group} {number}"))
        self._why.addStretch(1)
        for note in self.view.notes:
            self._why.addWidget(Label(note, ink="muted", elide=True))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.window().width() < SMALL_WINDOW
        if self.view is not None:
            self.side.setVisible(not small and self._stack.currentIndex() == 0)
        for button in (self.draft, self.print, self.confirm):
            button.show_key(not small)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(formats.week_title(self.view.start)),) if self.view is not None else ()

    def _before(self) -> None:
        self._turn(-7)

    def _after(self) -> None:
        self._turn(7)

    def _this(self) -> None:
        self.day = self.context.clock.today()
        self.refresh()

    def _turn(self, days: int) -> None:
        self.day += timedelta(days=days)
        self.refresh()

    def _draft(self) -> None:
        from csdesk.services.visits.drafting import DraftPlan, draft_plan

        if self.view is not None:
            self.context.runner.do(draft_plan, DraftPlan(self.view.start, self.view.end))

    def _confirm(self) -> None:
        from csdesk.services.visits.drafting import ConfirmPlan, confirm_plan

        if self.view is not None and self.view.plan is not None:
            self.context.runner.do(confirm_plan, ConfirmPlan(self.view.plan.id, self.view.plan.version))

    def print_report(self) -> None:
        if self.view is None:
            return
        from csdesk.services.visits.report import plan_report
        from csdesk.ui.core.print_preview import PrintPreview

        report = plan_report(self.view, self._author(), self.context.clock.local())
        self._preview = PrintPreview(report, "", self.window(), self.context)
        self._preview.open()

    def _author(self) -> str:
        from csdesk.services.settings.queries import setting

        with self.context.desk.read() as connection:
            return str(setting(connection, "user.name"))

    def _export_calendar(self) -> None:
        if self.view is None:
            return
        name = f"{_('Visit plan, week {week}').format(week=self.view.start.isocalendar().week)}.ics"
        chosen, _kind = QFileDialog.getSaveFileName(self.window(), _("Export .ics"), name, _("Calendar (*.ics)"))
        if chosen:
            self.write_calendar(Path(chosen))

    def write_calendar(self, path: Path) -> None:
        """Write the week's visits to a calendar file beside the UI thread."""
        from csdesk.services.visits.calendar_file import write_plan

        view = self.view
        assert view is not None

        def written(count: Any) -> None:
            self.context.messages.toast(_("Written: {n} visits to {file}").format(n=count, file=path.name))

        self.context.runner.work(
            lambda _desk, _progress: write_plan(path, view), written, _("Exporting…"), writes=False
        )

    def _rules(self) -> None:
        self.context.go.to("settings", section="visits")

    def _open(self, visit_id: int) -> None:
        from csdesk.ui.visits.forms import edit_visit_form

        card = self._card(visit_id)
        if card is not None:
            edit_visit_form(self.context, card, self)

    def _card(self, visit_id: int) -> Any:
        return next((card for column in self.columns for card in column.list.cards if card.id == visit_id), None)

    def _open_account(self, account_id: object) -> None:
        self.context.go.to("accounts", id=account_id)

    def _current(self) -> Any:
        for column in self.columns:
            if column.isVisible() and column.list.hasFocus():
                return column.list.current_card()
        return None

    def _chosen(self, _visit_id: int) -> None:
        self.context.actions.update()

    def _dropped(self, day: date, dragged: Dragged) -> None:
        if dragged.visit:
            self._move(dragged.visit, day)
        else:
            self._place(dragged.account, day)

    def _shift(self, visit_id: int, days: int) -> None:
        card = self._card(visit_id)
        if card is not None and card.day is not None:
            self._wanted = visit_id
            self._move(visit_id, card.day + timedelta(days=days))

    def _move(self, visit_id: int, day: date) -> None:
        from csdesk.services.visits.commands import MoveVisit, move_visit

        card = self._card(visit_id)
        if card is not None and card.day != day:
            self.context.runner.do(move_visit, MoveVisit(visit_id, day, version=card.version))

    def _place(self, account_id: int, day: date) -> None:
        from csdesk.services.visits.drafting import PlaceLeftOut, place_left_out

        if self.view is not None and self.view.plan is not None:
            self.context.runner.do(place_left_out, PlaceLeftOut(self.view.plan.id, account_id, day))

    def _step(self, by: int) -> None:
        shown = [column for column in self.columns if column.isVisible()]
        here = next((place for place, column in enumerate(shown) if column.list.hasFocus()), 0)
        target = here + by
        if 0 <= target < len(shown):
            shown[target].list.setFocus()
        elif target >= len(shown) and self.left_out.isVisible():
            self.left_out.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in range(Qt.Key.Key_1, Qt.Key.Key_5 + 1) and not event.modifiers() and self.view is not None:
            day = self.view.start + timedelta(days=event.key() - Qt.Key.Key_1)
            if self.left_out.hasFocus() and isinstance(self.left_out.current_key(), int):
                self._place(int(str(self.left_out.current_key())), day)
                return
            card = self._current()
            if card is not None:
                self._wanted = card.id
                self._move(card.id, day)
                return
        super().keyPressEvent(event)

    def _menu(self, _visit_id: int, place: QPoint) -> None:
        menu = QMenu(self)
        for action in self.page_actions():
            if action.key.startswith("visits.one."):
                item = menu.addAction(action.label())
                item.setEnabled(action.is_enabled())
                item.triggered.connect(action.run)
        menu.popup(place)

    def page_actions(self) -> list[Action]:
        def act(key: str, text: str, run: Any, shortcut: str = "", icon: str = "", enabled: Any = None) -> Action:
            return Action(f"visits.{key}", text, run, icon, shortcut, "visit", (self.key,), 2, enabled)

        def planned() -> bool:
            card = self._current()
            return card is not None and card.state == VisitState.PLANNED

        def chosen() -> bool:
            return self._current() is not None

        return [
            act("new", N_("New visit"), self._new, "V", "plus"),
            act("draft", N_("Draft by rules"), self._draft, "R", "undo"),
            act("confirm", N_("Confirm plan"), self._confirm, "Ctrl+Return", "check"),
            act("calendar", N_("Export .ics"), self._export_calendar, "", "calendar"),
            act("before", N_("Week before"), self._before, "[", "back"),
            act("after", N_("Week after"), self._after, "]", "forward"),
            act("this", N_("This week"), self._this, "0"),
            act("rules", N_("Look at the rules"), self._rules),
            act("one.edit", N_("Edit visit"), self._edit_current, "E", "edit", chosen),
            act("one.done", N_("Record visit"), self._record, "D", "check", planned),
            act("one.account", N_("Open the account"), self._account_of_current, "", "accounts", chosen),
            act("one.cancel", N_("Cancel visit"), self._cancel, "", "close", planned),
            act("one.missed", N_("Visit did not happen"), self._missed, "", "", planned),
            act("one.remove", N_("Remove visit"), self._remove, "Delete", "trash", chosen),
        ]

    def _new(self) -> None:
        from csdesk.ui.visits.forms import new_visit

        shown = next((c.list.day for c in self.columns if c.isVisible() and c.list.hasFocus()), self.day)
        new_visit(self.context, None, max(shown, self.context.clock.today()), self)

    def _edit_current(self) -> None:
        card = self._current()
        if card is not None:
            self._open(card.id)

    def _record(self) -> None:
        from csdesk.ui.visits.forms import record_form

        card = self._current()
        if card is not None:
            record_form(self.context, card, self)

    def _account_of_current(self) -> None:
        card = self._current()
        if card is not None:
            self._open_account(card.account_id)

    def _cancel(self) -> None:
        from csdesk.ui.visits.forms import cancel_form

        card = self._current()
        if card is not None:
            cancel_form(self.context, card, self)

    def _missed(self) -> None:
        from csdesk.services.visits.commands import MissVisit, miss_visit

        card = self._current()
        if card is not None:
            self.context.runner.do(miss_visit, MissVisit(card.id, version=card.version))

    def _remove(self) -> None:
        from csdesk.services.visits.commands import RemoveVisit, remove_visit

        card = self._current()
        if card is not None:
            self.context.runner.do(remove_visit, RemoveVisit(card.id, card.version))

    def focus_first(self) -> None:
        today = self.context.clock.today()
        shown = [column for column in self.columns if column.isVisible()]
        target = next((c for c in shown if c.list.day == today and c.list.cards), None)
        target = target or next((c for c in shown if c.list.cards), None)
        (target.list if target is not None else self).setFocus()

    def remember(self) -> dict[str, Any]:
        return {"day": self.day.isoformat()}

    def recall(self, view: Args) -> None:
        stored = view.get("day")
        if isinstance(stored, str) and stored != self.day.isoformat() and self._wanted is None:
            self.day = date.fromisoformat(stored)
            self.refresh()
