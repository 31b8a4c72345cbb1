"""Which account of the store, or which company further up in the file, a company of the file is: certain, likely, new."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, select, text

from csdesk.models.accounts import Account
from csdesk.models.vocabulary import Confidence
from csdesk.services.accounts.duplicates import profiles_of
from csdesk.services.accounts.likeness import Evidence, Index, Profile, Reason, profile, sharing_places, tax_key
from csdesk.services.accounts.names import name_key
from csdesk.services.accounts.verdicts import Side, Verdicts
from csdesk.services.handover.fields import NAME
from csdesk.services.handover.findings import Judged
from csdesk.services.handover.gathering import Company

NEW = "new"
"""The decision that a company is none of those that look like it."""
IN_FILE = "="
"""A decision that begins so names, by its key, another company of the file that is the same."""
MOST_CANDIDATES = 6
MOST_THOROUGH = 20_000
"""In larger files only names, numbers, mail and phones are compared among the rows, not what is nearly alike."""
TAX = "account.tax_number"


@dataclass(frozen=True)
class Candidate:
    """Who a company may be: an account, or a company further up in the file where ``account_id`` is None.

    ``decision`` is the answer that says so. ``facts`` are its values by the field's name, as far as they are known.
    """

    decision: str
    name: str
    evidence: Evidence
    account_id: int | None = None
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def confidence(self) -> Confidence:
        """How sure it is."""
        return self.evidence.confidence

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What speaks for it, the strongest first."""
        return self.evidence.reasons


