"""Mention -> Observation or Issue: org units looked up, values put into the store's form, repeats named."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from heapq import merge
from itertools import chain
from operator import itemgetter

from db.periods import parse_period
from db.records import (
    Candidate,
    Evidence,
    Issue,
    Observation,
    OrgKind,
    OrgStatus,
    OrgUnit,
    ProposedUnit,
    Rejected,
    Role,
    Severity,
    SourceKind,
    dims_key,
)
from db.records_review import Doubt, Pending
from etl.addresses import place_of
from etl.places import Directory, Match, kind_of, tidy_name
from etl.quiet import Strangers, proposed_key, quiet_rows
from etl.sheets.sequence import one_of_each_unit
from etl.types import Mention
from etl.woven import Quiet, Woven, WovenObservations, looked_at

_MOST_SUGGESTED = 50  # unknown names of a file for which likely units are looked up
REVIEW_BELOW = 0.6  # a reading of a report that rests on wording alone waits for a person


@dataclass(frozen=True, slots=True)
class Repeat:
    """A unit's row of a sheet that stands there twice (B21), with different numbers or with the same."""

    first: Observation
    again: Observation
    entity: str
    same: bool = False


@dataclass(slots=True)
class Normalised:
    """What became of the mentions of one file."""

    observations: Sequence[Observation] = ()
    mentions: Sequence[Mention] = ()  # the mention of each observation, same order
    totals: list[Mention] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    proposed: dict[str, ProposedUnit] = field(default_factory=dict)
    repeats: list[Repeat] = field(default_factory=list)
    pending: list[Pending] = field(default_factory=list)  # readings of a report that wait for a person
    quiet: list[Quiet] = field(
        default_factory=list
    )  # rows of long tables whose observations are made when they are read


@dataclass
class _Places:
    """Answers per file, so that one unknown name gives one issue and not one per number. `strangers` number the names that
    the register does not know."""

    directory: Directory
    file_name: str
    mentions: Sequence[Mention]
    out: Normalised
    source_kind: SourceKind
    asked: set[str] = field(default_factory=set)
    found: dict[tuple[str | None, ...], Match] = field(default_factory=dict)  # a row asks once for all its numbers
    areas: dict[str, int | None] | None = None  # worked out when a name may mean several units

    def resolve(self, mention: Mention) -> tuple[int | None, str | None, Doubt | None]:
        """(org unit id, None, -) or (None, key of a proposed unit, -), with what is doubtful about it. A name of a
        report that several units answer to has neither: a person chooses."""
        if not mention.entity and not mention.entity_code:
            return None, self._unnamed(mention.scope), None
        match = self.match(mention)
        if match.unit is not None:
            return match.unit.id, None, None
        name = tidy_name(mention.entity or mention.entity_code or "")
        if match.units and self.source_kind is SourceKind.REPORT:
            return None, None, Doubt.AMBIGUOUS_PLACE
        self._ask(name, match, mention)
        key = proposed_key(name)
        self.out.proposed.setdefault(key, ProposedUnit(key, name, kind_of(name), OrgStatus.PROPOSED))
        return None, key, None if match.units else Doubt.UNKNOWN_PLACE

    def match(self, mention: Mention) -> Match:
        """The units that a mention may be about, asked once for each name."""
        asked = (mention.entity, mention.entity_code, _group(mention), mention.period)
        match = self.found.get(asked)
        if match is None:
            sure = self.directory.by_id.get(self.directory.sure(mention.entity, mention.entity_code))
            match = self.found[asked] = Match((sure,)) if sure is not None else self._looked_up(mention)
        return match

    def unit_of(self, mention: Mention) -> int | None:
        """The org unit that a mention is surely about, or the number of a name that no single unit answers to."""
        name = mention.entity or mention.entity_code
        if not name:
            return None
        unit = self.match(mention).unit
        return self.strangers.number(name) if unit is None else unit.id

    @cached_property
    def strangers(self) -> Strangers:
        return Strangers(self.directory)

    def _looked_up(self, mention: Mention) -> Match:
        area, day = self._area(mention), _day(mention.period)
        return self.directory.find(mention.entity, mention.entity_code, area, day)

    def _area(self, mention: Mention) -> int | None:
        """The county that most names of the same table lie in."""
        if self.areas is None:
            self.areas = _areas(self.mentions, self.directory)
        return self.areas.get(_group(mention))

    def _unnamed(self, scope: str) -> str:
        key = f"unnamed:{scope}"
        label = f"未具名单位({self.file_name}{' ' + scope if scope else ''})"
        self.out.proposed.setdefault(key, ProposedUnit(key, label, OrgKind.OTHER, OrgStatus.UNNAMED))
        return key

    def _ask(self, name: str, match: Match, mention: Mention) -> None:
        """One question per name, with the units that may be meant."""
        if name in self.asked:
            return
        self.asked.add(name)
        code = "ambiguous_place" if match.units else "unknown_place"
        issue = issue_at(code, Severity.CONFIRM, _place_sentence(name, match, mention), mention.evidence)
        self.out.issues.append(replace(issue, candidates=self._candidates(name, match, mention), name=name))

    def _candidates(self, name: str, match: Match, mention: Mention) -> tuple[Candidate, ...]:
        """The units a name answers to; else those of the likest names (comparing costs time: for the first names only)."""
        scored: list[tuple[OrgUnit, float]] = [(unit, 100.0) for unit in match.units]
        if not scored and len(self.asked) <= _MOST_SUGGESTED:
            scored = self.directory.suggest(name, self._area(mention))
        return tuple(Candidate(unit.id, unit.name, unit.code, round(score, 1)) for unit, score in scored)


