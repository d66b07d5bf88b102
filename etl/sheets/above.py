"""What earlier rows of a table say about later ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from etl.sheets.labels import Label, read_label
from etl.sheets.plain_rows import Parts, PlainRows
from etl.sheets.vocabulary import Vocabulary


@dataclass(slots=True)
class Above:
    """What earlier rows say about later ones."""

    entity: str | None = None
    section: dict[str, str] = field(default_factory=dict)
    place: str | None = None  # the place that a section line names
    listed: bool = False  # the row has a number of its own among named units
    sections: int = 0
    summed: bool = False  # a sum stands in this section
    unsummed: bool = False  # an earlier section had no sum of its own
    subtotals: bool = False  # a 小计 was met
    stack: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    down: dict[int, object] = field(default_factory=dict)
    indented: bool = False
    named: bool = False  # most names are those of units
    columns_tell: bool = False  # the columns name the indicators, so a row label never does
    categories: bool = False  # the item column sorts problems (问题类别)
    period: str | None = None  # of the last row that has its own
    numbered: str = ""  # the last item with a number of its own
    headed: bool = False  # the first item column only sorts the items of the next (类别, 一级指标)
    parts: Parts = field(default_factory=Parts)
    plain: PlainRows | None = None
    labels: dict[tuple[str, ...], Label] = field(default_factory=dict)  # of a long table's few items, read once
    bare: dict[int, tuple[Label, Label]] = field(default_factory=dict)
    dims: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = field(default_factory=dict)

    def month_before(self, month: int | None) -> str | None:
        """The month of the rows above that a sum repeats without its year: 3月小计 below 2026年3月."""
        return self.period if month and (self.period or "").endswith(f"-{month:02d}") else None

    def read(self, path: Sequence[str], vocabulary: Vocabulary, topic: str) -> Label:
        """`read_label`; a name with a character that no label holds has no other meaning and is not looked into."""
        if len(path) == 1 and self.plain is not None and self.plain.is_ordinary(path[0]):
            return Label(path[0], rest=path[0])
        return self.label(path, vocabulary, topic)

    def unnamed(self, label: Label) -> Label:
        """The label without its indicator, the same one for the same label."""
        if id(label) not in self.bare:
            self.bare[id(label)] = label, replace(label, indicator=None, part=None)
        return self.bare[id(label)][1]

    def groups(self, dims: Mapping[str, str]) -> Mapping[str, str]:
        """The same mapping for the same groups."""
        return self.dims.setdefault(tuple(sorted(dims.items())), dims)

    def label(self, path: Sequence[str], vocabulary: Vocabulary, topic: str) -> Label:
        """`read_label`, once for each path."""
        key = tuple(path)
        if key not in self.labels:
            self.labels[key] = read_label(key, vocabulary, topic)
        return self.labels[key]
