"""The accounts' derived columns: ARR, next end, last and next visit, first contact person, money collected and open.

They repeat what contracts, visits and contacts say, so that lists sort by an index. Refreshed in the unit of work that
touched those rows, and for the whole store on the first opening of a new day, since "active today" moves with the day.
"""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, TextClause, select, text

from csdesk.models.settings import Setting
from csdesk.models.store import STANDING_DAY, StoreFact
from csdesk.services.accounts.running import RUNNING
from csdesk.services.core.changes import Changes
from csdesk.services.settings.queries import setting

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk

_FACTS = {
    "name_key": "coalesce(nullif(a.pinyin, ''), lower(a.name))",
    "contact_name": "coalesce((SELECT c.name FROM contacts c WHERE c.account_id = a.id AND c.deleted_at IS NULL"
    " AND c.left_on IS NULL ORDER BY c.position, c.id LIMIT 1), '')",
    "customer_since": "k.first_start",
    "renewal_on": "k.last_open_end",
    "arr_cents": "l.arr_cents",
    "seats": "l.seats",
    "last_visit_on": "v.last_visit",
    "last_contact_on": "nullif(max(coalesce(v.last_contact, ''), coalesce(i.last_contact, '')), '')",
    "next_visit_on": "v.next_visit",
    "collected_cents": "m.collected",
    "open_cents": "d.open",
}
"""By derived column: where it comes from."""

_REFRESH = f"""
UPDATE accounts SET {", ".join(f"{name} = f.{name}" for name in _FACTS)}
FROM (
  SELECT a.id, {", ".join(f"{source} AS {name}" for name, source in _FACTS.items())}
  FROM accounts a
  LEFT JOIN (SELECT account_id, min(start_on) AS first_start,
      max(CASE WHEN renewal_state = 'open' THEN end_on END) AS last_open_end
    FROM contracts WHERE deleted_at IS NULL {{contracts}} GROUP BY account_id) k ON k.account_id = a.id
  LEFT JOIN ({RUNNING}) l ON l.account_id = a.id
  LEFT JOIN (SELECT account_id, max(CASE WHEN state = 'done' AND kind != 'phone' THEN done_on END) AS last_visit,
      max(CASE WHEN state = 'done' THEN done_on END) AS last_contact,
      min(CASE WHEN state = 'planned' AND planned_on >= :today THEN planned_on END) AS next_visit
    FROM visits WHERE deleted_at IS NULL {{visits}} GROUP BY account_id) v ON v.account_id = a.id
  LEFT JOIN (SELECT account_id, max(happened_on) AS last_contact FROM interactions
    WHERE deleted_at IS NULL AND kind IN ('call', 'message') {{visits}} GROUP BY account_id) i ON i.account_id = a.id
  LEFT JOIN (SELECT k.account_id, sum(p.amount) AS collected FROM contracts k JOIN payments p ON p.contract_id = k.id
    WHERE k.deleted_at IS NULL AND p.deleted_at IS NULL AND k.currency = 'CNY' {{lines}}
    GROUP BY k.account_id) m ON m.account_id = a.id
  LEFT JOIN (SELECT k.account_id, sum(max(0, r.amount - r.paid_cents)) AS open
    FROM contracts k JOIN receivables r ON r.contract_id = k.id
    WHERE k.deleted_at IS NULL AND r.deleted_at IS NULL AND k.currency = 'CNY' {{lines}}
    GROUP BY k.account_id) d ON d.account_id = a.id
  {{accounts}}
) f
WHERE accounts.id = f.id AND ({" OR ".join(f"accounts.{name} IS NOT f.{name}" for name in _FACTS)})
"""
"""Writes only the rows that change: fourteen indexes hang on this table."""
_AMONG = "IN (SELECT value FROM json_each(:ids))"


