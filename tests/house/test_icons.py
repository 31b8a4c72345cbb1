"""Every icon that is named exists, and every icon that exists is shown."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

DRAWERS = {"icon", "pixmap"}


def drawn(root: Path) -> set[str]:
    return {file.stem for file in (root / "resources/icons").glob("*.svg")}


def test_every_icon_named_in_the_code_is_drawn(root: Path, code: list[Any]) -> None:
    there, missing = drawn(root), []
    for source in code:
        for node in source.nodes:
            if not isinstance(node, ast.Call):
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            named = [word.value for word in node.keywords if word.arg == "icon"]
            named += node.args[:1] if called in DRAWERS and source.name.startswith("csdesk/ui/") else []
            missing += [
                f"{source.name}:{node.lineno} {value.value}"
                for value in named
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value
                if value.value not in there
            ]
    assert not missing, f"draw these into resources/icons (20 × 20, stroke 1.5, currentColor): {missing}"


def test_every_icon_is_used(root: Path, code: list[Any]) -> None:
    said = {
        node.value
        for source in code
        for node in source.nodes
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    unused = sorted(name for name in drawn(root) if name not in said and f"{name}.svg" not in said)
    assert not unused, f"nobody shows these any more, take them out of resources/icons: {unused}"


def test_icons_take_the_colour_of_the_text_beside_them(root: Path) -> None:
    for file in (root / "resources/icons").glob("*.svg"):
        text = file.read_text(encoding="utf-8")
        assert "currentColor" in text or file.stem == "csdesk", f"{file.name} has a colour of its own: use currentColor"
        foreign = [word for word in ("<text", "href") if word in text]
        assert not foreign, f"{file.name} needs a font or another file to be drawn: {foreign}"
