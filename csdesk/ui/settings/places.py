"""Places and days: how long ways take, where the user starts, which days are free, when the user is away."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.ui.core.form import FormDialog
from csdesk.ui.core.lines import Badge, Line, LinesView
from csdesk.ui.core.parts import Button, Card, Field, Label
from csdesk.ui.core.theme import px
from csdesk.ui.settings import place_forms
from csdesk.ui.settings.section import Rows, Section, row_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection

    from csdesk.services.visits.cards import Way
    from csdesk.services.visits.workdays import Absence
    from csdesk.ui.core.context import Context


class ListCard(Card):
    """A short list with its verbs: add in the head, change with Enter, remove with Del."""

    opened = Signal(object)
    removed = Signal(object)

    def __init__(self, title: str, note: str, empty: str, left_width: int = 0) -> None:
        super().__init__(title, note=note, padded=False)
        self.list = _Removable(title, left_width, grows=True)
        self.list.opened.connect(self.opened)
        self.list.remove_wanted.connect(self.removed)
        self.list.chosen.connect(self._may_remove)
        self.empty = Label(empty, ink="muted", wrap=True)
        self.empty.setContentsMargins(px(15), 0, px(15), px(15))
        self.add(self.list)
        self.add(self.empty)
        self.remove = Button(_("Remove"), key="Del", small=True, kind="ghost")
        self.remove.setAccessibleName(_("Remove from {list}").format(list=title))
        self.remove.clicked.connect(self._remove)
        self.header.addWidget(self.remove)
        for widget in (self.list, self.empty, self.remove):
            widget.hide()

    def add_verb(self, text: str, run: Any, icon: str = "") -> Button:
        """Put a verb into the head."""
        button = Button(text, icon, small=True)
        button.clicked.connect(run)
        self.header.addWidget(button)
        return button

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self.list.set_lines(lines)
        self._may_remove()
        for widget in (self.list, self.remove):
            widget.setVisible(bool(lines))
        self.empty.setVisible(not lines)

    def _may_remove(self, _key: object = None) -> None:
        self.remove.setEnabled(self.list.current_key() is not None)

    def _remove(self) -> None:
        if self.list.current_key() is not None:
            self.removed.emit(self.list.current_key())


class _Removable(LinesView):
    remove_wanted = Signal(object)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.current_key() is not None:
            self.remove_wanted.emit(self.current_key())
            return
        super().keyPressEvent(event)


class PlacesSection(Section):
    """Three lists and a field."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, _("Places and days"), parent)
        self._settings: Mapping[str, Any] = {}
        self._ways: dict[int, Way] = {}
        self._cities: tuple[str, ...] = ()
        self.add_card(self._home())
        self.add_card(self._travel())
        self.add_card(self._holidays())
        self.add_card(self._absences())
        self.column.addStretch(1)

    def _home(self) -> Card:
        card = Card(_("Where you start"))
        self.home = Field(_("City you start from"))
        self.home.setFixedWidth(px(280))
        self.home.editingFinished.connect(self._save_home)
        note = _("The way to the first visit of a day and home from the last one is counted from here.")
        Rows(card).add(_("City you start from"), row_of(self.home), note)
        return card

    def _travel(self) -> Card:
        empty = _("No ways yet. A way that is not in this table prints nothing and joins no cities on one day.")
        card = self.travel = ListCard(_("Travel times"), _("Door to door, both directions"), empty)
        card.add_verb(_("Add a way…"), self.add_way, "plus")
        card.opened.connect(self._change_way)
        card.removed.connect(self._remove_way)
        return card

    def _holidays(self) -> Card:
        empty = _("None of your own. Weekends and China's public holidays with their working Saturdays are known.")
        card = self.holidays = ListCard(
            _("Holidays of your own"), _("They come before the public calendar"), empty, 152
        )
        card.add_verb(_("Add a day…"), self.add_holiday, "plus")
        card.add_verb(_("Take in a list…"), self.take_list, "import")
        card.opened.connect(self._change_holiday)
        card.removed.connect(self._remove_holiday)
        return card

    def _absences(self) -> Card:
        empty = _("You are not away. Training, leave, fairs: no visits are proposed on such days.")
        card = self.away = ListCard(_("Days away"), _("Nothing is planned on them"), empty, 208)
        card.add_verb(_("Add days…"), self.add_absence, "plus")
        card.opened.connect(self._change_absence)
        card.removed.connect(self._remove_absence)
        return card

    def shown(self) -> None:
        self.context.runner.ask(ways_and_cities, then=self._ways_came, owner=self)

    def settings_came(self, settings: Mapping[str, Any]) -> None:
        from csdesk.services.visits.workdays import own_days

        self._settings = settings
        if not self.home.hasFocus() or not self.home.isModified():
            self.home.setText(str(settings["visits.home"]))
        days = own_days(settings["visits.holidays"])
        self.holidays.set_lines([_holiday_line(day, name) for day, name in sorted(days.items())])
        self.away.set_lines([_absence_line(number, entry) for number, entry in enumerate(self._away())])

    def _ways_came(self, found: tuple[tuple[Way, ...], tuple[str, ...]]) -> None:
        ways, self._cities = found
        self._ways = {way.id: way for way in ways}
        self.travel.set_lines([_way_line(way) for way in ways])
        self.home.setCompleter(QCompleter(list(self._cities), self.home))

    def add_way(self) -> None:
        """Ask for a new way."""
        place_forms.way_form(self.context, self._cities, None, self)

    def _change_way(self, key: object) -> None:
        if isinstance(key, int) and key in self._ways:
            place_forms.way_form(self.context, self._cities, self._ways[key], self)

    def _remove_way(self, key: object) -> None:
        from csdesk.services.visits.commands import RemoveTravelTime, remove_travel_time

        if isinstance(key, int):
            self.context.runner.do(remove_travel_time, RemoveTravelTime(key))

    def add_holiday(self) -> None:
        """Ask for one day."""
        place_forms.holiday_form(self.context, None, self._store_days(None), self)

    def _change_holiday(self, key: object) -> None:
        known = self._own_days()
        if isinstance(key, date) and key in known:
            place_forms.holiday_form(self.context, (key, known[key]), self._store_days(key), self)

    def take_list(self) -> None:
        """Ask for many days."""
        place_forms.day_list_form(self.context, self._store_days(None), self)

    def add_absence(self) -> None:
        """Ask for days away."""
        place_forms.absence_form(self.context, None, self._store_absence(None), self)

    def _change_absence(self, key: object) -> None:
        if isinstance(key, int):
            place_forms.absence_form(self.context, self._away()[key], self._store_absence(key), self)

    def _store_absence(self, number: int | None) -> place_forms.Store:
        def store(absence: Absence, dialog: FormDialog) -> None:
            others = [entry for place, entry in enumerate(self._away()) if place != number]
            self._keep_away([*others, absence], dialog)

        return store

    def _remove_absence(self, key: object) -> None:
        self._keep_away([entry for number, entry in enumerate(self._away()) if number != key])

    def _away(self) -> list[Absence]:
        from csdesk.services.visits.workdays import absences

        return absences(self._settings.get("visits.absences", ()))

    def _keep_away(self, entries: list[Absence], dialog: FormDialog | None = None) -> None:
        from csdesk.services.visits.workdays import stored_absences

        self._keep({"visits.absences": stored_absences(entries)}, dialog)

    def _own_days(self) -> dict[date, str]:
        from csdesk.services.visits.workdays import own_days

        return own_days(self._settings.get("visits.holidays", ()))

    def _store_days(self, instead_of: object) -> place_forms.Store:
        def store(days: dict[date, str], dialog: FormDialog) -> None:
            kept = {day: name for day, name in self._own_days().items() if day != instead_of}
            self._keep_days({**kept, **days}, dialog)

        return store

    def _remove_holiday(self, key: object) -> None:
        self._keep_days({day: name for day, name in self._own_days().items() if day != key})

    def _keep_days(self, days: dict[date, str], dialog: FormDialog | None = None) -> None:
        from csdesk.services.visits.workdays import stored_days

        self._keep({"visits.holidays": stored_days(days)}, dialog)

    def _keep(self, values: dict[str, Any], dialog: FormDialog | None = None) -> None:
        if dialog is None:
            self.change(values)
        else:
            self.change(values, dialog.refuse, dialog.done_well)

    def _save_home(self) -> None:
        city = self.home.text().strip()
        if self._settings and city != self._settings["visits.home"]:
            self._settings = {**self._settings, "visits.home": city}
            self.change({"visits.home": city})


