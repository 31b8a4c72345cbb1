"""All about one account in one reading: what its page shows and its one-page print will."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.handover import Handover
from csdesk.models.settings import Setting
from csdesk.models.tasks import Task
from csdesk.models.verdicts import Verdict
from csdesk.models.visits import Visit
from csdesk.models.vocabulary import VisitState
from csdesk.services.accounts.queries import AccountRow, account
from csdesk.services.attachments.queries import AttachmentRow, attachments_of_contracts
from csdesk.services.contacts.queries import ContactRow, contacts_of
from csdesk.services.contracts.queries import ContractRow, contracts_of
from csdesk.services.core.history import Entry, history_of
from csdesk.services.settings.rules import DEFAULTS


@dataclass(frozen=True)
class HandoverFacts:
    """What sales passed on, as the account's page shows it."""

    id: int
    version: int
    state: str
    received_on: date | None
    goals: str
    pain_points: str
    promises: str
    risks: str
    scope: str
    stakeholders: str
    payment_terms: str
    questions: str
    notes: str
    source_row: str


@dataclass(frozen=True)
class VisitFacts:
    """A visit as the account's page shows it."""

    id: int
    kind: str
    state: str
    planned_on: date | None
    done_on: date | None
    starts_at: str
    minutes: int
    goal: str
    record: str
    excuse: str
    next_step: str

    @property
    def day(self) -> date | None:
        """The day it took place, or is planned for."""
        return self.done_on or self.planned_on


@dataclass(frozen=True)
class Overview:
    """An account with all that belongs to it. ``contact_limit`` is how many days without contact its tier allows."""

    account: AccountRow
    contacts: list[ContactRow]
    contracts: list[ContractRow]
    handovers: list[HandoverFacts]
    visits: list[VisitFacts]
    history: list[Entry]
    contact_limit: int | None
    files: tuple[AttachmentRow, ...] = ()
    """Those of its contracts."""

    def next_visit(self, today: date) -> VisitFacts | None:
        """The nearest planned visit from today on."""
        ahead = [v for v in self.visits if v.state == VisitState.PLANNED and v.planned_on and v.planned_on >= today]
        return min(ahead, key=lambda v: (v.planned_on or today, v.starts_at or "99"), default=None)


def overview(connection: Connection, account_id: int) -> Overview | None:
    """Everything about an account; None where it is gone or in the bin."""
    view = glance(connection, account_id)
    if view is None:
        return None
    history = history_of(connection, "accounts", account_id)
    for entity, ids in (
        ("contacts", [c.id for c in view.contacts]),
        ("contracts", [k.id for k in view.contracts]),
        ("handovers", [h.id for h in view.handovers]),
        ("tasks", task_ids_of(connection, account_id)),
    ):
        for row_id in ids:
            history += history_of(connection, entity, row_id, limit=30)
    for merged in merged_into(connection, account_id):
        history += history_of(connection, "accounts", merged)
    return replace(view, history=sorted(history, key=lambda entry: entry.step_id, reverse=True))


def glance(connection: Connection, account_id: int) -> Overview | None:
    """The same without the history, which takes most of the time."""
    row = account(connection, account_id)
    if row is None:
        return None
    contracts = contracts_of(connection, account_id)
    return Overview(
        row,
        contacts_of(connection, account_id),
        contracts,
        handovers_of(connection, account_id),
        visits_of(connection, account_id),
        [],
        contact_limit(connection, row.tier),
        tuple(attachments_of_contracts(connection, [one.id for one in contracts])),
    )


def merged_into(connection: Connection, account_id: int) -> list[int]:
    """The accounts in the bin that were merged into one."""
    rows = connection.scalars(
        select(Account.id)
        .join(
            Verdict,
            ((Verdict.other_account_id == Account.id) & (Verdict.account_id == account_id))
            | ((Verdict.account_id == Account.id) & (Verdict.other_account_id == account_id)),
        )
        .where(
            Verdict.same,
            Verdict.deleted_at.is_(None),
            Account.deleted_at.is_not(None),
        )
    )
    return list(rows)


def handovers_of(connection: Connection, account_id: int) -> list[HandoverFacts]:
    """An account's handovers, the newest first."""
    fields = [getattr(Handover, name) for name in HandoverFacts.__dataclass_fields__]
    rows = connection.execute(
        select(*fields)
        .where(Handover.account_id == account_id, Handover.deleted_at.is_(None))
        .order_by(Handover.id.desc())
    )
    return [HandoverFacts(*row) for row in rows]


def task_ids_of(connection: Connection, account_id: int) -> list[int]:
    """An account's newest tasks, whatever became of them."""
    rows = connection.scalars(
        select(Task.id)
        .where(Task.account_id == account_id, Task.deleted_at.is_(None))
        .order_by(Task.id.desc())
        .limit(50)
    )
    return list(rows)


def visits_of(connection: Connection, account_id: int) -> list[VisitFacts]:
    """An account's visits, the newest day first."""
    fields = [getattr(Visit, name) for name in VisitFacts.__dataclass_fields__]
    rows = connection.execute(
        select(*fields)
        .where(Visit.account_id == account_id, Visit.deleted_at.is_(None))
        .order_by(Visit.planned_on.desc().nulls_last(), Visit.starts_at.desc())
        .limit(500)
    )
    return [VisitFacts(*row) for row in rows]


def contact_limit(connection: Connection, tier: str | None) -> int | None:
    """How many days without contact of any kind a tier allows; None without a tier."""
    if tier is None:
        return None
    key = f"contact.cadence.{tier}"
    changed = connection.scalar(select(Setting.value).where(Setting.key == key, Setting.deleted_at.is_(None)))
    return int(DEFAULTS[key] if changed is None else changed)