def _place_sentence(name: str, match: Match, mention: Mention) -> str:
    others = "、".join(f"{unit.name}({unit.code or unit.id})" for unit in match.units[:4])
    if match.closed is not None and match.closed.valid_to is not None:
        after = "、".join(unit.name for unit in match.units if unit is not match.closed)
        return (
            f"“{name}”已于{match.closed.valid_to:%Y年%m月%d日}撤并或分设为{after},本表期间在此之后。请改写现用名称;"
            "未认定前单独存放,不计入汇总。"
        )
    if match.units:
        return f"“{name}”对应名录中的多个单位:{others}。请在表中补写单位代码或上级名称;未认定前单独存放,不计入汇总。"
    new = f"标识码{mention.entity_code}名录中也没有,若是新设学校请先登记。" if mention.entity_code else ""
    return f"“{name}”不在机构名录中。{new}请核对名称或补写单位代码;未认定前列为待认领单位,不计入汇总。"


def issue_at(code: str, severity: Severity, sentence: str, evidence: Evidence) -> Issue:
    """An issue standing where the evidence stands."""
    return Issue(
        code, severity, sentence, evidence.locator, evidence.quote,
        evidence.start, evidence.end, evidence.sheet, evidence.cell,
    )  # fmt: skip


def normalise(mentions: Sequence[Mention], directory: Directory, source_kind: SourceKind, file_name: str) -> Normalised:
    """Observations of the mentions, with the issues and the repeats met on the way. Totals stay mentions."""
    out = Normalised()
    places = _Places(directory, file_name, mentions, out, source_kind)
    if source_kind is SourceKind.SHEET:
        out.quiet = quiet_rows(mentions, directory, places.unit_of, places.strangers)
    unknown = dict(chain.from_iterable(one.firsts_of_strangers() for one in out.quiet))
    kept: dict[int, tuple[Observation, Mention]] = {}
    seen: dict[tuple[object, ...], Observation] = {}
    for place, mention in merge(looked_at(mentions, out.quiet), unknown.items(), key=itemgetter(0)):
        if place in unknown:
            places.resolve(mention)  # asks who is meant
        elif mention.role is Role.TOTAL:
            out.totals.append(mention)
        elif (observation := _taken(mention, places, seen)) is not None:
            kept[place] = observation, mention
    if out.quiet:
        out.observations = WovenObservations({n: one for n, (one, _) in kept.items()}, out.quiet)
        out.mentions = Woven({n: one for n, (_, one) in kept.items()}, out.quiet, Quiet.mentions)
    else:
        out.observations = [one for one, _ in kept.values()]
        out.mentions = [one for _, one in kept.values()]
    return out


def _taken(mention: Mention, places: _Places, seen: dict[tuple[object, ...], Observation]) -> Observation | None:
    """The observation of a mention; None where it waits, repeats an earlier one or contradicts it."""
    out, source_kind = places.out, places.source_kind
    unit_id, proposed_key, place_doubt = places.resolve(mention)
    observation = _observation(mention, source_kind, unit_id, proposed_key)
    doubts = _doubts(mention, source_kind, place_doubt)
    if doubts:
        out.pending.append(_pending(mention, observation, doubts, place_doubt))
        return None
    key = (observation.indicator, observation.period, dims_key(observation.dims), unit_id, proposed_key)
    first = seen.setdefault(key, observation)
    if first is observation:
        return observation
    if _repeats(first, observation):
        if (
            source_kind is SourceKind.SHEET
            and _two_rows(first, observation, mention)
            and _one_column(first, observation)
        ):
            out.repeats.append(Repeat(first, observation, mention.entity or "", same=True))
        out.rejected.append(_set_aside(mention, "duplicate"))
        return None
    if source_kind is SourceKind.SHEET:
        if not _two_rows(first, observation, mention):
            out.issues.append(_two_readings(first, observation))
            out.rejected.append(_set_aside(mention, "ambiguous"))
            return None
        out.repeats.append(Repeat(first, observation, mention.entity or ""))
        return observation
    out.issues.append(_contradiction(first, observation, mention))
    if mention.period is not None:
        out.pending.append(_pending(mention, observation, (Doubt.TWO_READINGS,), place_doubt))
        return None
    return observation


