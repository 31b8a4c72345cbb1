"""The forms of a release: its name and day, moving it with what was promised, and that it came out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QWidget

from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.ui.core.fields import FieldKind, FormField
from csdesk.ui.core.form import FormDialog, open_form

if TYPE_CHECKING:
    from datetime import date

    from csdesk.services.tickets.releases import ChangeRelease
    from csdesk.services.tickets.shipping import Outlook, Waiting
    from csdesk.ui.core.context import Context

FIELDS = (
    FormField("name", N_("Release"), required=True, hint=N_("V3.2, or what customers call it")),
    FormField("planned_on", N_("Planned for"), FieldKind.DAY),
    FormField("notes", N_("Notes"), FieldKind.LONG),
)


def _day(context: Context, typed: Mapping[str, str], field: str) -> date | None:
    """The day typed, None where empty. Raises Problems at its field."""
    from csdesk.services.core.drafts import Reader
    from csdesk.services.core.values import parse_day

    read, today = Reader(typed), context.clock.today()
    day = read.value(field, lambda text: parse_day(text, today))
    read.check()
    return day


def new_release(context: Context, parent: QWidget | None = None) -> FormDialog:
    """Enter a release."""
    from csdesk.services.tickets.releases import ChangeRelease

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ChangeRelease(None, typed["name"], _day(context, typed, "planned_on"), typed["notes"])
        _save(context, wish, dialog)

    above = parent.window() if parent is not None else QApplication.activeWindow()
    return open_form(context, _("New release"), FIELDS, {}, send, draft_key="release.new", parent=above)


def edit_release(context: Context, view: Outlook, parent: QWidget) -> FormDialog:
    """Change a release; where its day moves, asks whether what was promised for that day moves along."""
    from csdesk.services.tickets.releases import ChangeRelease

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        day = _day(context, typed, "planned_on")
        wish = ChangeRelease(view.id, typed["name"], day, typed["notes"], version=view.version)
        moves = day is not None and view.planned_on is not None and day != view.planned_on
        if moves and view.released_on is None and (view.dated.demands or view.dated.bugs):
            _ask_for_dates(context, view, wish, dialog)
        else:
            _save(context, wish, dialog)

    draft = {
        "name": view.name, "notes": view.notes,
        "planned_on": view.planned_on.isoformat() if view.planned_on else "",
    }  # fmt: skip
    key = f"release.{view.id}"
    return open_form(context, view.name, FIELDS, draft, send, draft_key=key, parent=parent.window())


def _save(context: Context, wish: ChangeRelease, dialog: FormDialog) -> None:
    from csdesk.services.tickets.releases import save_release

    context.runner.do(save_release, wish, then=dialog.done_well, failed=dialog.refuse)


def _ask_for_dates(context: Context, view: Outlook, wish: ChangeRelease, dialog: FormDialog) -> None:
    from dataclasses import replace

    old, new = formats.day_iso(view.planned_on), formats.day_iso(wish.planned_on)
    title = _("{name} moves from {old} to {new}").format(name=view.name, old=old, new=new)
    text = _("Promised for that day: {what}. If their dates move too, {who}.").format(
        what=what_words(view.dated), who=who_words(view.dated.customers)
    )
    context.messages.ask(
        title,
        text,
        _("Move their dates too"),
        partial(_save, context, replace(wish, move_dates=True), dialog),
        keep=_("Only the release"),
        otherwise=partial(_save, context, wish, dialog),
    )


def ship(context: Context, view: Outlook, parent: QWidget) -> FormDialog:
    """Let a release come out on a day, after saying how many customers are to be told then."""
    from csdesk.services.tickets.releases import ShipRelease, ship_release

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        wish = ShipRelease(view.id, _day(context, typed, "on"))
        context.runner.do(ship_release, wish, then=dialog.done_well, failed=dialog.refuse)

    fields = (FormField("on", N_("Came out on"), FieldKind.DAY, required=True, wide=True),)
    draft = {"on": context.clock.today().isoformat()}
    title = _("{name} came out: {who}").format(name=view.name, who=who_words(view.accepted.customers))
    return open_form(context, title, fields, draft, send, verb=_("Mark as released"), parent=parent.window())


def what_words(waiting: Waiting) -> str:
    """How many demands and bugs."""
    demands = ngettext("{n} demand", "{n} demands", waiting.demands).format(n=waiting.demands)
    bugs = ngettext("{n} bug", "{n} bugs", waiting.bugs).format(n=waiting.bugs)
    return _(", ").join([*([demands] if waiting.demands else []), *([bugs] if waiting.bugs else [])])


def who_words(customers: int) -> str:
    """How many customers are to be told."""
    if not customers:
        return _("nobody is to be told")
    return ngettext("{n} customer is to be told", "{n} customers are to be told", customers).format(n=customers)
