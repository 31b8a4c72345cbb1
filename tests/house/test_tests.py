"""The tests keep laws too: each can fail, none is left out, none watches the clock, and they stand where their code does."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

SAYING = ("assert", "raises", "wait", "check", "expect", "verify", "compare", "fail")
CLOCKS = {"perf_counter", "perf_counter_ns", "monotonic", "monotonic_ns", "process_time", "time_ns"}
OF_THEIR_OWN = {"house", "journeys", "crash", "conformance", "data"}


def functions(tests: list[Any]) -> list[tuple[str, ast.FunctionDef]]:
    return [
        (f"{source.name}:{node.lineno} {node.name}", node)
        for source in tests
        for node in source.nodes
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test")
    ]


def says_something(function: ast.FunctionDef) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant):
            return True
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name.lstrip("_").startswith(SAYING):
                return True
    return False


def test_every_test_can_fail(tests: list[Any]) -> None:
    silent = [where for where, function in functions(tests) if not says_something(function)]
    assert not silent, f"these assert nothing: {silent}"


def test_no_test_is_left_out(tests: list[Any]) -> None:
    left_out = [
        f"{source.name}:{node.lineno}"
        for source in tests
        for node in source.nodes
        if isinstance(node, ast.Attribute) and node.attr in ("skip", "skipif", "xfail", "importorskip")
    ]
    assert not left_out, f"mark what another system tests (windows, macos, display); nothing is skipped: {left_out}"


def test_no_test_asserts_a_time(tests: list[Any]) -> None:
    timed = []
    for where, function in functions(tests):
        names = {node.attr if isinstance(node, ast.Attribute) else node.id for node in ast.walk(function)
                 if isinstance(node, ast.Attribute | ast.Name)}  # fmt: skip
        compares = any(
            isinstance(operator, ast.Lt | ast.LtE)
            for node in ast.walk(function)
            if isinstance(node, ast.Assert)
            for inner in ast.walk(node)
            if isinstance(inner, ast.Compare)
            for operator in inner.ops
        )
        timed += [where] if names & CLOCKS and compares else []
    assert not timed, f"machines differ; speed belongs into benchmarks/: {timed}"


def test_tests_stand_where_their_code_does(tests: list[Any], root: Path) -> None:
    strays = []
    for source in tests:
        parts = Path(source.name).parts[1:-1]
        if parts and parts[0] not in OF_THEIR_OWN and not (root / "csdesk" / Path(*parts)).is_dir():
            strays.append(source.name)
    assert not strays, f"tests/ mirrors csdesk/: there is no such folder for {strays}"
