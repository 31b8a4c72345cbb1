"""What runs today in an account, in SQL: the lines that count, as the figures count them (kpi/spells.py).

Lists of a hundred thousand accounts need it in one statement, so the rules stand here a second time: who follows whom, what
a gap within the grace carries, when silence is a loss. A test over generated portfolios holds the two together.
"""

from __future__ import annotations


def _first(x: str) -> str:
    """The first day of a contract."""
    own = f"SELECT min(f.start_on) FROM contract_lines f WHERE f.contract_id = {x}.id AND f.deleted_at IS NULL"
    return f"coalesce({x}.start_on, ({own}))"


def _last(x: str) -> str:
    """The last day of a contract."""
    own = f"SELECT max(f.end_on) FROM contract_lines f WHERE f.contract_id = {x}.id AND f.deleted_at IS NULL"
    return f"coalesce({x}.end_on, ({own}))"


def _is_term(x: str) -> str:
    return f"{x}.deleted_at IS NULL AND {_first(x)} <= {_last(x)}"


def _follows(n: str, k: str) -> str:
    """Whether one contract is the next of another by name, and in time."""
    named = f"{n}.predecessor_id = {k}.id AND {n}.account_id = {k}.account_id AND {n}.id <> {k}.id"
    return f"{named} AND {_first(n)} >= {_first(k)} AND {_first(n)} <= date({_last(k)}, :reach)"


def _followed_on(k: str) -> str:
    """The first day of what follows a contract by name; null for none."""
    return f"(SELECT min({_first('n')}) FROM contracts n WHERE {_is_term('n')} AND {_follows('n', k)})"


def _next_on(k: str) -> str:
    """The first day of the account's next contract that follows none by name; null for none."""
    linked = f"EXISTS (SELECT 1 FROM contracts p WHERE {_is_term('p')} AND {_follows('g', 'p')})"
    return f"""(SELECT min({_first("g")}) FROM contracts g WHERE g.account_id = {k}.account_id AND {_is_term("g")}
      AND {_first("g")} > {_last(k)} AND NOT {linked})"""


def _is_broken(k: str) -> str:
    """Whether what names a contract as the one before came too late."""
    return f"""EXISTS (SELECT 1 FROM contracts b WHERE b.predecessor_id = {k}.id AND b.account_id = {k}.account_id
      AND b.id <> {k}.id AND {_is_term("b")} AND {_first("b")} > date({_last(k)}, :reach))"""


def _goes_on(k: str) -> str:
    """Whether a contract that nothing follows is renewed all the same: by itself, or on somebody's word."""
    of_itself = (
        f"""{k}.auto_renew AND ({k}.renewal_state = 'renewed' OR coalesce({k}.notice_on, {_last(k)}) < :today)"""
    )
    return f"({of_itself} OR {k}.renewal_state = 'renewed' AND NOT {_is_broken(k)})"


def _reaches(k: str, day: str) -> str:
    """Whether a contract runs to a day or beyond, as long as nobody carries it. The cheap questions come first."""
    return f"""CASE WHEN {_followed_on(k)} IS NOT NULL THEN {_followed_on(k)} > {day}
      WHEN {_last(k)} >= {day} THEN 1
      WHEN {_next_on(k)} <= date({_last(k)}, :reach) THEN {_next_on(k)} > {day}
      WHEN {k}.renewal_state = 'churned' THEN 0
      WHEN {_goes_on(k)} THEN coalesce({_next_on(k)} > {day}, 1) ELSE 0 END"""


def _alone(k: str, until: str) -> str:
    """Whether no other contract of the account, begun by a day, covers the day after the end."""
    after = f"date({_last(k)}, '+1 day')"
    return f"""NOT EXISTS (SELECT 1 FROM contracts x WHERE x.account_id = {k}.account_id AND x.id <> {k}.id
      AND {_is_term("x")} AND {_first("x")} <= {until} AND {_reaches("x", f"max({after}, {_first('x')})")})"""


def _waits(k: str) -> str:
    """Whether a contract has ended and nobody knows yet: within the grace it is carried."""
    unanswered = f"{k}.renewal_state = 'open' AND NOT {_goes_on(k)}"
    return f"""({_last(k)} < :today AND date({_last(k)}, :grace) >= :today AND {unanswered}
      AND {_followed_on(k)} IS NULL AND coalesce({_next_on(k)} > date({_last(k)}, :reach), 1) AND {_alone(k, ":today")})"""


def _was_silent(k: str) -> str:
    """A contract renewed on somebody's word whose successor came too late: with the losses that are dated by the grace."""
    silent = f"{k}.renewal_state NOT IN ('open', 'churned') AND NOT {_goes_on(k)} AND {_followed_on(k)} IS NULL"
    return f"{silent} AND coalesce({_next_on(k)} > date({_last(k)}, :reach), 1)"


def _fades(k: str) -> str:
    after = f"date({_last(k)}, '+1 day')"
    with_it = f"""EXISTS (SELECT 1 FROM contracts y WHERE y.account_id = {k}.account_id AND y.id <> {k}.id
      AND {_is_term("y")} AND {_first("y")} <= {_last(k)} AND {_reaches("y", _last(k))} AND NOT ({_was_silent("y")}))"""
    return f"""(:by_grace AND {_last(k)} < :today AND date({_last(k)}, :short) >= :today AND {_was_silent(k)}
      AND {_alone(k, after)} AND NOT {with_it})"""


_REPLACED = f"""SELECT r.predecessor_id AS id, min(coalesce(r.start_on, {_first("k")})) AS day
  FROM contracts k JOIN contract_lines r ON r.contract_id = k.id
  WHERE {_is_term("k")} AND r.deleted_at IS NULL AND r.recurring AND r.predecessor_id IS NOT NULL {{lines}}
  GROUP BY r.predecessor_id"""
_ENDS = f"min(coalesce(l.end_on, {_last('k')}), {_last('k')}, coalesce(date(q.day, '-1 day'), '9999-12-31'))"
_BEGINS = f"max(coalesce(l.start_on, {_first('k')}), {_first('k')})"
RUNNING = f"""
SELECT k.account_id, sum(CASE WHEN l.recurring THEN l.arr_cents END) AS arr_cents, sum(l.seats) AS seats
FROM contracts k JOIN contract_lines l ON l.contract_id = k.id AND l.deleted_at IS NULL
  LEFT JOIN ({_REPLACED}) q ON q.id = l.id
WHERE k.currency = 'CNY' AND {_is_term("k")} {{lines}} AND {_first("k")} <= :today
  AND ({_reaches("k", ":today")} OR {_waits("k")} OR {_fades("k")})
  AND {_BEGINS} <= min(:today, {_ENDS}) AND ({_ENDS} >= :today OR {_ENDS} = {_last("k")})
GROUP BY k.account_id
"""
"""By account: ARR in cents and seats of the lines that count on ``:today``. ``:grace`` is "+30 days", ``:reach`` the same, a day at
least (what follows on the next day is in time), ``:short`` a day less,
``:by_grace`` whether losses without a word are dated by the end of the grace; ``{lines}`` narrows the contracts ``k``."""
