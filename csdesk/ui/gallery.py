"""Draws screens into PNG files without showing a window: for the README, for laying beside the designs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEventLoop, QObject, QPoint, QTimer, qInstallMessageHandler
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from csdesk.resources import resource
from csdesk.services.core import texts
from csdesk.ui.core import theme
from csdesk.ui.core.actions import Actions
from csdesk.ui.core.chart_view import ChartView
from csdesk.ui.core.context import Context, Navigator, Safety
from csdesk.ui.core.crash import qt_message
from csdesk.ui.core.messages import Messages, Notice
from csdesk.ui.core.preferences import Preferences
from csdesk.ui.core.print_preview import PrintPreview
from csdesk.ui.core.state import State
from csdesk.ui.core.window import MainWindow
from csdesk.ui.launch import Opened, application

if TYPE_CHECKING:
    from csdesk.services.core.clock import Clock
    from csdesk.services.core.desk import Desk
    from csdesk.services.core.folders import Folders
    from csdesk.ui.core.page import Feature

QUIET_ROUNDS = 2
"""A page may ask again when it has its first answer: so often in turn nothing may be asked before it counts as laid out."""
PAUSE_MS = 5
PATIENCE_MS = 10_000
MOST_ROUNDS = 4_000


@dataclass(frozen=True)
class Screen:
    """A picture's name and what it shows: a feature's key and the args to go there with.

    ``typed`` opens the palette over it with this text; ``action`` is the key of an action that opens a dialog over it.
    """

    name: str
    key: str
    args: Mapping[str, Any] = field(default_factory=dict)
    typed: str | None = None
    action: str = ""


DIALOGS = (
    ("account_new", "accounts", "accounts.new"),
    ("print_today", "today", "window.print"),
    ("print_week", "visits", "window.print"),
    ("visit_new", "visits", "visits.new"),
    ("bin_empty", "bin", "bin.empty"),
    ("task_new", "tasks", "tasks.new"),
    ("release_new", "releases", "releases.new"),
    ("ticket_new", "accounts", "tickets.new"),
    ("keys", "today", "help.keys"),
    ("figures_visits", "visits", "visits.figures"),
    ("figures_requirements", "requirement_figures", "requirement_figures.rows"),
    ("payment_new", "receivables", "receivables.pay"),
    ("reminder_new", "receivables", "receivables.remind"),
    ("invoice_new", "receivables", "receivables.invoice"),
    ("instalments", "receivables", "receivables.plan"),
    ("figures_kpi", "kpi", "kpi.rows"),
    ("kpi_arrange", "kpi", "kpi.arrange"),
    ("print_figures", "kpi", "window.print"),
    ("print_requirement_figures", "requirement_figures", "window.print"),
    ("about", "today", "help.about"),
)
"""Pictures with a dialog: name, feature, action. One that a page does not have is left out."""
SAMPLE = ("samples", "handover.xlsx")


def draw_all(
    desk: Desk,
    features: tuple[Feature, ...],
    out: Path,
    folders: Folders,
    language: str,
    mode: str,
    size: tuple[int, int],
) -> list[Path]:
    """Draw every feature's page, the page of the richest account with its tabs, the review of the sample handover, the
    palette over the list, and what opens above a page."""
    from csdesk.services.files.keeper import Keeper
    from csdesk.services.search.queries import StoreSearch

    keeper = Keeper(folders, desk.clock)
    screens = [Screen(feature.key, feature.key) for feature in features if feature.group != "hidden"]
    screens += _account_screens(desk) + _visit_screens(desk) + _demand_screens(desk)
    here = {screen.key for screen in screens}
    if "handover" in here and resource(*SAMPLE).exists():
        screens.append(Screen("import_review", "handover", {"files": [str(resource(*SAMPLE))]}))
    if "tiers" in here:
        screens.append(Screen("tiers_chart", "tiers", {"show": "chart"}))
    if "visits" in here:
        views = ("month", "quarter", "agenda", "week")
        screens += [Screen(f"visits_{view}", "visits", {"view": view}) for view in views]
    if "kpi" in here:
        screens.append(Screen("kpi_charts", "kpi", {"chart": "pareto"}))
    if "settings" in here:
        screens += [Screen(f"settings_{section}", "settings", {"section": section}) for section in SECTIONS]
    screens += [Screen(name, key, action=action) for name, key, action in DIALOGS if key in here]
    hidden = {feature.key for feature in features if feature.group == "hidden"}
    screens += [Screen(key, key) for key in ("duplicates", "imports", "ticket") if key in hidden]
    screens.append(Screen("accounts_preview", "accounts", action="accounts.peek"))
    screens.append(Screen("receivables_preview", "receivables", action="receivables.peek"))
    search = StoreSearch(desk)
    search.reload()
    search.wait()
    opened = Opened(
        desk, search, lambda: Safety(desk.saved_at, keeper.safety.backup_at, keeper.safety.problem), desk.close
    )  # fmt: skip
    return draw(opened, features, screens, out, clock=desk.clock, language=language, mode=mode, size=size)


def _account_screens(desk: Desk) -> list[Screen]:
    """The richest account, in an order of its own for each tab, and the palette."""
    from csdesk.services.accounts.queries import ACCOUNTS, account
    from csdesk.services.core.columns import Query

    with desk.read() as connection:
        ids = ACCOUNTS.ids(connection, Query(sort="arr_cents", descending=True), desk.clock.today())
        richest = account(connection, ids[0]) if ids else None
    if richest is None:
        return []
    screens = [Screen("account", "accounts", {"id": richest.id})]
    screens.append(Screen("print_account", "accounts", {"id": richest.id}, action="window.print"))
    screens += [Screen(f"account_{tab}", "accounts", {"id": richest.id, "tab": tab}) for tab in TABS]
    return [*screens, Screen("palette", "accounts", typed=(richest.short_name or richest.name)[:2])]


def _visit_screens(desk: Desk) -> list[Screen]:
    """A visit of this week that is still to come and one that is over, the record of the first, the batch of records."""
    from datetime import timedelta

    from csdesk.models.vocabulary import VisitState
    from csdesk.services.visits.queries import visits_between

    today = desk.clock.today()
    with desk.read() as connection:
        cards = visits_between(connection, today - timedelta(30), today + timedelta(30))
    ahead = next((card for card in cards if card.state == VisitState.PLANNED and card.day and card.day >= today), None)
    over = next((card for card in reversed(cards) if card.state == VisitState.DONE and card.record), None)
    screens = [Screen("visit", "visits", {"id": ahead.id})] if ahead is not None else []
    if ahead is not None:
        screens.append(Screen("print_sheet", "visits", {"id": ahead.id}, action="window.print"))
        screens.append(Screen("visit_record", "visits", {"id": ahead.id}, action="visit.record"))
    if over is not None:
        screens.append(Screen("visit_done", "visits", {"id": over.id}))
    return [*screens, Screen("records", "records")]


def _demand_screens(desk: Desk) -> list[Screen]:
    """The board with its dialogs, the table, and the page of the demand that most accounts ask for."""
    from csdesk.services.tickets.queries import demand_cards

    with desk.read() as connection:
        cards = demand_cards(connection, desk.clock.today())
    if not cards:
        return []
    heaviest = cards[0].id
    return [
        Screen("tickets_board", "tickets", {"show": "board", "demand": heaviest}),
        Screen("tickets_table", "tickets", {"show": "table"}),
        Screen("tickets_bugs", "tickets", {"segment": "bugs"}),
        Screen("demand", "tickets", {"id": heaviest}),
        Screen("demand_moves", "tickets", {"id": heaviest, "tab": "moves"}),
        Screen("demand_answer", "tickets", {"id": heaviest}, action="demands.answer"),
        Screen("demand_merge", "tickets", {"id": heaviest}, action="demands.merge"),
        *_ticket_screens(desk, heaviest),
    ]


def _ticket_screens(desk: Desk, demand: int) -> list[Screen]:
    """A ticket's own page: of a voice of this demand, and of a bug."""
    from csdesk.models.vocabulary import TicketKind
    from csdesk.services.core.columns import Filter, Query
    from csdesk.services.tickets.listings import tickets
    from csdesk.services.tickets.standing import ticket_rules

    screens = []
    today = desk.clock.today()
    with desk.read() as connection:
        listing = tickets(today, ticket_rules(connection))
        for name, condition in (
            ("ticket_of_demand", Filter("demand", demand)),
            ("ticket_bug", Filter("kind", TicketKind.BUG.value)),
        ):
            ids = listing.ids(connection, Query(filters=(condition,)), today)
            screens += [Screen(name, "ticket", {"id": ids[0]})] if ids else []
    return screens


