"""Contract and money of a prepared visit in sentences, for us alone: on the page and in the framed box of the sheet."""

from __future__ import annotations

from datetime import date

from csdesk.services.core import formats
from csdesk.services.core.texts import _, ngettext
from csdesk.services.visits.preparation import Deal, Preparation


def deal_lines(view: Preparation, today: date) -> list[str]:
    """Each running contract, what is overdue, what comes next."""
    found = []
    for contract in view.deal.contracts:
        parts = [contract.number, contract.products]
        if contract.seats:
            parts.append(ngettext("{n} seat", "{n} seats", contract.seats).format(n=contract.seats))
        if contract.amount is not None:
            parts.append(formats.money_in(contract.amount, contract.currency))
        if contract.end_on is not None:
            left = formats.days_left(contract.end_on, today)
            parts.append(_("ends {day} ({left})").format(day=formats.day_iso(contract.end_on), left=left))
        found.append(" \u00b7 ".join(part for part in parts if part))
    return [*found, *money_lines(view.deal)] or [_("No contract yet")]


def money_lines(deal: Deal) -> list[str]:
    """What is overdue, and the instalment that comes next."""
    found = []
    if deal.overdue:
        words = _("Overdue: {amount} CNY since {day}")
        found.append(words.format(amount=formats.money(deal.overdue), day=formats.day_iso(deal.overdue_since)))
    if deal.next_due is not None:
        words = _("Next instalment: {amount} CNY on {day}")
        found.append(words.format(amount=formats.money(deal.next_amount), day=formats.day_iso(deal.next_due)))
    return found
