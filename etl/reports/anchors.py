"""What period expressions refer to, and what they are read as."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Anchor:
    """What relative words refer to: the day of the report, else the period of its title."""

    day: date | None = None
    title: str | None = None
    seen: int | None = None  # the latest year that the text speaks of as past, for reports without a date
    told: int | None = None  # that year, if the text reports on it (2012年,全区…) and does not only compare with it
    checked: date | None = None  # the last day of the inspection on which the text reports
    past: str | None = None  # the year before, of which a speech of its first months tells
    back: int | None = None  # the year on which the section read looks back (一、2023年工作回顾)

    @property
    def year(self) -> int | None:
        if self.title:
            if ".." in self.title:  # a report on several years speaks from the last of them
                return int(self.title.split("..")[1][:4])
            if self.title.startswith("SY"):
                first = int(self.title[2:6])
                return first if self.title.endswith("-T1") else first + 1
            return int(self.title[:4])
        day = self.day or self.checked
        return day.year if day else self.told

    @property
    def term(self) -> str | None:
        """The school term of the report."""
        if self.title and "-T" in self.title:
            return self.title
        if self.title and (half := re.fullmatch(r"(\d{4})-H([12])", self.title)):
            return f"SY{half[1]}-T1" if half[2] == "2" else f"SY{int(half[1]) - 1}-T2"
        day = self.day or self.checked
        if day is None:
            return None
        if (day.month, day.day) >= (8, 20):  # at the end of August the new term is spoken of
            return f"SY{day.year}-T1"
        return f"SY{day.year - 1}-T1" if day.month == 1 else f"SY{day.year - 1}-T2"

    @property
    def school_year(self) -> str | None:
        if self.title and self.title.startswith("SY"):
            return self.title[:6]
        return self.term[:6] if self.term else None

    @property
    def default(self) -> str | None:
        """The period of a number that names none."""
        day = self.checked or self.day
        return self.title or self.past or (day.isoformat() if day else str(self.told) if self.told else None)

    def year_of_month(self, month: int) -> int | None:
        """The year of a month that is named alone: in the school year or term of the title, else the last such month."""
        if self.title and self.title.startswith("SY"):
            year = int(self.title[2:6]) + (month < 8)
            early = self.day is not None and self.day.month >= 8 and self.day.year == int(self.title[2:6])
            return year - (early and month < 8)  # 四月份 told in August is the April before
        if self.title is None and self.day is not None and month > self.day.month:
            return self.day.year - 1
        return self.year


@dataclass(frozen=True, slots=True)
class Span:
    """A period expression. `code` is None where nothing can be known; a baseline of a comparison is no period."""

    start: int
    end: int
    code: str | None
    absolute: bool = True
    baseline: bool = False
    parts: tuple[str, ...] = ()  # years of a list or range, one by one
