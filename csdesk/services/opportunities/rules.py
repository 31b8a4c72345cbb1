"""What makes an opportunity, how likely it is, what it weighs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from csdesk.models.vocabulary import HOME_CURRENCY, OpportunityKind, OpportunityStage
from csdesk.services.core.drafts import Draft, Reader
from csdesk.services.core.texts import _
from csdesk.services.core.values import Unreadable, parse_amount, parse_count, parse_day

PROBABILITIES = {
    OpportunityStage.SPOTTED: 10,
    OpportunityStage.QUALIFIED: 30,
    OpportunityStage.PROPOSED: 50,
    OpportunityStage.NEGOTIATING: 75,
    OpportunityStage.WON: 100,
    OpportunityStage.LOST: 0,
}
"""In percent, where nobody said another."""
OPEN_STAGES = (
    OpportunityStage.SPOTTED, OpportunityStage.QUALIFIED, OpportunityStage.PROPOSED, OpportunityStage.NEGOTIATING,
)  # fmt: skip
CURRENCIES = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP", "SGD", "TWD")


@dataclass(frozen=True)
class OpportunityFields:
    """An opportunity's own values. ``amount`` is the ARR it would add; ``probability`` None is that of its stage."""

    title: str
    kind: OpportunityKind = OpportunityKind.SEATS
    seats: int | None = None
    module: str = ""
    amount: Decimal | None = None
    currency: str = HOME_CURRENCY
    stage: OpportunityStage = OpportunityStage.SPOTTED
    probability: int | None = None
    expected_on: date | None = None
    owner: str = ""
    notes: str = ""


def parse(draft: Draft, today: date) -> OpportunityFields:
    """The opportunity that a form describes; raises Problems. Won and lost are said elsewhere."""
    read = Reader(draft)
    stage = read.word("stage", OpportunityStage) or OpportunityStage.SPOTTED
    currency = read.text("currency") or HOME_CURRENCY
    if currency not in CURRENCIES:
        read.refuse("currency", _("Choose one of the list."), "unknown")
    fields = OpportunityFields(
        title=read.text("title", required=_("Say what they may buy.")),
        kind=read.word("kind", OpportunityKind) or OpportunityKind.SEATS,
        seats=read.value("seats", parse_count),
        module=read.text("module"),
        amount=read.value("amount", parse_amount),
        currency=currency,
        stage=stage,
        probability=read.value("probability", parse_percent),
        expected_on=read.value("expected_on", lambda text: parse_day(text, today)),
        owner=read.text("owner"),
        notes=read.text("notes"),
    )
    read.check()
    return fields


def parse_percent(text: str) -> int | None:
    """A whole percentage from 0 to 100, with its sign or without. Raises Unreadable."""
    words = text.strip().rstrip("%\uff05").strip()
    if not words:
        return None
    if not words.isdecimal() or int(words) > 100:
        raise Unreadable(_("“{text}” is not a percentage from 0 to 100.").format(text=text))
    return int(words)


def probability_of(stage: str, probability: int | None) -> int:
    """How likely it is, in percent: as said, or by its stage; won and lost are certain."""
    known = OpportunityStage(stage)
    if known not in OPEN_STAGES or probability is None:
        return PROBABILITIES[known]
    return probability
