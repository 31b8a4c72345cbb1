"""A small store in which every table has rows, some of them in the bin, with texts that try a format's patience."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from csdesk.models.tables import (
    Account,
    Article,
    Attachment,
    Attendee,
    BusyTime,
    Contact,
    Contract,
    ContractEvent,
    ContractLine,
    Demand,
    DemandMove,
    DemandReview,
    ExchangeRate,
    Handover,
    HandoverMove,
    HandoverQuestion,
    Import,
    ImportDetails,
    ImportMapping,
    Interaction,
    Invoice,
    Need,
    Notice,
    Opportunity,
    OwnCalendar,
    Payment,
    Receivable,
    Release,
    Reminder,
    Setting,
    Target,
    Task,
    Ticket,
    TicketMove,
    TierDecision,
    TravelTime,
    Verdict,
    Visit,
    VisitMaterial,
    VisitPlan,
    VisitSeries,
    VisitSkip,
)
from csdesk.models.vocabulary import PRODUCT_SEPARATOR
from csdesk.services.core.unit_of_work import UnitOfWork, command

HOSTILE = '=HYPERLINK("http://x") <b>粗</b>\t\u202e"引号"\n\u0000 𠮷'


def _loop(uow: UnitOfWork, account: int, person: int, visit: int) -> None:
    """A demand with a requirement, a bug, a question in the bin; what became of them; what is to be told."""
    shipped = uow.add(Release(name="v4.2", planned_on=date(2026, 12, 20), notes=HOSTILE))
    uow.session.flush()
    demand = uow.add(
        Demand(number=58, title="按班组看报表", background=HOSTILE, module="报表", state="accepted", opened_on=date(2026, 10, 1), waits_since=date(2026, 10, 8),
               sent_on=date(2026, 10, 8), reasonable=True, scope="generic", size="medium", reviewed_by="产品部",
               decided_on=date(2026, 10, 20), answer="排入 v4.2", release_id=shipped.id, planned_on=date(2026, 12, 20),
               first_planned_on=date(2026, 12, 1), again_at=12, again_from_arr=Decimal("500000.05"))
    )  # fmt: skip
    uow.session.flush()
    twin = uow.add(
        Demand(
            number=57,
            title="班组报表",
            state="merged",
            merged_into_id=demand.id,
            opened_on=date(2026, 10, 2),
            waits_since=date(2026, 10, 2),
        )
    )
    uow.session.flush()
    uow.add(DemandReview(demand_id=demand.id, reviewed_on=date(2026, 10, 20), reviewed_by="产品部", decision="accepted",
                         reasonable=True, scope="generic", size="medium", release="v4.2", accounts=1,
                         arr=Decimal("120000.10")))  # fmt: skip
    uow.add(DemandMove(demand_id=demand.id, from_state="in_review", to_state="accepted", moved_on=date(2026, 10, 20),
                       planned_on=date(2026, 12, 1), other_id=twin.id, note=HOSTILE))  # fmt: skip
    wish = uow.add(
        Ticket(number=12, account_id=account, contact_id=person, visit_id=visit, demand_id=demand.id, state="in_review",
               first_demand_id=twin.id, channel="visit", title="班组报表", text=HOSTILE, importance="critical", why="早会",
               who="班组长", how_often="每天", workaround="手工汇总", worth="每天半小时", otherwise="用回表格",
               reported_on=date(2026, 10, 2), clarified_on=date(2026, 10, 3), sent_on=date(2026, 10, 8))
    )  # fmt: skip
    bug = uow.add(
        Ticket(number=12, kind="bug", account_id=account, state="released", title="导出缺列", severity="serious",
               scene="月底", steps="1 打开\n2 导出", expected="十列", seen="九列", environment="Chrome", reported_on=date(2026, 9, 1),
               sent_on=date(2026, 9, 2), decided_on=date(2026, 9, 4), first_planned_on=date(2026, 9, 20),
               planned_on=date(2026, 9, 25), released_on=date(2026, 9, 24), release_id=shipped.id)
    )  # fmt: skip
    gone = uow.add(
        Ticket(number=1, kind="question", account_id=account, title="怎样导出？", reported_on=date(2026, 9, 1))
    )
    uow.session.flush()
    uow.add(TicketMove(ticket_id=wish.id, from_state="captured", to_state="clarified", moved_on=date(2026, 10, 3),
                       moved_by="李敏", note=HOSTILE))  # fmt: skip
    uow.add(Notice(account_id=account, demand_id=demand.id, cause="date_set", due_on=date(2026, 10, 20),
                   planned_on=date(2026, 12, 1), text=HOSTILE))  # fmt: skip
    uow.add(Notice(account_id=account, ticket_id=bug.id, cause="bug_fixed", state="told", due_on=date(2026, 9, 24),
                   told_on=date(2026, 9, 25), told_by="李敏", channel="phone", contact_id=person))  # fmt: skip
    uow.bin(gone)


@command("Portfolio of {name} made")
def make_portfolio(uow: UnitOfWork, name: str) -> int:
    """One account with everything, one plain, one in the bin."""
    source = uow.add(
        Import(file_name="移交.xlsx", sha256="ab" * 32, size=10, imported_at=uow.now, step_id=5, counts={"read": 1})
    )
    uow.session.flush()
    uow.add(
        ImportDetails(
            import_id=source.id,
            path="C:/移交.xlsx",
            recipe={"policy": "fill"},
            accounts=[7],
            refused=[{"sheet": "客户"}],
        )
    )
    uow.add(ImportMapping(fingerprint=f"f-{name}", mapping={"客户": "account.name"}, decisions={}))
    account = uow.add(Account(name=name, short_name="鼎天", tier="A", owner="李敏", tax_number="91", notes=HOSTILE))
    uow.session.flush()
    uow.add(TierDecision(account_id=account.id, tier_before="B", tier_after="A", source="by_hand", reason=HOSTILE,
                         arr_cents=12_000_010, seats=20, decided_at=uow.now))  # fmt: skip
    old = uow.add(Handover(account_id=account.id, received_on=date(2025, 1, 1), goals="旧目标"))
    newest = uow.add(Handover(account_id=account.id, received_on=date(2026, 1, 1), goals="目标", import_id=source.id))
    uow.session.flush()
    uow.add(HandoverMove(handover_id=newest.id, from_state="received", to_state="questioned", reason=HOSTILE,
                         moved_on=date(2026, 1, 3)))  # fmt: skip
    uow.add(
        HandoverQuestion(handover_id=newest.id, point="risks", question="有何风险？", was="", asked_on=date(2026, 1, 3))
    )
    uow.add(Task(account_id=account.id, text=HOSTILE, due_on=date(2026, 12, 1), source="handover", source_id=newest.id,
                 source_text="送账号", repeats="monthly", repeat_every=3, repeats_from=date(2026, 12, 1)))  # fmt: skip
    uow.add(Task(text="自己的事", state="done", done_on=date(2026, 11, 1), snoozed_until=date(2026, 10, 1)))
    person = uow.add(Contact(account_id=account.id, name="王芳", phone="13800000000", role="champion", position=1))
    uow.add(Contact(account_id=account.id, name="赵磊", position=0, left_on=date(2026, 5, 1)))
    first = uow.add(
        Contract(account_id=account.id, number="HT-1", signed_on=date(2024, 2, 29), start_on=date(2024, 3, 1),
                 end_on=date(2025, 2, 28), amount=Decimal("120000.10"), renewal_state="renewed",
                 decided_on=date(2025, 1, 5), renewal_kind="by_hand", renewal_cause="price", stage="signed",
                 category="commit", target=Decimal("120000.10"), forecast=Decimal(90000), notice_on=date(2025, 1, 29),
                 closes_on=date(2025, 1, 4), next_step=HOSTILE, planned_end_on=date(2025, 1, 31),
                 document="D:/合同/HT-1.pdf")
    )  # fmt: skip
    uow.session.flush()
    products = PRODUCT_SEPARATOR.join(("CRM", "数据分析"))
    line = uow.add(ContractLine(contract_id=first.id, products=products, seats=20, amount=Decimal("120000.10"),
                                arr_cents=12_000_010))  # fmt: skip
    second = uow.add(Contract(account_id=account.id, number="HT-2", predecessor_id=first.id, amount=Decimal(90000)))
    uow.session.flush()
    after = uow.add(ContractLine(contract_id=second.id, seats=10, arr_cents=9_000_000, predecessor_id=line.id,
                                 agreed_rise=Decimal("0.05")))  # fmt: skip
    uow.session.flush()
    entry = uow.add(
        ContractEvent(contract_id=first.id, kind="renewed", effective_on=date(2025, 3, 1), noted_on=date(2025, 1, 5),
                      noted_by="李敏", line_before_id=line.id, line_after_id=after.id, arr_before_cents=12_000_010,
                      arr_after_cents=9_000_000, cause="price", note=HOSTILE)
    )  # fmt: skip
    uow.session.flush()
    uow.add(Opportunity(account_id=account.id, contract_id=first.id, kind="seats", title=HOSTILE, seats=5, module="报表",
                        amount=Decimal("6000.05"), stage="won", probability=80, spotted_on=date(2024, 6, 1),
                        expected_on=date(2025, 3, 1), owner="李敏", event_id=entry.id, won_on=date(2025, 1, 5)))  # fmt: skip
    due = uow.add(Receivable(contract_id=first.id, due_on=date(2024, 4, 1), amount=Decimal(60000)))
    uow.session.flush()
    uow.add(Payment(contract_id=first.id, receivable_id=due.id, paid_on=date(2024, 4, 2), amount=Decimal("59999.99")))
    uow.add(Payment(contract_id=first.id, amount=Decimal("0.01"), reference="20240402-7"))
    uow.add(Invoice(receivable_id=due.id, number="2404000017", invoiced_on=date(2024, 3, 20), amount=Decimal(60000),
                    tax_rate=600, sent_on=date(2024, 3, 21), notes="专票"))  # fmt: skip
    uow.add(
        Reminder(receivable_id=due.id, reminded_on=date(2024, 4, 2), reminded_by="林", channel="phone", text="催款")
    )
    uow.add(Target(figure="renewal_rate", starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31), value="0.9"))
    uow.add(ExchangeRate(currency="USD", valid_from=date(2026, 1, 1), rate="7.1832"))
    plan = uow.add(VisitPlan(starts_on=date(2026, 11, 23), ends_on=date(2026, 11, 27), capacity=4,
                             confirmed_at=datetime(2026, 11, 20, 1, 2, 3, 456, UTC), state="confirmed"))  # fmt: skip
    uow.session.flush()
    uow.add(VisitSeries(account_id=account.id, unit="week", every=2, starts_on=date(2026, 11, 24), count=6,
                        made_until=date(2027, 2, 2)))  # fmt: skip
    uow.add(VisitSkip(account_id=account.id, until_on=date(2026, 12, 31), reason="盘点"))
    own = uow.add(OwnCalendar(name="日历", path="cal.ics", read_at=uow.now))
    uow.session.flush()
    uow.add(BusyTime(calendar_id=own.id, title="例会", starts_on=date(2026, 11, 25), starts_at="14:00",
                     ends_on=date(2026, 11, 25), ends_at="15:30"))  # fmt: skip
    visit = uow.add(
        Visit(account_id=account.id, plan_id=plan.id, contact_id=person.id, planned_on=date(2026, 11, 24),
              starts_at="09:30", baseline_on=date(2026, 11, 23), moved_from=date(2026, 11, 23), moved_count=1,
              reasons=[["never_visited", 30]], type="review", wanted="续约", questions=HOSTILE, talking_points="a\nb",
              internal="底线", outcome="partly", mood="tense", next_on=date(2026, 12, 1), spent_minutes=95,
              travel_minutes=0, expenses=Decimal("128.05"))
    )  # fmt: skip
    article = uow.add(
        Article(title="质检做法", kind="file", topic="质检", industry="机械制造", internal=True, text=HOSTILE)
    )
    gone_article = uow.add(Article(title="旧报告", target="https://example.com/old"))
    uow.session.flush()
    uow.add(Attendee(visit_id=visit.id, contact_id=person.id, came=True))
    uow.add(Attendee(visit_id=visit.id, name="林屿", side="ours", invited=False, came=False, position=1))
    uow.add(VisitMaterial(visit_id=visit.id, article_id=article.id))
    uow.add(VisitMaterial(visit_id=visit.id, article_id=gone_article.id, position=1))
    uow.add(Need(account_id=account.id, visit_id=visit.id, text="想要班组报表", kind="requirement",
                 heard_on=date(2026, 11, 24)))  # fmt: skip
    uow.add(Attachment(visit_id=visit.id, name="纸面.jpg", sha256="cd" * 32, size=4096))
    uow.add(Attachment(article_id=article.id, name="做法.pdf", sha256="ef" * 32, size=1))
    uow.add(Interaction(account_id=account.id, contact_id=person.id, kind="call", happened_on=date(2026, 11, 20),
                        starts_at="16:05", text=HOSTILE))  # fmt: skip
    uow.session.flush()
    _loop(uow, account.id, person.id, visit.id)
    uow.bin(gone_article)
    uow.add(TravelTime(origin="上海", destination="苏州", minutes=50))
    uow.add(Setting(key=f"visits.per_day.{name}", value=5))
    uow.add(Verdict(account_id=account.id, name=name, spelling="a", other_name=HOSTILE, other_spelling="b", same=False))
    gone = uow.add(Account(name="已删除", tier="C"))
    uow.session.flush()
    uow.add(Contact(account_id=gone.id, name="无名"))
    uow.add(Account(name="素", starred=True))
    uow.session.flush()
    uow.bin(gone)
    uow.bin(old)
    uow.name(name=name)
    return account.id
