"""The archive as tables for people: a sheet for each kind, headings in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, Connection

from csdesk.models.vocabulary import Tier
from csdesk.services.archive.queries import Row, Rows, all_rows
from csdesk.services.archive.reading import KNOWN_WORDS
from csdesk.services.archive.shape import SHEETS, Field, fields
from csdesk.services.core.clock import to_local
from csdesk.services.core.texts import C_, N_, _

Cell = str | int | bool | Decimal | date | datetime | None

HEADINGS: Mapping[str, str] = {
    "id": N_("Id"),
    "name": N_("Name"),
    "short_name": N_("Short name"),
    "tier": N_("Tier"),
    "tier_reason": N_("Reason for the tier"),
    "service_mode": N_("Service mode"),
    "industry": N_("Industry"),
    "city": N_("City"),
    "district": N_("District"),
    "address": N_("Address"),
    "website": N_("Website"),
    "tax_number": N_("Tax number"),
    "sales_owner": N_("Sales owner"),
    "owner": N_("CSM owner"),
    "starred": N_("Starred"),
    "strategic": N_("Strategic account"),
    "tier_before": N_("Tier before"),
    "tier_after": N_("Tier after"),
    "proposed": N_("Proposed"),
    "source": N_("By what"),
    "reason": N_("Reason"),
    "decided_at": N_("Decided at"),
    "notes": N_("Notes"),
    "version": N_("Version"),
    "created_at": N_("Created at"),
    "updated_at": N_("Changed at"),
    "deleted_at": N_("In the bin since"),
    "bin_step": N_("Bin step"),
    "account_id": N_("Account id"),
    "title": N_("Job title"),
    "role": N_("Role"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "wechat": N_("WeChat"),
    "sentiment": N_("Sentiment"),
    "left_on": N_("Left on"),
    "position": N_("Place in the order"),
    "number": N_("Contract number"),
    "currency": N_("Currency"),
    "signed_on": N_("Signed on"),
    "start_on": N_("Starts on"),
    "end_on": N_("Ends on"),
    "amount": N_("Amount"),
    "auto_renew": N_("Renews by itself"),
    "payment_terms": N_("Payment terms"),
    "predecessor_id": N_("Predecessor"),
    "renewal_state": N_("Renewal"),
    "decided_on": N_("Decided on"),
    "renewal_reason": N_("Reason for the decision"),
    "contract_id": N_("Contract id"),
    "products": N_("Products"),
    "seats": N_("Seats"),
    "recurring": N_("Recurring"),
    "arr_cents": N_("ARR"),
    "due_on": N_("Due on"),
    "receivable_id": N_("Receivable id"),
    "paid_on": N_("Paid on"),
    "state": N_("State"),
    "received_on": N_("Received on"),
    "goals": N_("Goals"),
    "pain_points": N_("Pain points"),
    "promises": N_("Promises"),
    "risks": N_("Risks"),
    "scope": N_("Scope"),
    "stakeholders": N_("Stakeholders"),
    "questions": N_("Questions"),
    "import_id": N_("Import id"),
    "recipe": N_("How it was read"),
    "accounts": N_("Accounts"),
    "refused": N_("Refused rows"),
    "source_row": N_("Row in the file"),
    "handover_id": N_("Handover id"),
    "from_state": N_("From"),
    "to_state": N_("To"),
    "moved_on": N_("Moved on"),
    "point": N_("Point"),
    "question": N_("Question"),
    "was": N_("What it said when asked"),
    "asked_on": N_("Asked on"),
    "text": N_("Text"),
    "snoozed_until": N_("Snoozed until"),
    "repeats": N_("Repeats"),
    "repeat_every": N_("Repeats every"),
    "repeats_from": N_("Repeats from"),
    "source_id": N_("Source id"),
    "source_text": N_("Words at the source"),
    "starts_on": N_("First day"),
    "ends_on": N_("Last day"),
    "capacity": N_("Visits a day"),
    "confirmed_at": N_("Confirmed at"),
    "left_out": N_("Left out"),
    "plan_id": N_("Plan id"),
    "contact_id": N_("Contact id"),
    "kind": N_("Kind"),
    "planned_on": N_("Planned for"),
    "starts_at": N_("Time"),
    "minutes": N_("Minutes"),
    "goal": N_("Goal"),
    "reasons": N_("Reasons"),
    "agenda": N_("Agenda"),
    "baseline_on": N_("Day in the confirmed plan"),
    "moved_from": N_("Moved from"),
    "moved_count": N_("Times moved"),
    "move_reason": N_("Reason for moving"),
    "done_on": N_("Done on"),
    "excuse": N_("Excused because"),
    "record": N_("Visit record"),
    "next_step": N_("Next step"),
    "sequence": N_("Calendar sequence"),
    "series_id": N_("Series id"),
    "turn_on": N_("Day in its series"),
    "joint_id": N_("Held together with"),
    "zone": N_("Time zone"),
    "unit": N_("Counted in"),
    "every": N_("Every"),
    "until_on": N_("Until"),
    "count": N_("Number of times"),
    "made_until": N_("Made until"),
    "read_at": N_("Read at"),
    "calendar_id": N_("Calendar id"),
    "ends_at": N_("Ends at"),
    "origin": N_("Place of departure"),
    "destination": N_("Destination"),
    "key": N_("Setting"),
    "value": N_("Value"),
    "file_name": N_("File"),
    "sha256": N_("SHA-256"),
    "size": N_("Size in bytes"),
    "imported_at": N_("Imported at"),
    "fingerprint": N_("Fingerprint"),
    "mapping": N_("Mapping"),
    "counts": N_("Counts"),
    "problems": N_("Problems"),
    "undone_at": N_("Taken back at"),
    "decisions": N_("Decisions"),
    "type": N_("Type"),
    "wanted": N_("Wanted outcome"),
    "talking_points": N_("Talking points"),
    "internal": N_("Internal"),
    "outcome": N_("Outcome"),
    "mood": N_("Mood"),
    "next_on": N_("Next step by"),
    "spent_minutes": N_("Minutes spent"),
    "travel_minutes": N_("Minutes on the way"),
    "expenses": N_("Expenses (CNY)"),
    "visit_id": N_("Visit id"),
    "side": N_("Side"),
    "invited": N_("Invited"),
    "came": N_("Came"),
    "article_id": N_("Article id"),
    "heard_on": N_("Heard on"),
    "became_id": N_("Became id"),
    "target": N_("Address"),
    "topic": N_("Topic"),
    "happened_on": N_("Day"),
    "spelling": N_("Name without signs"),
    "other_account_id": N_("Other account id"),
    "other_name": N_("Other name"),
    "other_spelling": N_("Other name without signs"),
    "same": N_("Same company"),
    "released_on": N_("Released on"),
    "background": N_("Background"),
    "module": N_("Module"),
    "merged_into_id": N_("Merged into"),
    "opened_on": N_("Opened on"),
    "waits_since": N_("Waits since"),
    "sent_on": N_("Sent to product on"),
    "reasonable": N_("Reasonable"),
    "reviewed_by": N_("Reviewed by"),
    "reviewed_on": N_("Reviewed on"),
    "decision": N_("Decision"),
    "answer": N_("Answer"),
    "release_id": N_("Release id"),
    "release": N_("Release planned"),
    "first_planned_on": N_("First date promised"),
    "again_at": N_("Again at so many accounts"),
    "again_from_arr": N_("Again from this ARR"),
    "arr": N_("ARR"),
    "demand_id": N_("Demand id"),
    "first_demand_id": N_("First demand id"),
    "ticket_id": N_("Ticket id"),
    "other_id": N_("Other demand id"),
    "channel": N_("Channel"),
    "importance": N_("Importance"),
    "why": N_("Why"),
    "who": N_("Who"),
    "how_often": N_("How often"),
    "workaround": N_("Workaround"),
    "worth": N_("What it is worth"),
    "otherwise": N_("What happens without"),
    "scene": N_("Scene"),
    "steps": N_("Steps"),
    "expected": N_("Expected"),
    "seen": N_("Seen"),
    "environment": N_("Environment"),
    "severity": N_("Severity"),
    "reported_on": N_("Reported on"),
    "clarified_on": N_("Clarified on"),
    "told_on": N_("Told on"),
    "told_by": N_("Told by"),
    "closed_on": N_("Closed on"),
    "withdrawn_on": N_("Withdrawn on"),
    "reopened_on": N_("Reopened on"),
    "moved_by": N_("Moved by"),
    "note": N_("Note"),
    "reference": N_("Bank reference"),
    "invoiced_on": N_("Invoice written on"),
    "tax_rate": N_("Tax rate (hundredths of a percent)"),
    "reminded_on": N_("Reminded on"),
    "reminded_by": N_("Reminded by"),
    "task_id": N_("Task id"),
    "figure": N_("Figure"),
    "valid_from": N_("Valid from"),
    "rate": N_("Rate"),
    "cause": N_("Cause"),
    "notice_on": N_("Notice until"),
    "renewal_kind": N_("How it was renewed"),
    "renewal_cause": N_("Cause of the decision"),
    "stage": N_("Stage"),
    "category": N_("Category"),
    "forecast": N_("Forecast"),
    "closes_on": N_("Signature expected"),
    "terminated_on": N_("Terminated on"),
    "planned_end_on": N_("End as signed"),
    "document": N_("Document"),
    "agreed_rise": N_("Agreed rise of ARR"),
    "effective_on": N_("Effective on"),
    "noted_on": N_("Noted on"),
    "noted_by": N_("Noted by"),
    "line_before_id": N_("Line that ended"),
    "line_after_id": N_("Line that began"),
    "arr_before_cents": N_("ARR before"),
    "arr_after_cents": N_("ARR after"),
    "probability": N_("Probability"),
    "spotted_on": N_("Seen on"),
    "expected_on": C_("of an opportunity", "Expected"),
    "origin_id": N_("Origin id"),
    "event_id": N_("Entry of the ledger"),
    "won_on": N_("Won on"),
    "lost_on": N_("Lost on"),
    "lost_reason": N_("Why it was lost"),
}
OTHERWISE = {
    ("articles", "title"): C_("of an article", "Title"),
    ("demands", "number"): N_("Demand number"),
    ("demands", "title"): C_("of an article", "Title"),
    ("demands", "scope"): N_("Generic or custom"),
    ("demands", "size"): N_("Size of the work"),
    ("demand_reviews", "scope"): N_("Generic or custom"),
    ("demand_reviews", "size"): N_("Size of the work"),
    ("contracts", "target"): N_("Target"),
    ("opportunities", "title"): N_("What they may buy"),
    ("opportunities", "origin"): N_("Comes from"),
    ("invoices", "number"): N_("Invoice number"),
    ("invoices", "sent_on"): C_("invoice", "Sent on"),
    ("receivables", "due_on"): C_("money", "Due"),
    ("tickets", "number"): N_("Ticket number"),
    ("tickets", "title"): C_("of an article", "Title"),
}
"""Headings of columns that are called otherwise in one table than in the others."""
ACCOUNT = N_("Account")
CONTRACT = N_("Contract")


@dataclass(frozen=True)
class Sheet:
    """One kind: its title, its headings, its rows; amounts are Decimal, days date, moments local and naive."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheets(connection: Connection) -> list[Sheet]:
    """Everything in the store, the bin included; who a row belongs to stands beside the ids in words."""
    rows = all_rows(connection)
    return [_sheet(table, title, rows) for table, title in SHEETS.items()]


