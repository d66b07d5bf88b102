"""Names to org units: by code, full name, alias, short name, name after a place prefix; never forced."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from rapidfuzz import fuzz, process

from db.records import OrgKind, OrgStatus, OrgUnit

ALIKE = 60  # of 100: below it two names are not suggested for each other
_DECORATION = re.compile(r"[(（](?:公章|盖章|章|签章)[)）]|[\s　]+|[:：]$")
_OFFICE = re.compile(
    r"(?:人民政府|教育和体育局|教育体育局|教育科技局|教体局|教育局|教育办公室|教育办|卫生健康局|卫健局|卫生局|"
    r"疾病预防控制中心|疾控中心|市场监督管理局)$"
)
_PLACE_TAIL = re.compile(r"(?:镇|乡|街道|县|区|旗)$")
_IN_BRACKETS = re.compile(r"([^()]+)\(([^()]{2,8})\)")
_KINDS: tuple[tuple[OrgKind, re.Pattern[str]], ...] = (
    (OrgKind.SCHOOL, re.compile(r"(小学|中学|学校|幼儿园|幼稚园|中心园|中心校|一中|二中|教学点|职教中心|职校|园|校)$")),
    (OrgKind.TOWN, re.compile(r"(镇|乡|街道|街道办|办事处|学区|片区)$")),
    (OrgKind.CITY, re.compile(r"(市|地区|自治州|盟)$")),
    (OrgKind.COUNTY, re.compile(r"(县|区|旗|新区|开发区)$")),
    (OrgKind.PROVINCE, re.compile(r"(省|自治区)$")),
)


def tidy_name(name: str) -> str:
    """A name for comparison: NFKC, no spaces, no seal marks."""
    return _DECORATION.sub("", unicodedata.normalize("NFKC", name)).strip()


def tidy_code(code: str) -> str:
    """A code for comparison: NFKC, without spaces, the quote that keeps a cell text, and the .0 of a number."""
    return unicodedata.normalize("NFKC", code).replace(" ", "").strip("'’‘").removesuffix(".0").upper()


def kind_of(name: str) -> OrgKind:
    """The kind that a name's ending tells; OTHER when it tells none."""
    plain = _OFFICE.sub("", tidy_name(name))
    return next((kind for kind, ending in _KINDS if ending.search(plain)), OrgKind.OTHER)


def _stem(name: str) -> str:
    """A name without the word that only tells its kind: 河口小学 is 河口."""
    plain = _OFFICE.sub("", name)
    for _, ending in _KINDS:
        shorter = ending.sub("", plain)
        if shorter != plain:
            return shorter
    return plain


def _likeness(one: str, other: str, **_: object) -> float:
    """How alike two names are (0-100): mostly what is left without the word for their kind, as a whole or the
    shorter inside the longer (a name without its place in front)."""
    stem, other_stem = _stem(one), _stem(other)
    whole = fuzz.ratio(one, other)
    if not stem or not other_stem:
        return whole
    inside = fuzz.partial_ratio(stem, other_stem) - 5 if min(len(stem), len(other_stem)) >= 2 else 0.0
    return 0.7 * max(fuzz.ratio(stem, other_stem), inside) + 0.3 * whole


@dataclass(frozen=True, slots=True)
class Match:
    """The units a name may mean: one is an answer, none is unknown, several are ambiguous.

    `closed` is the unit that bore the name but no longer exists in the period asked about; `units` are then it and those
    that came after it."""

    units: tuple[OrgUnit, ...]
    closed: OrgUnit | None = None

    @property
    def unit(self) -> OrgUnit | None:
        return self.units[0] if len(self.units) == 1 else None


