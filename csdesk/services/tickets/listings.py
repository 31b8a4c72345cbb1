"""The lists of tickets, demands, releases and notices as SQL."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, and_, case, cast, func, literal, or_, select

from csdesk.models.contacts import Contact
from csdesk.models.tickets import Notice, Release
from csdesk.models.vocabulary import (
    N_,
    DemandState,
    NoticeCause,
    NoticeState,
    Severity,
    TicketKind,
    TicketState,
    Tier,
)
from csdesk.services.core.columns import Column, Filter, Kind, Query
from csdesk.services.core.listing import Listing, like
from csdesk.services.tickets.rules import DECIDED, OPEN_STATES, OVER
from csdesk.services.tickets.standing import ACCOUNTS, DEMANDS, TICKETS, VOICES, TicketRules

NOTICES: Any = Notice.__table__
RELEASES: Any = Release.__table__
CONTACTS: Any = Contact.__table__
SHOWN_ACCOUNT = case((ACCOUNTS.c.short_name != "", ACCOUNTS.c.short_name), else_=func.coalesce(ACCOUNTS.c.name, ""))

TICKET_COLUMNS = (
    Column("number", N_("Number"), Kind.TEXT, 88),
    Column("title", N_("What was asked"), Kind.NAME, 320),
    Column("account", N_("Account"), Kind.TEXT, 160),
    Column("tier", N_("Tier"), Kind.TIER, 56, leaves=4),
    Column("state", N_("State"), Kind.BADGE, 128),
    Column("importance", N_("Importance"), Kind.CHOICE, 96, leaves=6),
    Column("reported_on", N_("Reported on"), Kind.DAY, 112, leaves=1),
    Column("module", N_("Module"), Kind.TEXT, 112, leaves=5),
    Column("planned_on", N_("Planned for"), Kind.DAY, 112, leaves=3),
    Column("demand", N_("Demand"), Kind.TEXT, 88, leaves=7),
    Column("kind", N_("Kind"), Kind.CHOICE, 88, leaves=8),
    Column("severity", N_("Severity"), Kind.CHOICE, 104, hidden=True),
    Column("contact", N_("Contact"), Kind.TEXT, 96, hidden=True),
    Column("channel", N_("Channel"), Kind.CHOICE, 96, hidden=True),
    Column("first_planned_on", N_("First promised for"), Kind.DAY, 112, hidden=True),
    Column("released_on", N_("Released on"), Kind.DAY, 112, hidden=True),
    Column("told_on", N_("Told on"), Kind.DAY, 112, hidden=True),
    Column("closed_on", N_("Closed on"), Kind.DAY, 112, hidden=True),
    Column("text", N_("The customer's words"), Kind.TEXT, 320, hidden=True),
)
DEMAND_COLUMNS = (
    Column("number", N_("Number"), Kind.TEXT, 88),
    Column("title", N_("What is asked for"), Kind.NAME, 320),
    Column("state", N_("State"), Kind.BADGE, 128),
    Column("accounts", N_("Accounts"), Kind.NUMBER, 72),
    Column("arr_cents", N_("ARR"), Kind.MONEY, 112),
    Column("renewing", N_("Renewals ahead"), Kind.NUMBER, 96, leaves=4),
    Column("scope", N_("Generic or custom"), Kind.CHOICE, 112, leaves=3),
    Column("module", N_("Module"), Kind.TEXT, 112, leaves=5),
    Column("planned_on", N_("Planned for"), Kind.DAY, 112, leaves=2),
    Column("untold", N_("To be told"), Kind.NUMBER, 80, leaves=1),
    Column("opened_on", N_("First asked on"), Kind.DAY, 112, leaves=6),
    Column("sent_on", N_("Sent on"), Kind.DAY, 112, leaves=7),
    Column("release", N_("Release"), Kind.TEXT, 112, hidden=True),
    Column("tickets", N_("Tickets"), Kind.NUMBER, 72, hidden=True),
    Column("decided_on", N_("Decided on"), Kind.DAY, 112, hidden=True),
    Column("released_on", N_("Released on"), Kind.DAY, 112, hidden=True),
    Column("size", N_("Size"), Kind.CHOICE, 96, hidden=True),
    Column("background", N_("Background"), Kind.TEXT, 320, hidden=True),
)
NOTICE_COLUMNS = (
    Column("account", N_("Account"), Kind.NAME, 176),
    Column("cause", N_("Answer"), Kind.BADGE, 120),
    Column("title", N_("What was asked"), Kind.TEXT, 280),
    Column("due_on", N_("Since"), Kind.DAY, 112),
    Column("planned_on", N_("Planned for"), Kind.DAY, 112, leaves=2),
    Column("tier", N_("Tier"), Kind.TIER, 56, leaves=3),
    Column("number", N_("Number"), Kind.TEXT, 88, leaves=4),
    Column("state", N_("State"), Kind.CHOICE, 96, leaves=5),
    Column("told_on", N_("Told on"), Kind.DAY, 112, hidden=True),
    Column("told_by", N_("Told by"), Kind.TEXT, 96, hidden=True),
    Column("channel", N_("Channel"), Kind.CHOICE, 96, hidden=True),
    Column("text", N_("Text"), Kind.TEXT, 320, hidden=True),
)
RELEASE_COLUMNS = (
    Column("name", N_("Release"), Kind.NAME, 200),
    Column("planned_on", N_("Planned for"), Kind.DAY, 120),
    Column("released_on", N_("Released on"), Kind.DAY, 120),
    Column("demands", N_("Demands"), Kind.NUMBER, 88),
    Column("bugs", N_("Bugs"), Kind.NUMBER, 72),
    Column("waiting", N_("Accounts that wait"), Kind.NUMBER, 120),
    Column("untold", N_("To be told"), Kind.NUMBER, 96),
    Column("notes", N_("Notes"), Kind.TEXT, 240, leaves=1),
)


def prefixed(prefix: str, column: Any) -> Any:
    """A number as people say it: R-0012; NULL where there is none."""
    return case((column.is_not(None), literal(prefix).concat(func.printf("-%04d", column))))


TICKET_NUMBER = case(
    (TICKETS.c.kind == TicketKind.BUG, prefixed("B", TICKETS.c.number)),
    (TICKETS.c.kind == TicketKind.QUESTION, prefixed("Q", TICKETS.c.number)),
    else_=prefixed("R", TICKETS.c.number),
)
EFFECTIVE = case(
    *(
        (
            and_(
                TICKETS.c.kind == TicketKind.REQUIREMENT, TICKETS.c.state.in_(OPEN_STATES), DEMANDS.c.state == decided
            ),
            shown.value,
        )
        for decided, shown in DECIDED.items()
    ),
    else_=TICKETS.c.state,
)
"""As ``rules.effective_state`` says."""
PLANNED = func.coalesce(TICKETS.c.planned_on, DEMANDS.c.planned_on)
ASKED = case((TICKETS.c.title != "", TICKETS.c.title), else_=TICKETS.c.text)
TICKETS_JOINED = (
    TICKETS.outerjoin(DEMANDS, DEMANDS.c.id == TICKETS.c.demand_id)
    .outerjoin(ACCOUNTS, ACCOUNTS.c.id == TICKETS.c.account_id)
    .outerjoin(CONTACTS, CONTACTS.c.id == TICKETS.c.contact_id)
)
BUG_SINCE = case(
    (TICKETS.c.state == TicketState.IN_REVIEW, func.coalesce(TICKETS.c.sent_on, TICKETS.c.reported_on)),
    else_=func.coalesce(TICKETS.c.reopened_on, TICKETS.c.reported_on),
)
"""The day from which product's time runs for a bug."""