@cache
def _refresh(*, some: bool) -> TextClause:
    """The statement for all accounts, or for those named by ``:ids``."""
    among, of_contracts = (f"AND account_id {_AMONG}", f"AND k.account_id {_AMONG}") if some else ("", "")
    accounts = f"WHERE a.id {_AMONG}" if some else ""
    return text(_REFRESH.format(contracts=among, lines=of_contracts, visits=among, accounts=accounts))


TOUCHED = {
    "accounts": "SELECT value FROM json_each(:ids)",
    "contacts": "SELECT account_id FROM contacts WHERE id IN (SELECT value FROM json_each(:ids))",
    "contracts": "SELECT account_id FROM contracts WHERE id IN (SELECT value FROM json_each(:ids))",
    "contract_lines": "SELECT k.account_id FROM contract_lines l JOIN contracts k ON k.id = l.contract_id"
    " WHERE l.id IN (SELECT value FROM json_each(:ids))",
    "receivables": "SELECT k.account_id FROM receivables r JOIN contracts k ON k.id = r.contract_id"
    " WHERE r.id IN (SELECT value FROM json_each(:ids))",
    "payments": "SELECT k.account_id FROM payments p JOIN contracts k ON k.id = p.contract_id"
    " WHERE p.id IN (SELECT value FROM json_each(:ids))",
    "visits": "SELECT account_id FROM visits WHERE id IN (SELECT value FROM json_each(:ids))",
    "interactions": "SELECT account_id FROM interactions WHERE id IN (SELECT value FROM json_each(:ids))",
    "verdicts": "SELECT account_id FROM verdicts WHERE account_id IS NOT NULL AND id IN (SELECT value FROM json_each(:ids))"
    " UNION SELECT other_account_id FROM verdicts WHERE other_account_id IS NOT NULL"
    " AND id IN (SELECT value FROM json_each(:ids))",
}
"""By table: the accounts whose derived columns a change to these rows may move. A verdict comes with each merge:
when undo takes contacts and contracts away from the account that was kept, they name the other account alone."""


JUDGED_BY = ("figures.grace_days", "figures.recognition")
"""The settings by which a contract that ended without a word still counts."""


def refresh_standing(connection: Connection, changes: Changes, today: date) -> None:
    """Bring the derived columns of the accounts that these changes concern up to date; of all, where they are judged anew."""
    judged = select(Setting.id).where(Setting.key.in_(JUDGED_BY), Setting.id.in_(changes.ids("settings")))
    if changes.ids("settings") and connection.scalar(judged) is not None:
        connection.execute(_refresh(some=False), _asked(connection, today))
        return
    accounts: set[int] = set()
    for entity, statement in TOUCHED.items():
        ids = changes.ids(entity)
        if entity == "accounts":
            accounts |= ids
        elif ids:
            accounts |= set(connection.scalars(text(statement), {"ids": json.dumps(list(ids))}))
    if accounts:
        connection.execute(_refresh(some=True), _asked(connection, today) | {"ids": json.dumps(list(accounts))})


def _asked(connection: Connection, today: date) -> dict[str, object]:
    grace = int(setting(connection, "figures.grace_days"))
    return {
        "today": today.isoformat(), "grace": f"+{grace} days", "reach": f"+{max(grace, 1)} days",
        "short": f"+{grace - 1} days",
        "by_grace": setting(connection, "figures.recognition") == "grace",
    }  # fmt: skip


def refresh_whole_standing(desk: Desk) -> bool:
    """Bring all accounts to today, once a day; tells whether there was anything to do."""
    today = desk.clock.today().isoformat()
    with desk.read() as connection:
        known = connection.scalar(select(StoreFact.value).where(StoreFact.name == STANDING_DAY))
    if known == today:
        return False

    def refresh(connection: Connection) -> None:
        connection.execute(_refresh(some=False), _asked(connection, desk.clock.today()))
        connection.execute(
            text("INSERT INTO store_facts VALUES (:name, :day) ON CONFLICT(name) DO UPDATE SET value = :day"),
            {"name": STANDING_DAY, "day": today},
        )

    desk.maintain(refresh)
    return True
