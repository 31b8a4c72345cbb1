"""Reading the terms of a portfolio once, for all that is computed from them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import Connection, TextClause, text

from csdesk.models.vocabulary import HOME_CURRENCY
from csdesk.services.core.collector import silenced
from csdesk.services.kpi.rules import Instalment, Paid, Row
from csdesk.services.kpi.scope import Scope, clause
from csdesk.services.kpi.spells import NEVER, Judgement, Life, Line, Term, live
from csdesk.services.settings.queries import all_settings

ODD = """coalesce(l.start_on != k.start_on OR l.end_on != k.end_on OR k.start_on IS NULL OR k.end_on IS NULL
  OR l.agreed_rise != 0 OR l.predecessor_id IS NOT NULL, 0)"""
"""Whether a line has days of its own or follows another: the others are added up by contract."""
PLAIN = "l.start_on = k.start_on AND l.end_on = k.end_on AND l.agreed_rise IS NULL AND l.predecessor_id IS NULL"
"""What most lines are, and quicker to say than that they are not odd."""
START = """coalesce(k.start_on,
    (SELECT min(l.start_on) FROM contract_lines l WHERE l.contract_id = k.id AND l.deleted_at IS NULL))"""
END = """coalesce(k.end_on,
    (SELECT max(l.end_on) FROM contract_lines l WHERE l.contract_id = k.id AND l.deleted_at IS NULL))"""
TERM = f"""k.id, k.account_id, nullif(k.currency, '{HOME_CURRENCY}'), {START}, {END}, k.renewal_state,
  CASE WHEN k.auto_renew THEN coalesce(k.notice_on, {END}) END, k.predecessor_id, k.number"""
TERMS = text(f"""
SELECT {TERM}, l.arr_cents, CASE WHEN {PLAIN} THEN 0 ELSE {ODD} END
FROM contract_lines l NOT INDEXED JOIN contracts k ON k.id = l.contract_id
WHERE l.deleted_at IS NULL AND l.recurring AND k.deleted_at IS NULL
""")
"""A row for each recurring line, with its contract: one pass in the order of the file, which nothing that adds up beats."""
CONTRACTS = text("SELECT count(*) FROM contracts WHERE deleted_at IS NULL")
BARE_TERMS = text(f"""
SELECT {TERM}, 0, 0 FROM contracts k NOT INDEXED WHERE k.deleted_at IS NULL
  AND k.id NOT IN (SELECT contract_id FROM contract_lines WHERE deleted_at IS NULL AND recurring)
""")
"""Those without a recurring line."""
ODD_LINES = text(f"""
SELECT l.contract_id, l.id, l.start_on, l.end_on, coalesce(l.arr_cents, 0), l.agreed_rise, l.predecessor_id, {ODD}
FROM contract_lines l JOIN contracts k ON k.id = l.contract_id
WHERE l.deleted_at IS NULL AND l.recurring AND ({ODD}
  OR l.id IN (SELECT predecessor_id FROM contract_lines WHERE predecessor_id IS NOT NULL AND deleted_at IS NULL))
""")
"""The odd lines and those that one of them replaces."""
NAMES = """
SELECT a.id, coalesce(nullif(a.short_name, ''), a.name) FROM accounts a NOT INDEXED
WHERE a.deleted_at IS NULL {scope}
"""


class _Days(dict[str | None, int]):
    """Ordinals of ISO days, each read once; 0 for none."""

    def __missing__(self, day: str | None) -> int:
        found = self[day] = date.fromisoformat(day).toordinal() if day else 0
        return found


@dataclass
class Book:
    """Every account of a scope with its life, as known on a day; what money is worth, and what figures are set to."""

    today: date
    scope: Scope | None
    lives: list[Life]
    names: Mapping[int, str]
    contracts: Mapping[int, Term]
    """Every contract of the scope, those without days too."""
    settings: Mapping[str, Any]
    rates: Mapping[str, list[tuple[date, Fraction]]]

    @property
    def grace(self) -> int:
        """Days of grace after a contract's end."""
        return int(self.settings["figures.grace_days"])

    def rates_on(self, day: date) -> dict[str, Fraction]:
        """What one unit of each currency with a rate is worth in the home currency on a day; empty where there is none."""
        return valid_rates(self.rates, day)

    def row(self, account_id: int, day: int = 0, cents: int | None = None, currency: str = HOME_CURRENCY) -> Row:
        """An account as a row behind a figure."""
        on = date.fromordinal(day) if day else None
        return Row("accounts", account_id, account_id, self.names.get(account_id, ""), on, "", cents, currency)

    def contract_row(
        self, entity: str, id: int, contract_id: int, on: date | None, cents: int | None, currency: str
    ) -> Row:
        """A row of a contract, or of what belongs to it."""
        of = self.contracts[contract_id]
        return Row(entity, id, of.account_id, self.names.get(of.account_id, ""), on, of.number, cents, currency)

    def instalment_row(self, one: Instalment, cents: int, currency: str) -> Row:
        """An instalment as a row."""
        return self.contract_row("receivables", one.id, one.contract_id, one.due_on, cents, currency)

    def payment_row(self, one: Paid, cents: int, currency: str) -> Row:
        """A payment as a row."""
        return self.contract_row("payments", one.id, one.contract_id, one.paid_on, cents, currency)


