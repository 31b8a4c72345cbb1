from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.services.accounts.names import core_key, name_key, read_name, spelling_key


def test_names_are_compared_without_width_case_and_spaces() -> None:
    assert name_key("ＡＢＣ（杭州） 有限公司") == name_key("abc(杭州)有限公司") == name_key("ABC【杭州】有限公司")
    assert name_key("杭州千寻有限公司") != name_key("杭州千寻有限责任公司")


def test_signs_and_script_do_not_make_another_spelling() -> None:
    assert spelling_key("上海東方電氣（集團）有限公司") == spelling_key("上海东方电气集团有限公司")
    assert spelling_key("Acme, Inc.") == spelling_key("ACME INC")
    assert spelling_key("Acme Inc") != spelling_key("Acme Ltd")


@pytest.mark.parametrize(
    ("name", "core", "bare", "brand", "place"),
    [
        ("苏州云帆科技有限公司", "苏州云帆科技", "云帆科技", "云帆", "苏州"),
        ("云帆科技（苏州）有限公司", "苏州云帆科技", "云帆科技", "云帆", "苏州"),
        ("云帆科技苏州有限责任公司", "苏州云帆科技", "云帆科技", "云帆", "苏州"),
        ("江苏省苏州市云帆科技股份有限公司", "苏州云帆科技", "云帆科技", "云帆", "苏州"),
        ("中国云帆（集团）有限公司", "云帆", "云帆", "云帆", ""),
        ("The Acme Co., Ltd.", "acme", "acme", "acme", ""),
        ("Müller GmbH & Co. KG", "müller", "müller", "müller", ""),
        ("S.A.P. SE", "sap", "sap", "sap", ""),
        ("Cisco", "cisco", "cisco", "cisco", ""),
        ("Siemens Ltd., China", "siemens", "siemens", "siemens", ""),
        ("上海公司", "上海", "上海", "上海", ""),
    ],
)
def test_a_name_is_taken_apart(name: str, core: str, bare: str, brand: str, place: str) -> None:
    read = read_name(name)
    assert (read.core, read.bare, read.brand, read.place) == (core, bare, brand, place)


def test_a_branch_is_told_from_its_company() -> None:
    branch = read_name("北京云帆科技有限公司上海分公司")
    assert (branch.core, branch.branch) == ("北京云帆科技", "上海分公司")
    assert read_name("北京云帆科技有限公司").branch == ""


def test_legal_forms_do_not_count_and_places_do() -> None:
    assert core_key("杭州千寻有限公司") == core_key("杭州千寻有限责任公司") == core_key("杭州千寻集团")
    assert core_key("杭州千寻有限公司") != core_key("苏州千寻有限公司")


@given(st.text(max_size=30))
def test_any_text_can_be_read(name: str) -> None:
    read = read_name(name)
    assert read.key == name_key(name)
    assert len(read.brand) <= len(read.bare) or not name.strip()
    assert spelling_key(spelling_key(name)) == spelling_key(name)
