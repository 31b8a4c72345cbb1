"""What the day owes to those who asked for something: answers to tell, and what is late at product."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Connection

from csdesk.models.vocabulary import NoticeCause
from csdesk.services.core import formats
from csdesk.services.core.texts import N_, _, ngettext
from csdesk.services.settings.queries import setting
from csdesk.services.tickets.late import LateMatter, Lateness, late_matters
from csdesk.services.tickets.queries import NoticeRow, to_tell
from csdesk.services.today.rules import Group, Item, Kind

MOST_TOLD = 6
MANY = 3
"""So many customers that wait for the same answer are one line."""
MOST_LATE = 6
MOST_ASKED = 500
"""Of so many answers the oldest are listed, the rest are one line."""
TITLES = {
    Lateness.SEND: N_("Send {number} to product: {title}"),
    Lateness.ANSWER: N_("Ask product about {number}: {title}"),
    Lateness.PROMISE: N_("Ask for a new day for {number}: {title}"),
}
WHYS = {
    Lateness.SEND: N_("should have been sent by {day}"),
    Lateness.ANSWER: N_("the answer was due by {day}"),
    Lateness.PROMISE: N_("was promised for {day}"),
}
SAYINGS = {
    NoticeCause.DATE_SET: N_("Tell {account} the date of “{title}”"),
    NoticeCause.DATE_MOVED: N_("Tell {account} the new date of “{title}”"),
    NoticeCause.RELEASED: N_("Tell {account} that “{title}” is there"),
    NoticeCause.DECLINED: N_("Tell {account} why “{title}” will not come"),
    NoticeCause.BUG_FIXED: N_("Tell {account} that “{title}” is fixed"),
    NoticeCause.ANSWERED: N_("Give {account} the answer to “{title}”"),
}


def answers_to_tell(connection: Connection, day: date) -> list[Item]:
    """The oldest answers, one line each; those that wait too long are overdue. The rest stand in one line.

    Where many customers wait for the same answer, it is one line too.
    """
    within = int(setting(connection, "tickets.told_days"))
    groups: dict[tuple[int | None, int | None, str], list[NoticeRow]] = {}
    for row in to_tell(connection, MOST_ASKED):
        alone = row.id if row.demand_id is None else None
        groups.setdefault((row.demand_id, alone, row.cause), []).append(row)
    items: list[Item] = []
    rest: list[NoticeRow] = []
    for rows in groups.values():
        wanted = len(rows) if len(rows) < MANY else 1
        if len(items) + wanted > MOST_TOLD:
            rest += rows
        elif wanted == 1 and len(rows) > 1:
            items.append(_together(rows, day, within))
        else:
            items += [_answer(row, day, within) for row in rows]
    return [*items, *([_rest(rest, day, within)] if rest else [])]


def late_at_product(connection: Connection, day: date) -> list[Item]:
    """What product, or sending it there, is late with: the longest late first, the rest in one line."""
    late = late_matters(connection, day)
    items = [_matter(one, day) for one in late.matters[:MOST_LATE]]
    if late.count > MOST_LATE:
        left, first = late.count - MOST_LATE, late.matters[MOST_LATE]
        title = ngettext("{n} more is late at product", "{n} more are late at product", left).format(n=left)
        items.append(
            Item(
                Group.OVERDUE, Kind.LATE, first.id, 0, "", "", title, _("the list of requirements shows them all"),
                first.since, "question", days=(day - first.since).days,
            )
        )  # fmt: skip
    return items


def _answer(row: NoticeRow, day: date, within: int) -> Item:
    group, due, days = _standing(row, day, within)
    person = _("to {name}").format(name=row.contact) if row.contact else ""
    why = " \u00b7 ".join(part for part in (_since(row, day), person, row.number) if part)
    title = _(SAYINGS[NoticeCause(row.cause)]).format(account=row.account, title=row.title)
    return Item(
        group, Kind.TELL, row.id, row.account_id, row.account, row.tier or "", title, why, due, "mail", days=days
    )


def _together(rows: list[NoticeRow], day: date, within: int) -> Item:
    first = min(rows, key=lambda row: row.due_on)
    group, due, days = _standing(first, day, within)
    title = _("Tell {n} customers: “{title}” ({answer})").format(
        n=len(rows), title=first.title, answer=_(NoticeCause(first.cause).label)
    )
    names = _(", ").join(row.account for row in rows[:MANY])
    why = " \u00b7 ".join((_since(first, day), _("{names} and others").format(names=names), first.number))
    return Item(group, Kind.TELL, first.id, 0, "", "", title, why, due, "mail", days=days)


def _rest(rows: list[NoticeRow], day: date, within: int) -> Item:
    first = rows[0]
    group, due, days = _standing(first, day, within)
    title = ngettext("{n} more answer to tell", "{n} more answers to tell", len(rows)).format(n=len(rows))
    accounts = len({row.account_id for row in rows})
    why = ngettext("{n} account waits", "{n} accounts wait", accounts).format(n=accounts)
    why = " \u00b7 ".join((why, _since(first, day)))
    return Item(group, Kind.TELL, first.id, 0, "", "", title, why, due, "mail", days=days)


def _standing(row: NoticeRow, day: date, within: int) -> tuple[Group, date, int | None]:
    due = row.due_on + timedelta(within)
    return (Group.OVERDUE, due, (day - due).days) if due < day else (Group.TODAY, day, None)


def _since(row: NoticeRow, day: date) -> str:
    days = (day - row.due_on).days
    if not days:
        return _("known since today")
    return ngettext("waits for {n} day", "waits for {n} days", days).format(n=days)


def _matter(one: LateMatter, day: date) -> Item:
    said = _(WHYS[one.lateness]).format(day=formats.day_near(one.since, day))
    accounts = ngettext("{n} account asks for it", "{n} accounts ask for it", one.accounts).format(n=one.accounts)
    arr = _("ARR {amount} CNY").format(amount=formats.cents(one.arr_cents)) if one.arr_cents else ""
    why = " \u00b7 ".join(part for part in (one.account or accounts, said, arr) if part)
    title = _(TITLES[one.lateness]).format(number=one.number, title=one.title)
    return Item(
        Group.OVERDUE, Kind.BUG if one.is_bug else Kind.DEMAND, one.id, one.account_id, one.account, one.tier, title,
        why, one.since, "question", days=(day - one.since).days,
    )  # fmt: skip
