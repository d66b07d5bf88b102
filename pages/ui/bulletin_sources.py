"""The numbers in square brackets of a bulletin: what each figure rests on, down to the file, cell or sentence."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from db.catalogue import Target
from pages.analysis import display
from pages.analysis.provenance import Key, ranges
from pages.exports.paper import Run, Table
from pages.ui import data, proofs
from pages.ui.text import (
    coded,
    fraction_text,
    join,
    listed,
    moment_text,
    period_text,
    say,
    target_text,
    title_of,
    value_text,
    written,
)

ONE_BY_ONE = 3  # records told with their place and words; of more, how many there are and in which files
FILES = 4
RUNS = 12  # of record numbers in a row; the workbook has all
_PLACE = ["org_unit_id", "indicator", "period", "dims"]


@dataclass(slots=True)
class Register:
    """Gives out the numbers in the order in which the text asks for them, each source once."""

    public: bool
    held: dict[Hashable, Any] = field(default_factory=dict)
    numbers: dict[Hashable, int] = field(default_factory=dict)

    def value(self, row: Mapping[Any, Any]) -> tuple[int, ...]:
        """Of a value: a row with org_unit_id, indicator, period, dims, value, numerator and denominator."""
        key = ("value", *(row[name] for name in _PLACE))
        return self._number(
            key, {name: row[name] for name in (*_PLACE, "value", "numerator", "denominator", "obs_status")}
        )

    def target(self, row: Mapping[Any, Any]) -> tuple[int, ...]:
        """Of the target that a value is measured against."""
        kind = data.unit(int(row["org_unit_id"])).kind
        held = data.target(str(row["indicator"]), str(row["dims"]), pd.Timestamp(row["end_date"]).date(), kind)
        if held is None:
            return ()
        return self._number(("target", held.indicator, held.applies_to, str(held.value), str(held.valid_from)), held)

    def finding(self, row: Mapping[Any, Any]) -> tuple[int, ...]:
        """Of an inspection finding (a row of queries.findings)."""
        return self._number(("finding", int(row["finding_id"])), dict(row))

    def rule(self, words: str) -> tuple[int, ...]:
        """Of a figure that this paper counts by itself, by the rule in words."""
        return self._number(("rule", words), words)

    def _number(self, key: Hashable, held: Any) -> tuple[int, ...]:
        if key not in self.numbers:
            self.numbers[key], self.held[key] = len(self.numbers) + 1, held
        return (self.numbers[key],)

    def behind(self, others: pd.DataFrame) -> dict[Key, tuple[int, ...]]:
        """The records that the values given out, and other cells, rest on, in one walk."""
        own = [held for key, held in self.held.items() if isinstance(key, tuple) and key[0] == "value"]
        cells = pd.concat([pd.DataFrame(own, columns=_PLACE), others[_PLACE]], ignore_index=True)
        return dict(zip(proofs.keys_of(cells), proofs.of(cells), strict=True))

    def table(self, behind: Mapping[Key, tuple[int, ...]]) -> Table:
        """Every source with its number, in order; `behind` as the function of this name gives it."""
        own = [behind[key[1:]] for key in self.numbers if isinstance(key, tuple) and key[0] == "value"]
        records = data.records(sorted({each for ids in own for each in ids})).set_index("observation_id")
        rows = []
        for key, number in self.numbers.items():
            cells = self._cells(key, behind, records)
            rows.append(tuple(Run(text) for text in (str(number), *cells)))
        heads = tuple(say(f"bulletin.source.{name}") for name in ("number", "what", "value", "records", "place"))
        notes = [say("bulletin.source.note"), say("bulletin.source.note_public") if self.public else ""]
        return Table("", heads, tuple(rows), (7, 32, 22, 22, 46), notes=tuple(filter(None, notes)), anchored=True)

    def _cells(self, key: Hashable, behind: Mapping[Any, tuple[int, ...]], records: pd.DataFrame) -> tuple[str, ...]:
        kind, held = key[0], self.held[key]  # type: ignore[index]
        if kind == "value":
            return self._value(held, behind[tuple(key[1:])], records)  # type: ignore[index]
        if kind == "target":
            return _target(held)
        if kind == "finding":
            return self._finding(held)
        return held, "", "", say("bulletin.source.counted", revision=data.revision())

    def _value(self, row: Mapping[str, Any], ids: tuple[int, ...], records: pd.DataFrame) -> tuple[str, ...]:
        indicator = data.indicator(str(row["indicator"]), str(row["dims"]))
        unit = data.name(int(row["org_unit_id"]))
        what = join([unit, title_of(indicator, str(row["dims"])), period_text(str(row["period"]))])
        value = value_text(row["value"], indicator)
        counts = fraction_text(row["numerator"], row["denominator"]).replace(" ", "")
        shown = f"{value}\n{counts}" if counts else value
        return what, shown, _some(ranges(ids), len(ids), RUNS), self._places(records.loc[list(ids)])

    def _places(self, frame: pd.DataFrame) -> str:
        """Where some records stand: each by its cell or sentence, or of many in which files they are."""
        names = list(dict.fromkeys(str(each) for each in frame["file_name"]))
        if len(frame) > ONE_BY_ONE:
            shown = listed(say("pictures.file", name=each) for each in names[:FILES])
            key = "bulletin.source.files" if len(names) <= FILES else "bulletin.source.more_files"
            return say(key, names=shown, files=display.number(len(names)), records=display.number(len(frame)))
        return say("bulletin.source.stop").join(self._place(row) for row in frame.to_dict("records"))

    def _place(self, row: Mapping[Any, Any]) -> str:
        file = say("pictures.file", name=row["file_name"])
        at = join([file, str(row["locator"] or "")])
        quote = "" if self.public else _short(row["quote"])
        words = say("bulletin.source.quoted", place=at, quote=quote) if quote else at
        if self.public:
            return words
        return say("bulletin.source.by", place=words, user=row["imported_by"], at=moment_text(row["imported_at"]))

    def _finding(self, row: Mapping[str, Any]) -> tuple[str, ...]:
        place = join([say("pictures.file", name=row["file_name"]), str(row["locator"] or "")])
        quote = _short(row["quote"])
        words = say("bulletin.source.quoted", place=place, quote=quote) if quote else place
        what = join([str(row["org_unit_name"]), say("bulletin.source.finding", n=int(row["finding_id"]))])
        return what, coded("finding_state", str(row["state"])), "", words


def _target(held: Target) -> tuple[str, ...]:
    indicator = data.indicator(held.indicator)
    what = join([title_of(indicator, ""), say(f"common.target_level.{held.applies_to}")])
    value = say(f"common.bound.{held.comparator}", value=target_text(float(held.value), indicator))
    since = say("bulletin.source.since", day=held.valid_from.isoformat())
    return what, value, "", join([written(held.note_zh, held.note_en) or held.source, since])


def _short(quote: object, most: int = 60) -> str:
    words = " ".join(str(quote or "").split()) if isinstance(quote, str) else ""
    return words if len(words) <= most else words[: most - 1] + "…"


def runs_of(ids: tuple[int, ...]) -> str:
    """The numbers of the records behind a value, the first runs of many."""
    return _some(ranges(ids), len(ids))


def _some(runs: str, n: int, most: int = 4) -> str:
    held = runs.split(", ")
    return runs if len(held) <= most else say("bulletin.source.and_more", runs=", ".join(held[:most]), n=n)
