"""A look at an account beside the list: the essentials, without leaving the row."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.models.vocabulary import ServiceMode, Tier, VisitKind, VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import _
from csdesk.ui.accounts.wording import VISIT_TONES, dotted, overdue_contact, word
from csdesk.ui.core.drawer import Drawer
from csdesk.ui.core.parts import Button, Divider, Label, StateBadge, TierBadge
from csdesk.ui.core.theme import px
from csdesk.ui.handovers.wording import handover_badge

if TYPE_CHECKING:
    from csdesk.services.accounts.overview import Overview, VisitFacts
    from csdesk.ui.core.context import Context

SHOWN_VISITS = 4


class AccountPeek(Drawer):
    """Shows one account after the other. ``opened`` gives the id whose page is wanted."""

    opened = Signal(object)

    def __init__(self, context: Context, page: QWidget) -> None:
        super().__init__(page)
        self._context = context
        self.account_id: int | None = None

    def turn(self, account: int | None) -> None:
        """What Space does: show this account, or close; None closes."""
        if self.is_open or account is None:
            self.close_up()
        else:
            self.account_id = account
            self.refresh()

    def follow(self, account: int | None) -> None:
        """The list went on to another row."""
        if self.is_open and account is not None and account != self.account_id:
            self.account_id = account
            self.refresh()

    def refresh(self) -> None:
        """Read the account anew."""
        from csdesk.services.accounts.overview import glance

        if self.account_id is not None:
            self._context.runner.ask(glance, self.account_id, then=self._fill, owner=self)

    def close_up(self) -> None:
        self.account_id = None
        super().close_up()

    def _fill(self, view: Overview | None) -> None:
        if self.account_id is None:
            return
        if view is None:
            self.close_up()
            return
        self.clear()
        today = self._context.clock.today()
        self._fill_head(view)
        self.body.addLayout(self._facts(view, today))
        self.body.addWidget(Divider())
        self.body.addWidget(Label(_("Latest visits"), bold=True))
        latest = [visit for visit in view.visits if visit.state != VisitState.PLANNED or _is_late(visit, today)]
        for visit in latest[:SHOWN_VISITS]:
            self.body.addLayout(_visit(visit, today))
        if not latest:
            self.body.addWidget(Label(_("No visit yet"), ink="muted"))
        self.body.addStretch(1)
        row = QHBoxLayout()
        opens = Button(_("Open account"), "accounts", "Enter")
        opens.clicked.connect(partial(self.opened.emit, view.account.id))
        row.addWidget(opens)
        row.addStretch(1)
        self.foot.addLayout(row)
        self.open()

    def _fill_head(self, view: Overview) -> None:
        account = view.account
        row = QHBoxLayout()
        row.setSpacing(px(8))
        self.name = Label(account.short_name or account.name, "h2", elide=True)
        row.addWidget(self.name)
        if account.tier:
            row.addWidget(TierBadge(account.tier))
        row.addStretch(1)
        close = Button(_("Close the preview"), "close", "Esc", "icon")
        close.clicked.connect(self.close_up)
        row.addWidget(close)
        self.head.addLayout(row)
        full = account.name if account.short_name and account.short_name != account.name else ""
        about = dotted(
            (word(Tier, account.tier), word(ServiceMode, account.service_mode), account.industry, account.city)
        )
        for text in (full, about):
            if text:
                self.head.addWidget(Label(text, ink="muted", elide=True))

    def _facts(self, view: Overview, today: date) -> QGridLayout:
        account = view.account
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(1, 1)
        contact, renewal, spoke = _contact(view), _renewal(view, today), _last_contact(view, today)
        planned = view.next_visit(today)
        coming = formats.NOTHING
        if planned is not None:
            day = f"{formats.day_near(planned.planned_on, today)} {formats.time_text(planned.starts_at)}".strip()
            coming = dotted((day, word(VisitKind, planned.kind), planned.goal))
        arr = (
            _("{amount} CNY").format(amount=formats.cents(account.arr_cents)) if account.arr_cents else formats.NOTHING
        )
        for row, (caption, shown) in enumerate(
            (
                (_("Contact"), contact),
                (_("Renewal"), renewal),
                (_("ARR"), Label(arr, elide=True)),
                (_("Last contact"), spoke),
                (_("Next visit"), Label(coming, elide=True)),
                (_("Handover"), _handover(view)),
                (_("CSM owner"), Label(account.owner or formats.NOTHING, elide=True)),
            )
        ):
            grid.addWidget(Label(caption, ink="muted"), row, 0, Qt.AlignmentFlag.AlignTop)
            if isinstance(shown, StateBadge):
                grid.addWidget(shown, row, 1, Qt.AlignmentFlag.AlignLeft)
            else:
                grid.addWidget(shown, row, 1)
        return grid


def _contact(view: Overview) -> QWidget:
    person = next((one for one in view.contacts if one.left_on is None), None)
    if person is None:
        return Label(_("Nobody yet"), ink="muted", elide=True)
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(px(2))
    column.addWidget(Label(dotted((person.name, person.title)), elide=True))
    if person.phone:
        column.addWidget(Label(person.phone, elide=True))
    return holder


def _renewal(view: Overview, today: date) -> Label:
    end = view.account.renewal_on
    if end is None:
        return Label(_("No contract yet"), ink="muted", elide=True)
    days = (end - today).days
    text = dotted((end.isoformat(), formats.days_left(end, today)))
    return Label(text, ink="ink_red" if days <= 30 else "text", bold=days <= 60, elide=True)


def _handover(view: Overview) -> StateBadge | Label:
    if not view.handovers:
        return Label(formats.NOTHING, ink="muted", elide=True)
    badge = handover_badge(view.handovers[0].state)
    return StateBadge(badge.text, badge.tone)


def _last_contact(view: Overview, today: date) -> Label:
    last = view.account.last_contact_on
    late = overdue_contact(last, view.contact_limit, today)
    text = formats.day_near(last, today) if last is not None else _("Never")
    return Label(f"\u25b2 {text}" if late else text, ink="ink_amber" if late else "text", elide=True)


def _is_late(visit: VisitFacts, today: date) -> bool:
    return visit.planned_on is not None and visit.planned_on < today


def _visit(visit: VisitFacts, today: date) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(px(2))
    row = QHBoxLayout()
    row.setSpacing(px(8))
    row.addWidget(Label(formats.day_near(visit.day, today), ink="muted"))
    row.addWidget(Label(visit.goal or word(VisitKind, visit.kind), elide=True), 1)
    state = VisitState(visit.state)
    if state == VisitState.PLANNED:
        row.addWidget(StateBadge(_("Not recorded yet"), "warn"))
    elif state != VisitState.DONE:
        row.addWidget(StateBadge(word(VisitState, state), VISIT_TONES[state]))
    column.addLayout(row)
    said = visit.record or visit.excuse or visit.next_step
    if said:
        column.addWidget(Label(said, "caption", "muted", elide=True))
    return column
