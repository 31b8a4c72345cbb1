"""What was paid on each instalment, kept beside it, so that lists sort by it and sums are sums.

Money that names its instalment lies on that one; what names none is laid against the oldest of its contract that lack
something. What is left after that is the contract's credit.
"""

from __future__ import annotations

import json
from datetime import date

from sqlalchemy import Connection, text

from csdesk.services.core.changes import Changes

_AMONG = "IN (SELECT value FROM json_each(:ids))"
_REFRESH = text(
    f"""
UPDATE receivables SET paid_cents = f.paid
FROM (
  SELECT id, named + max(0, min(missing, unnamed - before)) AS paid
  FROM (
    SELECT n.id, n.named, n.missing, coalesce(u.unnamed, 0) AS unnamed,
      sum(n.missing) OVER (PARTITION BY n.contract_id ORDER BY n.due_on IS NULL, n.due_on, n.position, n.id)
        - n.missing AS before
    FROM (
      SELECT r.id, r.contract_id, r.due_on, r.position, coalesce(sum(p.amount), 0) AS named,
        max(0, r.amount - coalesce(sum(p.amount), 0)) AS missing
      FROM receivables r LEFT JOIN payments p ON p.receivable_id = r.id AND p.deleted_at IS NULL
      WHERE r.deleted_at IS NULL AND r.contract_id {_AMONG}
      GROUP BY r.id
    ) n
    LEFT JOIN (SELECT contract_id, sum(amount) AS unnamed FROM payments
      WHERE receivable_id IS NULL AND deleted_at IS NULL AND contract_id {_AMONG} GROUP BY contract_id) u
      ON u.contract_id = n.contract_id
  )
) f
WHERE receivables.id = f.id AND receivables.paid_cents <> f.paid
"""
)


def refresh_paid(connection: Connection, changes: Changes, today: date) -> None:
    """Bring what was paid on the instalments that these changes concern up to date."""
    contracts: set[int] = set()
    for entity in ("receivables", "payments"):
        ids = changes.ids(entity)
        if ids:
            found = text(f"SELECT contract_id FROM {entity} WHERE id {_AMONG}")
            contracts |= set(connection.scalars(found, {"ids": json.dumps(list(ids))}))
    if contracts:
        connection.execute(_REFRESH, {"ids": json.dumps(list(contracts))})
