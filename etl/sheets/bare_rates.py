"""Columns headed by a rate and nothing else (%, 占比, 占应到%): the rate of the counts beside them, or of what the row names."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import TYPE_CHECKING

from etl.sheets import words
from etl.sheets.cells import compact
from etl.sheets.fractions import agrees, pairs_of, rates_of
from etl.sheets.labels import Label, read_label
from etl.sheets.vocabulary import Vocabulary

if TYPE_CHECKING:
    from db.catalogue import Indicator
    from etl.sheets.columns import Column
    from etl.sheets.facts import Fact
    from etl.sheets.header import Table
    from etl.sheets.row import Row

_SHARE_OF = re.compile(r"所?占(?!比).{0,8}?(?:的)?(?:[%‰]|比[例重率]?|百分[比率])")
_CONFIDENCE = 0.9


def with_bare_rates(table: Table, columns: Sequence[Column], vocabulary: Vocabulary) -> list[Column]:
    """A column headed % or 率 is the rate of the counts beside it: those under the same heading, else the two before it."""
    found = list(columns)
    for n, column in enumerate(columns):
        path, label = table.paths[column.index], column.label
        if column.role != "value" or not path or not is_bare_rate(path[-1]):
            continue
        if not label.known or vocabulary.units.get(label.indicator or "", "person") in words.COUNTED:
            told = _rate(table, columns[:n], column, vocabulary)
            found[n] = column if told is None else replace(column, label=told)
    return found


def _rate(table: Table, before: Sequence[Column], column: Column, vocabulary: Vocabulary) -> Label | None:
    label, heading = column.label, list(table.paths[column.index][:-1])
    values = [c for c in before if c.role == "value"]
    same = [c for c in values if heading and list(table.paths[c.index][:-1]) == heading]
    counted = label if label.known else same[0].label if len(same) == 1 else None  # 全程接种 over 人 | %
    beside = same or values[-2:]
    counts = {c.label.indicator: c.label for c in beside if c.label.indicator and not c.label.rest}
    made = [
        one.code
        for one in vocabulary.catalogue.indicators
        if not label.known and any(counts.keys() >= set(pair) for pair in pairs_of(one))
    ]
    headed = share_of(heading[-1], counted, vocabulary) if heading and len(made) != 1 else None
    if headed is not None:  # 视力不良: 人数 | %
        dims = {**headed.dims, **{k: v for k, v in label.dims.items() if k != "basis"}}
        unit = words.split_unit(compact(table.paths[column.index][-1]))[1] or "%"
        return replace(headed, text=label.text, unit=unit, dims=dims, confidence=_CONFIDENCE)
    if len(made) != 1:
        return None
    rate = made[0]
    dims = {k: v for one in counts.values() for k, v in one.dims.items() if k in vocabulary.dims[rate]}
    return replace(label, indicator=rate, dims={**dims, **label.dims}, rest="", confidence=_CONFIDENCE)


def share_of(name: str, counted: Label | None, vocabulary: Vocabulary) -> Label | None:
    """The label of the rate of what is counted: the only one that an understood count makes, else by the name with 率 behind it
    (视力不良, 检出龋齿)."""
    if counted is not None and counted.known and not counted.rest:
        rate = _only_rate_of(counted.indicator or counted.part or "", vocabulary)
        return replace(counted, indicator=rate, part=None, unit="%", confidence=_CONFIDENCE) if rate else None
    for ending in ("率", "检出率"):
        label = read_label((f"{words.label_key(_FOUND.sub('', compact(name)))}{ending}",), vocabulary, "")
        if label.indicator and not label.rest and vocabulary.units[label.indicator] == "percent":
            return label
    return None


def _only_rate_of(code: str, vocabulary: Vocabulary) -> str | None:
    """The rate of which a count is the numerator; None of an indicator that is the whole of others (在校生 | 1200 | 45%)."""
    rates = [one for one in vocabulary.catalogue.indicators if one.unit == "percent"]
    if code in vocabulary.units and any(code == whole for one in rates for _, whole in pairs_of(one)):
        return None
    made = rates_of(code, rates)
    return made[0].code if len(made) == 1 else None


def with_shares(columns: Sequence[Column], rows: Sequence[Row]) -> list[Column]:
    """The columns of a table whose rows name what is counted: those headed by a bare rate hold the rates of the rows (占比 beside
    人数)."""
    if not any(row.label.known for row in rows):
        return list(columns)
    if any(c.role == "value" and c.label.known for c in columns) and not _are_rates(rows):
        return list(columns)
    return [
        replace(c, label=replace(c.label, rest="", share=True, unit=c.label.unit or "%", confidence=_CONFIDENCE))
        if c.role == "value" and _is_bare(c.label)
        else c
        for c in columns
    ]


def join_beside(facts: Sequence[Fact], indicators: Mapping[str, Indicator]) -> None:
    """Numerator and denominator of the rates that rows name: the only two columns of counts before them whose quotient every
    one of them is (应查人数 | 受检人数 | 比例)."""
    rates = [f for f in facts if f.of_row and f.numerator is None and f.indicator and f.value is not None]
    for col in {fact.col for fact in rates}:
        own = {fact.row: fact for fact in rates if fact.col == col}
        counts: dict[int, dict[int, Fact]] = defaultdict(dict)
        for fact in facts:
            if fact.row in own and fact.col < col and not fact.indicator and fact.value is not None:
                counts[fact.col][fact.row] = fact
        full = [one for one in counts.values() if one.keys() == own.keys()]
        fitting = [(top, whole) for top, whole in permutations(full, 2) if _give(own, top, whole, indicators)]
        for row, rate in own.items() if len(fitting) == 1 else ():
            rate.numerator, rate.denominator = fitting[0][0][row], fitting[0][1][row]


def _give(
    rates: Mapping[int, Fact], tops: Mapping[int, Fact], wholes: Mapping[int, Fact], indicators: Mapping[str, Indicator]
) -> bool:
    """Whether the quotient is the rate in every row, and in two of them of less than everything."""
    good = all(
        bool(wholes[row].value)
        and agrees(rate, tops[row].value, wholes[row].value, indicators[rate.indicator or ""].multiplier)
        for row, rate in rates.items()
    )
    return good and sum(tops[row].value not in (0, wholes[row].value) for row in rates) > 1


def _are_rates(rows: Sequence[Row]) -> bool:
    """Whether most rows below columns of counts name a rate: 龋齿患病率 beside 应查人数 | 受检人数 | 比例. What else they name has
    been taken off them."""
    return sum(row.label.known for row in rows) * 2 > len(rows)


def _is_bare(label: Label) -> bool:
    """Whether a column is headed by a bare rate, or by that of a year (上年比例)."""
    dated = bool(label.period or label.shift) and label.rest in words.RATE_WORDS
    return not label.dims and (is_bare_rate(label.text.split("/")[-1]) or dated)


def share_row(row: Row, vocabulary: Vocabulary) -> Row:
    """The row as its rate column means it."""
    label = row.label
    if label.indicator and vocabulary.units[label.indicator] not in words.COUNTED:
        return row
    found = share_of(label.text.split("/")[-1], label, vocabulary)
    if found is None:
        return replace(row, label=replace(label, indicator=None, part=None, rest=label.rest or label.text))
    return replace(row, label=found, problem="", unit="%", dims={k: v for k, v in row.dims.items() if k != "basis"})


def join_shares(facts: Sequence[Fact], indicators: Mapping[str, Indicator]) -> None:
    """Numerator and denominator of the rates of rows: the count in the same row, and one of the same column that the rate is
    made over, where both give the printed rate."""
    rates = [fact for fact in facts if fact.of_row and fact.numerator is None and fact.indicator]
    by_row: dict[int, list[Fact]] = defaultdict(list)
    for fact in facts if rates else ():
        by_row[fact.row].append(fact)
    for rate in rates:
        known = indicators[rate.indicator or ""]
        wholes = {den for _, den in pairs_of(known)}
        for top in (f for f in by_row[rate.row] if not f.of_row and f.entity == rate.entity):
            column = (f for f in facts if f.col == top.col and (f.indicator or f.part) in wholes and f.row != top.row)
            whole = next((f for f in column if agrees(rate, top.value, f.value, known.multiplier)), None)
            if whole is not None:
                rate.numerator, rate.denominator = top, whole
                break


_FOUND = re.compile(r"^(?:其中)?(?:检出|筛出|查出|发现)|(?:检出|患病)?(?:人数|例数|数)$")


def is_bare_rate(text: str) -> bool:
    """Whether a heading says a rate and nothing of what: %, 占比, 占应到%."""
    name, unit = words.split_unit(compact(text))
    key = words.PUNCTUATION.sub("", name)
    return (not key and unit in ("%", "‰")) or key in words.RATE_WORDS or bool(_SHARE_OF.fullmatch(compact(text)))
