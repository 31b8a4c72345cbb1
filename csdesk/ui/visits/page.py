"""The visit plan: a week, a month, a quarter or a list of it; drafted by rules, moved, confirmed, printed, exported."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QStackedWidget, QWidget

from csdesk.models.vocabulary import PlanState
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.actions import Action
from csdesk.ui.core.emptying import empty
from csdesk.ui.core.page import SMALL_WINDOW, Args, Crumb, Page
from csdesk.ui.core.parts import Button, Card, EmptyState, Label, PageHead, Segmented, StateBadge
from csdesk.ui.core.theme import px
from csdesk.ui.visits.actions import page_actions
from csdesk.ui.visits.agenda import Agenda
from csdesk.ui.visits.board import DayColumn, WeekBoard
from csdesk.ui.visits.calendars import CalendarVerbs
from csdesk.ui.visits.dragging import Dragged
from csdesk.ui.visits.figures import FiguresStrip
from csdesk.ui.visits.month import MonthGrid
from csdesk.ui.visits.periods import LABELS, View, period_of, title_of, turned
from csdesk.ui.visits.quarter import QuarterWeeks
from csdesk.ui.visits.side import LeftOutCardView, LeftOutList
from csdesk.ui.visits.verbs import VisitVerbs
from csdesk.ui.visits.views import PlanView

if TYPE_CHECKING:
    from csdesk.services.visits.cards import VisitCard, WeekPlan
    from csdesk.ui.core.context import Context

GONE_BAR = "visits.gone"
LOW_WINDOW = 680
"""Below this height of the window the figures leave their line to the plan; their key stays."""


class VisitsPage(Page):
    """One of four views of the same days, what found no place beside it, why these visits below it."""

    key = "visits"
    entities = frozenset(
        {
            "visits", "visit_plans", "accounts", "contacts", "contracts", "settings", "travel_times", "visit_skips",
            "visit_series", "own_calendars", "busy_times", "receivables", "payments",
        }
    )  # fmt: skip
    can_print = True

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent)
        self.day = context.clock.today()
        self.view: WeekPlan | None = None
        self.shown: WeekPlan | None = None
        self.mode = View.WEEK
        self._wanted: int | None = None
        self._takes_keys = False
        self.verbs = VisitVerbs(context, self)
        self.calendars = CalendarVerbs(context, self)
        column = self.column()
        column.addWidget(self._head())
        column.addLayout(self._verbs())
        self.figures = FiguresStrip(context)
        self.figures.opened.connect(self.show_figures)
        column.addWidget(self.figures)
        row = QHBoxLayout()
        row.setSpacing(px(16))
        row.addWidget(self._views(), 1)
        self.side = LeftOutCardView()
        self.side.linked.connect(self.show_rules)
        self.side.list.opened.connect(self._open_left_out)
        self.side.list.chosen.connect(self._chosen)
        row.addWidget(self.side)
        column.addLayout(row, 1)
        self._why_card = Card(padded=False)
        self._why = QHBoxLayout()
        self._why.setContentsMargins(px(16), px(8), px(16), px(8))
        self._why.setSpacing(px(16))
        self._why_card.add(self._why)
        column.addWidget(self._why_card)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._keys_moved)

    def _head(self) -> PageHead:
        self.head = PageHead("")
        self.state = StateBadge("", "line")
        self.head.add_badge(self.state)
        self.switch = Segmented([(view, _(label)) for view, label in LABELS.items()], View.WEEK)
        self.switch.chosen.connect(self.show_view)
        self.head.add_action(self.switch)
        for icon, name, run in (
            ("back", _("Before"), self.turn_back),
            ("", _("Today"), self.turn_to_today),
            ("forward", _("After"), self.turn_on),
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
        self.draft.clicked.connect(self.draft_plan)
        self.print.clicked.connect(self.print_report)
        self.calendar.clicked.connect(self.export_calendar)
        self.confirm.clicked.connect(self.confirm_plan)
        row.addWidget(self.counts, 1)
        for button in (self.draft, self.print, self.calendar, self.confirm):
            row.addWidget(button)
        return row

    def _views(self) -> QWidget:
        self._stack = QStackedWidget()
        self.board, self.month, self.quarter, self.agenda = WeekBoard(), MonthGrid(), QuarterWeeks(), Agenda()
        self.views: dict[View, PlanView] = {
            View.WEEK: self.board, View.MONTH: self.month, View.QUARTER: self.quarter, View.AGENDA: self.agenda,
        }  # fmt: skip
        for view in self.views.values():
            self._stack.addWidget(view)
            view.opened.connect(self.verbs.open)
            view.chosen.connect(self._chosen)
            view.menu_wanted.connect(self._menu)
            view.dropped.connect(self._dropped)
            view.shifted.connect(self._shift)
            view.day_opened.connect(self._open_day)
            view.left.connect(self._leave_view)
        self._nothing = EmptyState(
            _("Nothing is planned on these days yet"),
            _("The rules know who has not been seen for long, whose contract ends and who is new."),
            _("Draft by rules"),
            _("Look at the rules"),
            "visits",
            key="R",
        )
        self._nothing.chosen.connect(self.draft_plan)
        self._nothing.linked.connect(self.show_rules)
        self._stack.addWidget(self._nothing)
        return self._stack

    @property
    def columns(self) -> list[DayColumn]:
        """The columns of the week."""
        return self.board.columns

    @property
    def left_out(self) -> LeftOutList:
        """The list of those without a place."""
        return self.side.list

    @property
    def current_view(self) -> PlanView:
        """The view in use."""
        return self.views[self.mode]

    def arrive(self, args: Args) -> None:
        if args.get("day"):
            self.day = date.fromisoformat(str(args["day"]))
        if args.get("view") in list(View):
            self._choose_view(View(str(args["view"])))
        self._wanted = int(args["visit"]) if args.get("visit") else None
        self.refresh()
        if args.get("files"):
            self.calendars.take_in([Path(str(file)) for file in args["files"]])
        plan = args.get("plan")
        if plan:
            from csdesk.ui.visits.forms import new_visit, plan_accounts

            if isinstance(plan, list):
                plan_accounts(self.context, [int(account) for account in plan], self.day, self)
            else:
                new_visit(self.context, int(plan), self.context.clock.today(), self)

    def refresh(self) -> None:
        from csdesk.services.visits.queries import period_plan

        days = period_of(self.mode, self.day)
        today = self.context.clock.today()
        self.context.runner.ask(
            period_plan, days.start, days.end, days.shown_from, days.shown_to, today, then=self._fill, owner=self
        )
        self.calendars.refresh()

    def show_view(self, view: View) -> None:
        """Show the same days in another way."""
        self.day = self.current_view.current_day() or self.day
        self._choose_view(view)
        self._takes_keys = True
        self.refresh()

    def _choose_view(self, view: View) -> None:
        self.mode = view
        self.switch.choose(view)

    def _fill(self, shown: WeekPlan) -> None:
        days = period_of(self.mode, self.day)
        if (shown.start, shown.end) != (days.shown_from, days.shown_to):
            return
        takes_keys, self._takes_keys = self._takes_keys or self._has_keys(), False
        self.shown = shown
        inside = tuple(day for day in shown.days if days.start <= day.day <= days.end)
        self.view = view = replace(shown, start=days.start, end=days.end, days=inside)
        today = self.context.clock.today()
        self._say_title(view)
        self._say_counts(view)
        self.current_view.show_plan(shown, today)
        self.side.show_rows(view.left_out, view.skips)
        self._fill_why(view)
        is_empty = view.plan is None and not view.visits and not any(day.busy for day in view.days)
        is_empty = is_empty and self.mode in (View.WEEK, View.AGENDA)
        self._stack.setCurrentWidget(self._nothing if is_empty else self.current_view)
        self._show_parts(view, is_empty)
        self.figures.show_days(view.start, view.end)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.current_view.choose(wanted)
        elif takes_keys and not is_empty and not self.current_view.has_keys():
            self.current_view.focus_first(today)
        self._tell_of_gone(view)
        self.crumbs_changed.emit()
        self.context.actions.update()

    def _has_keys(self) -> bool:
        """Whether the view or what stands in its place has the keyboard."""
        holder: QWidget | None = self.window().focusWidget()
        return holder is not None and holder.isVisible() and self._stack.isAncestorOf(holder)

    def _say_title(self, view: WeekPlan) -> None:
        visits = ngettext("{n} visit", "{n} visits", len(view.visits)).format(n=len(view.visits))
        cities = ngettext("{n} city", "{n} cities", len(view.cities)).format(n=len(view.cities)) if view.cities else ""
        days = _("{start} to {end}").format(start=f"{view.start:%m-%d}", end=f"{view.end:%m-%d}")
        days = "" if self.mode is View.AGENDA else days
        title = title_of(self.mode, period_of(self.mode, self.day))
        self.head.set_text(title, " · ".join(part for part in (days, visits, cities) if part))
        confirmed = view.plan is not None and view.plan.state == PlanState.CONFIRMED
        word = _("Confirmed") if confirmed else _("Draft")
        if view.plan is not None and (view.plan.starts_on, view.plan.ends_on) != (view.start, view.end):
            word = f"{word} {view.plan.starts_on:%m-%d} – {view.plan.ends_on:%m-%d}"
        self.state.set_state(word if view.plan is not None else "", "ok" if confirmed else "line")

    def _show_parts(self, view: WeekPlan, is_empty: bool) -> None:
        confirmed = view.plan is not None and view.plan.state == PlanState.CONFIRMED
        self._why_card.setVisible(bool(view.visits) or bool(view.notes))
        self.side.setVisible(not is_empty and self.window().width() >= SMALL_WINDOW)
        for button in (self.print, self.calendar):
            button.setEnabled(bool(view.plan or view.visits))
        self.confirm.setVisible(view.plan is not None and not confirmed)
        self.draft.setVisible(not is_empty and not confirmed)
        self.draft.set_words(_("Draft again") if view.plan is not None else _("Draft by rules"))

    def _say_counts(self, view: WeekPlan) -> None:
        parts = [_("{used} / {room} places").format(used=view.used, room=view.capacity)]
        tiers = [f"{tier} {count}" for tier, count in view.by_tier.items() if tier is not None]
        if tiers:
            parts.append(_("by tier {list}").format(list=_(", ").join(tiers)))
        parts.append(_(", ").join(f"{_(kind.label)} {count}" for kind, count in view.by_kind.items()))
        if view.late:
            parts.append(ngettext("{n} added later", "{n} added later", view.late).format(n=view.late))
        if view.last_week.base and self.mode is View.WEEK:
            parts.append(
                _("last week {done} of {base} done").format(done=view.last_week.done, base=view.last_week.base)
            )
        self.counts.setText(" · ".join(filter(None, parts)) if view.plan or view.visits else "")

    def _fill_why(self, view: WeekPlan) -> None:
        empty(self._why)
        count = len(view.visits)
        if count:
            self._why.addWidget(
                Label(ngettext("Why this {n} visit", "Why these {n} visits", count).format(n=count), bold=True)
            )
        for group, number in view.why:
            self._why.addWidget(Label(f"{group} {number}"))
        self._why.addStretch(1)
        for note in view.notes:
            self._why.addWidget(Label(note, ink="muted", elide=True))

    def _tell_of_gone(self, view: WeekPlan) -> None:
        """Accounts that have left while visits are planned: say so, offer to call them off."""
        if not view.gone:
            self.context.messages.clear(GONE_BAR)
            return
        names = _(", ").join(account.account for account in view.gone[:3])
        more = len(view.gone) - 3
        others = ngettext("{names} and {n} other", "{names} and {n} others", more).format(names=names, n=more)
        named = others if more > 0 else names
        count = sum(account.visits for account in view.gone)
        sentence = ngettext(
            "{names} left as a customer, {n} visit is still planned.",
            "{names} left as a customer, {n} visits are still planned.",
            count,
        )
        verb = ngettext("Cancel this visit", "Cancel these visits", count)
        ids = tuple(account.account_id for account in view.gone)
        self.context.messages.bar(
            self.key,
            sentence.format(names=named, n=count),
            actions=((verb, lambda: self.verbs.cancel_of_gone(ids)),),
            key=GONE_BAR,
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        small = self.window().width() < SMALL_WINDOW
        self.figures.set_room(self.window().height() >= LOW_WINDOW)
        if self.view is not None:
            self.side.setVisible(not small and self._stack.currentWidget() is not self._nothing)
        for button in (self.draft, self.print, self.confirm):
            button.show_key(not small)

    def crumbs(self) -> tuple[Crumb, ...]:
        return (Crumb(title_of(self.mode, period_of(self.mode, self.day))),) if self.view is not None else ()

    def turn_back(self) -> None:
        """To the days before."""
        self._turn(turned(self.mode, self.day, -1))

    def turn_on(self) -> None:
        """To the days after."""
        self._turn(turned(self.mode, self.day, 1))

    def turn_to_today(self) -> None:
        """To the days that hold today."""
        self._turn(self.context.clock.today())

    def _turn(self, day: date) -> None:
        self.day = day
        self.refresh()

    def draft_plan(self) -> None:
        """Draft the days of the view by the rules."""
        from csdesk.services.visits.drafting import DraftPlan, draft_plan

        if self.view is not None:
            self.context.runner.do(draft_plan, DraftPlan(self.view.start, self.view.end))

    def confirm_plan(self) -> None:
        """Freeze the plan."""
        from csdesk.services.visits.drafting import ConfirmPlan, confirm_plan

        if self.view is not None and self.view.plan is not None:
            self.context.runner.do(confirm_plan, ConfirmPlan(self.view.plan.id, self.view.plan.version))

    def show_figures(self, key: str = "") -> None:
        """The figures of the days shown, with the rows behind each."""
        from csdesk.ui.visits.figures import open_figures

        if self.figures.figures:
            open_figures(self.context, self.figures.figures, key, self)

    def print_report(self) -> None:
        from csdesk.services.visits.printing import choices

        if self.view is not None:
            today = self.context.clock.today()
            self.context.runner.ask(
                choices, self.day, self.view.start, self.view.end, today, then=self._ask_print, owner=self
            )

    def _ask_print(self, offered: Any) -> None:
        from csdesk.services.visits.printing import Papers
        from csdesk.ui.visits.print_dialog import open_print_dialog

        open_print_dialog(self.context, offered, self, Papers.MONTH if self.mode is View.MONTH else Papers.WEEK)

    def export_calendar(self) -> None:
        """Ask where to, then write the days of the view as a calendar file."""
        if self.view is not None:
            self.calendars.export(self.view, title_of(self.mode, period_of(self.mode, self.day)))

    def show_rules(self) -> None:
        """To the numbers that the rules go by."""
        self.context.go.to("settings", section="visits")

    def card(self, visit_id: int) -> VisitCard | None:
        """A visit that is shown."""
        cards = (card for day in self.shown.days for card in day.visits) if self.shown else ()
        return next((card for card in cards if card.id == visit_id), None)

    def current(self) -> VisitCard | None:
        """The visit that is chosen while the view has the keyboard."""
        return self.current_view.current_card() if self._stack.currentWidget() is self.current_view else None

    def keep(self, visit_id: int) -> None:
        """Choose this visit again once the page is filled anew."""
        self._wanted = visit_id

    def _chosen(self, _visit_id: object) -> None:
        self.context.actions.update()

    def _keys_moved(self, _before: QWidget | None, now: QWidget | None) -> None:
        """What can be done depends on where the keyboard is."""
        if now is not None and self.isVisible() and self.isAncestorOf(now):
            self.context.actions.update()

    def _open_left_out(self, key: object) -> None:
        skip = self.side.chosen_skip()
        if isinstance(key, int):
            self.context.go.to("accounts", id=key)
        elif skip is not None and self.view is not None:
            account = next((card.account_id for card in self.view.skips if card.id == skip), None)
            self.context.go.to("accounts", id=account)

    def _open_day(self, day: date) -> None:
        self.day = day
        self.show_view(View.WEEK)

    def _dropped(self, day: date, dragged: Dragged) -> None:
        if dragged.visit:
            self.verbs.move(dragged.visit, day)
        else:
            self.verbs.place(dragged.account, day)

    def _shift(self, visit_id: int, days: int) -> None:
        card = self.card(visit_id)
        if card is not None and card.day is not None:
            self.verbs.move(visit_id, card.day + timedelta(days=days))

    def _leave_view(self) -> None:
        if self.left_out.isVisible():
            self.left_out.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in range(Qt.Key.Key_1, Qt.Key.Key_5 + 1) and not event.modifiers() and self.view is not None:
            account, card = self.side.chosen_account(), self.current()
            base = card.day if card is not None and card.day else self.current_view.current_day() or self.view.start
            if account is not None and self.mode is not View.WEEK:
                base = max(self.view.start, self.context.clock.today())
            day = base - timedelta(base.weekday()) + timedelta(days=event.key() - Qt.Key.Key_1)
            if account is not None:
                self.verbs.place(account, day)
                return
            if card is not None:
                self.verbs.move(card.id, day)
                return
        super().keyPressEvent(event)

    def _menu(self, _visit_id: object, place: QPoint) -> None:
        menu = QMenu(self)
        for action in self.page_actions():
            if action.key.startswith("visits.one.") and action.is_enabled():
                item = menu.addAction(action.label())
                item.triggered.connect(action.run)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(place)

    def page_actions(self) -> list[Action]:
        return page_actions(self)

    def focus_first(self) -> None:
        self._takes_keys = self.view is None
        if self.view is None or not self.current_view.focus_first(self.context.clock.today()):
            self.setFocus()

    def remember(self) -> dict[str, Any]:
        return {"day": self.day.isoformat(), "view": self.mode.value}

    def recall(self, view: Args) -> None:
        stored, mode = view.get("day"), view.get("view")
        if self._wanted is not None:
            return
        if mode in list(View) and mode != self.mode:
            self._choose_view(View(str(mode)))
            self.refresh()
        if isinstance(stored, str) and stored != self.day.isoformat():
            self.day = date.fromisoformat(stored)
            self.refresh()
