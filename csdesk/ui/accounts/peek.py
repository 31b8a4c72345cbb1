"""A look at an account beside the list: the essentials, without leaving the row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from csdesk.models.vocabulary import ServiceMode, Tier, VisitKind, VisitState
from csdesk.services.core import formats
from csdesk.services.core.texts import _
from csdesk.ui.accounts.wording import VISIT_TONES, dotted, overdue_contact, word
from csdesk.ui.core.parts import Divider, Label, StateBadge
from csdesk.ui.core.peeking import Peek
from csdesk.ui.core.theme import px
from csdesk.ui.handovers.wording import handover_badge

if TYPE_CHECKING:
    from csdesk.services.accounts.overview import Overview, VisitFacts

SHOWN_VISITS = 4


class AccountPeek(Peek):
    """Shows one account after the other."""

    def ask(self, record: int) -> None:
        from csdesk.services.accounts.overview import glance

        self.context.runner.ask(glance, record, then=self.answered, owner=self)

    def fill(self, view: Overview) -> None:
        today = self.context.clock.today()
        self._fill_head(view)
        self.body.addLayout(self._facts(view, today))
        self.body.addWidget(Divider())
        self.body.addWidget(Label(_("Latest visits"), bold=True))
        latest = [visit for visit in view.visits if visit.state != VisitState.PLANNED or _is_late(visit, today)]
        for visit in latest[:SHOWN_VISITS]:
            self.body.addLayout(_visit(visit, today))
        if not latest:
            self.body.addWidget(Label(_("No visit yet"), ink="muted"))
        self.put_verbs(view.account.id)

    def _fill_head(self, view: Overview) -> None:
        account = view.account
        self.name = self.put_name(account.short_name or account.name, account.tier)
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
