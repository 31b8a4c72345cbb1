from __future__ import annotations

from csdesk.models.vocabulary import Confidence
from csdesk.services.accounts.commands import NewAccount, create_account
from csdesk.services.accounts.duplicates import count_duplicates, duplicates_of, possible_duplicates
from csdesk.services.accounts.rules import AccountFields
from csdesk.services.accounts.verdicts import KeepApart, keep_apart
from csdesk.services.contacts.commands import NewContact, create_contact
from csdesk.services.contacts.rules import ContactFields
from csdesk.services.core.desk import Desk

NAMES = (
    "苏州云帆科技有限公司", "云帆科技（苏州）股份有限公司", "杭州云帆科技有限公司", "Northwind Tools", "蓝海软件", "苏州云帆科技集团",
)  # fmt: skip


def made(desk: Desk) -> dict[str, int]:
    return {name: desk.do(create_account, NewAccount(AccountFields(name))).value for name in NAMES}


def test_groups_hang_together_by_their_pairs_and_hints_are_apart(desk: Desk) -> None:
    ids = made(desk)
    with desk.read() as connection:
        (group,) = possible_duplicates(connection)
        with_hints = possible_duplicates(connection, hints=True)
        assert count_duplicates(connection) == 3
    assert set(group.ids) == {ids[NAMES[0]], ids[NAMES[1]], ids[NAMES[5]]}
    assert {pair.evidence.reasons[0].code for pair in group.pairs} == {"form"}
    assert ids[NAMES[2]] in {account for one in with_hints for account in one.ids}


def test_a_phone_at_two_accounts_makes_a_pair(desk: Desk) -> None:
    ids = made(desk)
    for name in (NAMES[3], NAMES[4]):
        desk.do(create_contact, NewContact(ids[name], ContactFields("Ann", phone="139 1111 2222")))
    with desk.read() as connection:
        pairs = duplicates_of(connection, ids[NAMES[4]])
        assert duplicates_of(connection, 7) == []
    assert [(pair.ids, pair.evidence.confidence) for pair in pairs] == [
        ((ids[NAMES[4]], ids[NAMES[3]]), Confidence.LIKELY)
    ]
    assert pairs[0].evidence.reasons[0].sentence == "Both have the phone number 13911112222."


def test_what_the_user_called_different_is_proposed_no_more(desk: Desk) -> None:
    ids = made(desk)
    desk.do(keep_apart, KeepApart((ids[NAMES[0]], ids[NAMES[1]], ids[NAMES[5]])))
    with desk.read() as connection:
        assert possible_duplicates(connection) == []
    desk.undo()
    with desk.read() as connection:
        assert count_duplicates(connection) == 3
