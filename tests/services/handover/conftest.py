"""Handover workbooks as sales send them, made here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from csdesk.services.core.desk import Desk
from csdesk.services.handover.commands import ImportHandover, import_handover
from csdesk.services.handover.importing import prepare
from csdesk.services.handover.report import ImportReport

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")

HEADINGS = [
    "客户名称", "客户简称", "客户等级", "所属行业", "所在城市", "销售负责人", "联系人", "职务", "手机号", "邮箱", "微信",
    "合同编号", "购买产品", "账号数", "签约日期", "服务开始日期", "服务到期日期", "合同金额(元)", "已回款(元)", "客户目标",
    "业务痛点", "销售承诺事项", "风险提示", "备注",
]  # fmt: skip


@dataclass
class Sheet:
    """A sheet as the reader of files gives it."""

    name: str
    rows: list[list[Any]]
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


def line(number: int, **values: Any) -> list[Any]:
    """One row under HEADINGS; ``values`` by heading."""
    row: dict[str, Any] = dict(
        zip(
            HEADINGS,
            [
                f"杭州第{number}纺织有限公司", f"{number}纺织", "ABC"[number % 3], "制造", "杭州", "周晓", f"林{number}", "总经理",
                f"138{number:08d}", f"u{number}@example.com", f"wx_{number}", f"HT-{number:04d}", "基础版、CRM模块", 50,
                date(2026, 3, 1), date(2026, 3, 5), date(2027, 3, 4), 120000, 60000, "上线", "报表靠手工", "送五个账号", "预算紧张", None,
            ],
            strict=True,
        )
    )  # fmt: skip
    row.update(values)
    return list(row.values())


def flat(count: int = 3) -> Sheet:
    """A flat table."""
    return Sheet("客户", [list(HEADINGS), *(line(number) for number in range(1, count + 1))])


@pytest.fixture
def wish(tmp_path: Path) -> Callable[..., ImportHandover]:
    """The command for some sheets."""

    def make(*sheets: Sheet, **options: Any) -> ImportHandover:
        path = tmp_path / "handover.xlsx"
        path.write_bytes(repr([sheet.rows for sheet in sheets]).encode())
        return prepare(sheets, path, **options)

    return make


@pytest.fixture
def take(desk: Desk, wish: Callable[..., ImportHandover]) -> Callable[..., ImportReport]:
    """Import sheets into the store."""
    return lambda *sheets, **options: desk.do(import_handover, wish(*sheets, **options)).value