def weights(renewing_until: date) -> Any:
    """By demand: accounts, ARR in cents, renewals until a day, accounts of each tier, the shortest tier."""
    tiers = [func.sum(case((ACCOUNTS.c.tier == tier.value, 1), else_=0)).label(f"tier_{tier.value}") for tier in Tier]
    return (
        select(
            VOICES.c.demand_id,
            func.count().label("accounts"),
            func.coalesce(func.sum(ACCOUNTS.c.arr_cents), 0).label("arr_cents"),
            func.sum(case((ACCOUNTS.c.renewal_on <= renewing_until, 1), else_=0)).label("renewing"),
            *tiers,
        )
        .select_from(VOICES.join(ACCOUNTS, ACCOUNTS.c.id == VOICES.c.account_id))
        .where(ACCOUNTS.c.deleted_at.is_(None))
        .group_by(VOICES.c.demand_id)
        .subquery("weights")
    )


def _said(state: NoticeState, name: str) -> Any:
    return (
        select(NOTICES.c.demand_id, func.count(func.distinct(NOTICES.c.account_id)).label("said"))
        .select_from(NOTICES.join(DEMANDS, DEMANDS.c.id == NOTICES.c.demand_id))
        .where(NOTICES.c.deleted_at.is_(None), NOTICES.c.state == state, _of_now())
        .group_by(NOTICES.c.demand_id)
        .subquery(name)
    )


