"""The workbook for product: a row for each demand with its weight, the voices behind it, the bugs that wait.

What is given stands on grey, what product fills on yellow. Ids and fingerprints stand in hidden columns, the names of the
columns for programs in a hidden first row: with them the workbook is known again when it comes back.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select

from csdesk.models.base import from_cents
from csdesk.models.tickets import DemandReview, Release
from csdesk.models.vocabulary import (
    Decision,
    DemandSize,
    DemandState,
    Importance,
    Scope,
    Severity,
    TicketKind,
    TicketState,
    Tier,
)
from csdesk.services.core import formats
from csdesk.services.core.columns import Kind
from csdesk.services.core.texts import N_, _
from csdesk.services.files.writing import Heading, OutSheet, Value, write_workbook
from csdesk.services.handover.matching import among
from csdesk.services.tickets.product_answers import FIXED, FIXED_LABEL, OF_BUG, TITLES, Answer, fingerprint, shown
from csdesk.services.tickets.rules import demand_number, shown_title, ticket_number
from csdesk.services.tickets.standing import ACCOUNTS, DEMANDS, TICKETS, VOICES, ticket_rules

RELEASES: Any = Release.__table__
REVIEWS: Any = DemandReview.__table__
DEMAND_KEY, BUG_KEY, SENT_KEY = "csdesk.demand", "csdesk.bug", "csdesk.as_sent"
"""What the hidden columns are called in the hidden row: by them a workbook is recognised."""
NOTE = N_(
    "Please fill in the yellow columns; a row without a decision stays open. Save the workbook and send it back as it is: hidden columns know which row is which."
)
DECIDED_STATES = {
    DemandState.ACCEPTED: Decision.ACCEPTED,
    DemandState.RELEASED: Decision.ACCEPTED,
    DemandState.DECLINED: Decision.DECLINED,
}
BUG_DECISIONS = {
    TicketState.ACCEPTED: Decision.ACCEPTED.value,
    TicketState.DECLINED: Decision.DECLINED.value,
    TicketState.RELEASED: FIXED,
}
WAITING_BUGS = (TicketState.CAPTURED, TicketState.CLARIFIED, TicketState.IN_REVIEW)
_WIDTHS = {"reason": 32, "answer": 36, "release": 14, "planned_on": 13, "reviewed_by": 13}
_SHORTEST_NAME = 2
LONG_AGO = date(2000, 1, 1)
"""A bug may have been mended on any day; only what is no day at all is warned of."""


@dataclass(frozen=True)
class ProductDemand:
    """A demand as product sees it. ``waits`` counts days; ``answer`` is what is decided about it now, ``before`` the newest
    review in one line."""

    id: int
    number: int
    title: str
    module: str
    background: str
    state: DemandState
    accounts: int
    arr_cents: int
    tiers: str
    renewing: int
    waits: int
    importance: str
    before: str
    sent_on: date | None
    merged_into_id: int | None
    answer: Answer

    def anew(self) -> ProductDemand:
        """The same one as it is sent to be reviewed again: without what was decided."""
        return replace(self, answer=Answer())


@dataclass(frozen=True)
class ProductVoice:
    """What one account said about a demand."""

    demand_id: int
    demand: int
    account: str
    tier: str
    importance: str
    reported_on: date
    words: str
    why: str
    who: str
    how_often: str
    workaround: str
    worth: str
    otherwise: str


@dataclass(frozen=True)
class ProductBug:
    """A bug that waits for product. ``is_clear``: what was seen and how bad it is are known."""

    id: int
    number: int
    account: str
    tier: str
    severity: str
    title: str
    module: str
    scene: str
    steps: str
    expected: str
    seen: str
    environment: str
    waits: int
    state: TicketState
    sent_on: date | None
    is_clear: bool
    answer: Answer


def demands_for_product(connection: Connection, ids: Iterable[int], today: date) -> list[ProductDemand]:
    """Demands with their weight, the heaviest first; those in the bin are left out."""
    wanted = list(dict.fromkeys(ids))
    query = (
        select(DEMANDS, RELEASES.c.name.label("release"))
        .outerjoin(RELEASES, RELEASES.c.id == DEMANDS.c.release_id)
        .where(among(DEMANDS.c.id, wanted), DEMANDS.c.deleted_at.is_(None))
    )
    rows = connection.execute(query).all()
    askers, wishes, before = _askers(connection, wanted), _importance(connection, wanted), _before(connection, wanted)
    renewal_days = ticket_rules(connection).renewal_days
    made = []
    for row in rows:
        behind = askers.get(row.id, [])
        renewing = [one for one in behind if one.renewal_on and 0 <= (one.renewal_on - today).days <= renewal_days]
        made.append(
            ProductDemand(
                row.id, row.number, row.title, row.module, row.background, DemandState(row.state), len(behind),
                sum(one.arr_cents or 0 for one in behind), _tiers(one.tier for one in behind), len(renewing),
                (today - row.waits_since).days, _importances(wishes.get(row.id, {})), before.get(row.id, ""), row.sent_on, row.merged_into_id,
                answer_of(row),
            )
        )  # fmt: skip
    return sorted(made, key=lambda one: (-one.accounts, -one.arr_cents, one.number))


def answer_of(row: Any) -> Answer:
    """What is decided about a demand now: nothing while it is to be reviewed. ``row`` has the name of its release."""
    decision = DECIDED_STATES.get(row.state)
    if decision is None:
        return Answer()
    return Answer(
        decision.value, row.reasonable, row.scope or "", row.size or "", row.reason, row.answer, row.release or "",
        row.planned_on, row.reviewed_by,
    )  # fmt: skip


def answer_of_bug(row: Any) -> Answer:
    """What is decided about a bug now."""
    decision = BUG_DECISIONS.get(row.state, "")
    if not decision:
        return Answer()
    day = row.released_on if decision == FIXED else row.planned_on
    return Answer(decision, answer=row.answer, release=row.release or "", planned_on=day).settled()


def _askers(connection: Connection, ids: Sequence[int]) -> dict[int, list[Any]]:
    """By demand the accounts that ask for it, each once."""
    columns = (VOICES.c.demand_id, ACCOUNTS.c.tier, ACCOUNTS.c.arr_cents, ACCOUNTS.c.renewal_on)
    found = defaultdict(list)
    query = select(*columns).join(ACCOUNTS, ACCOUNTS.c.id == VOICES.c.account_id)
    for row in connection.execute(query.where(among(VOICES.c.demand_id, ids), ACCOUNTS.c.deleted_at.is_(None))):
        found[row.demand_id].append(row)
    return found


def _importance(connection: Connection, ids: Sequence[int]) -> dict[int, dict[int, str]]:
    """By demand and account the latest word on how important it is."""
    found: dict[int, dict[int, str]] = defaultdict(dict)
    columns = (TICKETS.c.demand_id, TICKETS.c.account_id, TICKETS.c.importance)
    query = select(*columns).where(*_speaking(ids)).order_by(TICKETS.c.reported_on, TICKETS.c.id)
    for row in connection.execute(query):
        found[row.demand_id][row.account_id] = row.importance
    return found


def _before(connection: Connection, ids: Sequence[int]) -> dict[int, str]:
    """By demand its newest review: what was decided, when and why."""
    query = select(REVIEWS).where(among(REVIEWS.c.demand_id, ids), REVIEWS.c.deleted_at.is_(None))
    found = {}
    for row in connection.execute(query.order_by(REVIEWS.c.reviewed_on, REVIEWS.c.id)):
        words = _("{day} {decision}: {reason}") if row.reason else _("{day} {decision}")
        decision = shown("decision", row.decision)
        found[row.demand_id] = words.format(day=formats.day_iso(row.reviewed_on), decision=decision, reason=row.reason)
    return found


def _speaking(ids: Sequence[int]) -> tuple[Any, ...]:
    return (
        among(TICKETS.c.demand_id, ids),
        TICKETS.c.deleted_at.is_(None),
        TICKETS.c.kind == TicketKind.REQUIREMENT,
        TICKETS.c.state != TicketState.WITHDRAWN,
    )


def _tiers(tiers: Iterable[str | None]) -> str:
    counted = Counter(tiers)
    return " ".join(f"{tier.value}\u00d7{counted[tier.value]}" for tier in Tier if counted[tier.value])


def _importances(by_account: dict[int, str]) -> str:
    counted = Counter(by_account.values())
    return _(", ").join(
        _("{word} {n}").format(word=_(one.label), n=counted[one.value]) for one in Importance if counted[one.value]
    )


def voices_for_product(connection: Connection, ids: Iterable[int]) -> list[ProductVoice]:
    """What the accounts said about these demands, by demand and day."""
    wanted = list(ids)
    query = (
        select(TICKETS, DEMANDS.c.number.label("demand"), ACCOUNTS.c.name, ACCOUNTS.c.tier)
        .join(ACCOUNTS, ACCOUNTS.c.id == TICKETS.c.account_id)
        .join(DEMANDS, DEMANDS.c.id == TICKETS.c.demand_id)
        .where(*_speaking(wanted), ACCOUNTS.c.deleted_at.is_(None))
        .order_by(TICKETS.c.reported_on, TICKETS.c.id)
    )
    order = {demand: place for place, demand in enumerate(wanted)}
    rows = sorted(connection.execute(query).all(), key=lambda row: order[row.demand_id])
    return [
        ProductVoice(
            row.demand_id, row.demand, row.name, _tier(row.tier), _(Importance(row.importance).label), row.reported_on,
            row.text, row.why, row.who, row.how_often, row.workaround, row.worth, row.otherwise,
        )
        for row in rows
    ]  # fmt: skip


def bugs_for_product(connection: Connection, today: date, ids: Sequence[int] | None = None) -> list[ProductBug]:
    """The bugs that product has not answered, the worst first; with ``ids`` these, whatever their state."""
    which = (
        among(TICKETS.c.id, list(ids)) if ids is not None else TICKETS.c.state.in_([one.value for one in WAITING_BUGS])
    )
    query = (
        select(TICKETS, ACCOUNTS.c.name, ACCOUNTS.c.tier, RELEASES.c.name.label("release"))
        .join(ACCOUNTS, ACCOUNTS.c.id == TICKETS.c.account_id)
        .outerjoin(RELEASES, RELEASES.c.id == TICKETS.c.release_id)
        .where(TICKETS.c.kind == TicketKind.BUG, TICKETS.c.deleted_at.is_(None), ACCOUNTS.c.deleted_at.is_(None), which)
    )
    worst = {severity.value: place for place, severity in enumerate(Severity)}
    rows = sorted(
        connection.execute(query).all(), key=lambda row: (worst.get(row.severity, 9), row.reported_on, row.number)
    )
    return [_bug(row, today) for row in rows]


def _bug(row: Any, today: date) -> ProductBug:
    since = row.sent_on if row.state == TicketState.IN_REVIEW and row.sent_on else row.reported_on
    return ProductBug(
        row.id, row.number, row.name, _tier(row.tier), _(Severity(row.severity).label) if row.severity else "",
        shown_title(row.title, row.text), row.module, row.scene, row.steps, row.expected, row.seen, row.environment,
        (today - since).days, TicketState(row.state), row.sent_on, bool(row.seen and row.severity), answer_of_bug(row),
    )  # fmt: skip


def _tier(tier: str | None) -> str:
    return f"{tier} {_(Tier(tier).label)}" if tier else ""


def write_for_product(
    path: Path,
    demands: Sequence[ProductDemand],
    voices: Sequence[ProductVoice],
    bugs: Sequence[ProductBug],
    today: date,
    hidden_names: Sequence[str] = (),
) -> None:
    """Write the workbook. Raises StorageError.

    ``hidden_names``: accounts are told by their tier alone, and these names, wherever they stand, are left out.
    """
    without = _Without(hidden_names)
    named = not hidden_names
    sheets = [
        OutSheet(_("Demands"), _demand_columns(today), _demand_rows(demands, without), _(NOTE), frozen=4),
        OutSheet(_("Voices"), _voice_columns(named), _voice_rows(voices, named, without), frozen=1),
    ]
    if bugs:
        rows = _bug_rows(bugs, named, without)
        sheets.append(OutSheet(_("Bugs"), _bug_columns(named), rows, _(NOTE), frozen=3))
    write_workbook(path, sheets)


class _Without:
    """Leaves names out of texts."""

    def __init__(self, names: Sequence[str]) -> None:
        long_first = sorted({name for name in names if len(name) >= _SHORTEST_NAME}, key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, long_first)), re.IGNORECASE) if long_first else None

    def __call__(self, text: str) -> str:
        return text if self._names is None else self._names.sub(_("[customer]"), text)


def _given(title: str, kind: Kind = Kind.TEXT, width: float = 12, wraps: bool = False) -> Heading:
    return Heading(title, kind, width, wraps, given=True)


def _hidden(title: str, key: str) -> Heading:
    return Heading(title, width=12, hidden=True, key=key)


def _asked(name: str, choices: tuple[str, ...], earliest: date) -> Heading:
    kind = Kind.DAY if name == "planned_on" else Kind.TEXT
    wraps = name in ("reason", "answer")
    return Heading(
        _(TITLES[name]), kind, _WIDTHS.get(name, 12), wraps, answers=True, choices=choices, key=name,
        earliest=earliest if kind is Kind.DAY else None,
    )  # fmt: skip


def choices_of(name: str, bug: bool = False) -> tuple[str, ...]:
    """What is offered in the cells of a column, in the reader's language; () where anything may be written."""
    values: dict[str, tuple[object, ...]] = {
        "reasonable": (True, False),
        "scope": tuple(Scope),
        "size": tuple(DemandSize),
        "decision": tuple(Decision),
    }
    words = tuple(shown(name, value) for value in values.get(name, ()))
    return (*words, _(FIXED_LABEL)) if bug and name == "decision" else words