SECTIONS = ("visits", "agendas", "tiers", "handover", "tickets", "answers", "money", "places", "data", "about")
TABS = ("contracts", "contacts", "visits", "tasks", "tickets", "money", "handover", "tier", "history")


def draw(
    opened: Opened,
    features: tuple[Feature, ...],
    screens: Sequence[Screen],
    out: Path,
    *,
    clock: Clock,
    language: str = "zh_CN",
    mode: str = "light",
    size: tuple[int, int] = (1440, 900),
) -> list[Path]:
    """Draw each screen as ``out``/name.png and give the files. Nothing is remembered, the store is only read."""
    from csdesk.ui.core.runner import Runner

    app = application()
    before = qInstallMessageHandler(qt_message)
    texts.install(language)
    theme.apply(app, mode)
    state = State(None)
    context = Context(state, Messages(), Actions(), Navigator(), clock, Preferences(state, language))
    context.search, context.safety, context.sample = opened.search, opened.safety, opened.sample
    window = MainWindow(state)
    window.furnish(context, features)
    window.setGeometry(0, 0, *size)
    window.show()
    context.open(opened.desk, Runner(opened.desk, context.messages))
    window.opened()
    out.mkdir(parents=True, exist_ok=True)
    try:
        drawn = [_draw_one(window, screen, out) for screen in screens]
        return [file for file in drawn if file is not None]
    finally:
        qInstallMessageHandler(before)
        window.retire()
        context.runner.close()
        window.deleteLater()


