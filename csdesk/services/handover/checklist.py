"""The checklist of a handover as SQL: which points say something, and how complete that makes it by the user's weights.

What the contract and the people say counts: payment terms of a contract, the products bought, a decision maker.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, case, cast, exists, func, literal, or_, select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.models.contracts import Contract, ContractLine
from csdesk.models.handover import Handover
from csdesk.models.settings import Setting
from csdesk.models.vocabulary import ContactRole, HandoverPoint
from csdesk.services.settings.rules import DEFAULTS


def weight_key(point: HandoverPoint) -> str:
    """The setting that holds a point's weight."""
    return f"handover.weight.{point.value}"


def _weight(point: HandoverPoint) -> Any:
    changed = (
        select(cast(Setting.value, Integer))
        .where(Setting.key == weight_key(point), Setting.deleted_at.is_(None))
        .scalar_subquery()
    )
    return func.coalesce(changed, DEFAULTS[weight_key(point)])


def _contract(*conditions: Any) -> ColumnElement[bool]:
    return exists().where(Contract.account_id == Handover.account_id, Contract.deleted_at.is_(None), *conditions)


_KEY_PEOPLE = exists().where(
    Contact.account_id == Handover.account_id, Contact.deleted_at.is_(None), Contact.left_on.is_(None),
    Contact.role == ContactRole.DECISION_MAKER,
)  # fmt: skip
_BOUGHT = _contract(
    exists().where(
        ContractLine.contract_id == Contract.id, ContractLine.deleted_at.is_(None), ContractLine.products != ""
    )
)
PRESENT: dict[HandoverPoint, ColumnElement[bool]] = {
    HandoverPoint.GOALS: Handover.goals != "",
    HandoverPoint.STAKEHOLDERS: or_(Handover.stakeholders != "", _KEY_PEOPLE),
    HandoverPoint.SCOPE: or_(Handover.scope != "", _BOUGHT),
    HandoverPoint.PROMISES: Handover.promises != "",
    HandoverPoint.RISKS: Handover.risks != "",
    HandoverPoint.PAYMENT_TERMS: or_(Handover.payment_terms != "", _contract(Contract.payment_terms != "")),
    HandoverPoint.TIER: and_(Account.tier.is_not(None), Account.tier != ""),
}
"""By point, whether something is known; needs handovers joined with accounts."""


def score() -> Any:
    """Percent of the weights whose points are there, rounded half up; null where all weights are 0."""
    have: Any = literal(0)
    total: Any = literal(0)
    for point, present in PRESENT.items():
        weight = _weight(point)
        have = have + case((present, weight), else_=0)
        total = total + weight
    return case((total > 0, cast(200 * have + total, Integer) // cast(2 * total, Integer)), else_=None)


def missing() -> Any:
    """The keys of the points that are not there, each behind a comma, in the order of the checklist."""
    parts: Any = literal("")
    for point, present in PRESENT.items():
        parts = parts.concat(case((present, ""), else_=f",{point.value}"))
    return parts


def points_of(keys: str) -> tuple[HandoverPoint, ...]:
    """The points that ``missing`` names."""
    return tuple(HandoverPoint(key) for key in keys.split(",") if key)