def _demand_columns(today: date) -> list[Heading]:
    return [
        _hidden(_("Demand id"), DEMAND_KEY),
        _hidden(_("As sent"), SENT_KEY),
        replace(_given(_("Number"), width=9), key="number"),
        replace(_given(_("In short"), width=30, wraps=True), key="title"),
        _given(_("Module"), width=12, wraps=True),
        _given(_("Background"), width=40, wraps=True),
        _given(_("Accounts asking"), Kind.NUMBER, 9),
        _given(_("ARR"), Kind.MONEY, 14),
        _given(_("By tier"), width=12),
        _given(_("Renew soon"), Kind.NUMBER, 10),
        _given(_("Waits (days)"), Kind.NUMBER, 10),
        _given(_("Importance"), width=20, wraps=True),
        _given(_("Decided before"), width=24, wraps=True),
        *(_asked(name, choices_of(name), today) for name in TITLES),
    ]


def _demand_rows(demands: Iterable[ProductDemand], without: _Without) -> Iterator[list[Value]]:
    for one in demands:
        answers: list[Value] = [_cell(name, one.answer) for name in TITLES]
        yield [
            str(one.id), fingerprint(one.answer), demand_number(one.number), without(one.title), one.module,
            without(one.background), one.accounts, from_cents(one.arr_cents), one.tiers, one.renewing, one.waits,
            one.importance, without(one.before), *answers,
        ]  # fmt: skip


