"""Every text a person reads is English in the code and Chinese in the .po, complete."""

from __future__ import annotations

import ast
import importlib.util
import re
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

CHINESE = re.compile("[\u4e00-\u9fff]")
READ_CHINESE_SHEETS = ("csdesk/services/handover/", "csdesk/services/files/")
SAYS_SO: dict[str, str] = {}
DATES = {"{weekday}, {month} {day}", "{weekday}, {month} {day}, {year}", "{month} {year}", "{month_short}"}
"""A language takes from these the month by name or by number, as it says dates."""
PLACE = re.compile(r"\{(\w+)")


@pytest.fixture(scope="module")
def texts(root: Path) -> ModuleType:
    """resources/locale/make_texts.py, which knows how texts are collected."""
    spec = importlib.util.spec_from_file_location("make_texts", root / "resources/locale/make_texts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def wanted(texts: ModuleType) -> Any:
    """The texts of the code, with their places."""
    return texts.texts_of_the_code()


@pytest.fixture(scope="module")
def translations(texts: ModuleType) -> list[Any]:
    """The catalogs with their paths."""
    return list(texts.translations())


def test_every_text_of_the_code_is_translated(texts: ModuleType, wanted: Any, translations: list[Any]) -> None:
    assert wanted, "no text was found in the code"
    for path, catalog in translations:
        missing = []
        for key, places in wanted.items():
            message = texts.translation(catalog, key)
            if message is None or not texts.is_translated(message):
                missing.append(f"{places[0]} {key[0]!r}")
        language = path.parent.parent.name
        assert not missing, (
            f"{len(missing)} texts have no {language} translation; `python3 tasks.py texts` puts them into {path.name}:\n"
            + "\n".join(missing[:40])
        )


def test_no_translation_is_left_without_a_text(wanted: Any, translations: list[Any]) -> None:
    for path, catalog in translations:
        unused = [message.id for message in catalog if message.id and (message.id, message.context) not in wanted]
        unused += list(catalog.obsolete)
        assert not unused, f"{path.name} translates what nobody says; `python3 tasks.py texts` drops it: {unused}"


def test_translations_fill_the_same_places(translations: list[Any]) -> None:
    for path, catalog in translations:
        for message in catalog:
            if not message.id or message.id in DATES:
                continue
            given = set(PLACE.findall(message.id if isinstance(message.id, str) else " ".join(message.id)))
            forms = [message.string] if isinstance(message.string, str) else message.string
            for form in forms:
                strange = set(PLACE.findall(form)) - given
                assert not strange, f"{path.name}: {form!r} asks for {strange}, which {message.id!r} never gives"
                if isinstance(message.id, str):
                    lost = given - set(PLACE.findall(form))
                    assert not lost, f"{path.name}: {form!r} leaves out {lost} of {message.id!r}"


def test_texts_are_whole_sentences_that_can_be_collected(code: list[Any]) -> None:
    wrong = [
        f"{source.name}:{node.lineno} {ast.unparse(node)[:70]}"
        for source in code
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_", "C_", "ngettext")
        if any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args[:2] if node.func.id != "ngettext")
        or (node.func.id == "ngettext" and any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args[:2]))
        or (node.args and isinstance(node.args[0], ast.Call) and isinstance(node.args[0].func, ast.Attribute)
            and node.args[0].func.attr == "format")
    ]  # fmt: skip
    assert not wrong, (
        f'gettext sees the text before it is filled: _("{{n}} visits").format(n=n), never an f-string or a sum: {wrong}'
    )


def test_every_text_named_in_the_code_is_collected(root: Path, code: list[Any]) -> None:
    from babel.messages.pofile import read_po

    with (root / "resources/locale/zh_CN/LC_MESSAGES/csdesk.po").open("rb") as file:
        known = {message.id[0] if isinstance(message.id, tuple) else message.id for message in read_po(file)}
    lost = [
        f"{source.name}:{node.lineno} {node.args[0].value!r}"
        for source in code
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("_", "N_") and node.args
        if isinstance(node.args[0], ast.Constant) and node.args[0].value and node.args[0].value not in known
    ]  # fmt: skip
    assert not lost, f"the collector does not see a text inside another call or an f-string; give it a line: {lost}"


def test_the_code_speaks_english(code: list[Any]) -> None:
    found = []
    for source in code:
        if source.name.startswith(READ_CHINESE_SHEETS) or source.name in SAYS_SO:
            continue
        documents = {
            id(node.body[0].value)
            for node in source.nodes
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.body
            if isinstance(node.body[0], ast.Expr)
        }
        found += [
            f"{source.name}:{node.lineno} {node.value[:30]!r}"
            for node in source.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and CHINESE.search(node.value)
            if id(node) not in documents
        ]
    assert not found, f"write it in English and its Chinese into resources/locale: {found}"