def _of_now() -> ColumnElement[bool]:
    """Notices that say what is true of the demand now."""
    return or_(
        and_(DEMANDS.c.state == DemandState.RELEASED, NOTICES.c.cause == NoticeCause.RELEASED),
        and_(DEMANDS.c.state == DemandState.DECLINED, NOTICES.c.cause == NoticeCause.DECLINED),
        and_(DEMANDS.c.state == DemandState.ACCEPTED, NOTICES.c.planned_on == DEMANDS.c.planned_on),
    )


class DemandSql:
    """The demands with what stands behind them, as SQL of one day."""

    def __init__(self, today: date, rules: TicketRules) -> None:
        self.weights = weights(today + timedelta(rules.renewal_days))
        self.untold, self.told = _said(NoticeState.OPEN, "untold"), _said(NoticeState.TOLD, "told")
        count = select(TICKETS.c.demand_id, func.count().label("tickets"))
        self.counts = (
            count.where(TICKETS.c.deleted_at.is_(None), TICKETS.c.demand_id.is_not(None))
            .group_by(TICKETS.c.demand_id)
            .subquery("counts")
        )
        self.joined = DEMANDS
        for other in (self.weights, self.untold, self.told, self.counts):
            self.joined = self.joined.outerjoin(other, other.c.demand_id == DEMANDS.c.id)
        self.joined = self.joined.outerjoin(RELEASES, RELEASES.c.id == DEMANDS.c.release_id)
        self.accounts = func.coalesce(self.weights.c.accounts, 0)
        self.arr = func.coalesce(self.weights.c.arr_cents, 0)
        self.raised = and_(
            DEMANDS.c.state == DemandState.DECLINED,
            or_(self.accounts >= DEMANDS.c.again_at, self.arr >= DEMANDS.c.again_from_arr),
        )
        self.days = self._days(rules)
        self.late = self._late(today, rules)
        self.to_tell = func.coalesce(self.untold.c.said, 0)

    def _days(self, rules: TicketRules) -> Any:
        """How many working days product has for a demand: the shortest of its accounts' tiers."""
        by_days: dict[int, list[str]] = {}
        for tier in Tier:
            by_days.setdefault(rules.standard.days([tier.value]), []).append(tier.value)
        cases = [
            (or_(*(self.weights.c[f"tier_{tier}"] > 0 for tier in tiers)), days)
            for days, tiers in sorted(by_days.items())
        ]
        untiered = self.accounts > sum((func.coalesce(self.weights.c[f"tier_{t.value}"], 0) for t in Tier), literal(0))
        usual = (untiered, rules.standard.usual)
        ordered = sorted([*cases, usual], key=lambda pair: pair[1])
        return case(*ordered, else_=rules.standard.usual)

    def _late(self, today: date, rules: TicketRules) -> ColumnElement[bool]:
        waiting = DEMANDS.c.state.in_((DemandState.TO_REVIEW, DemandState.IN_REVIEW))
        limits = [
            and_(self.days == days, DEMANDS.c.waits_since <= rules.deadlines.latest_late(today, days))
            for days in {rules.standard.days([tier.value]) for tier in Tier} | {rules.standard.usual}
        ]
        return and_(waiting, or_(*limits))

    @property
    def column(self) -> Any:
        """The column of the board in which a demand stands; "" for those that are over."""
        return case(
            (or_(DEMANDS.c.state == DemandState.TO_REVIEW, self.raised), "to_review"),
            (DEMANDS.c.state == DemandState.IN_REVIEW, "in_review"),
            (DEMANDS.c.state == DemandState.ACCEPTED, "accepted"),
            (self.to_tell > 0, "to_tell"),
            else_="",
        )


COLUMNS_OF_BOARD = ("to_review", "in_review", "accepted", "to_tell")
"""The columns of the board, in order."""


def _is(column: Any) -> Callable[[Filter, date], ColumnElement[bool]]:
    def condition(given: Filter, today: date) -> ColumnElement[bool]:
        values = given.value if isinstance(given.value, tuple) else (given.value,)
        found: ColumnElement[bool] = column.in_([value if isinstance(value, int) else str(value) for value in values])
        return found

    return condition


