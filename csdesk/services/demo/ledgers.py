"""What happened to the contracts of an invented account after they were signed, and what it may buy more of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from csdesk.models.base import new_id
from csdesk.models.vocabulary import (
    ContractEventKind,
    NeedKind,
    NeedState,
    OpportunityKind,
    OpportunityOrigin,
    OpportunityStage,
    RenewalCause,
    RenewalState,
)
from csdesk.services.contracts.rules import line_arr
from csdesk.services.core.money import anniversary
from csdesk.services.demo.terms import Row, Terms, bank_reference, months_of
from csdesk.services.demo.words import words

AMENDED, TERMINATED = 0.18, 0.3
"""Of the accounts that run, and of those that left."""
SEEN, GIVEN_UP = 0.3, 0.1
UNSAID = 0.08
"""Of the renewals: nobody noted why."""
STAGES = (
    (OpportunityStage.SPOTTED, 34), (OpportunityStage.QUALIFIED, 28), (OpportunityStage.PROPOSED, 22),
    (OpportunityStage.NEGOTIATING, 16),
)  # fmt: skip
KINDS = ((OpportunityKind.SEATS, 55), (OpportunityKind.MODULE, 35), (OpportunityKind.UPGRADE, 10))
_DAY = timedelta(days=1)


def write_ledger(terms: Terms, number: int, day: date) -> list[Row]:
    """Amend, terminate and renew as the commands would have done it by ``day``; returns the entries of the ledger."""
    chance, user = Random(f"ledger {number} {day}"), str(words()["user"])
    for row in terms.contracts:
        row.setdefault("renewal_cause", None)
        row |= {"planned_end_on": None, "terminated_on": None}
    for line in terms.lines:
        line["predecessor_id"] = None
    entries: list[Row] = []
    for before, after in zip(terms.contracts, terms.contracts[1:], strict=False):
        old, new = _main(terms, before), _main(terms, after)
        new["predecessor_id"] = old["id"]
        noted = before["decided_on"] or after["signed_on"]
        cause, why = why_renewed(before)
        before |= {"renewal_cause": cause.value if cause else None, "renewal_reason": why}
        entries.append(_entry(before, ContractEventKind.RENEWED, after["start_on"], noted, old, new, user, cause, why))
    last = terms.contracts[-1]
    if last["renewal_state"] == RenewalState.CHURNED:
        entries += _leave(chance, terms, last, day, user)
    elif chance.random() < AMENDED:
        entries += _grow(chance, terms, last, day, user)
    return entries


def why_renewed(row: Row) -> tuple[RenewalCause | None, str]:
    """What the customer said when the contract was renewed; now and then nobody wrote it down."""
    chance = Random(f"why {row['number']}")
    if chance.random() < UNSAID:
        return None, ""
    words_said, cause = chance.choice(words()["renewal_reasons"])
    return RenewalCause(cause), str(words_said)


def _main(terms: Terms, row: Row) -> Row:
    """The recurring line that runs to a contract's end."""
    return [line for line in terms.lines if line["contract_id"] == row["id"] and line["recurring"]][-1]