def _cell(name: str, answer: Answer) -> Value:
    value = getattr(answer, name)
    return value if isinstance(value, date) else shown(name, value) or None


def _voice_columns(named: bool) -> list[Heading]:
    texts = [
        (_("In their own words"), 48), (_("Why"), 30), (_("Who"), 16), (_("How often"), 14), (_("Workaround"), 26),
        (_("Worth"), 22), (_("What happens without"), 26),
    ]  # fmt: skip
    return [
        _given(_("Demand"), width=9),
        *([_given(_("Account"), width=26, wraps=True)] if named else []),
        _given(_("Tier"), width=12),
        _given(_("Importance"), width=12),
        _given(_("Reported on"), Kind.DAY, 12),
        *(_given(title, width=width, wraps=True) for title, width in texts),
    ]


def _voice_rows(voices: Iterable[ProductVoice], named: bool, without: _Without) -> Iterator[list[Value]]:
    for one in voices:
        texts = (one.words, one.why, one.who, one.how_often, one.workaround, one.worth, one.otherwise)
        yield [
            demand_number(one.demand), *([one.account] if named else []), one.tier, one.importance, one.reported_on,
            *map(without, texts),
        ]  # fmt: skip


def _bug_columns(named: bool) -> list[Heading]:
    texts = [
        (_("Scene"), 26), (_("Steps"), 34), (_("Expected"), 26), (_("Seen"), 30), (_("Environment"), 20),
    ]  # fmt: skip
    return [
        _hidden(_("Bug id"), BUG_KEY),
        _hidden(_("As sent"), SENT_KEY),
        replace(_given(_("Number"), width=9), key="number"),
        *([_given(_("Account"), width=24, wraps=True)] if named else []),
        _given(_("Tier"), width=12),
        _given(_("Severity"), width=12),
        replace(_given(_("In short"), width=28, wraps=True), key="title"),
        _given(_("Module"), width=12, wraps=True),
        *(_given(title, width=width, wraps=True) for title, width in texts),
        _given(_("Waits (days)"), Kind.NUMBER, 10),
        *(_asked(name, choices_of(name, bug=True), LONG_AGO) for name in OF_BUG),
    ]


def _bug_rows(bugs: Iterable[ProductBug], named: bool, without: _Without) -> Iterator[list[Value]]:
    for one in bugs:
        texts = (one.scene, one.steps, one.expected, one.seen, one.environment)
        yield [
            str(one.id), fingerprint(one.answer), ticket_number(TicketKind.BUG, one.number),
            *([one.account] if named else []), one.tier, one.severity, without(one.title), one.module,
            *map(without, texts), one.waits, *(_cell(name, one.answer) for name in OF_BUG),
        ]  # fmt: skip