def demands(today: date, rules: TicketRules) -> Listing:
    """The list of demands; merged ones are not in it."""
    sql = DemandSql(today, rules)
    return Listing(
        entity="demands",
        table=DEMANDS,
        columns=DEMAND_COLUMNS,
        sources={
            **{column.key: DEMANDS.c[column.key] for column in DEMAND_COLUMNS if column.key in DEMANDS.c},
            "number": prefixed("D", DEMANDS.c.number),
            "accounts": sql.accounts,
            "arr_cents": sql.arr,
            "renewing": func.coalesce(sql.weights.c.renewing, 0),
            "untold": sql.to_tell,
            "release": func.coalesce(RELEASES.c.name, ""),
            "tickets": func.coalesce(sql.counts.c.tickets, 0),
        },
        default_sort="accounts",
        default_descending=True,
        orders={
            "number": DEMANDS.c.number,
            "state": case({state.value: place for place, state in enumerate(DemandState)}, value=DEMANDS.c.state),
            "accounts": sql.accounts * 10_000_000_000_000 + sql.arr,
        },
        conditions={
            "state": _is(DEMANDS.c.state),
            "column": lambda given, day: sql.column == str(given.value),
            "to_do": lambda given, day: sql.column != "",
            "to_tell": lambda given, day: sql.to_tell > 0,
            "late": lambda given, day: sql.late,
            "raised": lambda given, day: sql.raised,
            "scope": _is(DEMANDS.c.scope),
            "module": _is(DEMANDS.c.module),
            "release": _is(DEMANDS.c.release_id),
            "account": lambda given, day: DEMANDS.c.id.in_(
                select(VOICES.c.demand_id).where(VOICES.c.account_id == int(str(given.value)))
            ),
        },
        search=_demand_search,
        sums={"arr_cents": func.sum(sql.arr), "accounts": func.sum(sql.accounts)},
        joined=sql.joined,
        base=and_(DEMANDS.c.deleted_at.is_(None), DEMANDS.c.state != DemandState.MERGED),
    )


def _demand_search(words: str) -> ColumnElement[bool]:
    said = select(TICKETS.c.demand_id).where(
        TICKETS.c.deleted_at.is_(None), TICKETS.c.demand_id.is_not(None), like(words, TICKETS.c.text, TICKETS.c.title)
    )
    own = like(words, DEMANDS.c.title, DEMANDS.c.background, DEMANDS.c.module, prefixed("D", DEMANDS.c.number))
    found: ColumnElement[bool] = own | DEMANDS.c.id.in_(said)
    return found


DEMAND_VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("to_do", N_("Still to do"), (Filter("to_do"),)),
    ("to_tell", N_("To be told by me"), (Filter("to_tell"),)),
    ("late", N_("Past the answer day"), (Filter("late"),)),
    ("raised", N_("Declined, come up again"), (Filter("raised"),)),
    ("generic", N_("Generic"), (Filter("scope", "generic"),)),
    ("custom", N_("Custom"), (Filter("scope", "custom"),)),
    ("all", N_("All"), ()),
)
TICKET_VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("open", N_("Open"), (Filter("open"),)),
    ("requirements", N_("Requirements"), (Filter("kind", TicketKind.REQUIREMENT),)),
    ("questions", N_("Questions"), (Filter("kind", TicketKind.QUESTION),)),
    ("to_tell", N_("To be told by me"), (Filter("to_tell"),)),
    ("unclear", N_("To be clarified"), (Filter("state", TicketState.CAPTURED),)),
    ("all", N_("All"), ()),
)
BUG_VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("open_bugs", N_("Open"), (Filter("kind", TicketKind.BUG), Filter("open"))),
    ("late_bugs", N_("Past the answer day"), (Filter("kind", TicketKind.BUG), Filter("late"))),
    ("missed", N_("Date missed"), (Filter("kind", TicketKind.BUG), Filter("missed"))),
    ("bugs", N_("All bugs"), (Filter("kind", TicketKind.BUG),)),
)


