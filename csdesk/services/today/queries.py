"""Reading the day: one list of what to do, today's visits, the week's load."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.contracts import Contract
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import RenewalState, TaskSource, VisitKind, VisitState
from csdesk.services.contracts.queries import EndingRow, NoticeRow, count_ending, ending, notices
from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.services.handover.queries import WaitingHandover, handovers_waiting
from csdesk.services.settings.queries import setting
from csdesk.services.tasks.queries import tasks_done, tasks_due
from csdesk.services.today.answers import answers_to_tell, late_at_product
from csdesk.services.today.rules import Group, Item, Kind, arranged
from csdesk.services.today.view import DayLoad, TodayView, TodayVisit
from csdesk.services.visits.cards import VisitCard
from csdesk.services.visits.facts import room_between
from csdesk.services.visits.queries import plan_between, visit_cards

KIND_ICONS = {VisitKind.ONSITE: "onsite", VisitKind.ONLINE: "online", VisitKind.PHONE: "phone"}
MOST_SOON = 40
SOON_DAYS = 30
MOST_WAITING = 200
LATE_DAYS = 90
NOTICE_DAYS = 14
"""So many days before the last day to give notice the day says so."""


def today(connection: Connection, day: date) -> TodayView:
    """The day as it stands in the store."""
    visits = visit_cards(connection, Visit.planned_on == day)
    within = int(setting(connection, "today.ends_within"))
    ends = ending(connection, day, within, MOST_SOON)
    waiting = handovers_waiting(connection, day, MOST_WAITING)
    items = [_visit(card, day) for card in visits if card.state in (VisitState.PLANNED, VisitState.DONE)]
    items += [_unrecorded(card, day) for card in _past(connection, day)]
    items += [_past_end(row, day) for row in _undecided(connection, day)]
    noticed = {row.contract_id: row for row in notices(connection, day, NOTICE_DAYS)}
    items += [_notice(row, day) for row in noticed.values()]
    items += [_ending(row, day) for row in ends if row.contract_id not in noticed]
    items += [_handover(row, day) for row in waiting]
    items += _tasks(connection, day)
    items += [*answers_to_tell(connection, day), *late_at_product(connection, day)]
    accounts = connection.scalar(select(Account.id).where(Account.deleted_at.is_(None)).limit(1))
    soon = count_ending(connection, day, SOON_DAYS)
    due = len(ends) if len(ends) < MOST_SOON else count_ending(connection, day, within)
    last = day + timedelta(within)
    due += sum(row.end_on is not None and row.end_on > last for row in noticed.values())
    return TodayView(
        day, tuple(arranged(items)), tuple(map(_today_visit, visits)), week_load(connection, day), soon, len(waiting), int(accounts is not None),
        {Group.SOON: due},
    )  # fmt: skip


def week_load(connection: Connection, day: date) -> tuple[DayLoad, ...]:
    """Monday to Sunday of the week of ``day``: visits against capacity."""
    monday = day - timedelta(day.weekday())
    sunday = monday + timedelta(6)
    days = connection.execute(
        select(Visit.planned_on).where(
            Visit.deleted_at.is_(None),
            Visit.planned_on.between(monday, sunday),
            Visit.state.in_((VisitState.PLANNED, VisitState.DONE)),
        )
    )
    used = Counter(row.planned_on for row in days)
    plan = plan_between(connection, monday, sunday)
    room = room_between(connection, monday, sunday)
    capacity = plan.capacity if plan else room.rules.visits_a_day
    return tuple(
        DayLoad(current, used[current], room.on(current, capacity), room.workdays.name(current))
        for current in (monday + timedelta(number) for number in range(7))
    )


def _past(connection: Connection, day: date) -> tuple[VisitCard, ...]:
    """Planned visits whose day has passed without a record."""
    late = Visit.planned_on.between(day - timedelta(LATE_DAYS), day - timedelta(1))
    return visit_cards(connection, Visit.state == VisitState.PLANNED, late)


def _undecided(connection: Connection, day: date) -> list[EndingRow]:
    """Contracts whose end has passed without a decision, the latest ends of their accounts."""
    rows = connection.execute(
        select(
            Contract.id, Account.id, Account.name, Account.short_name, Account.tier, Contract.number, Contract.end_on
        )
        .join(Account, Account.id == Contract.account_id)
        .where(
            Contract.deleted_at.is_(None),
            Account.deleted_at.is_(None),
            Contract.renewal_state == RenewalState.OPEN,
            Contract.end_on.between(day - timedelta(days=LATE_DAYS), day - timedelta(days=1)),
            Contract.end_on == Account.renewal_on,
        )
        .order_by(Contract.end_on)
    )
    return [EndingRow(row[0], row[1], row[3] or row[2], row[4], row[5], row[6] or day, None) for row in rows]


def _today_visit(card: VisitCard) -> TodayVisit:
    where = " ".join(part for part in (card.city, card.address) if part) if card.kind == VisitKind.ONSITE else card.goal
    done = card.state == VisitState.DONE
    return TodayVisit(card.id, card.account, card.contact, where, card.starts_at, KIND_ICONS[card.kind], done)


def _tasks(connection: Connection, day: date) -> list[Item]:
    """What is due, overdue or back from a snooze, and what was done today."""
    items = []
    for row in [*tasks_due(connection, day, MOST_WAITING), *tasks_done(connection, day)]:
        late = row.is_open and row.due_on is not None and row.due_on < day
        group = Group.DONE if not row.is_open else Group.OVERDUE if late else Group.TODAY
        due = row.due_on if late and row.due_on else day
        since = _("due {day}").format(day=formats.day_near(row.due_on, day)) if row.due_on else _("put off until today")
        source = _(TaskSource(row.source).label) if row.source != TaskSource.BY_HAND else ""
        why = " \u00b7 ".join(part for part in (row.account, since, source, row.owner) if part)
        items.append(
            Item(
                group, Kind.TASK, row.id, row.account_id or 0, row.account, row.tier or "", row.text, why, due, "task",
                days=(day - due).days if late else None,
            )
        )  # fmt: skip
    return items


def _visit(card: VisitCard, day: date) -> Item:
    kind = _(card.kind.label)
    done = card.state == VisitState.DONE
    return Item(
        Group.DONE if done else Group.TODAY,
        Kind.VISIT,
        card.id,
        card.account_id,
        card.account,
        card.tier or "",
        _("{kind}: {account}, {goal}").format(kind=kind, account=card.account, goal=card.goal)
        if card.goal
        else _("{kind}: {account}").format(kind=kind, account=card.account),
        card.why or card.address or _("placed by hand"),
        day,
        KIND_ICONS[card.kind],
        card.starts_at,
    )


def _unrecorded(card: VisitCard, day: date) -> Item:
    planned = card.day or day
    days = (day - planned).days
    return Item(
        Group.OVERDUE,
        Kind.RECORD,
        card.id,
        card.account_id,
        card.account,
        card.tier or "",
        _("Record the visit to {account}").format(account=card.account),
        _("planned for {day}, nothing written down yet").format(day=formats.day_near(planned, day)),
        planned,
        "note",
        days=days,
    )


def _past_end(row: EndingRow, day: date) -> Item:
    days = (day - row.end_on).days
    return Item(
        Group.OVERDUE,
        Kind.CONTRACT,
        row.contract_id,
        row.account_id,
        row.account,
        row.tier or "",
        _("Contract {number} of {account}: renewed or not?").format(number=row.number, account=row.account),
        _("ended {day}, not decided").format(day=formats.day_iso(row.end_on)),
        row.end_on,
        "contract",
        days=days,
    )


def _notice(row: NoticeRow, day: date) -> Item:
    days = (row.notice_on - day).days
    why = ngettext("notice until {day}, {n} day left", "notice until {day}, {n} days left", days)
    return Item(
        Group.SOON,
        Kind.CONTRACT,
        row.contract_id,
        row.account_id,
        row.account,
        row.tier or "",
        _("{number} of {account} renews by itself: is that right?").format(number=row.number, account=row.account),
        why.format(day=formats.day_iso(row.notice_on), n=days),
        row.notice_on,
        "contract",
        days=-days,
    )


def _ending(row: EndingRow, day: date) -> Item:
    days = (row.end_on - day).days
    arr = _("ARR {amount} CNY").format(amount=formats.cents(row.arr_cents)) if row.arr_cents else ""
    why = ngettext("ends {day}, {n} day left", "ends {day}, {n} days left", days).format(
        day=formats.day_iso(row.end_on), n=days
    )
    return Item(
        Group.SOON,
        Kind.CONTRACT,
        row.contract_id,
        row.account_id,
        row.account,
        row.tier or "",
        _("Renewal of {account}").format(account=row.account),
        " \u00b7 ".join(part for part in (why, arr) if part),
        row.end_on,
        "renewals",
        days=-days,
    )


def _handover(row: WaitingHandover, day: date) -> Item:
    days = (day - row.received_on).days if row.received_on else 0
    why = (
        ngettext("received {n} day ago", "received {n} days ago", days).format(n=days) if days else _("received today")
    )
    return Item(
        Group.TODAY,
        Kind.HANDOVER,
        row.id,
        row.account_id,
        row.short_name or row.account,
        "",
        _("Check the handover of {account}").format(account=row.short_name or row.account),
        why,
        day,
        "import",
        alarm=_("the contract runs already") if row.started else "",
    )
