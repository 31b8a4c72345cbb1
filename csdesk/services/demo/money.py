"""The invoices written for invented instalments, and the reminders of those that are late."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from csdesk.models.base import new_id
from csdesk.models.vocabulary import Channel
from csdesk.services.demo.terms import Row, Terms
from csdesk.services.demo.words import pick, words

INVOICED_BEFORE = 20
"""So many days before it is due an instalment gets its invoice."""


def invoices_of(chance: Random, terms: Terms, day: date) -> list[Row]:
    """An invoice for most instalments that are due soon or past."""
    rows = []
    for number, instalment in enumerate(terms.receivables):
        written = instalment["due_on"] - timedelta(chance.randint(5, INVOICED_BEFORE))
        if written > day or chance.random() < 0.1:
            continue
        sent = written + timedelta(chance.randint(0, 4))
        rows.append(
            {
                "id": new_id(), "receivable_id": instalment["id"],
                "number": f"{written:%y%m}{chance.randint(10**7, 10**8 - 1)}{number}",
                "invoiced_on": written, "amount": instalment["amount"], "tax_rate": 600,
                "sent_on": sent if sent <= day else None,
            }
        )  # fmt: skip
    return rows


def reminders_of(chance: Random, terms: Terms, day: date) -> list[Row]:
    """A reminder for every month that something is late, three at most."""
    paid = {payment["receivable_id"]: payment["amount"] for payment in terms.payments}
    rows = []
    for instalment in terms.receivables:
        late = (day - instalment["due_on"]).days
        if paid.get(instalment["id"], 0) >= instalment["amount"] or late < 10:
            continue
        for place in range(min(3, 1 + late // 30)):
            on = instalment["due_on"] + timedelta(8 + 30 * place)
            if on <= day:
                rows.append(
                    {
                        "id": new_id(), "receivable_id": instalment["id"], "reminded_on": on,
                        "reminded_by": str(words()["user"]), "text": pick(chance, "reminders"),
                        "channel": chance.choice((Channel.WECHAT, Channel.PHONE)).value,
                    }
                )  # fmt: skip
    return rows