def place_all(
    mentions: Sequence[Mention], directory: Directory, file_name: str, out: Normalised
) -> list[tuple[int | None, str | None]]:
    """(org unit id, None) or (None, key of a proposed unit) of each mention; a name that no unit answers to becomes an
    issue and a proposed unit of `out`, once for the file. Nothing waits for a person: what has no number is not counted."""
    known = {unit.name for unit in out.proposed.values()}
    places = _Places(directory, file_name, mentions, out, SourceKind.SHEET, known)
    return [places.resolve(mention)[:2] for mention in mentions]


def _doubts(mention: Mention, source_kind: SourceKind, place: Doubt | None) -> tuple[Doubt, ...]:
    """Why a reading waits. An unknown place alone is no reason: its values stand outside the tree (decision 002)."""
    if source_kind is not SourceKind.REPORT:
        return ()
    low = (Doubt.LOW_CONFIDENCE,) if mention.evidence.confidence < REVIEW_BELOW else ()
    return (*low, Doubt.AMBIGUOUS_PLACE) if place is Doubt.AMBIGUOUS_PLACE else low


def _pending(mention: Mention, observation: Observation, doubts: tuple[Doubt, ...], place: Doubt | None) -> Pending:
    unknown = (Doubt.UNKNOWN_PLACE,) if place is Doubt.UNKNOWN_PLACE else ()
    return Pending(observation, (*doubts, *unknown), tidy_name(mention.entity or ""))


def _areas(mentions: Iterable[Mention], directory: Directory) -> dict[str, int | None]:
    groups: dict[str, set[tuple[str | None, str | None]]] = defaultdict(set)
    for mention in one_of_each_unit(mentions):
        groups[_group(mention)].add((mention.entity, mention.entity_code))
    return {group: directory.area_of(names) for group, names in groups.items()}


def _group(mention: Mention) -> str:
    return f"{mention.evidence.sheet or ''}|{mention.scope}"


def _day(period: str | None) -> date | None:
    return parse_period(period).start if period else None


def _observation(
    mention: Mention, source_kind: SourceKind, unit_id: int | None, proposed_key: str | None
) -> Observation:
    return Observation(
        indicator=mention.indicator, period=mention.period, dims=dict(mention.dims), value=mention.value,
        unit=mention.unit, evidence=mention.evidence, source_kind=source_kind, org_unit_id=unit_id,
        proposed_key=proposed_key, numerator=mention.numerator, denominator=mention.denominator,
        qualifier=mention.qualifier, value_high=mention.value_high, status=mention.status,
    )  # fmt: skip


def _repeats(first: Observation, again: Observation) -> bool:
    return (first.value, first.status, first.value_high, first.unit) == (
        again.value, again.status, again.value_high, again.unit
    )  # fmt: skip


def _set_aside(mention: Mention, reason: str) -> Rejected:
    at = mention.evidence
    return Rejected(reason, at.quote, at.start, at.end, at.sheet, at.cell, mention.indicator)


def _contradiction(first: Observation, again: Observation, mention: Mention) -> Issue:
    """The same cell twice with different values in a report: both are kept."""
    one = first.evidence.cell or first.evidence.quote
    two = again.evidence.cell or again.evidence.quote
    kept = "后一处留待人工认定" if mention.period is not None else "两处都已保留"
    sentence = f"同一指标在文中有两个不同的值:前文“{one}”,后文“{two}”。{kept},请核对。"
    return issue_at("conflict", Severity.CONFIRM, sentence, again.evidence)


_ROW = re.compile(r"[A-Z]+(\d+)|R(\d+)C\d+")


def _row(observation: Observation) -> str | None:
    found = _ROW.fullmatch(observation.evidence.cell or "")
    return (found[1] or found[2]) if found else None


def _two_rows(first: Observation, again: Observation, mention: Mention) -> bool:
    """Whether a named unit stands in two rows; else two columns or items were read as one indicator."""
    one_table = first.evidence.sheet == again.evidence.sheet and again.evidence.rule in ("sheet.wide", "sheet.long")
    return bool(mention.entity) and one_table and _row(first) != _row(again)


def _one_column(first: Observation, again: Observation) -> bool:
    return place_of(first.evidence.cell)[1] == place_of(again.evidence.cell)[1]


def _two_readings(first: Observation, again: Observation) -> Issue:
    one, two = first.evidence.cell, again.evidence.cell
    sentence = (
        f"单元格{two}与{one}读成了同一单位同一期间的同一个数,值却不同({again.evidence.quote}与{first.evidence.quote})。"
        f"先采用{one},{two}没有取数。请把两处的行名或列名写得更明确。"
    )
    return issue_at("conflict", Severity.CONFIRM, sentence, again.evidence)
