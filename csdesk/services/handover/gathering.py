"""From judged rows to companies: what several rows and sheets say about one account comes together. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from csdesk.models.vocabulary import PRODUCT_SEPARATOR, Fate
from csdesk.services.accounts.names import name_key
from csdesk.services.handover.fields import FIELDS, NAME
from csdesk.services.handover.findings import OTHERS, Judged
from csdesk.services.handover.values import BETWEEN

Place = tuple[int, int]
"""(index of the judged table, index of the row in it)."""

_SPLIT = {key: (field.group, field.name) for key, field in FIELDS.items()} | {OTHERS: ("others", "contacts")}


@dataclass(slots=True)
class Part:
    """One record of a company as the file tells it: account, contact, contract or handover.

    ``values`` by the field's name; ``place`` is the row that named it first, ``elsewhere`` the rows that added a value,
    ``disputed`` the names on which a later row differed: said once. ``fate`` is set by the writer.
    """

    kind: str
    values: dict[str, Any]
    place: Place
    elsewhere: dict[str, Place] | None = None
    disputed: frozenset[str] = frozenset()
    fate: Fate = Fate.SAME
    arr_cents: int | None = None
    """Of a contract, once the writer has computed it."""

    def took_from(self, place: Place) -> bool:
        """Whether a row further down added a value."""
        return self.elsewhere is not None and place in self.elsewhere.values()

    def place_of(self, name: str) -> Place:
        """The row that a value came from."""
        return (self.elsewhere or {}).get(name, self.place)


@dataclass(slots=True)
class Company:
    """All that the file says about one account."""

    key: str
    account: Part
    handover: Part | None = None
    contacts: dict[str, Part] = field(default_factory=dict)
    contracts: dict[str, Part] = field(default_factory=dict)
    desk_id: int | None = None
    """The id that a template of ours carries: it is that very account, where the store still has it."""
    rows: list[Place] = field(default_factory=list)

    def parts(self) -> Iterator[Part]:
        """Account, handover, contacts, contracts."""
        yield self.account
        if self.handover is not None:
            yield self.handover
        yield from self.contacts.values()
        yield from self.contracts.values()


@dataclass
class Gathered:
    """The companies of a file in the order of their first row, and which parts each row contributed to."""

    companies: dict[str, Company]
    of_row: dict[Place, list[Part]]


def gather(tables: Sequence[Judged], aliases: Mapping[str, str] | None = None) -> Gathered:
    """Bring together what the rows say. What differs further down is named and the first value kept.

    ``aliases``: name key → name key of the company that it is.
    """
    companies: dict[str, Company] = {}
    by_id: dict[int, str] = {}
    of_row: dict[Place, list[Part]] = {}
    for number, judged in enumerate(tables):
        for row, entry in enumerate(judged.entries):
            if entry is None:
                continue
            place = (number, row)
            own: dict[str, dict[str, Any]] = {
                name: {} for name in ("account", "handover", "contact", "contract", "others")
            }
            for field_key, value in entry.items():
                group, name = _SPLIT[field_key]
                own[group][name] = value
            own["account"].pop("code", None)
            desk_id = desk_id_of(own["account"].pop("desk_id", None))
            key = _key(_known_as(entry[NAME], aliases), desk_id, by_id, companies)
            company = companies.get(key)
            if company is None:
                company = companies[key] = Company(key, Part("account", own["account"], place), desk_id=desk_id)
            else:
                own["account"].pop("name", None)
                _add(company.account, own["account"], place, tables)
            company.rows.append(place)
            of_row[place] = _contribute(company, own, place, tables)
            judged.entries[row] = {NAME: entry[NAME]}  # the parts hold the rest now: a large file is not kept twice
    return Gathered(companies, of_row)


def desk_id_of(cell: str | None) -> int | None:
    """An id as our templates write it; None for anything else."""
    return int(cell) if cell is not None and cell.isascii() and cell.isdigit() and len(cell) < 20 else None


def _known_as(name: str, aliases: Mapping[str, str] | None) -> str:
    key = name_key(name)
    return aliases.get(key, key) if aliases else key


def _key(key: str, desk_id: int | None, by_id: dict[int, str], companies: dict[str, Company]) -> str:
    """By what a company is known in the file: the id that a row carries, whatever it calls the company, else its name."""
    if desk_id is None:
        return key
    if desk_id not in by_id:
        known = companies.get(key)
        if known is not None and known.desk_id is None:
            known.desk_id = desk_id
        by_id[desk_id] = key if known is None or known.desk_id == desk_id else f"{key}#{desk_id}"
    return by_id[desk_id]


def _contribute(company: Company, own: dict[str, dict[str, Any]], place: Place, tables: Sequence[Judged]) -> list[Part]:
    touched = [company.account]
    if own["handover"]:
        if company.handover is None:
            company.handover = Part("handover", own["handover"], place)
        else:
            _add(company.handover, own["handover"], place, tables)
        touched.append(company.handover)
    for told in (own["contact"], *own["others"].get("contacts", ())):
        for person in people(told) if told else ():
            touched.append(_merge(company.contacts, contact_key(person), "contact", person, place, tables))
    contract = own["contract"]
    if len(contract) > 3 or contract.keys() - {"currency", "payment_terms", "desk_id"}:
        if "product" in contract:
            contract["product"] = PRODUCT_SEPARATOR.join(contract["product"])
        touched.append(_merge(company.contracts, contract_key(contract), "contract", contract, place, tables))
    return touched


def _merge(
    parts: dict[str, Part], key: str, kind: str, values: dict[str, Any], place: Place, tables: Sequence[Judged]
) -> Part:
    part = parts.get(key)
    if part is None:
        part = parts[key] = Part(kind, values, place)
    else:
        _add(part, values, place, tables)
    return part


def _add(part: Part, values: dict[str, Any], place: Place, tables: Sequence[Judged]) -> None:
    have = part.values
    for name, value in values.items():
        known = have.get(name)
        if known is None:
            have[name] = value
            part.elsewhere = {**(part.elsewhere or {}), name: place}
        elif known != value and name not in part.disputed and not (part.kind == "contact" and name == "name"):
            part.disputed |= {name}
            tables[place[0]].find(place[1], f"{part.kind}.{name}", "differs_in_file", _text(value), _text(known))


def _text(value: Any) -> str:
    return " / ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def people(values: dict[str, Any]) -> list[dict[str, Any]]:
    """The contacts of one row: several names in a cell share out phones, mail and titles where the counts agree."""
    names: tuple[str, ...] = values.get("name", ())
    if len(names) <= 1 or "desk_id" in values:
        return [{name: value if isinstance(value, str) else _joined(value) for name, value in values.items()}]
    shared: dict[str, Sequence[Any]] = {}
    for name, value in values.items():
        parts = value if isinstance(value, tuple) else tuple(part.strip() for part in BETWEEN.split(value))
        shared[name] = parts if len(parts) == len(names) else (_joined(value), *(None for _ in names[1:]))
    return [{name: parts[index] for name, parts in shared.items() if parts[index]} for index in range(len(names))]


def _joined(value: Any) -> Any:
    return " / ".join(value) if isinstance(value, tuple) else value


def contact_key(values: dict[str, Any]) -> str:
    """By what a contact is known inside its account: the name, else phone or mail."""
    if values.get("desk_id"):
        return f"#{values['desk_id']}"
    return name_key(str(values.get("name") or values.get("phone") or values.get("email") or values.get("wechat") or ""))


def contract_key(values: dict[str, Any]) -> str:
    """By what a contract is known inside its account: its number, else term, amount and products."""
    if values.get("desk_id"):
        return f"#{values['desk_id']}"
    if values.get("number"):
        return name_key(values["number"])
    return "|".join(str(values.get(name, "")) for name in ("start", "end", "amount", "product"))