def _grow(chance: Random, terms: Terms, row: Row, day: date, user: str) -> list[Row]:
    """More seats from a day in the term on, paid for by one instalment more."""
    months = months_of(row)
    passed = [place for place in range(2, months - 1) if anniversary(row["start_on"], place) <= day]
    if not passed:
        return []
    place = chance.choice(passed)
    begins, old = anniversary(row["start_on"], place), _main(terms, row)
    more = max(2, round((old["seats"] or 10) * chance.choice((0.1, 0.2, 0.3))))
    monthly = old["amount"] / months
    rest = monthly * (months - place)
    added = max(Decimal(10), monthly * more // max(old["seats"] or 10, 1) // 10 * 10) * (months - place)
    new: Row = old | {
        "id": new_id(), "seats": (old["seats"] or 10) + more, "amount": rest + added, "start_on": begins,
        "predecessor_id": old["id"],
    }  # fmt: skip
    new["arr_cents"] = line_arr(new["amount"], begins, new["end_on"])
    old |= {"amount": old["amount"] - rest, "end_on": begins - _DAY}
    terms.lines.append(new)
    row["amount"] += added
    due = [one for one in terms.receivables if one["contract_id"] == row["id"]]
    instalment = due[-1] | {"id": new_id(), "position": len(due) + 1, "due_on": begins + timedelta(15), "amount": added}
    terms.receivables.append(instalment)
    if terms.payments and begins + timedelta(30) <= day:
        paid_on = begins + timedelta(chance.randint(12, 30))
        terms.payments.append(
            {
                "contract_id": row["id"], "receivable_id": instalment["id"], "paid_on": paid_on, "amount": added,
                "reference": bank_reference(paid_on, instalment["id"]),
            }
        )  # fmt: skip
    return [_entry(row, ContractEventKind.AMENDED, begins, begins, old, new, user, RenewalCause.GROWTH)]


def _leave(chance: Random, terms: Terms, row: Row, day: date, user: str) -> list[Row]:
    """At the end of the term, or before it."""
    drawn = chance.choice(_CAUSES)
    cause = RenewalCause(words()["churn_causes"].get(row["renewal_reason"], drawn))
    row["renewal_cause"] = cause.value
    old, kind = _main(terms, row), ContractEventKind.LOST
    months = months_of(row)
    place = max(1, round(months * chance.uniform(0.4, 0.85)))
    last = anniversary(row["start_on"], place) - _DAY
    if chance.random() < TERMINATED and row["start_on"] < last < min(day, row["end_on"]):
        kind = ContractEventKind.TERMINATED
        old["amount"] = old["amount"] / months * place
        agreed = max(row["start_on"], last - timedelta(chance.randint(5, 40)))
        row |= {"planned_end_on": row["end_on"], "end_on": last, "terminated_on": agreed, "decided_on": agreed}
        for line in terms.lines:
            if line["contract_id"] == row["id"]:
                line["end_on"] = last
    noted = row["decided_on"] or row["end_on"]
    return [_entry(row, kind, row["end_on"] + _DAY, noted, old, None, user, cause, row["renewal_reason"])]


_CAUSES = (
    RenewalCause.BUSINESS, RenewalCause.NOT_USED, RenewalCause.COMPETITOR, RenewalCause.PRICE, RenewalCause.PEOPLE,
)  # fmt: skip


def _entry(
    row: Row,
    kind: ContractEventKind,
    on: date,
    noted: date,
    before: Row | None,
    after: Row | None,
    user: str,
    cause: RenewalCause | None = None,
    note: str = "",
) -> Row:
    return {
        "id": new_id(), "contract_id": row["id"], "kind": kind.value, "effective_on": on, "noted_on": noted,
        "noted_by": user, "line_before_id": before["id"] if before else None,
        "line_after_id": after["id"] if after else None, "arr_before_cents": before["arr_cents"] if before else 0,
        "arr_after_cents": after["arr_cents"] if after else 0, "cause": cause.value if cause else None, "note": note,
    }  # fmt: skip


def wishes_of(
    terms: Terms, account: Row, entries: Sequence[Row], needs: Sequence[Row], number: int, day: date
) -> list[Row]:
    """What an account may buy more of, some of it from needs that were heard (which are taken up); what grew was won."""
    chance = Random(f"wishes {number} {day}")
    made = [_won(chance, account, entry, day) for entry in entries if entry["kind"] == ContractEventKind.AMENDED]
    if terms.gone:
        return made
    heard = [need for need in needs if need["kind"] == NeedKind.EXPANSION]
    if heard and chance.random() < 0.7:
        row = _wish(chance, terms, account, day)
        row |= {"title": heard[0]["text"], "origin": OpportunityOrigin.NEED.value, "origin_id": heard[0]["id"],
                "spotted_on": heard[0]["heard_on"]}  # fmt: skip
        heard[0] |= {"state": NeedState.TAKEN_UP.value, "became_id": row["id"]}
        made.append(row)
    elif chance.random() < SEEN:
        made.append(_wish(chance, terms, account, day))
    if chance.random() < GIVEN_UP:
        lost = day - timedelta(chance.randint(5, 200))
        made.append(
            _wish(chance, terms, account, day)
            | {"stage": OpportunityStage.LOST.value, "probability": None, "lost_on": lost,
               "lost_reason": str(chance.choice(words()["lost_wishes"])), "spotted_on": lost - timedelta(40)}
        )  # fmt: skip
    return made


def _wish(chance: Random, terms: Terms, account: Row, day: date) -> Row:
    kind = chance.choices([kind for kind, _weight in KINDS], [weight for _kind, weight in KINDS])[0]
    stage = chance.choices([stage for stage, _weight in STAGES], [weight for _stage, weight in STAGES])[0]
    module = str(chance.choice(words()["products"])["name"]) if kind == OpportunityKind.MODULE else ""
    seats = chance.randint(2, 12) * 5 if kind == OpportunityKind.SEATS else None
    arr = sum(line["arr_cents"] or 0 for line in terms.lines if line["contract_id"] == terms.contracts[-1]["id"])
    amount = Decimal(max(arr * chance.choice((8, 12, 20, 30)) // 100, 200_000) // 100_000 * 1_000)
    return {
        "id": new_id(), "account_id": account["id"], "contract_id": None, "kind": kind.value,
        "title": str(chance.choice(words()["wishes"][kind.value])).format(product=module), "seats": seats,
        "module": module, "amount": amount, "currency": "CNY", "stage": stage.value,
        "probability": chance.choice((None, None, None, 20, 40, 60, 80)), "spotted_on": day - timedelta(chance.randint(3, 90)),
        "expected_on": day + timedelta(chance.randint(-12, 120)), "owner": account["owner"],
        "origin": OpportunityOrigin.BY_HAND.value, "origin_id": None, "event_id": None, "won_on": None,
        "lost_on": None, "lost_reason": "", "notes": "",
    }  # fmt: skip


def _won(chance: Random, account: Row, entry: Row, day: date) -> Row:
    """The opportunity that an amendment came from."""
    on: date = entry["effective_on"]
    return {
        "id": new_id(), "account_id": account["id"], "contract_id": entry["contract_id"],
        "kind": OpportunityKind.SEATS.value, "title": str(chance.choice(words()["wishes"]["seats"])), "seats": None,
        "module": "", "amount": Decimal(entry["arr_after_cents"] - entry["arr_before_cents"]).scaleb(-2),
        "currency": "CNY", "stage": OpportunityStage.WON.value, "probability": None,
        "spotted_on": on - timedelta(chance.randint(20, 60)), "expected_on": on, "owner": account["owner"],
        "origin": OpportunityOrigin.BY_HAND.value, "origin_id": None, "event_id": entry["id"], "won_on": on,
        "lost_on": None, "lost_reason": "", "notes": "",
    }  # fmt: skip