def valid_rates(rates: Mapping[str, list[tuple[date, Fraction]]], day: date) -> dict[str, Fraction]:
    """What one unit of each currency was worth on a day; empty where the home currency is the only one that is known."""
    found = {HOME_CURRENCY: Fraction(1)}
    for currency, known in rates.items():
        valid = [rate for valid_from, rate in known if valid_from <= day]
        if valid:
            found[currency] = valid[-1]
    return found if len(found) > 1 else {}


def read_book(connection: Connection, today: date, scope: Scope | None = None) -> Book:
    """All terms of the accounts in scope; a few queries, whatever is computed from them."""
    settings = all_settings(connection)
    judgement = Judgement(
        today.toordinal(), int(settings["figures.grace_days"]), settings["figures.recognition"] == "grace"
    )
    with silenced():
        names = read_names(connection, scope)
        by_account, contracts = _terms(connection, names)
        lives = [live(account_id, terms, judgement) for account_id, terms in by_account.items() if terms]
    return Book(today, scope, lives, names, contracts, settings, read_rates(connection))


class _Same(dict[str, str]):
    """One object for each word that stands in thousands of rows."""

    def __missing__(self, word: str) -> str:
        self[word] = word
        return word


def read_names(connection: Connection, scope: Scope | None = None) -> dict[int, str]:
    """The accounts of a scope, by their short names."""
    among, values = clause(scope)
    return dict(raw_rows(connection, text(NAMES.format(scope=among)), values))


def raw_rows(connection: Connection, statement: TextClause, values: Mapping[str, Any] | None = None) -> Iterator[Any]:
    """The rows as tuples of the driver, one after the other: there are a hundred thousand, and they are only unpacked."""
    cursor: Iterator[Any] = connection.execute(statement, values or {}).cursor  # type: ignore[assignment]
    return cursor


def _terms(connection: Connection, accounts: Collection[int]) -> tuple[dict[int, list[Term]], dict[int, Term]]:
    """By account its terms with their lines, and every contract by its id: one without days, or that ends before it starts,
    is no term."""
    days, same, is_odd = _Days(), _Same(), 0
    contracts: dict[int, Term] = {}
    by_account: dict[int, list[Term]] = {account: [] for account in accounts}
    elsewhere: set[int] = set()

    def lay_out(rows: Iterable[Any]) -> None:
        nonlocal is_odd
        known, owned = contracts.get, by_account.get
        for contract, account, currency, start, end, state, silent, predecessor, number, cents, odd in rows:
            if odd:
                is_odd, cents = odd, 0
            term = known(contract)
            if term is not None:
                term.whole += cents or 0
                continue
            terms = owned(account)
            if terms is None:
                elsewhere.add(contract)
                continue
            first, last = days[start], days[end]
            term = contracts[contract] = Term(
                contract, account, HOME_CURRENCY if currency is None else same[currency], first, last, same[state],
                days[silent], predecessor, number, cents or 0,
            )  # fmt: skip
            if NEVER < first <= last:
                terms.append(term)

    lay_out(raw_rows(connection, TERMS))
    if len(contracts) + len(elsewhere) < connection.scalar(CONTRACTS):
        lay_out(raw_rows(connection, BARE_TERMS))
    if is_odd:
        _lay_out_lines(connection, contracts, days)
    return by_account, contracts


def _lay_out_lines(connection: Connection, contracts: Mapping[int, Term], days: Mapping[str | None, int]) -> None:
    for contract, line, start, end, cents, rise, predecessor, odd in raw_rows(connection, ODD_LINES):
        owner = contracts.get(contract)
        if owner is not None:
            owner.lines = [*owner.lines, Line(line, days[start], days[end], cents, rise or 0, predecessor)]
            if not odd:
                owner.whole -= cents


def read_rates(connection: Connection) -> dict[str, list[tuple[date, Fraction]]]:
    """By currency other than the home currency: since when which rate, the newest last."""
    found: dict[str, list[tuple[date, Fraction]]] = {}
    rows = connection.execute(
        text("SELECT currency, valid_from, rate FROM exchange_rates WHERE deleted_at IS NULL ORDER BY valid_from, id")
    )
    for currency, valid_from, rate in rows:
        if currency != HOME_CURRENCY:
            found.setdefault(currency, []).append((date.fromisoformat(valid_from), Fraction(rate)))
    return found
