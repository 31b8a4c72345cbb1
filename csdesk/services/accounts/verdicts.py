"""What the user said about companies that look alike: remembered once, found again by each spelling, taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sqlalchemy import Connection, select

from csdesk.models.accounts import Account
from csdesk.models.verdicts import Verdict
from csdesk.services.accounts.names import spelling_key
from csdesk.services.core.texts import N_
from csdesk.services.core.unit_of_work import UnitOfWork, command


@dataclass(frozen=True)
class Side:
    """One of two companies: an account, or a name of a file alone."""

    name: str
    account_id: int | None = None

    @property
    def spelling(self) -> str:
        """The name as a verdict knows it."""
        return spelling_key(self.name)


@dataclass(frozen=True)
class VerdictRow:
    """A verdict as lists show it; ``at`` is when it was said last."""

    id: int
    account_id: int | None
    name: str
    spelling: str
    other_account_id: int | None
    other_name: str
    other_spelling: str
    same: bool
    at: datetime

    def other_side(self, side: Side) -> Side | None:
        """Whom the verdict sets beside a company; None where it is about others."""
        if _is(side, self.account_id, self.spelling):
            return Side(self.other_name, self.other_account_id)
        if _is(side, self.other_account_id, self.other_spelling):
            return Side(self.name, self.account_id)
        return None

    def is_about(self, a: Side, b: Side) -> bool:
        """Whether it is about these two."""
        return (_is(a, self.account_id, self.spelling) and _is(b, self.other_account_id, self.other_spelling)) or (
            _is(b, self.account_id, self.spelling) and _is(a, self.other_account_id, self.other_spelling)
        )


def _is(side: Side, account_id: int | None, spelling: str) -> bool:
    """Accounts are compared by id, for they can be renamed; a name of a file by its spelling."""
    if side.account_id is not None and account_id is not None:
        return side.account_id == account_id
    return side.spelling == spelling


class Verdicts:
    """All that was said, found by account and by spelling. The last word counts."""

    def __init__(self, rows: Iterable[VerdictRow]) -> None:
        self._by_side: dict[int | str, list[VerdictRow]] = {}
        for row in rows:
            sides = {row.account_id, row.spelling, row.other_account_id, row.other_spelling} - {None}
            for side in sides:
                assert side is not None
                self._by_side.setdefault(side, []).append(row)

    def __bool__(self) -> bool:
        return bool(self._by_side)

    def between(self, a: Side, b: Side) -> bool | None:
        """Whether two companies are the same one by the user's word; None where nothing was said."""
        row = self.row_between(a, b)
        return None if row is None else row.same

    def row_between(self, a: Side, b: Side) -> VerdictRow | None:
        """The verdict about two companies."""
        return next((row for row in self._about(a) if row.is_about(a, b)), None)

    def same_as(self, side: Side) -> Iterator[Side]:
        """The companies that are this one by the user's word."""
        for row in self._about(side):
            other = row.other_side(side) if row.same else None
            if other is not None:
                yield other

    def _about(self, side: Side) -> list[VerdictRow]:
        if not self._by_side:
            return []
        found = [*self._by_side.get(side.spelling, ())]
        if side.account_id is not None:
            found += self._by_side.get(side.account_id, ())
        return sorted(found, key=lambda row: (row.at, row.id), reverse=True)


def known_verdicts(connection: Connection) -> Verdicts:
    """All that was said and not taken back."""
    return Verdicts(verdict_rows(connection))


def verdict_rows(connection: Connection) -> list[VerdictRow]:
    """The verdicts, the last one first; accounts under the name that they have now."""
    columns = (
        Verdict.id, Verdict.account_id, Verdict.name, Verdict.spelling, Verdict.other_account_id, Verdict.other_name,
        Verdict.other_spelling, Verdict.same, Verdict.updated_at,
    )  # fmt: skip
    rows = connection.execute(
        select(*columns).where(Verdict.deleted_at.is_(None)).order_by(Verdict.updated_at.desc(), Verdict.id.desc())
    ).all()
    ids = {row[at] for row in rows for at in (1, 4) if row[at] is not None}
    alive = select(Account.id, Account.name).where(Account.deleted_at.is_(None))
    names = {row.id: row.name for row in connection.execute(alive) if row.id in ids} if ids else {}
    return [
        VerdictRow(
            row[0], row[1], names.get(row[1], row[2]), row[3], row[4], names.get(row[4], row[5]), row[6], row[7], row[8]
        )
        for row in rows
    ]  # fmt: skip


def remember(uow: UnitOfWork, a: Side, b: Side, *, same: bool) -> None:
    """Keep what was said about two companies; it replaces what was said about them before."""
    uow.session.flush()
    known = known_verdicts(uow.connection).row_between(a, b)
    if known is not None:
        row = uow.get(Verdict, known.id)
        row.same = same
        return
    uow.add(
        Verdict(
            account_id=a.account_id, name=a.name, spelling=a.spelling,
            other_account_id=b.account_id, other_name=b.name, other_spelling=b.spelling, same=same,
        )
    )  # fmt: skip


@dataclass(frozen=True)
class KeepApart:
    """Accounts that look alike and are different companies, each of them."""

    ids: tuple[int, ...]


@command(N_("Not the same company: {name}, {other}"))
def keep_apart(uow: UnitOfWork, wish: KeepApart) -> None:
    """Remember that these accounts are different: they are proposed no more, by imports neither."""
    accounts = [uow.get(Account, account_id) for account_id in wish.ids]
    for one, other in combinations(accounts, 2):
        remember(uow, Side(one.name, one.id), Side(other.name, other.id), same=False)
    uow.name(name=accounts[0].name, other=accounts[-1].name)


@dataclass(frozen=True)
class ForgetVerdicts:
    """Verdicts to take back, by id."""

    ids: tuple[int, ...]


@command(N_("Asked again: {name}, {other}"))
def forget_verdicts(uow: UnitOfWork, wish: ForgetVerdicts) -> None:
    """Forget what was said, so that it is asked again; accounts that were merged stay merged."""
    for verdict_id in wish.ids:
        row = uow.get(Verdict, verdict_id)
        uow.name(name=row.name, other=row.other_name)
        uow.bin(row)
