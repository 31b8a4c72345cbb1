"""Attachments of a visit: hung once, deleted into the bin, told by the check when their file is gone."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from csdesk.app import open_desk
from csdesk.services.accounts.commands import NewAccount, Restore, create_account, restore_records
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.archive.commands import TakeIn, take_in
from csdesk.services.archive.queries import archive
from csdesk.services.archive.reading import parse
from csdesk.services.attachments.commands import Attach, Detach, attach_files, detach
from csdesk.services.attachments.queries import AttachmentRow, attachments_of_contracts, attachments_of_visits
from csdesk.services.bin.queries import BIN
from csdesk.services.contracts.commands import DeleteContract, NewContract, create_contract, delete_contract
from csdesk.services.contracts.rules import ContractFields
from csdesk.services.core.columns import Query
from csdesk.services.core.desk import Desk
from csdesk.services.files.checking import check
from csdesk.services.files.kept_files import folder_of, place_of
from csdesk.services.visits.commands import AddVisit, add_visit


@pytest.fixture
def visit(desk: Desk) -> int:
    account = desk.do(create_account, NewAccount(AccountFields("Aster"))).value
    return desk.do(add_visit, AddVisit(account, date(2026, 11, 23))).value


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "paper.jpg"
    path.write_bytes(b"a photo of the paper")
    return path


def folder(desk: Desk) -> Path:
    return folder_of(desk.database.path)


def of(desk: Desk, visit: int) -> list[AttachmentRow]:
    with desk.read() as connection:
        return attachments_of_visits(connection, [visit])


def codes(desk: Desk) -> list[str]:
    return [flaw.code for flaw in check(desk.database.path).flaws]


def test_a_file_hangs_once_however_often_it_is_attached(desk: Desk, visit: int, photo: Path) -> None:
    first = desk.do(attach_files, Attach((photo,), folder(desk), visit_id=visit)).value
    again = desk.do(attach_files, Attach((photo, photo), folder(desk), visit_id=visit))
    assert again.value == (*first, *first)
    assert again.step is None
    assert [(row.kept.name, row.there) for row in of(desk, visit)] == [("paper.jpg", True)]


def test_undo_takes_the_row_and_leaves_the_file(desk: Desk, visit: int, photo: Path) -> None:
    desk.do(attach_files, Attach((photo,), folder(desk), visit_id=visit))
    kept = of(desk, visit)[0].kept
    desk.undo()
    assert of(desk, visit) == []
    assert place_of(folder(desk), kept.sha256).exists()
    desk.redo()
    assert of(desk, visit)[0].there


def test_a_deleted_attachment_waits_in_the_bin(desk: Desk, visit: int, photo: Path) -> None:
    (row,) = desk.do(attach_files, Attach((photo,), folder(desk), visit_id=visit)).value
    desk.do(detach, Detach((row,)))
    with desk.read() as connection:
        rows = BIN.rows(connection, BIN.ids(connection, Query(), desk.clock.today()))
    assert [values[:3] for values in rows.values()] == [("paper.jpg", "attachments", "Aster")]
    desk.do(restore_records, Restore("attachments", (row,)))
    assert [one.id for one in of(desk, visit)] == [row]


def test_a_missing_and_a_damaged_file_are_found(desk: Desk, visit: int, photo: Path) -> None:
    desk.do(attach_files, Attach((photo,), folder(desk), visit_id=visit))
    assert codes(desk) == []
    place = place_of(folder(desk), of(desk, visit)[0].kept.sha256)
    content = place.read_bytes()
    place.write_bytes(content[::-1])
    assert codes(desk) == ["attachment_damaged"]
    place.unlink()
    assert codes(desk) == ["attachment_missing"]
    assert not of(desk, visit)[0].there


def test_a_contract_has_files_that_go_into_the_bin_with_it(desk: Desk, photo: Path) -> None:
    account = desk.do(create_account, NewAccount(AccountFields("Beryl"))).value
    contract = desk.do(create_contract, NewContract(account, ContractFields("HT-1"))).value

    def files() -> list[str]:
        with desk.read() as connection:
            return [row.kept.name for row in attachments_of_contracts(connection, [contract])]

    (row,) = desk.do(attach_files, Attach((photo,), folder(desk), contract_id=contract)).value
    assert files() == ["paper.jpg"]
    desk.do(detach, Detach((row,)))
    with desk.read() as connection:
        binned = BIN.rows(connection, BIN.ids(connection, Query(), desk.clock.today()))
    assert [values[:3] for values in binned.values()] == [("paper.jpg", "attachments", "Beryl")]
    desk.undo()
    desk.do(delete_contract, DeleteContract(contract))
    with desk.read() as connection:
        binned = BIN.rows(connection, BIN.ids(connection, Query(), desk.clock.today()))
    assert [values[1] for values in binned.values()] == ["contracts"]
    assert files() == []
    desk.undo()
    assert files() == ["paper.jpg"]


def test_the_files_of_a_contract_travel_with_the_archive(desk: Desk, photo: Path, tmp_path: Path) -> None:
    account = desk.do(create_account, NewAccount(AccountFields("Beryl"))).value
    contract = desk.do(create_contract, NewContract(account, ContractFields("HT-1"))).value
    desk.do(attach_files, Attach((photo,), folder(desk), contract_id=contract))
    with desk.read() as connection:
        document = json.loads(json.dumps(archive(connection, desk.clock.now())))
    (told,) = document["attachments"]
    assert (told["contract"], told["name"]) == (str(contract), "paper.jpg")
    other = open_desk(tmp_path / "other", desk.clock)
    other.do(take_in, TakeIn(parse(document, "a.json"), "a.json"))
    with other.read() as connection:
        (row,) = attachments_of_contracts(connection, [contract])
    other.close()
    assert (row.kept.name, row.there) == ("paper.jpg", False)
