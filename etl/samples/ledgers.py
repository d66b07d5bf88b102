"""The rectification ledgers (D12) behind the canteen tables: one problem a row, as many as the tables count."""

from __future__ import annotations

import random
from datetime import date, timedelta

from etl.samples.county import World
from etl.samples.health import Hygiene
from etl.samples.places import COUNTIES, LAST_YEAR
from etl.samples.sheets import bureau
from etl.samples.tables import Book, Cell, Table

_PROBLEMS = (
    ("留样量不足125克", "食品留样", "按每品种125克留足"), ("留样标签未写餐次", "食品留样", "补写并由专人复核"),
    ("餐具消毒记录缺页", "清洗消毒", "补记并每日检查"), ("保洁柜门关不严", "清洗消毒", "更换柜门"),
    ("采购票据未按日装订", "采购索证", "补订并建立台账"), ("猪肉检疫证明复印件缺失", "采购索证", "向供货商补索"),
    ("库房食品未离地离墙", "食品贮存", "加垫仓板"), ("冰箱内生熟食品混放", "食品贮存", "分柜存放"),
    ("生熟砧板未分色", "加工操作", "更换分色砧板"), ("一名从业人员健康证过期", "人员健康", "调离岗位并补办"),
    ("工作帽佩戴不规范", "人员健康", "当场纠正"), ("后厨灭蝇灯损坏", "场所设施", "维修"),
    ("操作间地面瓷砖脱落", "场所设施", "重新铺贴"), ("洗手池缺少洗手液", "场所设施", "当日补齐"),
    ("餐厨垃圾桶无盖", "环境卫生", "更换带盖垃圾桶"), ("明厨亮灶摄像头离线", "明厨亮灶", "报修并恢复"),
    ("饮水机滤芯超期未更换", "饮用水", "更换滤芯"), ("晨检登记漏记一天", "传染病防控", "补记并抽查"),
    ("陪餐记录不完整", "管理制度", "补记并公示"),
)  # fmt: skip
_COLUMNS = (
    ("序号",), ("检查日期",), ("学校",), ("问题描述",), ("类别",), ("整改措施",), ("责任岗位",), ("整改期限",), ("完成日期",), ("是否销号",),
)  # fmt: skip


def rectification_books(world: World) -> list[Book]:
    """One ledger per county for the last autumn; each school has as many rows as its canteen table counts problems."""
    return [_book(world, county) for county in COUNTIES]


def _book(world: World, county: str) -> Book:
    rows: list[list[Cell]] = []
    for check in world.hygiene:
        timely = world.filed_in_time(check.school, LAST_YEAR)
        if (check.school.county, check.year) == (county, LAST_YEAR) and timely:
            rows += _rows(check)
    numbered: list[list[Cell]] = [[n, *row] for n, row in enumerate(rows, 1)]
    title = f"{county}{LAST_YEAR}年秋季学期学校食堂卫生检查问题整改台账"
    table = Table("台账", title, bureau(county), f"{LAST_YEAR}年11月20日", "条", list(_COLUMNS), numbered,
                  notes=("注:是否销号以复查为准。",))  # fmt: skip
    return Book(f"L{LAST_YEAR % 100}_{title}.xlsx", (table,))


def _rows(check: Hygiene) -> list[list[Cell]]:
    rng = random.Random(f"ledger:{check.school.code}")
    found_on = date(LAST_YEAR, 10, 12) + timedelta(days=rng.randrange(12))
    chosen = rng.sample(_PROBLEMS, min(check.findings, len(_PROBLEMS)))
    rows: list[list[Cell]] = []
    for n, (what, kind, measure) in enumerate(chosen):
        due = found_on + timedelta(days=rng.choice((7, 10, 14)))
        closed = n < check.closed
        done = found_on + timedelta(days=rng.randrange(1, 8)) if closed else None
        rows.append([
            _slashed(found_on), check.school.name, what, kind, measure, "食堂主管", f"{due:%Y.%m.%d}",
            f"{done.month}月{done.day}日" if done else None, "是" if closed else "否",
        ])  # fmt: skip
    return rows


def _slashed(day: date) -> str:
    return f"{day.year}/{day.month}/{day.day}"