def ways_and_cities(connection: Connection) -> tuple[tuple[Way, ...], tuple[str, ...]]:
    """The table of travel times, and the cities that accounts lie in or ways lead to."""
    from csdesk.services.accounts.queries import known_values
    from csdesk.services.visits.queries import travel_times

    ways = travel_times(connection)
    places = {place for way in ways for place in (way.origin, way.destination)}
    return ways, tuple(sorted(places.union(known_values(connection, "city"))))


def _way_line(way: Way) -> Line:
    title = _("{origin} – {destination}").format(origin=way.origin, destination=way.destination)
    return Line(way.id, title, icon="", right=_("{n} min").format(n=formats.number(way.minutes)), bold=False)


def _holiday_line(day: date, name: str) -> Line:
    badge = Badge(_("Off"), "neutral") if name else Badge(_("Work"), "warn")
    left = f"{formats.day_iso(day)} {formats.weekday(day)}"
    return Line(day, name or _("Workday"), left=left, right_badge=badge, bold=False)


def _absence_line(number: int, entry: Absence) -> Line:
    days = (entry.end - entry.start).days + 1
    count = ngettext("{n} day", "{n} days", days).format(n=days)
    title = entry.note or _("Away")
    second = _("{start} to {end}").format(start=formats.day_iso(entry.start), end=formats.day_iso(entry.end))
    note = ngettext("{n} visit a day still fits", "{n} visits a day still fit", entry.visits).format(n=entry.visits)
    return Line(number, title, left=second, note=note if entry.visits else "", right=count, bold=False)
