"""Makes handover.xlsx, the sample that a newcomer imports first: python resources/samples/make_sample.py.

Fourteen companies that do not exist, written as sales people write: a title above the heading, days typed in every
way that is understood, wishes and promises in plain words.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

TITLE = "华东区新签客户移交表（销售 → 客户成功）"
HEADINGS = {
    "客户名称": 30, "客户简称": 12, "客户等级": 9, "所属行业": 10, "所在城市": 9, "销售负责人": 11, "联系人": 9, "职务": 13,
    "手机号": 14, "邮箱": 27, "微信": 14, "合同编号": 15, "购买产品": 22, "账号数": 8, "签约日期": 15, "服务开始日期": 15,
    "服务到期日期": 15, "合同金额(元)": 14, "已付(元)": 13, "客户目标": 32, "业务痛点": 32, "销售承诺事项": 32, "风险提示": 24,
}  # fmt: skip
ROWS = [
    ("苏州澄湖精密制造有限公司", "澄湖精密", "A", "制造", "苏州", "韩梅", "顾文博", "信息中心主任", "13800010001", "gu.wenbo@example.com", "guwb_2026", "CS-2025-1108", "CRM 旗舰版、数据分析", 120,
     date(2025, 11, 20), date(2025, 12, 1), date(2026, 11, 30), 368000, 368000, "报价到回款全程在线，每周例会直接看系统", "报价散在邮件里，交期靠电话追", "首年每月上门一次", "新任总经理倾向自建系统"),
    ("杭州云栖里餐饮管理有限公司", "云栖里", "A", "餐饮", "杭州", "韩梅", "沈佳怡", "运营总监", "13800010002", "shen.jiayi@example.com", "jiayi_yqi", "CS-2025-1213", "CRM 旗舰版、会员模块", 86,
     "2025-12-18", "2026-01-01", "2026-12-31", 296000, 148000, "三十家门店的会员打通，复购率提高一成", "门店各记各的，会员重复录入", "年底前上线积分商城对接", ""),
    ("上海闻涛医疗器械有限公司", "闻涛医疗", "A", "医疗", "上海", "周晓", "陆知远", "销售副总", "13800010003", "lu.zhiyuan@example.com", "lzy-wentao", "CS-2026-0305", "CRM 旗舰版", 200,
     "2026年3月5日", "2026年3月15日", "2027年3月14日", 520000, 260000, "经销商报备在线化，窜货当天能查", "经销商数据每月才汇总一次", "提供两次经销商大会现场培训", "预算要总部逐季批"),
    ("南京栖霞智慧物流有限公司", "栖霞物流", "B", "物流", "南京", "周晓", "蒋立群", "IT 经理", "13800010004", "jiang.liqun@example.com", "", "CS-2026-0116", "CRM 专业版、移动外勤", 60,
     "2026/1/16", "2026/2/1", "2027/1/31", 158000, 158000, "司机外勤打卡与客户签收对上账", "签收单拍照存手机，月底对不齐", "", "外勤人员流动大"),
    ("无锡惠山新能源科技股份有限公司", "惠山新能", "A", "新能源", "无锡", "唐立", "钱思敏", "客户服务部经理", "13800010005", "qian.simin@example.com", "simin_hs", "CS-2026-1102", "CRM 旗舰版、工单模块", 150,
     date(2026, 11, 2), date(2026, 11, 9), date(2027, 11, 8), 430000, 129000, "售后工单四小时内响应，质保期一眼可查", "售后电话记在本子上，质保常常算错", "首月驻场培训三天", "竞品同时在试用"),
    ("宁波东钱湖外贸有限公司", "东钱湖外贸", "B", "外贸", "宁波", "唐立", "应海燕", "总经理", "13800010006", "ying.haiyan@example.com", "yinghy88", "CS-2026-0608", "CRM 专业版", 35,
     "2026.6.8", "2026.6.15", "2027.6.14", 98000, 98000, "询盘二十四小时内全部回复", "业务员离职带走客户", "协助导入五年的老客户", ""),
    ("合肥滨湖教育咨询有限公司", "滨湖教育", "C", "教育", "合肥", "韩梅", "汪雨桐", "校区校长", "13800010007", "wang.yutong@example.com", "", "CS-2026-0901", "CRM 基础版", 12,
     "2026-09-01", "2026-09-10", "2027-09-09", 26800, 26800, "试听到报名的转化看得见", "线索表在三个人手里", "", ""),
    ("上海临港供应链服务有限公司", "临港供应链", "B", "物流", "上海", "周晓", "范一鸣", "商务经理", "13800010008", "fan.yiming@example.com", "fanym_lg", "CS-2025-1225", "CRM 专业版、数据分析", 45,
     date(2025, 12, 25), date(2026, 1, 5), date(2027, 1, 4), 132000, 66000, "大客户毛利按月自动出表", "毛利要等财务月底算", "提供毛利看板模板", "商务与财务口径不一"),
    ("苏州木渎文化旅游发展有限公司", "木渎文旅", "C", "文旅", "苏州", "唐立", "吴静秋", "市场主管", "13800010009", "wu.jingqiu@example.com", "wjq_mudu", "CS-2026-0420", "CRM 基础版、会员模块", 18,
     "2026年4月20日", "2026年5月1日", "2027年4月30日", 45600, 45600, "游客转成年卡会员", "售票系统不给数据", "协调售票接口", "旺季前没有时间培训"),
    ("杭州钱塘生物技术有限公司", "钱塘生物", "A", "医药", "杭州", "韩梅", "叶青禾", "大区经理", "13800010010", "ye.qinghe@example.com", "yeqh_bio", "CS-2026-1020", "CRM 旗舰版、审批模块", 95,
     "2026/10/20", "2026/11/1", "2027/10/31", 312000, 93600, "费用审批从七天缩到两天", "出差审批靠纸，报销对不上拜访", "十二月中旬前完成审批上线", "关键人年后可能调岗"),
    ("南通狼山纺织有限公司", "狼山纺织", "C", "制造", "南通", "唐立", "施德明", "副厂长", "13800010011", "shi.deming@example.com", "", "CS-2026-0718", "CRM 基础版", 10,
     "2026.7.18", "2026.8.1", "2027.7.31", 19800, 19800, "打样进度客户自己能查", "打样进度一天被问十遍", "", "车间没有电脑"),
    ("常州青果巷商业管理有限公司", "青果巷商管", "B", "商业地产", "常州", "周晓", "恽晓岚", "招商总监", "13800010012", "yun.xiaolan@example.com", "yunxl", "CS-2026-0228", "CRM 专业版、合同模块", 40,
     date(2026, 2, 28), date(2026, 3, 1), date(2027, 2, 28), 126000, 63000, "租约到期提前半年有人跟", "租约在抽屉里，到期才发现", "赠送五个账号一年", ""),
    ("绍兴鉴水酒业有限公司", "鉴水酒业", "B", "食品", "绍兴", "韩梅", "章䶮", "渠道经理", "13800010013", "zhang.yan@example.com", "zhangy_js", "CS-2026-0930", "CRM 专业版、移动外勤", 55,
     "2026-9-30", "2026-10-8", "2027-10-7", 168000, 50400, "经销商库存按周上报", "渠道压货心里没数", "国庆后两周内全员上线", "业务员年纪偏大，怕用系统"),
    ("扬州瘦西湖软件园运营有限公司", "瘦西湖软件园", "C", "园区服务", "扬州", "唐立", "卞知夏", "企业服务部主管", "13800010014", "bian.zhixia@example.com", "", "CS-2026-1115", "CRM 基础版", 20,
     "2026年11月15日", "2026年12月1日", "2027年11月30日", 38000, 0, "园区企业走访有记录可查", "走访靠纸质台账", "首次培训放在十二月第一周", ""),
]  # fmt: skip


def main() -> None:
    """Write the workbook beside this file."""
    book = Workbook()
    book.properties.creator, book.properties.title = "CSDesk", TITLE
    book.properties.created = book.properties.modified = datetime(2026, 11, 20, 9)  # noqa: DTZ001
    sheet = book.active
    sheet.title = "移交客户"
    sheet.append([TITLE])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(HEADINGS))
    sheet["A1"].font = Font(bold=True, size=15)
    sheet.append(list(HEADINGS))
    for cell, width in zip(sheet[2], HEADINGS.values(), strict=True):
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), PatternFill("solid", fgColor="1F5FBF")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[get_column_letter(cell.column)].width = width
    line = Side(style="thin", color="D5DAE1")
    for row in ROWS:
        sheet.append([value if value != "" else None for value in row])
        for cell in sheet[sheet.max_row]:
            cell.alignment, cell.border = Alignment(vertical="center", wrap_text=True), Border(bottom=line)
            if isinstance(cell.value, date):
                cell.number_format = "yyyy-mm-dd"
        for cell in sheet[sheet.max_row][17:19]:
            cell.number_format = "#,##0"
    sheet.freeze_panes = "B3"
    book.save(Path(__file__).parent / "handover.xlsx")


if __name__ == "__main__":
    main()
