"""The tasks of an invented portfolio: promises with a day, things by hand, what comes again and again."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from csdesk.models.base import new_id
from csdesk.models.vocabulary import HandoverState, Repeat, TaskSource, TaskState
from csdesk.services.demo.words import pick, words
from csdesk.services.handover.promises import propose

Row = dict[str, Any]
RECENT_DAYS = 400
"""Promises older than that were kept long ago, and their tasks are not kept."""
LATE_DAYS = 30
"""No promise is late for longer."""
BY_HAND = {"A": 0.35, "B": 0.15, "C": 0.04}


def promise_tasks(chance: Random, account: Row, handover: Row, start: date, day: date) -> list[Row]:
    """The promises of an accepted handover of the last year: most were kept, some wait, a few are late."""
    if handover["state"] != HandoverState.ACCEPTED or (day - start).days > RECENT_DAYS:
        return []
    rows = []
    for proposal in propose(handover["promises"], start, handover["received_on"], start):
        over = (day - proposal.due_on).days
        kept = over > LATE_DAYS or (over > 0 and chance.random() < 0.6)
        row = _task(account["id"], proposal.text, proposal.due_on, account["owner"])
        row |= {"source": TaskSource.HANDOVER, "source_id": handover["id"], "source_text": proposal.text}
        if kept:
            row |= {"state": TaskState.DONE, "done_on": proposal.due_on - timedelta(chance.randint(0, 9))}
        rows.append(row)
    return rows


def tasks_by_hand(chance: Random, account: Row, day: date) -> list[Row]:
    """Now and then something to do for an account, around today."""
    if chance.random() >= BY_HAND[account["tier"]]:
        return []
    return [_task(account["id"], pick(chance, "tasks"), day + timedelta(chance.randint(-2, 21)), account["owner"])]


def routines(owner: str, day: date) -> list[Row]:
    """What comes again and again, at no account."""
    rows = []
    for place, (text, repeats, every) in enumerate(words()["routines"]):
        due = day + timedelta(3 * place)
        row = _task(None, text, due, owner)
        rows.append(row | {"repeats": Repeat(repeats).value, "repeat_every": every, "repeats_from": due})
    return rows


def _task(account: int | None, text: str, due: date, owner: str) -> Row:
    return {
        "id": new_id(), "account_id": account, "text": text, "due_on": due, "owner": owner,
        "state": TaskState.OPEN.value, "done_on": None, "snoozed_until": None, "repeats": None, "repeat_every": 1,
        "repeats_from": None, "source": TaskSource.BY_HAND.value, "source_id": None, "source_text": "", "position": 0,
        "notes": "",
    }  # fmt: skip


def past_moves(handover: Row) -> list[Row]:
    """How a handover came to stand where it stands."""
    if handover["state"] == HandoverState.RECEIVED:
        return []
    row = {
        "handover_id": handover["id"], "from_state": HandoverState.RECEIVED.value, "to_state": handover["state"],
        "moved_on": handover["decided_on"] or handover["received_on"], "reason": handover["questions"],
    }  # fmt: skip
    if handover["state"] == HandoverState.RETURNED:
        row["reason"] = str(words()["questions"][0])
    return [row]
