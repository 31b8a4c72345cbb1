"""Reminding customers of money: the text, the note of it, and the tasks that ask for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection, select

from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract
from csdesk.models.receivables import Receivable, Reminder
from csdesk.models.tasks import Task
from csdesk.models.vocabulary import ContactRole, TaskSource, TaskState
from csdesk.services.accounts.commands import named
from csdesk.services.core import formats
from csdesk.services.core.money import to_amount
from csdesk.services.core.texts import N_, _
from csdesk.services.core.unit_of_work import UnitOfWork, command
from csdesk.services.receivables.commands import Rows
from csdesk.services.receivables.queries import InstalmentRow, instalments_by_id, with_open_task
from csdesk.services.receivables.rules import REMINDER_SETTING, ReminderFields, reminder_template
from csdesk.services.settings.queries import setting
from csdesk.services.tasks.commands import NewTask, Source, add_task
from csdesk.services.tasks.rules import TaskFields
from csdesk.services.tickets.templates import filled


@dataclass(frozen=True)
class Remind:
    """A reminder of some instalments of one account."""

    ids: tuple[int, ...]
    fields: ReminderFields


@command(N_("Reminder noted: {names}"))
def note_reminder(uow: UnitOfWork, wish: Remind) -> tuple[int, ...]:
    """Note that a customer was reminded, once for each instalment; open tasks for it are done. Returns the ids."""
    made, contracts = [], []
    for row in (uow.get(Receivable, row_id) for row_id in wish.ids):
        task_id = _finish_task(uow, row.id)
        entry = uow.add(
            Reminder(
                receivable_id=row.id, reminded_on=wish.fields.reminded_on, channel=wish.fields.channel,
                text=wish.fields.text, reminded_by=str(setting(uow.connection, "user.name")), task_id=task_id,
            )
        )  # fmt: skip
        made.append(entry.id)
        contracts.append(uow.get(Contract, row.contract_id).number)
    uow.name(names=named(list(dict.fromkeys(contracts))), count=len(made))
    return tuple(made)


def _finish_task(uow: UnitOfWork, receivable_id: int) -> int | None:
    """The open tasks for an instalment are done by reminding; the id of the last."""
    rows = uow.session.scalars(
        select(Task).where(
            Task.source == TaskSource.RECEIVABLE, Task.source_id == receivable_id, Task.state == TaskState.OPEN,
            Task.deleted_at.is_(None),
        )
    ).all()  # fmt: skip
    for row in rows:
        row.state, row.done_on, row.snoozed_until = TaskState.DONE.value, uow.today, None
    return rows[-1].id if rows else None


@command(N_("Reminders deleted"))
def delete_reminders(uow: UnitOfWork, wish: Rows) -> None:
    """Into the bin."""
    for row_id in wish.ids:
        uow.bin(uow.get(Reminder, row_id))


@command(N_("Tasks to remind: {count}"))
def make_reminder_tasks(uow: UnitOfWork, wish: Rows) -> int:
    """A task for each of the instalments that is not paid and has none to do; returns how many were made.

    Due so many days after the instalment as the setting says, and never before today.
    """
    after = timedelta(int(setting(uow.connection, "money.remind_days")))
    busy = with_open_task(uow.connection, list(wish.ids))
    rows = [row for row in instalments_by_id(uow.connection, list(wish.ids)) if row.missing and row.id not in busy]
    for row in rows:
        due = max(uow.today, row.due_on + after) if row.due_on is not None else uow.today
        source = Source(TaskSource.RECEIVABLE, row.id, _amount(row))
        add_task(uow, NewTask(TaskFields(task_text(row), due), row.account_id, source))
    uow.name(count=len(rows))
    return len(rows)


def task_text(row: InstalmentRow) -> str:
    """What the task says."""
    words = _("Remind of {amount}: {contract}, instalment {n}/{count}")
    return words.format(amount=_amount(row), contract=row.contract, n=row.place, count=row.count)


def _amount(row: InstalmentRow) -> str:
    return formats.money_in(to_amount(row.missing), row.currency)


def reminder_text(connection: Connection, ids: tuple[int, ...], today: date) -> str:
    """The text that reminds of these instalments, one paragraph each; they belong to one account."""
    template = reminder_template(setting(connection, REMINDER_SETTING))
    rows = instalments_by_id(connection, list(ids))
    return "\n\n".join(filled(template, _values(connection, row, today)) for row in rows)


def _values(connection: Connection, row: InstalmentRow, today: date) -> dict[str, str]:
    late = (today - row.due_on).days if row.due_on is not None else 0
    return {
        "account": row.account,
        "contact": _payer(connection, row.account_id),
        "contract": row.contract,
        "instalment": f"{row.place}/{row.count}",
        "amount": _amount(row),
        "due": formats.day_iso(row.due_on) if row.due_on else "",
        "days": str(max(0, late)),
        "invoice": row.invoices,
    }


def _payer(connection: Connection, account_id: int) -> str:
    """Who is written to about money: finance, else the first person."""
    rows = connection.execute(
        select(Contact.name, Contact.role)
        .where(Contact.account_id == account_id, Contact.deleted_at.is_(None), Contact.left_on.is_(None))
        .order_by(Contact.position, Contact.id)
    ).all()
    return next((row.name for row in rows if row.role == ContactRole.FINANCE), rows[0].name if rows else "")
