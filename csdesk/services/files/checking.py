"""Is the store whole: what SQLite can tell, and what only we know about customers, contracts and money."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from csdesk.models.vocabulary import (
    ArticleKind,
    Channel,
    ContactRole,
    ContractEventKind,
    Decision,
    DemandSize,
    DemandState,
    HandoverPoint,
    HandoverState,
    Importance,
    InteractionKind,
    Mood,
    NeedKind,
    NeedState,
    NoticeCause,
    NoticeState,
    OpportunityKind,
    OpportunityOrigin,
    OpportunityStage,
    PlanState,
    RenewalCause,
    RenewalKind,
    RenewalState,
    Repeat,
    Scope,
    Sentiment,
    ServiceMode,
    Severity,
    Side,
    TaskSource,
    TaskState,
    TicketKind,
    TicketState,
    Tier,
    TierSource,
    VisitKind,
    VisitOutcome,
    VisitState,
    VisitType,
    Word,
)  # fmt: skip
from csdesk.services.core.folders import Folders
from csdesk.services.core.texts import N_, _
from csdesk.services.files.backups import list_backups, verify_backup
from csdesk.services.files.kept_files import folder_of, is_there, is_whole
from csdesk.services.files.restoring import REPLACEABLE, trouble_with_store
from csdesk.services.files.store_copies import Facts, damage_in, facts_of, reading

WORDS: tuple[tuple[str, str, type[Word]], ...] = (
    ("accounts", "tier", Tier),
    ("accounts", "service_mode", ServiceMode),
    ("tier_decisions", "tier_before", Tier),
    ("tier_decisions", "tier_after", Tier),
    ("tier_decisions", "proposed", Tier),
    ("tier_decisions", "source", TierSource),
    ("contacts", "role", ContactRole),
    ("contacts", "sentiment", Sentiment),
    ("contracts", "renewal_state", RenewalState),
    ("contracts", "renewal_kind", RenewalKind),
    ("contracts", "renewal_cause", RenewalCause),
    ("contract_events", "kind", ContractEventKind),
    ("contract_events", "cause", RenewalCause),
    ("opportunities", "kind", OpportunityKind),
    ("opportunities", "stage", OpportunityStage),
    ("opportunities", "origin", OpportunityOrigin),
    ("handovers", "state", HandoverState),
    ("handover_moves", "from_state", HandoverState),
    ("handover_moves", "to_state", HandoverState),
    ("handover_questions", "point", HandoverPoint),
    ("visit_plans", "state", PlanState),
    ("visits", "kind", VisitKind),
    ("visits", "state", VisitState),
    ("visits", "type", VisitType),
    ("visits", "outcome", VisitOutcome),
    ("visits", "mood", Mood),
    ("attendees", "side", Side),
    ("needs", "kind", NeedKind),
    ("needs", "state", NeedState),
    ("articles", "kind", ArticleKind),
    ("interactions", "kind", InteractionKind),
    ("tasks", "state", TaskState),
    ("tasks", "source", TaskSource),
    ("tasks", "repeats", Repeat),
    ("demands", "state", DemandState),
    ("demands", "scope", Scope),
    ("demands", "size", DemandSize),
    ("demand_reviews", "decision", Decision),
    ("demand_reviews", "scope", Scope),
    ("demand_reviews", "size", DemandSize),
    ("demand_moves", "from_state", DemandState),
    ("demand_moves", "to_state", DemandState),
    ("tickets", "kind", TicketKind),
    ("tickets", "state", TicketState),
    ("tickets", "channel", Channel),
    ("tickets", "importance", Importance),
    ("tickets", "severity", Severity),
    ("ticket_moves", "from_state", TicketState),
    ("ticket_moves", "to_state", TicketState),
    ("notices", "cause", NoticeCause),
    ("notices", "state", NoticeState),
    ("notices", "channel", Channel),
)
CENTS = (
    ("contracts", "amount"), ("contract_lines", "amount"), ("receivables", "amount"), ("payments", "amount"),
    ("visits", "expenses"), ("demands", "again_from_arr"), ("demand_reviews", "arr"), ("contracts", "target"),
    ("contracts", "forecast"), ("contract_lines", "agreed_rise"), ("contract_events", "arr_before_cents"),
    ("contract_events", "arr_after_cents"), ("opportunities", "amount"),
)  # fmt: skip
DAYS = (
    ("contracts", "signed_on"), ("contracts", "start_on"), ("contracts", "end_on"), ("receivables", "due_on"),
    ("payments", "paid_on"), ("visits", "planned_on"), ("visits", "done_on"), ("visit_plans", "starts_on"),
    ("handovers", "received_on"), ("handovers", "decided_on"), ("handover_moves", "moved_on"),
    ("handover_questions", "asked_on"), ("tasks", "due_on"), ("tasks", "done_on"), ("tasks", "snoozed_until"),
    ("tasks", "repeats_from"), ("visits", "next_on"), ("needs", "heard_on"), ("interactions", "happened_on"),
    ("releases", "planned_on"), ("releases", "released_on"), ("demands", "opened_on"), ("demands", "waits_since"),
    ("demands", "sent_on"),
    ("demands", "decided_on"), ("demands", "first_planned_on"), ("demands", "planned_on"), ("demands", "released_on"),
    ("demand_reviews", "reviewed_on"), ("demand_reviews", "planned_on"), ("demand_moves", "moved_on"),
    ("demand_moves", "planned_on"), ("tickets", "reported_on"), ("tickets", "clarified_on"), ("tickets", "sent_on"),
    ("tickets", "decided_on"), ("tickets", "first_planned_on"), ("tickets", "planned_on"), ("tickets", "released_on"),
    ("tickets", "told_on"), ("tickets", "closed_on"), ("tickets", "withdrawn_on"), ("tickets", "reopened_on"),
    ("ticket_moves", "moved_on"), ("ticket_moves", "planned_on"), ("notices", "due_on"), ("notices", "planned_on"),
    ("notices", "told_on"), ("contracts", "notice_on"), ("contracts", "terminated_on"),
    ("contracts", "planned_end_on"), ("contract_events", "effective_on"), ("contract_events", "noted_on"),
    ("opportunities", "spotted_on"), ("opportunities", "expected_on"), ("opportunities", "won_on"),
    ("opportunities", "lost_on"),
)  # fmt: skip
RULES: tuple[tuple[str, str, str], ...] = (
    (
        "contract_ends_before_start",
        N_("Contract {id} ends before it starts."),
        "SELECT id FROM contracts WHERE end_on < start_on",
    ),
    (
        "line_ends_before_start",
        N_("Contract line {id} ends before it starts."),
        "SELECT id FROM contract_lines WHERE end_on < start_on AND deleted_at IS NULL",
    ),
    (
        "followed_twice",
        N_("Contract {id} follows one that another contract follows already."),
        "SELECT k.id FROM contracts k JOIN contracts o ON o.predecessor_id = k.predecessor_id AND o.id < k.id "
        "WHERE k.deleted_at IS NULL AND o.deleted_at IS NULL",
    ),
    (
        "won_without_entry",
        N_("Opportunity {id} is won, but no entry of the ledger says so."),
        "SELECT id FROM opportunities WHERE stage = 'won' AND event_id IS NULL AND deleted_at IS NULL",
    ),
    (
        "contract_follows_itself",
        N_("Contract {id} is its own predecessor."),
        "SELECT id FROM contracts WHERE predecessor_id = id",
    ),
    (
        "payment_on_other_contract",
        N_("Payment {id} is laid against a receivable of another contract."),
        "SELECT p.id FROM payments p JOIN receivables r ON r.id = p.receivable_id WHERE r.contract_id <> p.contract_id",
    ),
    (
        "done_without_day",
        N_("Visit {id} is done but has no day."),
        "SELECT id FROM visits WHERE state = 'done' AND done_on IS NULL AND deleted_at IS NULL",
    ),
    (
        "task_done_without_day",
        N_("Task {id} is done but has no day."),
        "SELECT id FROM tasks WHERE state = 'done' AND done_on IS NULL AND deleted_at IS NULL",
    ),
    (
        "task_repeats_without_day",
        N_("Task {id} repeats but has no day to count from."),
        "SELECT id FROM tasks WHERE repeats IS NOT NULL AND (due_on IS NULL OR repeat_every < 1)",
    ),
    (
        "plan_ends_before_start",
        N_("Visit plan {id} ends before it starts."),
        "SELECT id FROM visit_plans WHERE ends_on < starts_on",
    ),
    (
        "alive_in_binned_account",
        N_("Contract {id} is not in the bin, but its account is."),
        "SELECT c.id FROM contracts c JOIN accounts a ON a.id = c.account_id "
        "WHERE c.deleted_at IS NULL AND a.deleted_at IS NOT NULL",
    ),
    (
        "account_without_name",
        N_("Account {id} has no name."),
        "SELECT id FROM accounts WHERE trim(name) = '' AND deleted_at IS NULL",
    ),
    (
        "requirement_without_demand",
        N_("Requirement {id} belongs to no demand."),
        "SELECT t.id FROM tickets t LEFT JOIN demands d ON d.id = t.demand_id AND d.deleted_at IS NULL "
        "WHERE t.kind = 'requirement' AND t.deleted_at IS NULL AND d.id IS NULL",
    ),
    (
        "requirement_of_merged_demand",
        N_("Requirement {id} belongs to a demand that was merged into another."),
        "SELECT t.id FROM tickets t JOIN demands d ON d.id = t.demand_id "
        "WHERE t.deleted_at IS NULL AND d.state = 'merged'",
    ),
    (
        "merged_into_nothing",
        N_("Demand {id} was merged, but it is not said into which."),
        "SELECT d.id FROM demands d LEFT JOIN demands o ON o.id = d.merged_into_id AND o.id <> d.id "
        "WHERE d.state = 'merged' AND d.deleted_at IS NULL AND (o.id IS NULL OR o.deleted_at IS NOT NULL)",
    ),
    (
        "demand_decided_without_review",
        N_("Demand {id} was accepted or declined, but there is no review of it."),
        "SELECT d.id FROM demands d WHERE d.state IN ('accepted', 'declined') AND d.deleted_at IS NULL "
        "AND NOT EXISTS (SELECT 1 FROM demand_reviews r WHERE r.demand_id = d.id AND r.deleted_at IS NULL)",
    ),
    (
        "notice_told_without_day",
        N_("Answer {id} was told, but it is not said when."),
        "SELECT id FROM notices WHERE state = 'told' AND told_on IS NULL AND deleted_at IS NULL",
    ),
    (
        "notice_of_nothing",
        N_("Answer {id} to tell belongs to no demand and no ticket."),
        "SELECT id FROM notices WHERE demand_id IS NULL AND ticket_id IS NULL AND deleted_at IS NULL",
    ),
    (
        "closed_untold",
        N_("Ticket {id} is closed, but the customer was never told."),
        "SELECT id FROM tickets WHERE state IN ('told', 'closed') AND told_on IS NULL AND deleted_at IS NULL",
    ),
    (
        "two_tickets_with_one_number",
        N_("Ticket {id} has the number of another one."),
        "SELECT t.id FROM tickets t JOIN tickets o ON o.kind = t.kind AND o.number = t.number AND o.id < t.id",
    ),
    (
        "two_demands_with_one_number",
        N_("Demand {id} has the number of another one."),
        "SELECT d.id FROM demands d JOIN demands o ON o.number = d.number AND o.id < d.id",
    ),
)
SHOWN = 20


@dataclass(frozen=True)
class Flaw:
    """One thing that is not as it should be: a code for programs, a sentence for people, the row where there is one."""

    code: str
    sentence: str
    row: int | None = None


@dataclass(frozen=True)
class Health:
    """The outcome of a check. ``damaged``: the file itself, so a restore is advised; else flaws are single records."""

    facts: Facts
    flaws: tuple[Flaw, ...]
    damaged: bool

    @property
    def whole(self) -> bool:
        """Whether nothing was found."""
        return not self.flaws


def check(store: Path) -> Health:
    """Look at every page and every rule. Raises StorageError where the file cannot be opened as a store at all."""
    with reading(store, untouched=True) as connection:
        lines = damage_in(connection)
        if lines:
            text = _("The data file is damaged: {detail}")
            return Health(Facts(0, ""), tuple(Flaw("damaged", text.format(detail=line)) for line in lines), True)
        connection.execute("BEGIN")
        flaws = [*_flaws(connection), *_lost_files(connection, folder_of(store))]
        health = Health(facts_of(connection), tuple(flaws), False)
    with reading(store) as connection:  # folds the -wal of a whole store into it, where nobody else works on it
        connection.execute("PRAGMA user_version").fetchone()
    return health


def examine(folders: Folders) -> Health:
    """``check`` for a folder: a store that is damaged beyond opening, emptied or lost is a finding as well.

    Raises StorageError where the file is not ours to judge: locked, foreign, newer, not to be read, or not there yet.
    """
    wrong = trouble_with_store(folders)
    if wrong is not None:
        if wrong.kind not in REPLACEABLE:
            raise wrong
        return Health(Facts(0, ""), (Flaw(wrong.kind, str(wrong)),), True)
    return check(folders.store)


def quick_check(store: Path) -> bool:
    """Whether the pages are readable and their structure is sound: for the background after a start."""
    with reading(store) as connection:
        return [row[0] for row in connection.execute("PRAGMA quick_check(1)")] == ["ok"]


def _flaws(connection: sqlite3.Connection) -> list[Flaw]:
    flaws = []
    for code, sentence, statement in RULES:
        for (row,) in connection.execute(statement).fetchmany(SHOWN):
            flaws.append(Flaw(code, _(sentence).format(id=row), row))
    for table, column, words in WORDS:
        known = [word.value for word in words]
        marks = ",".join("?" * len(known))
        statement = f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL AND {column} NOT IN ({marks})"
        for row, value in connection.execute(statement, known).fetchmany(SHOWN):
            flaws.append(_odd("unknown_word", table, column, row, value))
    for table, column in CENTS:
        statement = f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL AND typeof({column}) <> 'integer'"
        for row, value in connection.execute(statement).fetchmany(SHOWN):
            flaws.append(_odd("not_cents", table, column, row, value))
    for table, column in DAYS:
        statement = (
            f"SELECT id, {column} FROM {table} WHERE {column} IS NOT NULL AND date(julianday({column})) IS NOT {column}"
        )
        for row, value in connection.execute(statement).fetchmany(SHOWN):
            flaws.append(_odd("no_day", table, column, row, value))
    return flaws


def _lost_files(connection: sqlite3.Connection, folder: Path) -> list[Flaw]:
    """Attachments, those in the bin included, whose file is missing or is not what it was."""
    flaws: list[Flaw] = []
    rows = connection.execute("SELECT min(id), min(name), sha256, min(size) FROM attachments GROUP BY sha256")
    for row, name, sha256, size in rows:
        if not is_there(folder, sha256, size):
            flaws.append(Flaw("attachment_missing", _("The attached file {name} is missing.").format(name=name), row))
        elif not _is_readable(folder, sha256):
            flaws.append(Flaw("attachment_damaged", _("The attached file {name} is damaged.").format(name=name), row))
        if len(flaws) == SHOWN:
            break
    return flaws


def _is_readable(folder: Path, sha256: str) -> bool:
    try:
        return is_whole(folder, sha256)
    except OSError:
        return False


def _odd(code: str, table: str, column: str, row: int, value: object) -> Flaw:
    text = _("{table} {id}: “{value}” cannot stand in {column}.")
    return Flaw(code, text.format(table=table, id=row, value=value, column=column), row)


def check_backups(folder: Path) -> list[Flaw]:
    """The backups that are no longer what they were when they were made."""
    from csdesk.services.core.errors import StorageError

    flaws = []
    for backup in list_backups(folder):
        try:
            verify_backup(backup)
        except StorageError:
            flaws.append(Flaw("backup_damaged", _("The backup {name} is damaged.").format(name=backup.path.name)))
    return flaws
