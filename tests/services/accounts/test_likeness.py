from __future__ import annotations

import pytest

from csdesk.models.vocabulary import Confidence
from csdesk.services.accounts.likeness import (
    MOST_SHARING,
    Evidence,
    Index,
    Profile,
    evidence,
    mail_domain,
    profile,
    read_phones,
    web_domain,
)

CERTAIN, LIKELY, WEAK = Confidence.CERTAIN, Confidence.LIKELY, Confidence.WEAK


def seen(a: Profile, b: Profile) -> Evidence | None:
    """The evidence, the same from both sides."""
    found, turned = evidence(a, b), evidence(b, a)
    assert (found and found.confidence) == (turned and turned.confidence)
    return found


def told(a: str, b: str) -> tuple[str, Confidence] | None:
    """The strongest reason that two names give."""
    found = seen(profile(1, a), profile(2, b))
    return None if found is None else (found.reasons[0].code, found.confidence)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("ＡＢＣ 有限公司", "abc有限公司", ("name", CERTAIN)),
        ("上海東方電氣有限公司", "上海东方电气有限公司", ("spelling", LIKELY)),
        ("Acme, Inc.", "ACME INC", ("spelling", LIKELY)),
        ("杭州千寻有限公司", "杭州千寻有限责任公司", ("form", LIKELY)),
        ("Acme Inc", "Acme GmbH", ("form", LIKELY)),
        ("苏州云帆科技有限公司", "云帆科技（苏州）有限公司", ("form", LIKELY)),
        ("苏州云帆科技有限公司", "云帆科技有限公司", ("place", LIKELY)),
        ("江苏云帆科技有限公司", "苏州云帆科技有限公司", ("place", LIKELY)),
        ("云帆", "苏州云帆科技有限公司", ("short_name", LIKELY)),
        ("北京云帆智能有限公司", "北京云凡智能有限公司", ("sound", LIKELY)),
        ("Nortwind Trading Ltd", "Northwind Trading Ltd.", ("near", LIKELY)),
        ("苏州云帆科技有限公司", "杭州云帆科技有限公司", ("elsewhere", WEAK)),
        ("北京云帆科技有限公司上海分公司", "北京云帆科技有限公司", ("branch", WEAK)),
        ("苏州云帆科技有限公司", "云帆纺织有限公司", ("brand", WEAK)),
        ("北京云帆智能有限公司", "北京云航智能有限公司", None),
        ("杭州第1纺织有限公司", "杭州第2纺织有限公司", None),
        ("吉林银行", "海南银行", None),
        ("Amber", "Ember", None),
    ],
)
def test_what_two_names_say(a: str, b: str, expected: tuple[str, Confidence] | None) -> None:
    assert told(a, b) == expected


def test_the_tax_number_is_certain_and_another_one_speaks_against() -> None:
    number = "91320594MA1X7K3T2P"
    renamed = seen(
        profile(1, "旧名有限公司", tax_number=number), profile(2, "新名有限公司", tax_number=f" {number.lower()}")
    )
    assert renamed is not None
    assert renamed.confidence == CERTAIN
    other = seen(
        profile(1, "杭州千寻有限公司", tax_number=number),
        profile(2, "杭州千寻集团", tax_number="91330100MA2ABCDE1X"),
    )
    assert other is not None
    assert other.confidence == WEAK
    assert "differ" in other.reasons[-1].sentence
    assert seen(profile(1, "甲", tax_number="00000000"), profile(2, "乙", tax_number="00000000")) is None


@pytest.mark.parametrize(
    ("known", "given", "code"),
    [
        ({"emails": ["ann@acme.cn"]}, {"emails": ["ANN@acme.cn / bob@acme.cn"]}, "email"),
        ({"emails": ["ann@acme.com.cn"]}, {"website": "https://www.acme.com.cn/about"}, "domain"),
        ({"phones": ["+86 139-1111-2222"]}, {"phones": ["13911112222"]}, "phone"),
        ({"phones": ["0512-6288 1234 / 13911112222"]}, {"phones": ["051262881234"]}, "phone"),
    ],
)
def test_mail_web_and_phone_ask_whatever_the_names(
    known: dict[str, object], given: dict[str, object], code: str
) -> None:
    found = seen(profile(1, "蓝海科技", **known), profile(2, "Blue Ocean", **given))  # type: ignore[arg-type]
    assert found is not None
    assert ([reason.code for reason in found.reasons], found.confidence) == ([code], LIKELY)


