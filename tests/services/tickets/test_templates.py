"""The texts that customers get: names filled in, what is unknown left out, nothing from outside taken for a template."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csdesk.models.vocabulary import NoticeCause
from csdesk.services.core import texts
from csdesk.services.tickets.templates import NAMES, TEMPLATES, filled, template, unknown_names

FULL = dict(
    zip(
        NAMES,
        ("Amber", "Ms Chen", "we cannot export", "Export as PDF", "2026-12-01", "V3.2", "Use the print button."),
        strict=True,
    )
)
NOTHING = dict.fromkeys(NAMES, "")


def test_every_cause_has_a_text_in_both_languages() -> None:
    assert set(TEMPLATES) == set(NoticeCause)
    for language in ("en", "zh_CN"):
        texts.install(language)
        found = [template(cause, {}) for cause in NoticeCause]
        assert len(set(found)) == len(found)
        assert all(unknown_names(text) == () for text in found)
    texts.install("zh_CN")
    assert not set(map(texts._, TEMPLATES.values())) & set(TEMPLATES.values())
    texts.install("en")


@pytest.mark.parametrize("language", ["en", "zh_CN"])
@pytest.mark.parametrize("cause", NoticeCause)
@pytest.mark.parametrize("values", [FULL, NOTHING | {"title": "Export as PDF"}], ids=["full", "bare"])
def test_no_brace_bracket_or_gap_reaches_a_customer(cause: NoticeCause, language: str, values: dict[str, str]) -> None:
    texts.install(language)
    said = filled(template(cause, {}), values)
    assert not set("{}[]") & set(said)
    assert values["title"] in said
    assert all(gap not in said for gap in ("  ", " ,", "，，", "（）", ",,", "。。", "..", "，。"))
    if values is FULL:
        assert values["contact"] in said
        assert (values["answer"] in said) == (cause in (NoticeCause.DECLINED, NoticeCause.ANSWERED))
    texts.install("en")


def test_a_part_in_brackets_goes_where_its_name_is_unknown() -> None:
    text = "Hello[ {contact}], {title}[ on {date} in {release}] [sic] [{other}]"
    assert filled(text, NOTHING | {"title": "A", "date": "12-01"}) == "Hello, A [sic] {other}"
    assert filled(text, FULL) == "Hello Ms Chen, Export as PDF on 2026-12-01 in V3.2 [sic] {other}"
    assert unknown_names(text + "{other}{nobody}") == ("other", "nobody")


def test_the_users_own_text_counts_where_one_is_written() -> None:
    own = {"released": "{title}: done", "declined": "  ", "answered": 7}
    assert template(NoticeCause.RELEASED, own) == "{title}: done"
    for cause, stored in ((NoticeCause.DECLINED, own), (NoticeCause.ANSWERED, own), (NoticeCause.RELEASED, None)):
        assert template(cause, stored) == TEMPLATES[cause]


def test_words_stand_in_one_line_and_do_not_run_on() -> None:
    assert filled("{words}", {"words": "one\n two"}) == "one two"
    assert len(filled("{words}", {"words": "字" * 500})) == 120


@given(
    st.fixed_dictionaries(dict.fromkeys(NAMES, st.text("{}[]\\aB字 \n", max_size=20))), st.text("{}[]ab ", max_size=40)
)
def test_what_comes_from_outside_is_never_read_as_a_template(values: dict[str, str], around: str) -> None:
    text = f"<{{title}}>{around}"
    assert filled(text, values).startswith(f"<{values['title'].strip()}>".strip())
    assert isinstance(template(NoticeCause.RELEASED, {"released": around}), str)