@dataclass(frozen=True)
class Hit:
    """The account of a company: ``account_id`` None for a new one; ``by`` says what matched.

    ``candidates`` may be the same, the surest first; ``several`` tells that more than one account has that very name.
    """

    account_id: int | None
    by: str = ""
    candidates: tuple[Candidate, ...] = ()
    several: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the user ought to decide: weak candidates are a hint and ask nothing."""
        return self.several or (self.account_id is None and self.by == "" and self.likely is not None)

    @property
    def likely(self) -> Candidate | None:
        """The surest candidate that is more than a hint."""
        return next((one for one in self.candidates if one.confidence != Confidence.WEAK), None)


NOBODY = Hit(None)
"""What nothing is known of: a new company."""


def among(column: Any, ids: Iterable[int]) -> Any:
    """column IN ids, however many there are."""
    listed = text("SELECT value FROM json_each(:ids)").bindparams(bindparam("ids", json.dumps(list(ids)), unique=True))
    return column.in_(listed)


class KnownNames:
    """The accounts that are not in the bin by id and by name key, oldest first."""

    def __init__(self, connection: Connection) -> None:
        self.names: dict[int, str] = {}
        self.by_key: dict[str, list[int]] = {}
        alive = select(Account.id, Account.name).where(Account.deleted_at.is_(None)).order_by(Account.id)
        for account_id, name in connection.execute(alive):
            self.names[account_id] = name
            self.by_key.setdefault(name_key(name), []).append(account_id)

    def side(self, account_id: int) -> Side:
        """An account as verdicts know it."""
        return Side(self.names[account_id], account_id)


def aliases_in_file(
    tables: Sequence[Judged], decisions: Mapping[str, str], verdicts: Verdicts, known: KnownNames
) -> dict[str, str]:
    """Name key → name key of the company further up that it is: by a decision, or, where no account has the very name, by
    a verdict or the tax number."""
    with_tax = any(table.column_of(TAX) is not None for table in tables)
    chosen = {key: found[1:] for key, found in decisions.items() if found.startswith(IN_FILE)}
    if not (with_tax or chosen or verdicts):
        return {}
    first_by_tax: dict[str, str] = {}
    names: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for entry in (entry for table in tables for entry in table.entries if entry is not None):
        key = name_key(entry[NAME])
        if key not in names:
            names[key] = entry[NAME]
            same = chosen.get(key) or ("" if key in known.by_key else _said_same(key, names, verdicts, decisions))
            if same in names and same != key:
                aliases[key] = same
        number = tax_key(entry.get(TAX) or "") if with_tax else ""
        if number and key not in aliases and key not in known.by_key:
            other = first_by_tax.setdefault(number, key)
            if other != key and key not in decisions and not _are_apart(names, key, other, verdicts):
                aliases[key] = other
    return {key: _end(aliases, target) for key, target in aliases.items()}


def _said_same(key: str, names: Mapping[str, str], verdicts: Verdicts, decisions: Mapping[str, str]) -> str:
    if not verdicts or key in decisions:
        return ""
    others = {name_key(side.name) for side in verdicts.same_as(Side(names[key]))}
    return next((other for other in names if other in others and other != key), "")


def _are_apart(names: Mapping[str, str], key: str, other: str, verdicts: Verdicts) -> bool:
    return bool(verdicts) and verdicts.between(Side(names[key]), Side(names[other])) is False


def _end(aliases: Mapping[str, str], key: str) -> str:
    seen = {key}
    while key in aliases and aliases[key] not in seen:
        key = aliases[key]
        seen.add(key)
    return key


def match_accounts(
    connection: Connection,
    companies: Mapping[str, Company],
    decisions: Mapping[str, str],
    verdicts: Verdicts,
    known: KnownNames,
    *,
    asks: bool = False,
) -> dict[str, Hit]:
    """One hit per company: by a decision, the name as written, what was said before, the tax number; else new, with those
    that it may be. ``asks``: somebody will look at them, so names that are nearly alike are found too."""
    return _Matcher(connection, companies, decisions, verdicts, known, asks).hits()


class _Matcher:
    def __init__(
        self,
        connection: Connection,
        companies: Mapping[str, Company],
        decisions: Mapping[str, str],
        verdicts: Verdicts,
        known: KnownNames,
        asks: bool,
    ) -> None:
        self.connection, self.companies, self.decisions = connection, companies, decisions
        self.verdicts, self.known, self.asks = verdicts, known, asks

    def hits(self) -> dict[str, Hit]:
        """The hit of each company, in their order."""
        found: dict[str, Hit] = {}
        rest: list[str] = []
        for key, company in self.companies.items():
            hit = self._sure(key, company)
            found[key] = hit if hit is not None else NOBODY
            if hit is None or hit.by == "decision":
                rest.append(key)
        if rest:
            self._add_candidates(found, rest)
        return found

    def _sure(self, key: str, company: Company) -> Hit | None:
        """What needs no evidence: the user's word and the very name; None where nothing is sure."""
        if company.desk_id in self.known.names:
            return Hit(company.desk_id, "id")
        decision = self.decisions.get(key)
        if decision == NEW:
            return Hit(None, "decision")
        if decision and decision.isdigit() and int(decision) in self.known.names:
            return Hit(int(decision), "decision")
        side = Side(company.account.values["name"])
        same = self.known.by_key.get(company.key, [])
        if same and self.verdicts:
            same = [account for account in same if self.verdicts.between(side, self.known.side(account)) is not False]
        if same:
            several = len(same) > 1
            return Hit(same[0], "name", self._very_names(same) if several else (), several)
        for other in self.verdicts.same_as(side) if self.verdicts else ():
            account = self._account_of(other)
            if account is not None:
                return Hit(account, "decision")
        return None

    def _very_names(self, accounts: Sequence[int]) -> tuple[Candidate, ...]:
        seen = Evidence(Confidence.CERTAIN, (Reason("name", Confidence.CERTAIN),))
        return tuple(Candidate(str(account), self.known.names[account], seen, account) for account in accounts)

    def _account_of(self, side: Side) -> int | None:
        if side.account_id is not None:
            return side.account_id if side.account_id in self.known.names else None
        return next(iter(self.known.by_key.get(name_key(side.name), ())), None)

    def _add_candidates(self, found: dict[str, Hit], rest: Sequence[str]) -> None:
        own = (
            {key: profile_of(self.companies[key]) for key in rest} if len(rest) <= MOST_THOROUGH and self.asks else None
        )
        if self.known.names:
            store = Index(profiles_of(self.connection), thorough=self.asks)
            for key in rest:
                found[key] = self._from_store(store, own[key] if own else self._profile(key), found[key])
        new = [key for key in rest if found[key].account_id is None]
        if own is None:
            new = [new[at] for at in sharing_places(self._profile(key) for key in new)]
        above = Index(thorough=own is not None)
        for key in new:
            twins = self._from_file(above, own[key] if own else self._profile(key))
            if twins:
                hit = found[key]
                candidates = tuple(sorted((*hit.candidates, *twins), key=_order))[:MOST_CANDIDATES]
                found[key] = Hit(None, hit.by, candidates, hit.several)

    def _profile(self, key: str) -> Profile:
        return profile_of(self.companies[key])

    def _from_store(self, store: Index, own: Profile, hit: Hit) -> Hit:
        verdicts, side = self.verdicts, Side(own.name)

        def admits(other: Profile) -> bool:
            assert isinstance(other.key, int)
            return not verdicts or verdicts.between(side, self.known.side(other.key)) is not False

        seen = store.candidates(own, admits)[:MOST_CANDIDATES]
        candidates = tuple(
            Candidate(str(other.key), other.name, evidence, int(str(other.key))) for other, evidence in seen
        )
        certain = [one for one in candidates if one.confidence == Confidence.CERTAIN]
        if hit.by == "decision":
            return Hit(hit.account_id, hit.by, candidates)
        if certain:
            several = len(certain) > 1
            return Hit(certain[0].account_id, "tax_number", tuple(certain) if several else (), several)
        return Hit(None, "", candidates)

    def _from_file(self, above: Index, own: Profile) -> list[Candidate]:
        verdicts, side = self.verdicts, Side(own.name)

        def admits(other: Profile) -> bool:
            return not verdicts or verdicts.between(side, Side(other.name)) is not False

        return [
            Candidate(f"{IN_FILE}{other.key}", other.name, evidence)
            for other, evidence in above.meet(own, admits)[:MOST_CANDIDATES]
        ]