@pytest.mark.parametrize("address", ["u1@qq.com", "u1@163.com", "u1@gmail.com", "u1@example.com", "u1@localhost"])
def test_a_public_provider_is_nobodys_domain(address: str) -> None:
    assert mail_domain(address) == ""


def test_web_addresses_give_their_domain() -> None:
    assert web_domain("HTTP://user@shop.acme.co.uk:8080/x?y") == "acme.co.uk"
    assert web_domain("acme.cn") == "acme.cn"
    assert web_domain("https://acme.taobao.com") == ""
    assert web_domain("无") == ""


def test_placeholders_and_what_is_too_short_are_no_phones() -> None:
    assert read_phones("13800138000, 11111111111, 8012") == []
    assert read_phones("008613911112222") == ["13911112222"]


def test_a_domain_that_many_share_is_a_hint_and_one_of_a_crowd_nothing() -> None:
    def crowd(count: int) -> list[Profile]:
        return [profile(n, f"第{n}号{chr(0x4E00 + 7 * n)}店", emails=[f"u{n}@holding.cn"]) for n in range(count)]

    assert {found.confidence for _a, _b, found in Index(crowd(3)).pairs()} == {LIKELY}
    assert {found.confidence for _a, _b, found in Index(crowd(6)).pairs()} == {WEAK}
    assert list(Index(crowd(30)).pairs()) == []


def test_two_hints_of_different_kinds_ask() -> None:
    found = evidence(
        profile(1, "苏州云帆科技有限公司", emails=["a@yunfan.cn"]),
        profile(2, "杭州云帆科技有限公司", emails=["b@yunfan.cn"]),
        lambda _key: 5,
    )
    assert found is not None
    assert ({reason.confidence for reason in found.reasons}, found.confidence) == ({WEAK}, LIKELY)


NAMES = [
    "苏州云帆科技有限公司", "云帆科技（苏州）有限公司", "云帆", "杭州千寻有限公司", "北京云凡科技有限公司", "Northwind Trading",
    "Nortwind Trading", "Northwind Tools", "杭州云帆智能装备制造有限公司", "杭州云帆智能装备制作有限公司", "吉林银行",
]  # fmt: skip


def test_the_index_finds_what_comparing_all_with_all_finds() -> None:
    profiles = [profile(number, name) for number, name in enumerate(NAMES)]
    quadratic = {
        (a.key, b.key) for at, a in enumerate(profiles) for b in profiles[at + 1 :] if evidence(a, b) is not None
    }
    pairs = [(a.key, b.key) for a, b, _found in Index(profiles).pairs()]
    assert len(pairs) == len(set(pairs))
    assert set(pairs) == quadratic
    store = Index(profiles)
    for one in profiles:
        found = {other.key for other, _evidence in store.candidates(one)}
        assert found == {key for pair in quadratic if one.key in pair for key in pair} - {one.key}


def test_candidates_come_surest_first_and_in_the_order_they_were_taken_in() -> None:
    number = "91320594MA1X7K3T2P"
    store = Index(
        [
            profile(1, "杭州云帆科技有限公司"),
            profile(2, "苏州云帆科技股份有限公司"),
            profile(3, "苏州云帆科技集团"),
            profile(4, "远航", tax_number=number),
        ]
    )
    found = store.candidates(profile("x", "苏州云帆科技有限公司", tax_number=number))
    assert [(other.key, seen.confidence) for other, seen in found] == [
        (4, CERTAIN), (2, LIKELY), (3, LIKELY), (1, WEAK),
    ]  # fmt: skip


def test_a_name_that_thousands_share_proposes_a_bounded_number() -> None:
    store = Index([profile(number, "杭州千寻有限公司") for number in range(3_000)])
    found = store.candidates(profile("x", "杭州千寻集团"))
    assert [other.key for other, _evidence in found] == list(range(MOST_SHARING))