def _draw_one(window: MainWindow, screen: Screen, out: Path) -> Path | None:
    """None where the page lacks the action that the picture is of."""
    window.activateWindow()  # a dialog that was drawn before had the keyboard
    window.context.go.to(screen.key, **screen.args)
    settle(window)
    if screen.typed is not None:
        window.palette_box.open(screen.typed)
        settle(window)
    said: list[Notice] = []
    if screen.action:
        window.context.messages.noticed.connect(said.append)
        found = window.context.actions.run(screen.action)
        settle(window)
        window.context.messages.noticed.disconnect(said.append)
        if not found:
            return None
    target = out / f"{screen.name}.png"
    picture = _with_dialogs(window)
    window.palette_box.close_up()
    for notice in said:
        window.context.messages.clear(notice.key)
    if not picture.save(str(target)):
        raise OSError(f"{target} could not be written")
    return target


def _with_dialogs(window: MainWindow) -> QPixmap:
    """The window with the dialogs above it, which are closed then; one that is larger has a picture of its own."""
    picture = window.grab()
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, QDialog) and dialog.isVisible():
            shown = dialog.grab()
            size = shown.deviceIndependentSize().toSize()
            if size.width() > window.width() or size.height() > window.height():
                picture = shown
            else:
                painter = QPainter(picture)
                left, top = (window.width() - size.width()) // 2, (window.height() - size.height()) // 2
                painter.drawPixmap(QPoint(left, top), shown)
                painter.end()
            dialog.reject()
    return picture


def settle(window: MainWindow) -> None:
    """Let the readers answer and the page lay itself out, until nothing more is asked, written, drawn or put off."""
    runner, quiet = window.context.runner, 0
    for _round in range(MOST_ROUNDS):
        asked, waiter, meeting = runner.asked, _Waiter(), Barrier(2)
        runner.ask(_meet, meeting, then=waiter.done, owner=waiter, key="first")
        runner.ask(_meet, meeting, then=waiter.done, owner=waiter, key="second")
        waiter.wait()
        is_quiet = runner.asked == asked + 2 and not runner.is_busy and not _has_more_to_do(window)
        quiet = quiet + 1 if is_quiet else 0
        if quiet == QUIET_ROUNDS:
            return


def _has_more_to_do(window: MainWindow) -> bool:
    """Whether a chart waits for its picture, a preview for its pages, or something goes on in the next turn of the loop."""
    if any(chart.is_behind and chart.isVisible() for chart in window.findChildren(ChartView)):
        return True
    if any(isinstance(top, PrintPreview) and not top.document.is_whole for top in _open_windows()):
        return True
    timers = (timer for top in _open_windows() for timer in top.findChildren(QTimer))
    return any(timer.isActive() and not timer.interval() for timer in timers)


def _open_windows() -> list[QWidget]:
    return [top for top in QApplication.topLevelWidgets() if top.isVisible()]


def _meet(_connection: Any, meeting: Barrier) -> None:
    """Keeps a reader until the other one has come too: then neither has anything left that was asked before."""
    meeting.wait(PATIENCE_MS / 1000)


class _Waiter(QObject):
    """Runs the event loop until both readers have answered."""

    def __init__(self) -> None:
        super().__init__()
        self._loop = QEventLoop()
        self._left = 2

    def done(self, _answer: None) -> None:
        """One reader answered."""
        self._left -= 1
        if not self._left:
            QTimer.singleShot(PAUSE_MS, self._loop.quit)

    def wait(self) -> None:
        """Until then, or until patience ends."""
        QTimer.singleShot(PATIENCE_MS, self._loop.quit)
        self._loop.exec()
