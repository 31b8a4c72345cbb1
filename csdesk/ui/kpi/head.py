"""The head of the dashboard: the days, back and forward, the filter, where targets are entered, the export, the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QPoint, QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from csdesk.services.core.texts import N_, _
from csdesk.ui.core.parts import Button, DayEdit, Label, PageHead, RemovableChip, Segmented
from csdesk.ui.core.periods import LABELS
from csdesk.ui.core.theme import metrics, px
from csdesk.ui.kpi.days import OWN, Days

REPORTS = {
    "month": N_("Monthly report"),
    "quarter": N_("Quarterly report"),
    "year": N_("Yearly report"),
    OWN: N_("Report"),
}
"""By length of the days: what the report of them is called."""
BESIDE_WORDS = 56
"""What a button takes beside its words: icon, padding, the gap to the next."""
Chosen = Mapping[str, Sequence[str]]
Options = Mapping[str, Sequence[tuple[str, str]]]


class DashboardHead(QWidget):
    """``scoped`` gives a part of a scope with the values to look at, none for all; ``own_days`` gives Days."""

    length_chosen = Signal(object)
    turned = Signal(int)
    own_days = Signal(object)
    scoped = Signal(str, object)
    targets_wanted = Signal()
    export_wanted = Signal()
    report_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._options: Options = {}
        self._scope: Chosen = {}
        self._days = ""
        self.chips: list[RemovableChip] = []
        """The conditions that are shown."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        self.title = PageHead("")
        self.lengths = Segmented([*((str(key), _(label)) for key, label in LABELS.items()), (OWN, _("Own days"))])
        self.lengths.chosen.connect(self.length_chosen)
        self.back = Button(_("Before"), "back", "[", "icon", framed=True)
        self.back.clicked.connect(partial(self.turned.emit, -1))
        self.forward = Button(_("After"), "forward", "]", "icon", framed=True)
        self.forward.clicked.connect(partial(self.turned.emit, 1))
        self.filter = Button(_("All accounts"), "filter")
        self.filter.clicked.connect(self.open_filter)
        self.targets = Button(_("Targets"), "target")
        self.targets.clicked.connect(self.targets_wanted)
        self.export = Button(_("Export"), "export")
        self.export.clicked.connect(self.export_wanted)
        self.report = Button("", "print", "R", "primary")
        self.report.clicked.connect(self.report_wanted)
        for control in (self.lengths, self.back, self.forward, self.filter, self.targets, self.export, self.report):
            self.title.add_action(control)
        column.addWidget(self.title)
        column.addWidget(self._second_row())

    def _second_row(self) -> QWidget:
        """Own days and the conditions that narrow the accounts; only there while it holds something."""
        self.second = QWidget()
        row = QHBoxLayout(self.second)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        self.own = QWidget()
        own = QHBoxLayout(self.own)
        own.setContentsMargins(0, 0, 0, 0)
        own.setSpacing(px(8))
        self.first_day, self.last_day = DayEdit(_("First day")), DayEdit(_("Last day"))
        for box in (self.first_day, self.last_day):
            box.setKeyboardTracking(False)
            box.dateChanged.connect(self._own_days)
        own.addWidget(self.first_day)
        own.addWidget(Label(_("to"), ink="muted"))
        own.addWidget(self.last_day)
        row.addWidget(self.own)
        self._chips = QHBoxLayout()
        self._chips.setSpacing(px(8))
        row.addLayout(self._chips)
        row.addStretch(1)
        self.second.hide()
        return self.second

    def show_days(self, days: Days) -> None:
        """Show which days are looked at."""
        self._days = days.title()
        self.title.set_text(self._days)
        self.report.set_words(_(REPORTS[days.length]))
        self.lengths.choose(days.length)
        for box, day in ((self.first_day, days.start), (self.last_day, days.end)):
            with QSignalBlocker(box):
                box.set_day(day)
        self.own.setVisible(days.length == OWN)
        self._show_second(days.length == OWN)

    def show_view(self, days: Days, sentence: str, options: Options, scope: Chosen, any_there: bool) -> None:
        """Show the sentence beside the title, what can be chosen and what is."""
        from csdesk.services.kpi.scope import TITLES
        from csdesk.ui.core.emptying import empty

        self._options, self._scope = options, dict(scope)
        self.title.set_text(sentence=sentence)
        empty(self._chips)
        self.chips = []
        for key, values in scope.items():
            names = dict(options.get(key, ()))
            words = _(", ").join(names.get(value, value) or _("none") for value in values)
            chip = RemovableChip(_(TITLES[key]), words)
            chip.removed.connect(partial(self.scoped.emit, key, ()))
            chip.clicked.connect(self.open_filter)
            self._chips.addWidget(chip)
            self.chips.append(chip)
        self.filter.set_words(_("All accounts") if not scope else _("Some accounts"))
        self.show_days(days)
        for control in (self.filter, self.targets, self.export, self.report):
            control.setEnabled(any_there)

    def _show_second(self, own: bool) -> None:
        self.second.setVisible(own or bool(self._scope))

    def save_room(self, small: bool, room: int) -> None:
        """In a small window, and where the title would be cut, buttons show their icons alone. ``room`` is the width."""
        self.report.show_key(not small)
        named = (self.filter, self.targets, self.export)
        others = (self.lengths, self.back, self.forward, self.report)
        taken = metrics("h1", True).horizontalAdvance(self._days) + sum(
            one.sizeHint().width() + px(8) for one in others
        )
        words = sum(metrics().horizontalAdvance(button.words()) + px(BESIDE_WORDS) for button in named)
        for button in named:
            button.set_kind("icon" if small or taken + words > room - px(80) else "normal")

    def open_filter(self) -> None:
        """Offer everything that accounts can be narrowed by."""
        from csdesk.services.kpi.scope import TITLES
        from csdesk.ui.core.columns_menu import pop_up

        menu = QMenu(self)
        for key, title in TITLES.items():
            options = self._options.get(key, ())
            if not options:
                continue
            inner = menu.addMenu(_(title))
            every = inner.addAction(_("all"))
            every.setCheckable(True)
            every.setChecked(key not in self._scope)
            every.triggered.connect(partial(self.scoped.emit, key, ()))
            inner.addSeparator()
            for value, words in options:
                entry = inner.addAction((words or _("none")).replace("&", "&&"))
                entry.setCheckable(True)
                entry.setChecked(value in self._scope.get(key, ()))
                entry.triggered.connect(partial(self._chosen, key, value))
        if self._scope:
            menu.addSeparator()
            menu.addAction(_("All accounts")).triggered.connect(self._clear)
        if menu.isEmpty():
            menu.addAction(_("Nothing to choose from yet")).setEnabled(False)
        pop_up(menu, self.filter.mapToGlobal(QPoint(0, self.filter.height())))

    def _chosen(self, key: str, value: str, on: bool = True) -> None:
        others = [one for one in self._scope.get(key, ()) if one != value]
        self.scoped.emit(key, (*others, value) if on else tuple(others))

    def _clear(self) -> None:
        for key in list(self._scope):
            self.scoped.emit(key, ())

    def _own_days(self) -> None:
        start, end = self.first_day.day(), self.last_day.day()
        if start > end:
            start, end = (start, start) if self.sender() is self.first_day else (end, end)
        self.own_days.emit(Days(OWN, start, end))
