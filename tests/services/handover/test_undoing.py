"""Taking an import back is shown before it is done, sorted; and what was taken back can be taken in again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from csdesk.models.accounts import Account
from csdesk.models.contacts import Contact
from csdesk.services.accounts.commands import ChangeMany, change_accounts
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk
from csdesk.services.core.errors import Conflict
from csdesk.services.handover.queries import import_history
from csdesk.services.handover.report import ImportReport
from csdesk.services.handover.undoing import preview_undo, redo_import, undo_import

from .conftest import HEADINGS, Sheet, flat, line

Take = Callable[..., ImportReport]


def names(desk: Desk) -> dict[str, int]:
    with desk.read() as connection:
        alive = select(Account.name, Account.id).where(Account.deleted_at.is_(None)).order_by(Account.name)
        return dict(connection.execute(alive).all())  # type: ignore[arg-type]


def told(fates: Any) -> list[str]:
    return [fate.name for fate in fates]


def test_it_is_sorted_into_taken_back_kept_and_cannot(desk: Desk, take: Take) -> None:
    report = take(flat(3))
    first, second, third = names(desk).items()
    desk.do(change_accounts, ChangeMany((first[1],), {"city": "宁波"}))
    desk.do(create_contact, NewContact(second[1], ContactFields(name="后来的人")))
    assert report.import_id is not None
    sorted_ = preview_undo(desk, report.import_id)
    assert (told(sorted_.taken), told(sorted_.kept), told(sorted_.cannot)) == ([third[0]], [first[0]], [second[0]])
    assert sorted_.kept[0].why
    assert (sorted_.counts["accounts"], sorted_.counts["contacts"], sorted_.counts["contracts"]) == (1, 3, 3)
    assert set(names(desk)) == {first[0], second[0], third[0]}
    undo_import(desk, report.import_id)
    assert set(names(desk)) == {first[0], second[0]}


def test_what_was_taken_back_comes_in_again(desk: Desk, take: Take) -> None:
    take(flat(2))
    report = take(Sheet("客户", [HEADINGS, line(1, 所在城市="宁波"), line(3)]))
    assert report.import_id is not None
    before = names(desk)
    back = undo_import(desk, report.import_id)
    assert len(names(desk)) == 2
    with pytest.raises(Conflict):
        preview_undo(desk, report.import_id)
    again = redo_import(desk, report.import_id)
    assert again.records == back.records
    assert names(desk) == before
    with desk.read() as connection:
        assert connection.scalar(select(Account.city).where(Account.name.contains("第1"))) == "宁波"
        assert {row.undone_at for row in import_history(connection)} == {None}
        assert len(connection.scalars(select(Contact.id).where(Contact.deleted_at.is_(None))).all()) == 3
    with pytest.raises(Conflict):
        redo_import(desk, report.import_id)


def test_the_undo_of_an_undo_leaves_what_was_edited_in_between(desk: Desk, take: Take) -> None:
    take(flat(1))
    report = take(Sheet("客户", [HEADINGS, line(1, 所在城市="宁波", 销售负责人="韩梅")]))
    assert report.import_id is not None
    undo_import(desk, report.import_id)
    ((_name, account),) = names(desk).items()
    desk.do(change_accounts, ChangeMany((account,), {"city": "温州"}))
    assert redo_import(desk, report.import_id).kept_records == 1
    with desk.read() as connection:
        assert connection.execute(select(Account.city, Account.sales_owner)).all() == [("温州", "韩梅")]
