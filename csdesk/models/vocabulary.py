"""Every state and kind of the desk, as enums. Standard library only: a newcomer reads this file first.

A member's value is what the database and the exports hold; ``label`` is the English text that gettext translates.
"""

from __future__ import annotations

from enum import StrEnum


def N_(text: str) -> str:
    """Mark ``text`` for translation where it is shown later."""
    return text


CONTEXT_END = "\x04"
"""What gettext puts between the context of a text and the text."""


def C_(context: str, text: str) -> str:
    """Mark ``text`` for translation where English says one word for what another language tells apart."""
    return f"{context}{CONTEXT_END}{text}"


class Word(StrEnum):
    """A stored word with a label for people."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Word:
        word = str.__new__(cls, value)
        word._value_ = value
        word.label = label
        return word


class Tier(Word):
    """How much an account is worth to us: premium, medium, ordinary."""

    A = "A", N_("Premium")
    B = "B", N_("Medium")
    C = "C", N_("Ordinary")


class ServiceMode(Word):
    """How an account is looked after; the tier suggests it."""

    HIGH_TOUCH = "high_touch", N_("High-touch")
    STANDARD = "standard", N_("Standard service")
    TECH_TOUCH = "tech_touch", N_("Tech-touch")


MODE_OF_TIER = {Tier.A: ServiceMode.HIGH_TOUCH, Tier.B: ServiceMode.STANDARD, Tier.C: ServiceMode.TECH_TOUCH}


class TierSource(Word):
    """By what an account came to its tier; kept means that a proposal was turned down."""

    HANDOVER = "handover", N_("From the handover")
    IMPORT = "import", N_("By an import")
    BY_HAND = "by_hand", N_("Set by hand")
    PROPOSAL = "proposal", N_("Proposal accepted")
    KEPT = "kept", N_("Proposal turned down")


class ContactRole(Word):
    """What a person decides at the account."""

    DECISION_MAKER = "decision_maker", N_("Decision maker")
    CHAMPION = "champion", N_("Champion")
    ADMINISTRATOR = "administrator", N_("Administrator")
    FINANCE = "finance", N_("Finance")
    USER = "user", N_("User")


class Sentiment(Word):
    """How a person feels about us."""

    SUPPORTIVE = "supportive", N_("Supportive")
    NEUTRAL = "neutral", N_("Neutral")
    CRITICAL = "critical", N_("Critical")


class HandoverState(Word):
    """Where the step from sales to customer success stands."""

    RECEIVED = "received", N_("Received")
    QUESTIONED = "questioned", N_("Questioned")
    ACCEPTED = "accepted", N_("Accepted")
    RETURNED = "returned", N_("Returned to sales")


class HandoverPoint(Word):
    """What a handover is checked for, in the order of the checklist."""

    GOALS = "goals", N_("Goals")
    STAKEHOLDERS = "stakeholders", N_("Stakeholders")
    SCOPE = "scope", N_("Scope")
    PROMISES = "promises", N_("Promises by sales")
    RISKS = "risks", N_("Risks")
    PAYMENT_TERMS = "payment_terms", N_("Payment terms")
    TIER = "tier", N_("Tier")


class RenewalState(Word):
    """What was decided about a contract that ends."""

    OPEN = "open", N_("Still open")
    RENEWED = "renewed", N_("Renewed")
    CHURNED = "churned", N_("Churned")


class ContractState(Word):
    """Where a contract stands today, by its dates and by what was decided at its end; never stored."""

    UPCOMING = "upcoming", N_("Not begun")
    RUNNING = "running", N_("Running")
    ENDING = "ending", N_("Ends soon")
    ENDED_OPEN = "ended_open", N_("Ended, still open")
    RENEWED = "renewed", N_("Renewed")
    CHURNED = "churned", N_("Churned")
    TERMINATED = "terminated", N_("Terminated early")


class ContractAction(Word):
    """What can be done to a contract; ``services.contracts.rules.CONTRACT_ACTIONS`` says when."""

    RENEW = "renew", N_("Renew…")
    AMEND = "amend", N_("Amend…")
    EXTEND = "extend", N_("Extend…")
    LOSE = "lose", N_("Not renewed…")
    TERMINATE = "terminate", N_("Terminate early…")
    CORRECT = "correct", N_("Correct the outcome…")


class RenewalStage(Word):
    """How far talks about a renewal have come."""

    NOT_STARTED = "not_started", N_("Not started")
    CONTACTED = "contacted", N_("Contacted")
    NEGOTIATING = "negotiating", N_("Negotiating")
    PROMISED = "promised", C_("renewal", "Promised")
    SIGNED = "signed", C_("renewal", "Signed")
    LOST = "lost", N_("Lost")


class RenewalCategory(Word):
    """How sure we are of a renewal."""

    COMMIT = "commit", N_("Commit")
    LIKELY = "likely", C_("renewal", "Likely")
    AT_RISK = "at_risk", N_("At risk")
    LOST = "lost", N_("Lost")


class RenewalCause(Word):
    """Why a renewal went as it did: what customers say when they stay, take less, or leave."""

    BUSINESS = "business", N_("Business changed or closed")
    NOT_USED = "not_used", N_("Not put to use")
    COMPETITOR = "competitor", N_("Went to another vendor")
    NEEDS = "needs", N_("Needs not met")
    PRICE = "price", N_("Price")
    SERVICE = "service", N_("Service")
    PEOPLE = "people", N_("Our sponsor left")
    VALUE = "value", N_("Value seen")
    GROWTH = "growth", N_("Customer grows")
    OTHER = "other", N_("Another reason")


class RenewalKind(Word):
    """How a contract was renewed."""

    BY_HAND = "by_hand", C_("renewal", "Signed")
    AUTOMATIC = "automatic", N_("Renewed by itself")


class ContractEventKind(Word):
    """What was done to a contract."""

    SIGNED = "signed", C_("what was done", "Signed")
    AMENDED = "amended", N_("Amended")
    RENEWED = "renewed", N_("Renewed")
    EXTENDED = "extended", N_("Extended")
    TERMINATED = "terminated", N_("Terminated")
    LOST = "lost", N_("Not renewed")
    CORRECTED = "corrected", N_("Corrected")


class OpportunityKind(Word):
    """What an account may buy more of."""

    SEATS = "seats", N_("More seats")
    MODULE = "module", N_("A module")
    UPGRADE = "upgrade", N_("An upgrade")


class OpportunityStage(Word):
    """How far an opportunity has come; only won ones count in figures, through the contract event that they became."""

    SPOTTED = "spotted", N_("Spotted")
    QUALIFIED = "qualified", N_("Qualified")
    PROPOSED = "proposed", N_("Proposed")
    NEGOTIATING = "negotiating", N_("Negotiating")
    WON = "won", N_("Won")
    LOST = "lost", C_("of an opportunity", "Lost")


class OpportunityOrigin(Word):
    """Where an opportunity was seen; its ``origin_id`` names the row."""

    BY_HAND = "by_hand", N_("Entered by hand")
    VISIT = "visit", N_("Visit")
    TICKET = "ticket", N_("Ticket")
    USAGE = "usage", N_("Usage")
    NEED = "need", N_("Need heard")
    RENEWAL = "renewal", N_("Renewal")


class PlanState(Word):
    """A visit plan is a draft until its baseline is frozen."""

    DRAFT = "draft", N_("Draft")
    CONFIRMED = "confirmed", N_("Confirmed")


class VisitKind(Word):
    """Where a visit takes place."""

    ONSITE = "onsite", N_("On site")
    ONLINE = "online", N_("Online")
    PHONE = "phone", N_("Phone")


class VisitState(Word):
    """What became of a planned visit. A moved visit stays planned, with ``moved_count``."""

    PLANNED = "planned", N_("Planned")
    DONE = "done", N_("Done")
    CANCELLED = "cancelled", N_("Cancelled")
    MISSED = "missed", N_("Missed")


class VisitType(Word):
    """What a visit is for; each type has an agenda of its own."""

    FIRST = "first", N_("First visit")
    TRAINING = "training", N_("Training")
    REVIEW = "review", N_("Business review")
    RENEWAL = "renewal", N_("Renewal talk")
    CARE = "care", N_("Care visit")
    RECOVERY = "recovery", N_("Recovery visit")


class VisitOutcome(Word):
    """How a visit went, as it is recorded. Visited and partly are done; a moved one stays planned."""

    VISITED = "visited", N_("Visited")
    PARTLY = "partly", N_("Partly")
    ABSENT = "absent", N_("Customer absent")
    CANCELLED = "cancelled", N_("Called off")
    MOVED = "moved", N_("Moved")


class Mood(Word):
    """How a meeting felt."""

    GOOD = "good", N_("Good")
    EVEN = "even", N_("Even")
    TENSE = "tense", N_("Tense")


class Side(Word):
    """On whose side somebody sits at a meeting."""

    OURS = "ours", N_("Ours")
    THEIRS = "theirs", N_("Theirs")


class NeedKind(Word):
    """What a need that was heard may become."""

    REQUIREMENT = "requirement", N_("Requirement")
    EXPANSION = "expansion", N_("Expansion")
    REFERRAL = "referral", N_("Referral")


class NeedState(Word):
    """Whether a need that was heard still waits to be taken up."""

    OPEN = "open", N_("Open")
    TAKEN_UP = "taken_up", N_("Taken up")
    DROPPED = "dropped", N_("Dropped")


class TicketKind(Word):
    """What a customer came with: a wish, something broken, something to be answered."""

    REQUIREMENT = "requirement", N_("Requirement")
    BUG = "bug", N_("Bug")
    QUESTION = "question", C_("ticket", "Question")


class TicketState(Word):
    """How far a ticket has come. A requirement's own states stop at the review: what was decided is its demand's."""

    CAPTURED = "captured", N_("Captured")
    CLARIFIED = "clarified", N_("Clarified")
    IN_REVIEW = "in_review", N_("With product")
    ACCEPTED = "accepted", N_("Accepted, dated")
    RELEASED = "released", N_("Released")
    DECLINED = "declined", N_("Declined")
    ANSWERED = "answered", N_("Answered")
    TOLD = "told", N_("Customer told")
    CLOSED = "closed", N_("Closed")
    WITHDRAWN = "withdrawn", N_("Withdrawn by the customer")


class DemandState(Word):
    """How far product has come with a demand; merged ones live on in another."""

    TO_REVIEW = "to_review", N_("To be reviewed")
    IN_REVIEW = "in_review", N_("With product")
    ACCEPTED = "accepted", N_("Accepted, dated")
    RELEASED = "released", N_("Released")
    DECLINED = "declined", N_("Declined")
    MERGED = "merged", N_("Merged")


class Channel(Word):
    """The way by which a customer and we talk."""

    VISIT = "visit", N_("Visit")
    PHONE = "phone", N_("Call")
    WECHAT = "wechat", N_("WeChat")
    MAIL = "mail", N_("Mail")
    MEETING = "meeting", N_("Online meeting")
    OTHER = "other", N_("Other way")


class Importance(Word):
    """How much a customer needs what it asked for."""

    CRITICAL = "critical", N_("Vital")
    IMPORTANT = "important", N_("Important")
    NICE = "nice", N_("Nice to have")
    NONE = "none", N_("Not important")


class Severity(Word):
    """How much a bug hinders."""

    BLOCKING = "blocking", N_("Blocks the work")
    SERIOUS = "serious", N_("Serious")
    MINOR = "minor", N_("Minor")


class Scope(Word):
    """Whom a demand would serve: everybody, or one customer."""

    GENERIC = "generic", N_("Generic")
    CUSTOM = "custom", N_("Custom")


class DemandSize(Word):
    """How much work product sees in a demand."""

    SMALL = "small", N_("Small")
    MEDIUM = "medium", N_("Medium size")
    LARGE = "large", N_("Large")


class Decision(Word):
    """What a review came to."""

    ACCEPTED = "accepted", N_("Accept")
    DECLINED = "declined", N_("Decline")


class NoticeCause(Word):
    """The answer that a customer is to be told."""

    DATE_SET = "date_set", N_("Date set")
    DATE_MOVED = "date_moved", N_("Date moved")
    RELEASED = "released", N_("Released")
    DECLINED = "declined", N_("Declined")
    BUG_FIXED = "bug_fixed", N_("Bug fixed")
    ANSWERED = "answered", N_("Answered")


FINAL_CAUSES = (NoticeCause.RELEASED, NoticeCause.DECLINED, NoticeCause.BUG_FIXED, NoticeCause.ANSWERED)
"""Those after which nothing more is awaited."""


class NoticeState(Word):
    """Whether a customer has been told; superseded ones were overtaken by a newer answer before anybody was told."""

    OPEN = "open", N_("To be told")
    TOLD = "told", N_("Told")
    SUPERSEDED = "superseded", N_("Overtaken")


class InteractionKind(Word):
    """What was noted about an account; a call and a message are contacts, a note is none."""

    NOTE = "note", N_("Note")
    CALL = "call", N_("Call")
    MESSAGE = "message", N_("Message")


class ArticleKind(Word):
    """What an article leads to."""

    FILE = "file", N_("File")
    LINK = "link", N_("Link")
    NOTE = "note", N_("Text")


class TaskState(Word):
    """What became of a task."""

    OPEN = "open", N_("To do")
    DONE = "done", N_("Done")
    DROPPED = "dropped", N_("Dropped")


class TaskSource(Word):
    """What a task came from; its ``source_id`` names the row."""

    BY_HAND = "by_hand", N_("Entered by hand")
    HANDOVER = "handover", N_("Promise by sales")
    VISIT = "visit", N_("Visit")
    INTERACTION = "interaction", N_("Note or call")
    TICKET = "ticket", N_("Ticket")
    RENEWAL = "renewal", N_("Renewal")
    RECEIVABLE = "receivable", N_("Money to come in")


class Repeat(Word):
    """How often a task comes again."""

    DAILY = "daily", N_("Daily")
    WEEKLY = "weekly", N_("Weekly")
    MONTHLY = "monthly", N_("Monthly")
    YEARLY = "yearly", N_("Yearly")


class SeriesUnit(Word):
    """In what a visit that comes again is counted."""

    WEEK = "week", N_("weeks")
    MONTH = "month", N_("months")


class Fate(Word):
    """What an import does with one row; read = the sum of all."""

    NEW = "new", N_("New")
    UPDATED = "updated", N_("Updated")
    SAME = "same", N_("Same")
    UNDECIDED = "undecided", N_("Undecided")
    SKIPPED = "skipped", N_("Skipped")
    REFUSED = "refused", N_("Refused")


class Confidence(Word):
    """How sure it is that two names are one company: certain ones match, likely ones ask, weak ones are a hint."""

    CERTAIN = "certain", N_("Certain")
    LIKELY = "likely", N_("Likely")
    WEAK = "weak", N_("A hint")


class StepKind(Word):
    """What an entry of the undo history is."""

    COMMAND = "command", N_("Change")
    IMPORT = "import", N_("Import")
    UNDO = "undo", N_("Undo")
    REDO = "redo", N_("Redo")
    PURGE = "purge", N_("Removal for good")


class Action(Word):
    """What happened to one row in one step."""

    INSERT = "insert", N_("created")
    UPDATE = "update", N_("changed")
    BULK_INSERT = "bulk_insert", N_("created")
    BULK_UPDATE = "bulk_update", N_("changed")
    PURGE = "purge", N_("removed for good")


PRODUCT_SEPARATOR = "\u3001"
"""Between the products of one contract line, as Chinese lists are written."""

HOME_CURRENCY = "CNY"
