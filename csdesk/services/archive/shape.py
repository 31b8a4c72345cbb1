"""Which column of which table stands under which key of the archive. Declared once: export, import and the xlsx follow it.

Ids are decimal strings (JavaScript loses digits of 63-bit numbers), days and moments ISO, amounts decimal strings.
Columns that are computed from others (model info ``derived``) are not in it: an import computes them again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Integer, Table

from csdesk.models.base import Base, Moment, Money, Record, from_cents, moment_text, to_cents
from csdesk.models.tables import RECORDS
from csdesk.models.vocabulary import PRODUCT_SEPARATOR
from csdesk.services.core.texts import N_

FORMAT = "csdesk"
VERSION = 1

RENAMED: Mapping[str, Mapping[str, str]] = {
    "accounts": {"tax_number": "tax_id", "owner": "csm_owner"},
    "contracts": {
        "signed_on": "signed",
        "start_on": "start",
        "end_on": "end",
        "renewal_state": "renewal.state",
        "decided_on": "renewal.decided_on",
        "renewal_reason": "renewal.reason",
        "renewal_kind": "renewal.kind",
        "renewal_cause": "renewal.cause",
        "stage": "renewal.stage",
        "category": "renewal.category",
        "target": "renewal.target_wanted",
        "forecast": "renewal.forecast",
        "closes_on": "renewal.closes_on",
        "next_step": "renewal.next_step",
    },
    "contract_lines": {"products": "product", "start_on": "start", "end_on": "end", "arr_cents": "arr"},
    "tier_decisions": {"tier_before": "before", "tier_after": "after", "arr_cents": "arr"},
    "receivables": {"due_on": "due"},
    "tasks": {"due_on": "due"},
    "visits": {"baseline_on": "baseline_period"},
}
LEFT_OUT: Mapping[str, frozenset[str]] = {
    "imports": frozenset({"step_id"}),
    "own_calendars": frozenset({"path"}),
    "import_details": frozenset({"path"}),
}
"""Columns that mean something in the store they were made in alone: steps and paths do not travel."""

TOP = (
    "contract_events", "receivables", "invoices", "reminders", "payments", "opportunities", "targets", "exchange_rates",
    "handover_moves", "handover_questions", "visit_plans", "visits", "visit_series",
    "visit_skips", "articles", "attendees", "visit_materials", "needs", "attachments", "interactions", "tasks",
    "releases", "demands", "demand_reviews", "demand_moves", "tickets", "ticket_moves", "notices", "travel_times",
    "own_calendars", "busy_times", "imports", "import_details", "import_mappings", "verdicts", "stored_settings",
)  # fmt: skip
TOP_TABLES = {name: "settings" if name == "stored_settings" else name for name in TOP}

SHEETS: Mapping[str, str] = {
    "accounts": N_("Accounts"),
    "contacts": N_("Contacts"),
    "contracts": N_("Contracts"),
    "contract_lines": N_("Contract lines"),
    "contract_events": N_("Ledger of contracts"),
    "receivables": N_("Receivables"),
    "invoices": N_("Invoices"),
    "reminders": N_("Reminders"),
    "payments": N_("Payments"),
    "opportunities": N_("Opportunities"),
    "targets": N_("Targets"),
    "exchange_rates": N_("Exchange rates"),
    "handovers": N_("Handovers"),
    "handover_moves": N_("Moves of handovers"),
    "handover_questions": N_("Questions to sales"),
    "tier_decisions": N_("Tier history"),
    "visit_plans": N_("Visit plans"),
    "visits": N_("Visits"),
    "visit_series": N_("Visit series"),
    "visit_skips": N_("Accounts put off"),
    "articles": N_("Articles"),
    "attendees": N_("Attendees"),
    "visit_materials": N_("Materials of visits"),
    "needs": N_("Needs heard"),
    "attachments": N_("Attachments"),
    "interactions": N_("Notes and calls"),
    "tasks": N_("Tasks"),
    "releases": N_("Releases"),
    "demands": N_("Demands"),
    "demand_reviews": N_("Reviews of demands"),
    "demand_moves": N_("Moves of demands"),
    "tickets": N_("Tickets"),
    "ticket_moves": N_("Moves of tickets"),
    "notices": N_("Answers to tell"),
    "travel_times": N_("Travel times"),
    "own_calendars": N_("Own calendars"),
    "busy_times": N_("Busy times"),
    "settings": N_("Settings"),
    "imports": N_("Imports"),
    "import_details": N_("Import details"),
    "import_mappings": N_("Import mappings"),
    "verdicts": N_("Same company or not"),
}
"""The title of each table, in the order of the sheets."""


class Misfit(ValueError):
    """A value that cannot stand in its column."""


@dataclass(frozen=True)
class Field:
    """One column and its key; a dot in the key leads into an object of that name."""

    key: str
    column: Column[Any]
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name


def model_of(table: str) -> type[Record]:
    """The model of a table by its name."""
    found: type[Record] = next(model for model in RECORDS if model.__tablename__ == table)
    return found


@cache
def fields(table: str) -> tuple[Field, ...]:
    """The fields of one table, id first, in the order of the model."""
    columns = [column for column in Base.metadata.tables[table].columns if _travels(column)]
    columns.sort(key=lambda column: (column.name != "id", column.name in TIMES))
    return tuple(_field(table, column) for column in columns)


TIMES = ("version", "created_at", "updated_at", "deleted_at", "bin_step")


def _travels(column: Column[Any]) -> bool:
    table: Table = column.table
    return not column.info.get("derived") and column.name not in LEFT_OUT.get(table.name, ())


def _field(table: str, column: Column[Any]) -> Field:
    key = RENAMED.get(table, {}).get(column.name)
    if key is None:
        key = column.name.removesuffix("_id") if column.foreign_keys else column.name
    write, read = _ways(column)
    if not column.nullable:
        read = _required(read)
    return Field(key, column, write, read)


def _ways(column: Column[Any]) -> tuple[Callable[[Any], Any], Callable[[Any], Any]]:
    kind = column.type
    if column.name == "arr_cents":
        return (lambda cents: str(from_cents(cents))), (lambda text: to_cents(_decimal(text)))
    if column.name == "products":
        return (lambda text: text.split(PRODUCT_SEPARATOR) if text else []), _products
    if column.primary_key or column.foreign_keys or column.name == "bin_step" or column.info.get("row_id"):
        return str, _id
    if isinstance(kind, Money):
        return (lambda amount: f"{amount:.2f}"), _amount
    if isinstance(kind, Moment):
        return moment_text, _moment
    if isinstance(kind, Date):
        return date.isoformat, _day
    if isinstance(kind, JSON):
        return _same, _same
    if isinstance(kind, Boolean):
        return bool, _flag
    if isinstance(kind, Integer):
        return int, _whole
    return str, _text


def _same(value: Any) -> Any:
    return value


def _required(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def demanding(value: Any) -> Any:
        if value is None:
            raise Misfit
        return read(value)

    return demanding


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Misfit
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise Misfit from error
    return value


def _products(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if not isinstance(value, list):
        raise Misfit
    return PRODUCT_SEPARATOR.join(_text(name) for name in value)


def _whole(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise Misfit
    return value


def _id(value: Any) -> int:
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or not 0 < int(value[:20]) < 2**63:
        raise Misfit
    return int(value)


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Misfit
    return value


def _decimal(value: Any) -> Decimal:
    try:
        number = Decimal(_text(value))
    except InvalidOperation as error:
        raise Misfit from error
    if not number.is_finite() or abs(number) >= Decimal(10) ** 15:
        raise Misfit
    return number


def _amount(value: Any) -> Decimal:
    amount = _decimal(value)
    try:
        to_cents(amount)
    except ValueError as error:
        raise Misfit from error
    return amount


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(_text(value))
    except ValueError as error:
        raise Misfit from error


def _moment(value: Any) -> datetime:
    try:
        moment = datetime.fromisoformat(_text(value))
        moment.utctimetuple()
    except (ValueError, OverflowError) as error:
        raise Misfit from error
    if moment.tzinfo is None:
        raise Misfit
    return moment


def put(target: dict[str, Any], key: str, value: Any) -> None:
    """Set ``value`` under a key; a dot leads into an object that is made where it is missing."""
    *path, last = key.split(".")
    for name in path:
        target = target.setdefault(name, {})
    target[last] = value


def take(source: Mapping[str, Any], key: str) -> Any:
    """The value under a key, ``...`` where there is none. Raises Misfit where the way leads through no object."""
    *path, last = key.split(".")
    for name in path:
        source = source.get(name, {})
        if not isinstance(source, Mapping):
            raise Misfit
    return source.get(last, ...)


def written(table: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """One row of Python values, by column, as the archive has it."""
    entry: dict[str, Any] = {}
    for name, key, write in _writers(table):
        value = row[name]
        if value is not None:
            value = write(value)
        if "." in key:
            put(entry, key, value)
        else:
            entry[key] = value
    return entry


@cache
def _writers(table: str) -> tuple[tuple[str, str, Callable[[Any], Any]], ...]:
    return tuple((field.name, field.key, field.write) for field in fields(table))
