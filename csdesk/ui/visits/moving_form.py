"""The small forms that ask why: a visit that is moved, an account that is put off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from csdesk.services.core import formats
from csdesk.services.core.drafts import Reader
from csdesk.services.core.texts import N_, _
from csdesk.services.core.values import parse_day
from csdesk.ui.core.form import FieldKind, FormDialog, FormField, open_form

if TYPE_CHECKING:
    from csdesk.services.visits.cards import VisitCard
    from csdesk.ui.core.context import Context

MOVE_REASONS = (
    N_("The customer asked for another day"), N_("The people are not there"), N_("Something urgent came in between"),
    N_("Travel or weather"),
)  # fmt: skip
SKIP_REASONS = (
    N_("The customer is busy until then"), N_("Met elsewhere a short while ago"), N_("Waiting for a release"),
    N_("Not worth the way just now"),
)  # fmt: skip
PUT_OFF_DAYS = 30


def move_form(context: Context, card: VisitCard, day: date, parent: QWidget) -> FormDialog:
    """Ask for the day and, for a visit of a confirmed plan, for the reason."""
    from csdesk.services.visits.commands import MoveVisit, move_visit

    fields = [
        FormField("day", N_("Day"), FieldKind.DAY, required=True),
        FormField("starts_at", N_("Time"), hint="9:30"),
        FormField("reason", N_("Why it is moved"), required=card.is_confirmed, wide=True,
                  suggestions=tuple(_(reason) for reason in MOVE_REASONS)),
    ]  # fmt: skip
    draft = {"day": day.isoformat(), "starts_at": card.starts_at}

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        on = read.value("day", lambda text: parse_day(text, context.clock.today()))
        if on is None and not read.problems:
            read.refuse("day", _("On which day?"), "missing")
        read.check()
        assert on is not None
        time = typed["starts_at"].strip()
        wish = MoveVisit(
            card.id, on, None if time == card.starts_at else time, reason=typed["reason"], version=card.version
        )
        context.runner.do(move_visit, wish, then=dialog.done_well, failed=dialog.refuse)

    title = _("Move the visit to {name}").format(name=card.account)
    dialog = open_form(context, title, fields, draft, send, verb=_("Move"), parent=parent.window())
    if card.is_confirmed:
        dialog.form.cells["reason"].editor.setFocus()
    return dialog


def put_off_form(context: Context, account_id: int, name: str, card: VisitCard | None, parent: QWidget) -> FormDialog:
    """Ask up to which day the account is not proposed, and why; ``card`` is its visit, which falls away."""
    from csdesk.services.visits.skipping import SkipAccount, skip_account

    fields = [
        FormField("until", N_("Not proposed until"), FieldKind.DAY, required=True),
        FormField("reason", N_("Why"), required=True, wide=True,
                  suggestions=tuple(_(reason) for reason in SKIP_REASONS)),
    ]  # fmt: skip
    today = context.clock.today()
    draft = {"until": (today + timedelta(PUT_OFF_DAYS)).isoformat()}

    def send(typed: Mapping[str, str], dialog: FormDialog) -> None:
        read = Reader(typed)
        until = read.value("until", lambda text: parse_day(text, today))
        if until is None and not read.problems:
            read.refuse("until", _("Until which day?"), "missing")
        read.check()
        assert until is not None
        wish = SkipAccount(account_id, until, typed["reason"], card.id if card is not None else None)
        context.runner.do(skip_account, wish, then=dialog.done_well, failed=dialog.refuse)

    title = _("Put off {name}").format(name=name)
    if card is not None and card.day is not None:
        title = _("Put off {name}, planned on {day}").format(name=name, day=formats.day_near(card.day, today))
    return open_form(context, title, fields, draft, send, verb=_("Put off"), parent=parent.window())
