"""A view as a dataset: its numbers in words and under their codes, their definitions, the records they rest on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import pandas as pd

from db.catalogue import Indicator
from db.records import parse_dims_key
from pages.analysis.provenance import ranges
from pages.exports.dataset import Dataset
from pages.exports.sdmx import Observation, Period, area_code
from pages.exports.table import Table
from pages.ui import cards, data, profile, proofs
from pages.ui.text import coded, definition_of, dims_text, moment_text, name_of, period_text, say

_NUMBERS = ("value", "numerator", "denominator", "lower", "upper", "target")


def values(title: str, judged: pd.DataFrame, shown: pd.DataFrame | None = None) -> Dataset:
    """The values of a frame of measures.judged; `shown` takes the place of the table of numbers, row by row."""
    rows = judged[judged["period"] != ""].reset_index(drop=True)
    behind = proofs.of(rows)
    held = _under(rows)
    return Dataset(
        Table(title, _numbers(rows, held, behind) if shown is None else shown, _notes(), say("save.sheet.data")),
        Table(title, definitions(rows["indicator"]), sheet=say("save.sheet.definitions")),
        Table(title, sources(behind), sheet=say("save.sheet.sources")),
        [definition_of(each) for each in held],
        say("save.column.definition"),
        tuple(_observations(rows, held, behind)),
    )


def _under(rows: pd.DataFrame) -> list[Indicator]:
    """The indicator of every row as it is counted there."""
    return [data.indicator(code, dims) for code, dims in zip(rows["indicator"], rows["dims"], strict=True)]


def plain(title: str, frame: pd.DataFrame, notes: Sequence[str] = ()) -> Dataset:
    """A table that holds no values of indicators, such as who has not reported."""
    return Dataset(Table(title, frame, (*notes, stamp()), say("save.sheet.data")))


def _notes() -> tuple[str, ...]:
    return say("profile.note_rates"), say("profile.note_source"), stamp()


def stamp() -> str:
    """Which state of the store a file shows, and when it was made."""
    return say("save.stamp", revision=data.revision(), at=moment_text(datetime.now().astimezone()))


def _numbers(rows: pd.DataFrame, held: Sequence[Indicator], behind: Sequence[tuple[int, ...]]) -> pd.DataFrame:
    data.meet(rows["org_unit_id"].unique())
    columns = {
        "domain": [coded("domain", each.domain) for each in held],
        "indicator": [name_of(each) for each in held],
        "dims": [dims_text(each) for each in rows["dims"]],
        "code": [data.unit(each).code or "" for each in rows["org_unit_id"]],
        "unit": [data.name(each) for each in rows["org_unit_id"]],
        "period": [period_text(each) for each in rows["period"]],
        "measure": [profile.measure(each) for each in held],
        **{name: rows[name].tolist() for name in _NUMBERS},
        "state": [cards.state_words(state, by) for state, by in zip(rows["state"], rows["benchmark"], strict=True)],
        "status": [coded("obs_status", each) for each in rows["obs_status"]],
        "method": [coded("method", each) for each in rows["method"]],
        "n_records": [len(each) for each in behind],
        "records": [ranges(each) for each in behind],
    }
    return pd.DataFrame({say(f"save.column.{name}"): column for name, column in columns.items()})


def definitions(codes: Iterable[str]) -> pd.DataFrame:
    """What the indicators mean: name, unit of measure, definition, numerator, denominator."""
    held = [each for code in dict.fromkeys(codes) if (each := data.indicator(code)) is not None]
    columns = {
        "indicator": [name_of(each) for each in held],
        "code": [each.code for each in held],
        "measure": [profile.measures(each) for each in held],
        "definition": [definition_of(each) for each in held],
        "numerator": [_count_name(each.numerator, each.numerator_zh) for each in held],
        "denominator": [_count_name(each.denominator, each.denominator_zh) for each in held],
    }
    return pd.DataFrame({say(f"save.column.{name}"): column for name, column in columns.items()})


def _count_name(code: str | None, words: str | None) -> str:
    counted = data.indicator(code) if code else None
    return name_of(counted) if counted is not None else words or ""


def sources(behind: Iterable[Sequence[int]]) -> pd.DataFrame:
    """Every record behind the values: whose number it is, and the file, cell or sentence that states it."""
    frame = data.records(sorted({each for ids in behind for each in ids}))
    held = _under(frame)
    columns = {
        "record": frame["observation_id"].tolist(),
        "unit": frame["org_unit_name"].tolist(),
        "indicator": [name_of(each) for each in held],
        "dims": [dims_text(each) for each in frame["dims"]],
        "period": [period_text(each) for each in frame["period"]],
        "value": frame["value"].tolist(),
        "measure": [profile.measure(each) for each in held],
        "numerator": frame["numerator"].tolist(),
        "denominator": frame["denominator"].tolist(),
        "file": frame["file_name"].tolist(),
        "place": frame["locator"].tolist(),
        "quote": frame["quote"].tolist(),
        "user": frame["imported_by"].tolist(),
        "at": [moment_text(each) for each in frame["imported_at"]],
    }
    return pd.DataFrame({say(f"save.column.{name}"): column for name, column in columns.items()})


def _observations(
    rows: pd.DataFrame, held: Sequence[Indicator], behind: Sequence[tuple[int, ...]]
) -> Iterable[Observation]:
    data.meet(rows["org_unit_id"].unique())
    for row, indicator, records in zip(rows.to_dict("records"), held, behind, strict=True):
        unit_id = int(row["org_unit_id"])
        yield Observation(
            area_code(data.unit(unit_id).code or "", unit_id),
            data.name(unit_id),
            indicator.code,
            name_of(data.indicator(indicator.code)),  # of the code, whatever the dims
            Period(row["period"], row["period_kind"], row["start_date"].date(), row["end_date"].date()),
            _number(row["value"]),
            indicator.unit,
            indicator.decimals,
            parse_dims_key(row["dims"]),
            _number(row["numerator"]),
            _number(row["denominator"]),
            row["obs_status"],
            method=row["method"],
            qualifier=row["qualifier"],
            records=ranges(records).replace(", ", " "),
        )


def _number(value: object) -> float | None:
    return None if pd.isna(value) else float(value)  # type: ignore[arg-type, call-overload]


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