def tickets(today: date, rules: TicketRules) -> Listing:
    """The list of tickets of all kinds."""
    open_notice = select(NOTICES.c.id).where(
        NOTICES.c.deleted_at.is_(None), NOTICES.c.state == NoticeState.OPEN, NOTICES.c.account_id == TICKETS.c.account_id,
        or_(NOTICES.c.ticket_id == TICKETS.c.id, NOTICES.c.demand_id == TICKETS.c.demand_id),
    )  # fmt: skip
    return Listing(
        entity="tickets",
        table=TICKETS,
        columns=TICKET_COLUMNS,
        sources={
            **{column.key: TICKETS.c[column.key] for column in TICKET_COLUMNS if column.key in TICKETS.c},
            "number": TICKET_NUMBER,
            "title": ASKED,
            "account": SHOWN_ACCOUNT,
            "tier": ACCOUNTS.c.tier,
            "contact": func.coalesce(CONTACTS.c.name, ""),
            "state": EFFECTIVE,
            "planned_on": PLANNED,
            "demand": case((DEMANDS.c.id.is_not(None), prefixed("D", DEMANDS.c.number)), else_=""),
        },
        default_sort="reported_on",
        default_descending=True,
        orders={
            "number": TICKETS.c.number,
            "account": func.coalesce(ACCOUNTS.c.name_key, ""),
            "state": case({state.value: place for place, state in enumerate(TicketState)}, value=EFFECTIVE),
            "importance": case({"critical": 0, "important": 1, "nice": 2, "none": 3}, value=TICKETS.c.importance),
            "severity": case({word.value: place for place, word in enumerate(Severity)}, value=TICKETS.c.severity),
        },
        conditions={
            "kind": _is(TICKETS.c.kind),
            "state": _is(EFFECTIVE),
            "open": lambda given, day: TICKETS.c.state.not_in(OVER),
            "account": _is(TICKETS.c.account_id),
            "tier": _is(ACCOUNTS.c.tier),
            "module": _is(TICKETS.c.module),
            "importance": _is(TICKETS.c.importance),
            "severity": _is(TICKETS.c.severity),
            "demand": _is(TICKETS.c.demand_id),
            "release": lambda given, day: or_(
                TICKETS.c.release_id == int(str(given.value)), DEMANDS.c.release_id == int(str(given.value))
            ),
            "to_tell": lambda given, day: open_notice.exists(),
            "late": lambda given, day: late_bug(day, rules),
            "missed": lambda given, day: missed_bug(day),
        },
        search=lambda words: like(
            words, TICKETS.c.text, TICKETS.c.title, TICKETS.c.module, ACCOUNTS.c.name, ACCOUNTS.c.short_name,
            ACCOUNTS.c.pinyin, ACCOUNTS.c.initials, TICKET_NUMBER,
        ),
        joined=TICKETS_JOINED,
    )  # fmt: skip


def late_bug(today: date, rules: TicketRules) -> ColumnElement[bool]:
    """Bugs for which product has neither given a date nor declined within the standard."""
    waiting = TICKETS.c.state.in_((TicketState.CAPTURED, TicketState.CLARIFIED, TicketState.IN_REVIEW))
    days = case(
        *((TICKETS.c.severity == severity, count) for severity, count in rules.standard.by_severity.items() if count),
        *((ACCOUNTS.c.tier == tier.value, rules.standard.days([tier.value])) for tier in Tier),
        else_=rules.standard.usual,
    )
    limits = [
        and_(cast(days, Integer) == count, rules.deadlines.latest_late(today, count) >= BUG_SINCE)
        for count in rules.standard.all_days
    ]
    return and_(TICKETS.c.kind == TicketKind.BUG, waiting, or_(*limits))


def missed_bug(today: date) -> ColumnElement[bool]:
    """Bugs that were not fixed by the day first promised."""
    late = and_(TICKETS.c.released_on.is_(None), TICKETS.c.first_planned_on < today, TICKETS.c.state.not_in(OVER))
    return and_(
        TICKETS.c.kind == TicketKind.BUG,
        TICKETS.c.first_planned_on.is_not(None),
        or_(TICKETS.c.released_on > TICKETS.c.first_planned_on, late),
    )


NOTICES_JOINED = (
    NOTICES.outerjoin(DEMANDS, DEMANDS.c.id == NOTICES.c.demand_id)
    .outerjoin(TICKETS, TICKETS.c.id == NOTICES.c.ticket_id)
    .outerjoin(ACCOUNTS, ACCOUNTS.c.id == NOTICES.c.account_id)
)
NOTICE_TITLE = func.coalesce(DEMANDS.c.title, ASKED, "")
NOTICE_NUMBER = case((DEMANDS.c.id.is_not(None), prefixed("D", DEMANDS.c.number)), else_=TICKET_NUMBER)
NOTICE_VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("open", N_("To be told"), (Filter("state", NoticeState.OPEN),)),
    ("released", N_("Released"), (Filter("state", NoticeState.OPEN), Filter("cause", ("released", "bug_fixed")))),
    ("declined", N_("Declined"), (Filter("state", NoticeState.OPEN), Filter("cause", "declined"))),
    ("dates", N_("Dates"), (Filter("state", NoticeState.OPEN), Filter("cause", ("date_set", "date_moved")))),
    ("told", N_("Told"), (Filter("state", NoticeState.TOLD),)),
)


