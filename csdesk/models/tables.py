"""All tables, so that the metadata is whole where one import names it."""

from typing import Any

from csdesk.models.accounts import Account
from csdesk.models.articles import Article
from csdesk.models.attachments import Attachment
from csdesk.models.base import Base
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract, ContractEvent, ContractLine
from csdesk.models.handover import (
    Handover,
    HandoverMove,
    HandoverQuestion,
    Import,
    ImportDetails,
    ImportMapping,
)
from csdesk.models.interactions import Interaction
from csdesk.models.journal import Change, Step
from csdesk.models.kpi import ExchangeRate, Target
from csdesk.models.opportunities import Opportunity
from csdesk.models.receivables import Invoice, Payment, Receivable, Reminder
from csdesk.models.settings import Setting
from csdesk.models.store import StoreFact
from csdesk.models.tasks import Task
from csdesk.models.tickets import Demand, DemandMove, DemandReview, Notice, Release, Ticket, TicketMove
from csdesk.models.tiers import TierDecision
from csdesk.models.verdicts import Verdict
from csdesk.models.visits import (
    Attendee,
    BusyTime,
    Need,
    OwnCalendar,
    TravelTime,
    Visit,
    VisitMaterial,
    VisitPlan,
    VisitSeries,
    VisitSkip,
)

RECORDS: tuple[Any, ...] = (
    Account, TierDecision, Contact, Contract, ContractLine, ContractEvent, Receivable, Invoice, Reminder, Payment, Opportunity, Target, ExchangeRate, Handover, HandoverMove,
    HandoverQuestion, VisitPlan, Visit, VisitSeries, VisitSkip, Article, Attendee, VisitMaterial, Need, Attachment,
    Interaction, Task, Release, Demand, DemandReview,
    DemandMove, Ticket, TicketMove, Notice, TravelTime, OwnCalendar, BusyTime, Setting, Import, ImportDetails, ImportMapping, Verdict,
)  # fmt: skip
"""The tables whose rows people see, owners before what they own; the journal is not among them."""

__all__ = ["RECORDS", "Base", "Change", "Step", "StoreFact", *(record.__name__ for record in RECORDS)]
