"""How far the renewals of an invented portfolio have come, and why past ones went as they did."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from csdesk.models.vocabulary import RenewalCategory, RenewalKind, RenewalStage, RenewalState
from csdesk.services.core.money import to_amount
from csdesk.services.demo.terms import Row, Terms
from csdesk.services.demo.words import words

_S, _C = RenewalStage, RenewalCategory
STAGES = (
    (30, ((_S.CONTACTED, 15), (_S.NEGOTIATING, 45), (_S.PROMISED, 40))),
    (60, ((_S.NOT_STARTED, 10), (_S.CONTACTED, 35), (_S.NEGOTIATING, 40), (_S.PROMISED, 15))),
    (90, ((_S.NOT_STARTED, 35), (_S.CONTACTED, 45), (_S.NEGOTIATING, 20))),
    (150, ((_S.NOT_STARTED, 80), (_S.CONTACTED, 20))),
)
"""Up to so many days before the end: the stages, with their weights."""
CATEGORIES: dict[str, tuple[tuple[RenewalCategory | None, int], ...]] = {
    _S.NOT_STARTED: ((None, 45), (_C.LIKELY, 35), (_C.COMMIT, 10), (_C.AT_RISK, 10)),
    _S.CONTACTED: ((_C.LIKELY, 55), (_C.COMMIT, 20), (_C.AT_RISK, 20), (None, 5)),
    _S.NEGOTIATING: ((_C.LIKELY, 45), (_C.COMMIT, 25), (_C.AT_RISK, 27), (_C.LOST, 3)),
    _S.PROMISED: ((_C.COMMIT, 90), (_C.LIKELY, 10)),
}
SHARES = (Decimal("1.2"), Decimal("1.1"), Decimal("0.8"), Decimal("0.7"))
NOTICE_DAYS = 30


def judge(terms: Terms, day: date) -> None:
    """Write into the contracts what is known of their renewals on ``day``."""
    for row in terms.contracts:
        chance = Random(f"renewal {row['number']} {day}")
        end: date = row["end_on"]
        row |= {
            "stage": _S.NOT_STARTED.value, "category": None, "forecast": None, "closes_on": None, "next_step": "",
            "renewal_cause": row["renewal_cause"], "renewal_kind": None,
            "notice_on": end - timedelta(NOTICE_DAYS) if row["auto_renew"] else None,
        }  # fmt: skip
        if row["renewal_state"] == RenewalState.OPEN:
            _on_the_way(
                chance, row, sum(one["arr_cents"] or 0 for one in terms.lines if one["contract_id"] == row["id"]), day
            )
        elif row["renewal_state"] == RenewalState.CHURNED:
            row |= {"stage": _S.LOST.value, "renewal_cause": words()["churn_causes"][row["renewal_reason"]]}
        else:
            kind = RenewalKind.AUTOMATIC if row["auto_renew"] else RenewalKind.BY_HAND
            row |= {"stage": _S.SIGNED.value, "renewal_kind": kind.value}


def _on_the_way(chance: Random, row: Row, arr: int, day: date) -> None:
    left = (row["end_on"] - day).days
    among = next((stages for days, stages in STAGES if left <= days), None)
    if among is None:
        return
    stage = chance.choices([stage for stage, _weight in among], [weight for _stage, weight in among])[0]
    kinds = CATEGORIES[stage]
    category = chance.choices([kind for kind, _weight in kinds], [weight for _kind, weight in kinds])[0]
    row |= {"stage": stage.value, "category": None if category is None else category.value}
    if stage != _S.NOT_STARTED or chance.random() < 0.3:
        row["next_step"] = str(chance.choice(words()["renewal_steps"][stage.value]))
    if stage in (_S.NEGOTIATING, _S.PROMISED):
        row["closes_on"] = max(row["end_on"] - timedelta(chance.randint(3, 25)), day + timedelta(chance.randint(2, 9)))
        if chance.random() < 0.35 and category != _C.LOST:
            rounded = int(arr * chance.choice(SHARES)) // 10_000 * 10_000
            row["forecast"] = to_amount(rounded)
