"""What a column of a handover workbook can mean."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from csdesk.services.core.texts import N_


class Holds(StrEnum):
    """How the cells of a field are read."""

    TEXT = "text"
    PEOPLE = "people"
    DAY = "day"
    PERIOD = "period"
    TERM = "term"
    AMOUNT = "amount"
    SEATS = "seats"
    PHONES = "phones"
    EMAILS = "emails"
    TIER = "tier"
    ROLE = "role"
    PRODUCTS = "products"
    CURRENCY = "currency"
    PERSON = "person"


@dataclass(frozen=True)
class Field:
    """A target: its key as ``import-handover --json`` names it, the title (msgid), and how its cells are read."""

    key: str
    title: str
    holds: Holds = Holds.TEXT

    @property
    def group(self) -> str:
        """account, contact, contract or handover."""
        return self.key.partition(".")[0]

    @property
    def name(self) -> str:
        """The key without its group."""
        return self.key.partition(".")[2]


NAME = "account.name"
CODE = "account.code"
"""Joins the sheets of one workbook; it is not kept."""
ACCOUNT_ID, CONTACT_ID, CONTRACT_ID = "account.desk_id", "contact.desk_id", "contract.desk_id"
"""What our own templates carry in hidden columns: a row that has one is that very record, whatever its name says now."""
INTO_NOTES = "handover.other"
"""Several columns may go there: each is added to the notes with its heading in front."""

SHORT_NAME = "account.short_name"
JOINS = (NAME, CODE, SHORT_NAME, "contract.number")
"""By any of these a sheet can name the account of another sheet in the same workbook."""

GROUPS = {
    "account": N_("Account"),
    "contact": N_("Contact"),
    "contract": N_("Contract"),
    "handover": N_("Handover"),
}

FIELDS: dict[str, Field] = {
    field.key: field
    for field in (
        Field(NAME, N_("Name")),
        Field("account.short_name", N_("Short name")),
        Field(CODE, N_("Number in the file")),
        Field("account.tier", N_("Tier"), Holds.TIER),
        Field("account.industry", N_("Industry")),
        Field("account.city", N_("City")),
        Field("account.district", N_("District")),
        Field("account.address", N_("Address")),
        Field("account.website", N_("Website")),
        Field("account.tax_number", N_("Tax number")),
        Field("account.sales_owner", N_("Sales owner")),
        Field("account.owner", N_("CSM owner")),
        Field(ACCOUNT_ID, N_("Id in CSDesk")),
        Field("contact.name", N_("Name"), Holds.PEOPLE),
        Field("contact.first_name", N_("First name")),
        Field("contact.last_name", N_("Last name")),
        Field("contact.person", N_("Name and phone"), Holds.PERSON),
        Field("contact.title", N_("Title")),
        Field("contact.role", N_("Role"), Holds.ROLE),
        Field("contact.phone", N_("Phone"), Holds.PHONES),
        Field("contact.email", N_("E-mail"), Holds.EMAILS),
        Field("contact.wechat", N_("WeChat")),
        Field("contact.notes", N_("Notes")),
        Field(CONTACT_ID, N_("Id in CSDesk")),
        Field("contract.number", N_("Number")),
        Field("contract.product", N_("Products"), Holds.PRODUCTS),
        Field("contract.seats", N_("Seats"), Holds.SEATS),
        Field("contract.signed", N_("Signed"), Holds.DAY),
        Field("contract.start", N_("Start"), Holds.DAY),
        Field("contract.end", N_("End"), Holds.DAY),
        Field("contract.period", N_("Start and end"), Holds.PERIOD),
        Field("contract.term", N_("Term in months or years"), Holds.TERM),
        Field("contract.amount", N_("Amount"), Holds.AMOUNT),
        Field("contract.paid", N_("Paid"), Holds.AMOUNT),
        Field("contract.currency", N_("Currency"), Holds.CURRENCY),
        Field("contract.payment_terms", N_("Payment terms")),
        Field(CONTRACT_ID, N_("Id in CSDesk")),
        Field("handover.goals", N_("Goals")),
        Field("handover.pain_points", N_("Pain points")),
        Field("handover.promises", N_("Promises")),
        Field("handover.risks", N_("Risks")),
        Field("handover.scope", N_("Scope")),
        Field("handover.stakeholders", N_("Stakeholders")),
        Field("handover.notes", N_("Notes")),
        Field(INTO_NOTES, N_("Added to the notes")),
    )
}