class Directory:
    """The org units of the store, found by name or code. `chosen` gives names (tidied) to units by a person's word for
    the file at hand: it goes before every rule but a code."""

    def __init__(self, units: Iterable[OrgUnit], chosen: Mapping[str, int] | None = None) -> None:
        self._chosen = dict(chosen or {})
        known = [u for u in units if u.status not in (OrgStatus.PROPOSED, OrgStatus.UNNAMED)]
        self.by_id = {unit.id: unit for unit in known}
        self._by_code = {tidy_code(unit.code): unit for unit in known if unit.code}
        self._full: dict[str, list[OrgUnit]] = defaultdict(list)
        self._loose: dict[str, list[OrgUnit]] = defaultdict(list)
        for unit in known:
            self._full[tidy_name(unit.name)].append(unit)
            for name in (unit.short_name, *unit.aliases):
                if name and tidy_name(name) != tidy_name(unit.name):
                    self._loose[tidy_name(name)].append(unit)
        self._before: dict[int, list[OrgUnit]] = defaultdict(list)
        for unit in known:
            for follower in unit.successor_ids:
                self._before[follower].append(unit)
        self._stems: dict[str, list[OrgUnit]] = defaultdict(list)
        for unit in known:
            stem = _PLACE_TAIL.sub("", tidy_name(unit.name))
            if unit.kind in (OrgKind.TOWN, OrgKind.COUNTY) and len(stem) >= 2 and stem != unit.name:
                self._stems[stem].append(unit)
        self._children: dict[int | None, list[OrgUnit]] = defaultdict(list)
        for unit in known:
            self._children[unit.parent_id].append(unit)
        self._prefixes = sorted(
            ((name, unit) for name, units in (*self._full.items(), *self._loose.items()) for unit in units
             if unit.kind is not OrgKind.SCHOOL and len(name) >= 2),
            key=lambda pair: -len(pair[0]),
        )  # fmt: skip

    def sure(self, name: str | None, code: str | None) -> int:
        """The id of the one unit that `find` gives whatever the place around it and the day; 0 when it takes a look."""
        if code:
            if (found := self._sure_codes.get(code)) is not None:
                return found
            if tidy_code(code) in self._by_code:
                return 0
        return self._sure_names.get(name, 0) if name else 0

    @cached_property
    def _sure_codes(self) -> dict[str, int]:
        """Units that were always there, by their code as it is written."""
        return {
            unit.code: unit.id
            for code, unit in self._by_code.items()
            if unit.code == code and unit.valid_from is None and unit.valid_to is None
        }

    @cached_property
    def _sure_names(self) -> dict[str, int]:
        """Units that were always there and share their name with no other."""
        alone = ((name, units[0]) for name, units in self._full.items() if len({unit.id for unit in units}) == 1)
        return {
            name: unit.id
            for name, unit in alone
            if name not in self._chosen and unit.name == name and unit.valid_from is None and unit.valid_to is None
        }

    def find(
        self, name: str | None, code: str | None = None, within: int | None = None, on: date | None = None
    ) -> Match:
        """The unit of a code, else of a name; `within` (an org unit id) and `on` (a day on which the unit
        must exist) only choose among several candidates."""
        if code and (unit := self._by_code.get(tidy_code(code))):
            return self._in_time(unit, on)
        if not name:
            return Match(())
        plain = tidy_name(name)
        if (picked := self.by_id.get(self._chosen.get(plain, 0))) is not None:
            return Match((picked,))
        for candidates in self._tiers(plain):
            if candidates:
                chosen = self._choose(candidates, within, on)
                return self._in_time(chosen[0], on) if len(chosen) == 1 else Match(chosen)
        return Match(())

    def _in_time(self, unit: OrgUnit, on: date | None) -> Match:
        """The unit that stood for a name on a day. A renamed school is followed to its other name; of a merged or
        divided one a person must say which is meant."""
        if on is not None and unit.valid_to is not None and on >= unit.valid_to:
            after = tuple(self.by_id[id_] for id_ in unit.successor_ids if id_ in self.by_id)
            if len(after) == 1 and len(self._before[after[0].id]) == 1:
                return Match(after)
            return Match((unit, *after), unit) if after else Match((unit,))
        if on is not None and unit.valid_from is not None and on < unit.valid_from:
            before = self._before[unit.id]
            if len(before) == 1 and len(before[0].successor_ids) == 1:
                return Match((before[0],))
        return Match((unit,))

    def _tiers(self, plain: str) -> Iterable[list[OrgUnit]]:
        yield self._full.get(plain, [])
        yield self._loose.get(plain, [])
        office = _OFFICE.sub("", plain)
        if office != plain:
            yield self._full.get(office, []) or self._loose.get(office, [])
        yield self._after_prefix(office)
        yield self._with_short_place(plain)

    def _with_short_place(self, plain: str) -> list[OrgUnit]:
        """柳林中心小学 is 柳林镇中心小学 or 中心小学 of 柳林镇, and so is 中心小学(柳林镇)."""
        bracket = _IN_BRACKETS.fullmatch(plain)
        if bracket:
            return self._after_prefix(bracket[2] + bracket[1]) or self._full.get(bracket[2] + bracket[1], [])
        found: list[OrgUnit] = []
        for length in range(2, min(6, len(plain) - 1)):
            for place in self._stems.get(plain[:length], []):
                rest = plain[length:]
                named = (
                    *self._full.get(tidy_name(place.name) + rest, []),
                    *self._full.get(rest, []),
                    *self._loose.get(rest, []),
                )
                found += [unit for unit in named if unit.id != place.id and self.is_inside(unit, place.id)]
        return found

    def _after_prefix(self, plain: str) -> list[OrgUnit]:
        """云川市东湖区实验小学 -> 实验小学 of 东湖区: take known places off the front, search inside the last."""
        for prefix, place in self._prefixes:
            if plain.startswith(prefix) and len(plain) > len(prefix):
                rest = plain[len(prefix) :]
                inside = [
                    unit for unit in (*self._full.get(rest, []), *self._loose.get(rest, []))
                    if self.is_inside(unit, place.id)
                ]  # fmt: skip
                deeper = inside or [u for u in self._after_prefix(rest) if self.is_inside(u, place.id)]
                if deeper:
                    return list({unit.id: unit for unit in deeper}.values())
        return []

    def _choose(self, candidates: list[OrgUnit], within: int | None, on: date | None) -> tuple[OrgUnit, ...]:
        chosen = list({unit.id: unit for unit in candidates}.values())
        if len(chosen) > 1 and within is not None:
            chosen = [unit for unit in chosen if self.is_inside(unit, within)] or chosen
        if len(chosen) > 1 and on is not None:
            chosen = [
                u for u in chosen if (u.valid_from or on) <= on and (u.valid_to is None or on < u.valid_to)
            ] or chosen
        return tuple(chosen)

    def is_inside(self, unit: OrgUnit, place_id: int) -> bool:
        """Whether a unit is the place or lies below it."""
        current: OrgUnit | None = unit
        while current is not None:
            if current.id == place_id:
                return True
            current = self.by_id.get(current.parent_id) if current.parent_id is not None else None
        return False

    def suggest(self, name: str, within: int | None = None, limit: int = 4) -> list[tuple[OrgUnit, float]]:
        """The units whose names are most like a name that nobody answers to, the likest first, with their likeness.
        Several units of one name come first of all; a unit of the kind that the ending tells, and one inside
        `within` (an org unit id), is preferred."""
        plain = tidy_name(name)
        named = self.find(plain).units
        kind = kind_of(plain)
        best: dict[int, float] = {unit.id: 100.0 for unit in named}
        spellings = self._spellings
        scored = process.extract(
            plain, [text for text, _ in spellings], scorer=_likeness, limit=8 * limit, score_cutoff=ALIKE
        )
        for _, score, index in scored:
            unit = spellings[index][1]
            worth = score - (0 if kind in (unit.kind, OrgKind.OTHER) else 15)
            worth -= 10 if within is not None and not self.is_inside(unit, within) else 0
            if worth >= ALIKE:
                best[unit.id] = max(best.get(unit.id, 0.0), worth)
        order = sorted(best, key=lambda unit_id: (-best[unit_id], unit_id))
        return [(self.by_id[unit_id], best[unit_id]) for unit_id in order[:limit]]

    @cached_property
    def _spellings(self) -> list[tuple[str, OrgUnit]]:
        """(spelling, unit) of all units in an order that is the same in every run: of what is alike the first are taken."""
        told = ((text, one) for table in (self._full, self._loose) for text, units in table.items() for one in units)
        return sorted(told, key=lambda pair: (pair[0], pair[1].id))

    def area_of(self, names: Iterable[tuple[str | None, str | None]]) -> int | None:
        """The county in which most of the (name, code) pairs that have one answer lie: it tells apart the rest."""
        votes = Counter(unit.area_id for name, code in names if (unit := self.find(name, code).unit) is not None)
        return votes.most_common(1)[0][0] if votes else None