def _order(candidate: Candidate) -> tuple[tuple[int, int], bool]:
    return candidate.evidence.order, candidate.account_id is None


def profile_of(company: Company) -> Profile:
    """What the file says of a company, made comparable."""
    values = company.account.values
    people = [part.values for part in company.contacts.values()]
    return profile(
        company.key,
        values["name"],
        values.get("short_name") or "",
        values.get("tax_number") or "",
        values.get("website") or "",
        [person["email"] for person in people if person.get("email")],
        [person["phone"] for person in people if person.get("phone")],
    )


FACTS = ("short_name", "tax_number", "industry", "city", "address", "website")


def facts_of(company: Company) -> dict[str, str]:
    """What the file says of a company, to be laid beside its candidates."""
    facts = {name: str(company.account.values.get(name) or "") for name in FACTS}
    people = [part.values for part in company.contacts.values()]
    facts |= {"name": company.account.values["name"], "contact": _people(people)}
    return {name: value for name, value in facts.items() if value}


def facts_of_accounts(connection: Connection, ids: Iterable[int]) -> dict[int, dict[str, str]]:
    """What the store says of accounts, to be laid beside a company of the file."""
    from csdesk.models.contacts import Contact

    wanted = list(ids)
    people: dict[int, list[dict[str, str]]] = {}
    contacts = (
        select(Contact.account_id, Contact.name, Contact.phone, Contact.email)
        .where(among(Contact.account_id, wanted), Contact.deleted_at.is_(None))
        .order_by(Contact.position, Contact.id)
    )
    for row in connection.execute(contacts):
        person = {"name": row.name, "phone": row.phone, "email": row.email}
        people.setdefault(row.account_id, []).append(person)
    columns = [getattr(Account, name) for name in ("name", *FACTS)]
    rows = connection.execute(select(Account.id, *columns).where(among(Account.id, wanted)))
    found = {}
    for row in rows:
        facts = dict(zip(("name", *FACTS), row[1:], strict=True)) | {"contact": _people(people.get(row.id, []))}
        found[row.id] = {name: value for name, value in facts.items() if value}
    return found


def _people(people: Sequence[Mapping[str, Any]]) -> str:
    """The first two people with how they are reached."""
    return " / ".join(
        " ".join(str(person[name]) for name in ("name", "phone", "email") if person.get(name)) for person in people[:2]
    )