def notices() -> Listing:
    """The list of answers that customers are, or were, to be told."""
    return Listing(
        entity="notices",
        table=NOTICES,
        columns=NOTICE_COLUMNS,
        sources={
            **{column.key: NOTICES.c[column.key] for column in NOTICE_COLUMNS if column.key in NOTICES.c},
            "account": SHOWN_ACCOUNT,
            "tier": ACCOUNTS.c.tier,
            "title": NOTICE_TITLE,
            "number": NOTICE_NUMBER,
        },
        default_sort="due_on",
        orders={"account": func.coalesce(ACCOUNTS.c.name_key, "")},
        conditions={
            "state": _is(NOTICES.c.state),
            "cause": _is(NOTICES.c.cause),
            "account": _is(NOTICES.c.account_id),
            "demand": _is(NOTICES.c.demand_id),
            "older": lambda given, day: NOTICES.c.due_on < day - timedelta(int(str(given.value))),
        },
        search=lambda words: like(
            words, ACCOUNTS.c.name, ACCOUNTS.c.short_name, ACCOUNTS.c.pinyin, ACCOUNTS.c.initials, DEMANDS.c.title,
            TICKETS.c.title, TICKETS.c.text, NOTICES.c.text, NOTICE_NUMBER,
        ),
        joined=NOTICES_JOINED,
    )  # fmt: skip


@lru_cache(maxsize=1)
def releases() -> Listing:
    """The list of releases, the newest day first."""
    mine = DEMANDS.c.release_id == RELEASES.c.id, DEMANDS.c.deleted_at.is_(None)
    bugs = TICKETS.c.release_id == RELEASES.c.id, TICKETS.c.kind == TicketKind.BUG, TICKETS.c.deleted_at.is_(None)
    waiting = (
        select(func.count(func.distinct(VOICES.c.account_id)))
        .select_from(VOICES.join(DEMANDS, DEMANDS.c.id == VOICES.c.demand_id))
        .where(*mine)
    )
    untold = (
        select(func.count(NOTICES.c.id))
        .select_from(NOTICES_JOINED)
        .where(
            NOTICES.c.deleted_at.is_(None), NOTICES.c.state == NoticeState.OPEN,
            or_(DEMANDS.c.release_id == RELEASES.c.id, TICKETS.c.release_id == RELEASES.c.id),
        )
    )  # fmt: skip
    return Listing(
        entity="releases",
        table=RELEASES,
        columns=RELEASE_COLUMNS,
        sources={
            **{column.key: RELEASES.c[column.key] for column in RELEASE_COLUMNS if column.key in RELEASES.c},
            "demands": select(func.count(DEMANDS.c.id)).where(*mine).correlate(RELEASES).scalar_subquery(),
            "bugs": select(func.count(TICKETS.c.id)).where(*bugs).correlate(RELEASES).scalar_subquery(),
            "waiting": waiting.correlate(RELEASES).scalar_subquery(),
            "untold": untold.correlate(RELEASES).scalar_subquery(),
        },
        default_sort="planned_on",
        default_descending=True,
        conditions={
            "planned": lambda given, day: RELEASES.c.released_on.is_(None),
            "out": lambda given, day: RELEASES.c.released_on.is_not(None),
        },
        search=lambda words: like(words, RELEASES.c.name, RELEASES.c.notes),
    )


RELEASE_VIEWS: tuple[tuple[str, str, tuple[Filter, ...]], ...] = (
    ("planned", N_("Planned"), (Filter("planned"),)),
    ("out", N_("Out"), (Filter("out"),)),
    ("all", N_("All"), ()),
)


def view_counts(connection: Connection, listing: Listing, views: list[tuple[Filter, ...]], today: date) -> list[int]:
    """How many rows each set of conditions holds."""
    return [listing.count(connection, Query(filters=filters), today) for filters in views]
