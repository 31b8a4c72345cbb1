"""The forms of places and days: a way, a holiday, a list of them, days away."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from csdesk.services.core.drafts import Reader
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import parse_count, parse_day
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from datetime import date

    from csdesk.services.visits.cards import Way
    from csdesk.services.visits.workdays import Absence
    from csdesk.ui.core.context import Context

Store = Callable[[Any, FormDialog], None]
"""Sends what the form gave; closes the dialog when it is stored, or has it say what is wrong."""


def way_form(context: Context, cities: tuple[str, ...], way: Way | None, parent: QWidget) -> FormDialog:
    """A new way between two places, or other minutes for a known one."""
    from csdesk.services.visits.commands import SetTravelTime, set_travel_time

    fields = [FormField("minutes", N_("Minutes"), required=True)]
    if way is None:
        places = [
            FormField("origin", N_("From"), required=True, suggestions=cities),
            FormField("destination", N_("To"), required=True, suggestions=cities),
        ]
        fields = [*places, *fields]

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        minutes = read.value("minutes", parse_count)
        read.check()
        origin, destination = (way.origin, way.destination) if way else (typed["origin"], typed["destination"])
        wish = SetTravelTime(origin, destination, minutes or 0)
        context.runner.do(set_travel_time, wish, then=dialog.done_well, failed=dialog.refuse)

    named = _("{origin} – {destination}").format(origin=way.origin, destination=way.destination) if way else ""
    draft = {"minutes": str(way.minutes)} if way else {}
    return open_form(context, named or _("New travel time"), fields, draft, send, parent=parent.window())


def holiday_form(context: Context, known: tuple[date, str] | None, store: Store, parent: QWidget) -> FormDialog:
    """One day of the user's own list, new or changed; ``store`` gets {day: name}."""
    draft = {"kind": "off"}
    if known is not None:
        draft = {"day": known[0].isoformat(), "kind": "off" if known[1] else "work", "name": known[1]}
    fields = [
        FormField("day", N_("Day"), FieldKind.DAY, required=True),
        FormField("kind", N_("On this day"), FieldKind.CHOICE, options=(("off", _("Off")), ("work", _("Work")))),
        FormField("name", N_("Name"), hint=N_("Company anniversary"), wide=True),
    ]

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        day = _day(read, "day", context.clock.today())
        read.check()
        name = typed["name"].strip() or _("Day off")
        store({day: "" if typed["kind"] == "work" else name}, dialog)

    return open_form(context, _("Holiday or workday of your own"), fields, draft, send, parent=parent.window())


def day_list_form(context: Context, store: Store, parent: QWidget) -> FormDialog:
    """Many days at once, a line each; ``store`` gets {day: name}."""
    from csdesk.services.visits.day_list import parse_day_list

    label = N_("A day a line: 2027-02-17 off Spring Festival, or 2027-02-20 work")

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        read.text("days", required=_("Write or paste at least one day."))
        read.check()
        store(parse_day_list(typed["days"], context.clock.today()), dialog)

    fields = [FormField("days", label, FieldKind.LONG, required=True)]
    return open_form(
        context, _("Take in a list of days"), fields, {}, send, verb=_("Take in"),
        draft_key="settings.days", parent=parent.window(),
    )  # fmt: skip


def absence_form(context: Context, absence: Absence | None, store: Store, parent: QWidget) -> FormDialog:
    """Days away, new or changed; ``store`` gets the Absence."""
    from csdesk.services.visits.workdays import Absence

    fields = [
        FormField("start", N_("From day"), FieldKind.DAY, required=True),
        FormField("end", N_("To day"), FieldKind.DAY),
        FormField("visits", N_("Visits that still fit, a day")),
        FormField("note", N_("Note"), hint=N_("Training in Shanghai")),
    ]
    draft = {"visits": "0"}
    if absence is not None:
        draft = {
            "start": absence.start.isoformat(), "end": absence.end.isoformat(),
            "visits": str(absence.visits), "note": absence.note,
        }  # fmt: skip

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        start = _day(read, "start", context.clock.today())
        end = read.value("end", lambda text: parse_day(text, context.clock.today())) or start
        visits = read.value("visits", parse_count) or 0
        if start is not None and end is not None and end < start:
            read.refuse("end", _("The last day comes before the first."), "order")
        read.check()
        assert start is not None
        assert end is not None
        store(Absence(start, end, typed["note"].strip(), visits), dialog)

    title = _("Days away") if absence is None else _("Change days away")
    return open_form(context, title, fields, draft, send, parent=parent.window())


def _day(read: Reader, key: str, today: date) -> date | None:
    before = len(read.problems)
    day = read.value(key, lambda text: parse_day(text, today))
    if day is None and len(read.problems) == before:
        read.refuse(key, _("On which day?"), "missing")
    return day
