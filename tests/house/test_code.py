"""Laws that a reader of one file would not notice being broken."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

CLOCK = "csdesk/services/core/clock.py"
OWN_CLOCK = {CLOCK, "csdesk/models/base.py"}
"""Ids have to be unique even where --today stands in for the clock, so they ask for themselves."""
CLOCKS = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"), ("time", "time"), ("time", "time_ns"),
    ("time", "localtime"), ("time", "gmtime"), ("time", "ctime"), ("QDate", "currentDate"), ("QDateTime", "currentDateTime"),
    ("QDateTime", "currentDateTimeUtc"), ("QTime", "currentTime"),
}  # fmt: skip
ONLY_IN_CORE = {"QLabel", "QMessageBox", "QProgressDialog", "QInputDialog", "QErrorMessage"}
NOWHERE = {"QSortFilterProxyModel": "it sorts 100,000 rows in half a minute; sort and filter in SQL",
           "resizeRowsToContents": "it measures every row; heights are fixed"}  # fmt: skip
MARKS = ("TODO", "FIXME", "XXX", "HACK")
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "tools", "stuff", "base_classes"}


def test_the_clock_is_asked_in_one_module(code: list[Any]) -> None:
    asked = [
        f"{source.name}:{node.lineno} {ast.unparse(node.func)}"
        for source in code
        if source.name not in OWN_CLOCK
        for node in source.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if (ast.unparse(node.func.value).rsplit(".", 1)[-1], node.func.attr) in CLOCKS
    ]
    assert not asked, f"--today and the tests cannot stand in for these; ask {CLOCK} (Clock.today, Clock.now): {asked}"


def test_plain_labels_and_ready_made_dialogs_stay_in_ui_core(code: list[Any]) -> None:
    found = []
    for source in code:
        if source.name.startswith("csdesk/ui/core/"):
            continue
        for node in source.nodes:
            names = [node.id] if isinstance(node, ast.Name) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []
            found += [f"{source.name}:{getattr(node, 'lineno', 0)} {name}" for name in names if name in ONLY_IN_CORE]
    assert not found, (
        f"QLabel guesses markup and dialogs block: use Label of ui/core/parts and context.messages: {found}"
    )


def test_what_was_measured_and_found_wanting_is_not_used(code: list[Any]) -> None:
    for source in code:
        for name, why in NOWHERE.items():
            assert not re.search(rf"\b{name}\b", source.text), f"{source.name} uses {name}: {why}"


def test_the_annotations_of_tables_are_no_texts(code: list[Any]) -> None:
    for source in code:
        if source.name.startswith("csdesk/models/") and "Mapped[" in source.text:
            late = "from __future__ import annotations" in source.text
            assert not late, f"{source.name}: SQLAlchemy would compile each annotation of a column at every start"


def test_modules_are_named_for_what_they_hold(code: list[Any]) -> None:
    vague = [source.name for source in code if Path(source.name).stem in EMPTY_NAMES]
    assert not vague, f"name the module after the field's word for its content: {vague}"


def test_every_module_says_what_it_is_for(code: list[Any]) -> None:
    silent = [source.name for source in code if source.tree.body and not ast.get_docstring(source.tree)]
    assert not silent, f"a first line tells the reader whether to read on: {silent}"


def test_nothing_is_unfinished_and_no_error_swallowed(code: list[Any]) -> None:
    found = []
    for source in code:
        marks = re.finditer(rf"#.*\b({'|'.join(MARKS)})\b", source.text)
        found += [f"{source.name}: {mark.group(1)}" for mark in marks]
        for node in source.nodes:
            if isinstance(node, ast.Raise) and node.exc is not None and "NotImplementedError" in ast.dump(node.exc):
                found.append(f"{source.name}:{node.lineno} raises NotImplementedError")
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or ast.unparse(node.type) in ("Exception", "BaseException")
                if broad and all(isinstance(line, ast.Pass | ast.Continue) for line in node.body):
                    found.append(f"{source.name}:{node.lineno} swallows every error")
    assert not found, f"finish it, or let the error be one of the four kinds: {found}"