def _sheet(table: str, title: str, rows: Rows) -> Sheet:
    headings: list[str] = []
    for one in fields(table):
        headings.append(_(OTHERWISE.get((table, one.name), HEADINGS[one.name])))
        if one.name in NAMED:
            headings.append(_(NAMED[one.name][2]))
    lines = tuple(tuple(_cells(table, fields(table), row, rows)) for row in rows[table].values())
    return Sheet(_(title), tuple(headings), lines)


NAMED: Mapping[str, tuple[str, str, str]] = {
    "account_id": ("accounts", "name", ACCOUNT),
    "contract_id": ("contracts", "number", CONTRACT),
}
"""Ids beside which the name of what they mean is put: table, column, heading."""


def _cells(table: str, columns: Sequence[Field], row: Row, rows: Rows) -> list[Cell]:
    cells: list[Cell] = []
    for one in columns:
        value = row[one.name]
        cells.append(_cell(table, one, value))
        if one.name in NAMED:
            owners, column, _heading = NAMED[one.name]
            cells.append(str(rows[owners][value][column]) if value in rows[owners] else "")
    return cells


def _cell(table: str, one: Field, value: Any) -> Cell:
    if value is None:
        return None
    if isinstance(one.column.type, JSON):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return to_local(value).replace(tzinfo=None)
    if one.name in ("arr_cents", "arr_before_cents", "arr_after_cents"):
        return Decimal(one.write(value))
    words = KNOWN_WORDS.get((table, one.name))
    if words is not None and words is not Tier:
        return next((_(word.label) for word in words if word == value), str(value))
    if isinstance(value, int) and not isinstance(value, bool) and one.write is str:
        return str(value)
    return value if isinstance(value, (bool, int, Decimal, date)) else str(value)
