"""What tasks.py says and decides; that it sets a machine up is seen on a fresh one."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def tasks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """tasks.py, with a .venv folder of the test's own."""
    spec = importlib.util.spec_from_file_location("tasks", ROOT / "tasks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", tmp_path)
    return module


def test_help_tells_every_verb(tasks: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert tasks.main([]) == 0
    told = capsys.readouterr().out
    assert [verb for verb in tasks.VERBS if f"\n  {verb} " not in told] == []


def test_an_unknown_verb_is_bad_usage(tasks: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert tasks.main(["fly"]) == 2
    assert "python3 tasks.py VERB" in capsys.readouterr().out


def test_an_unknown_group_stops_with_a_sentence(tasks: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert tasks.main(["setup", "everything"]) == 1
    assert "run, dev or build" in capsys.readouterr().out


def test_who_is_not_root_gets_the_line_to_run(tasks: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(tasks.Stop, match=r"Run: sudo apt-get install -y --no-install-recommends libgl1$"):
        tasks.install_from_system(("libgl1",), "Qt lacks a library.")


def test_another_system_gets_the_names(tasks: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks.shutil, "which", lambda name: None)
    with pytest.raises(tasks.Stop, match=r"libgl1 libegl1 .Debian's names"):
        tasks.install_from_system(("libgl1", "libegl1"), "Qt lacks a library.")


def test_uv_asks_where_pip_asks(tasks: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    told = "global.index-url='https://example.invalid/simple'\n:env:.find-links='/a /b'\nglobal.timeout='60'\n"

    class Done:
        stdout = told

    for name in ("UV_DEFAULT_INDEX", "UV_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(tasks.subprocess, "run", lambda *arguments, **options: Done())
    settings = tasks.uv_settings()
    assert settings["UV_DEFAULT_INDEX"] == "https://example.invalid/simple"
    assert settings["UV_FIND_LINKS"] == "/a,/b"
    assert "UV_NO_INDEX" not in settings


def test_a_second_setup_installs_nothing(tasks: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    python = tmp_path / "python"
    python.touch()
    done: list[str] = []
    monkeypatch.setattr(tasks, "PYTHON", python)
    monkeypatch.setattr(tasks, "make_venv", lambda: done.append("venv"))
    monkeypatch.setattr(tasks, "install", lambda lock: done.append(lock.name))
    monkeypatch.setattr(tasks, "see_to_qt", lambda group: None)
    monkeypatch.setattr(tasks, "compile_texts", lambda: None)
    tasks.set_up("run")
    tasks.set_up("run")
    assert done == ["venv", "run.txt"]
    tasks.set_up("dev")
    assert done == ["venv", "run.txt", "venv", "dev.txt"]
