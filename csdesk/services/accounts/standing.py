"""The accounts' derived columns: ARR, next end, last and next visit, first contact person.

They repeat what contracts, visits and contacts say, so that lists sort by an index. Refreshed in the unit of work that
touched those rows, and for the whole store on the first opening of a new day, since "active today" moves with the day.
"""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, text

from csdesk.models.store import STANDING_DAY, StoreFact
from csdesk.services.core.changes import Changes

if TYPE_CHECKING:
    from csdesk.services.core.desk import Desk

REFRESH = """
UPDATE accounts SET
  name_key = coalesce(nullif(pinyin, ''), lower(name)),
  contact_name = coalesce((SELECT c.name FROM contacts c WHERE c.account_id = accounts.id AND c.deleted_at IS NULL
    AND c.left_on IS NULL ORDER BY c.position, c.id LIMIT 1), ''),
  customer_since = (SELECT min(k.start_on) FROM contracts k WHERE k.account_id = accounts.id AND k.deleted_at IS NULL),
  renewal_on = (SELECT max(k.end_on) FROM contracts k WHERE k.account_id = accounts.id AND k.deleted_at IS NULL
    AND k.renewal_state = 'open'),
  (arr_cents, seats) = (SELECT sum(CASE WHEN l.recurring THEN l.arr_cents END), sum(l.seats)
    FROM contracts k JOIN contract_lines l ON l.contract_id = k.id AND l.deleted_at IS NULL
    WHERE k.account_id = accounts.id AND k.deleted_at IS NULL AND k.currency = 'CNY'
      AND coalesce(l.start_on, k.start_on) <= :today AND coalesce(l.end_on, k.end_on) >= :today
      AND NOT EXISTS (SELECT 1 FROM contracts n WHERE n.predecessor_id = k.id AND n.deleted_at IS NULL
        AND n.start_on <= :today)),
  last_visit_on = (SELECT max(v.done_on) FROM visits v WHERE v.account_id = accounts.id AND v.deleted_at IS NULL
    AND v.state = 'done' AND v.kind != 'phone'),
  last_contact_on = (SELECT max(v.done_on) FROM visits v WHERE v.account_id = accounts.id AND v.deleted_at IS NULL
    AND v.state = 'done'),
  next_visit_on = (SELECT min(v.planned_on) FROM visits v WHERE v.account_id = accounts.id AND v.deleted_at IS NULL
    AND v.state = 'planned' AND v.planned_on >= :today)
"""

TOUCHED = {
    "accounts": "SELECT value FROM json_each(:ids)",
    "contacts": "SELECT account_id FROM contacts WHERE id IN (SELECT value FROM json_each(:ids))",
    "contracts": "SELECT account_id FROM contracts WHERE id IN (SELECT value FROM json_each(:ids))",
    "contract_lines": "SELECT k.account_id FROM contract_lines l JOIN contracts k ON k.id = l.contract_id"
    " WHERE l.id IN (SELECT value FROM json_each(:ids))",
    "visits": "SELECT account_id FROM visits WHERE id IN (SELECT value FROM json_each(:ids))",
}
"""By table: the accounts whose derived columns a change to these rows may move."""


def refresh_standing(connection: Connection, changes: Changes, today: date) -> None:
    """Bring the derived columns of the accounts that these changes concern up to date."""
    accounts: set[int] = set()
    for entity, statement in TOUCHED.items():
        ids = changes.ids(entity)
        if entity == "accounts":
            accounts |= ids
        elif ids:
            accounts |= set(connection.scalars(text(statement), {"ids": json.dumps(list(ids))}))
    if accounts:
        connection.execute(
            text(f"{REFRESH} WHERE id IN (SELECT value FROM json_each(:ids))"),
            {"today": today.isoformat(), "ids": json.dumps(list(accounts))},
        )


def refresh_whole_standing(desk: Desk) -> bool:
    """Bring all accounts to today, once a day; tells whether there was anything to do."""
    today = desk.clock.today().isoformat()
    with desk.read() as connection:
        known = connection.scalar(select(StoreFact.value).where(StoreFact.name == STANDING_DAY))
    if known == today:
        return False

    def refresh(connection: Connection) -> None:
        connection.execute(text(REFRESH), {"today": today})
        connection.execute(
            text("INSERT INTO store_facts VALUES (:name, :day) ON CONFLICT(name) DO UPDATE SET value = :day"),
            {"name": STANDING_DAY, "day": today},
        )

    desk.maintain(refresh)
    return True
