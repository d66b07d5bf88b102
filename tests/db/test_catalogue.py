"""The catalogue: complete and consistent, every spelling with one owner, the target of a unit on a day."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from db.catalogue import Aggregation, Indicator, load_catalogue
from db.catalogue.checks import DIMENSIONS
from db.catalogue.model import Level
from db.records import ObsStatus, Qualifier, Role

HERE = Path(__file__).parent
CATALOGUE = load_catalogue()
INDICATORS = {indicator.code: indicator for indicator in CATALOGUE.indicators}


def spellings_of(indicator: Indicator) -> tuple[str, ...]:
    return (*indicator.synonyms, *indicator.sheet_synonyms, *indicator.prose_synonyms)


# --- the real catalogue -------------------------------------------------------------------------------


def test_every_code_stands_with_its_domain_unit_and_dims() -> None:
    with (HERE / "catalogue_codes.csv").open(encoding="utf-8", newline="") as file:
        frozen = [(row["code"], row["domain"], row["unit"], row["dims"]) for row in csv.DictReader(file)]
    found = sorted((i.code, i.domain, i.unit, " ".join(i.dims)) for i in CATALOGUE.indicators)
    assert found == frozen
    assert len(found) == 114


def test_it_is_read_once() -> None:
    assert load_catalogue() is load_catalogue()
    assert isinstance(hash(CATALOGUE), int)


def test_a_spelling_belongs_to_one_indicator_unless_the_unit_tells() -> None:
    claimed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for indicator in CATALOGUE.indicators:
        for word in {plain(word) for word in (indicator.name_zh, *spellings_of(indicator))}:
            claimed[word].append((indicator.code, indicator.unit))
    twice = {word: sorted(owners) for word, owners in claimed.items() if len(owners) > 1}
    same_unit = {word: owners for word, owners in twice.items() if len({unit for _, unit in owners}) < len(owners)}
    assert same_unit == {}


def plain(word: str) -> str:
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", word)).lower()


@pytest.mark.parametrize("indicator", CATALOGUE.indicators, ids=lambda indicator: indicator.code)
def test_each_indicator_can_be_explained_and_found(indicator: Indicator) -> None:
    assert re.search(r"[一-鿿]", indicator.definition_zh)
    assert re.match(r"[A-Z]", indicator.definition_en)
    assert indicator.definition_zh.endswith("。")
    assert indicator.synonyms
    assert re.fullmatch(r"V:S\d\d|G|P", indicator.source)
    assert not set(indicator.not_synonyms) & set(spellings_of(indicator))


RATES = [i for i in CATALOGUE.indicators if i.unit == "percent"]
COUNTS = [i for i in CATALOGUE.indicators if i.aggregation in (Aggregation.STOCK, Aggregation.FLOW)]
MAY_PASS_100 = {"gross_enrollment_rate", "transition_rate", "retention_rate", "annual_retention_rate"}


@pytest.mark.parametrize("rate", RATES, ids=lambda rate: rate.code)
def test_each_rate_says_of_what_it_is_a_part(rate: Indicator) -> None:
    assert rate.aggregation is Aggregation.RATIO
    assert rate.multiplier == 100
    assert rate.numerator_zh
    assert rate.denominator_zh
    assert (rate.bounds[1] is None) == (rate.code in MAY_PASS_100)
    assert rate.plausible is not None


@pytest.mark.parametrize("count", COUNTS, ids=lambda count: count.code)
def test_counts_are_whole_and_never_negative(count: Indicator) -> None:
    assert count.bounds == (0, None)
    assert count.decimals == 0
    assert count.numerator is None


@pytest.mark.parametrize(
    ("rate", "numerator", "denominator"),
    [
        ("dropout_rate", "dropout_count", "enrollment"),
        ("dropout_return_rate", "dropout_returned_count", "dropout_return_due"),
        ("graduation_rate", "graduates", "final_year_students"),
        ("left_behind_share", "left_behind_children", "enrollment"),
        ("average_class_size", "enrollment", "classes"),
        ("pupil_teacher_ratio", "enrollment", "teachers"),
        ("gross_enrollment_rate", "enrollment", "school_age_population"),
        ("net_enrollment_rate", None, None),
        ("retention_rate", None, None),
        ("vaccination_coverage", "vaccination_given", "vaccination_due"),
        ("vac_cert_check_rate", "vac_cert_check_done", "vac_cert_check_due"),
        ("vac_cert_held_rate", "vac_cert_held", "vac_cert_check_done"),
        ("vac_catchup_rate", "vac_catchup_done", "vac_catchup_due"),
        ("vac_missed_rate", "vac_missed_count", "vac_cert_check_done"),
        ("hygiene_inspection_pass_rate", "hygiene_passed_count", "hygiene_inspected_count"),
        ("hygiene_rectification_rate", "hygiene_findings_closed", "hygiene_findings"),
        ("food_handler_cert_rate", "food_handlers_certified", "food_handlers"),
        ("canteen_grade_ab_share", None, None),
    ],
)
def test_rates_name_the_counts_they_are_computed_from(
    rate: str, numerator: str | None, denominator: str | None
) -> None:
    assert (INDICATORS[rate].numerator, INDICATORS[rate].denominator) == (numerator, denominator)


def test_the_overview_has_at_least_two_tiles_of_each_domain() -> None:
    tiles: dict[str, int] = defaultdict(int)
    for indicator in CATALOGUE.indicators:
        tiles[indicator.domain] += indicator.headline
    assert {domain: tiles[domain] >= 2 for domain in ("enrollment", "dropout", "vaccination", "hygiene")} == {
        "enrollment": True, "dropout": True, "vaccination": True, "hygiene": True,
    }  # fmt: skip
    assert tiles["context"] == 0
    assert sum(tiles.values()) == 12


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("dropout_rate", "CE"),
        ("retention_rate", "CE"),
        ("gross_enrollment_rate", "KG"),
        ("inclusive_kindergarten_coverage", "KG"),
        ("enrollment", "ALL"),
        ("vac_cert_check_rate", "ALL"),
        ("hygiene_inspection_pass_rate", "ALL"),
        ("hepb_birth_timely_rate", None),
    ],
)
def test_the_level_shown_when_nobody_chooses(code: str, level: str | None) -> None:
    assert INDICATORS[code].default_level == level


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("在园幼儿", "enrollment"),
        ("学籍人数", "enrollment"),
        ("专任教师", "teachers"),
        ("教职员工", "staff"),
        ("教学班", "classes"),
        ("一年级新生", "entrants"),
        ("转进", "transfer_in"),
        ("流失率", "dropout_rate"),
        ("三年保留率", "retention_rate"),
        ("学年巩固率", "annual_retention_rate"),
        ("劝返率", "dropout_return_rate"),
        ("应查验人数", "vac_cert_check_due"),
        ("有证人数", "vac_cert_held"),
        ("建证率", "vac_cert_held_rate"),
        ("建卡率", "vac_card_rate"),
        ("受种人数", "vaccination_given"),
        ("需补种剂次", "vac_catchup_due"),
        ("首针及时率", "hepb_birth_timely_rate"),
        ("整改完成率", "hygiene_rectification_rate"),
        ("A级食堂", "canteen_graded_count"),
        ("明厨亮灶率", "open_kitchen_coverage"),
        ("具有健康证明人数", "food_handlers_certified"),
        ("健康证持证率", "food_handler_cert_rate"),
        ("参检率", "student_exam_coverage"),
        ("视力不良检出率", "low_vision_rate"),
        ("班均人数", "average_class_size"),
    ],
)
def test_spellings_of_reports_and_sheets_find_their_indicator(spelling: str, code: str) -> None:
    assert {found for word, found, _ in CATALOGUE.spellings() if word == spelling} == {code}


def test_spellings_are_sorted_longest_first_and_say_where_they_are_safe() -> None:
    rows = CATALOGUE.spellings()
    lengths = [len(word) for word, _, _ in rows]
    assert lengths == sorted(lengths, reverse=True)
    assert ("教师", "teachers", False) in rows
    assert ("本学年初报表在校生数", "enrollment", True) in rows
    assert ("学校", "schools", False) in rows  # prose only
    assert "学校" not in (*INDICATORS["schools"].synonyms, *INDICATORS["schools"].sheet_synonyms)


@pytest.mark.parametrize("word", ["计", "合计", "小计", "总计", "人数", "年级", "备注", "师生比", "参合率", "满意率"])
def test_words_that_mean_no_indicator_are_not_claimed(word: str) -> None:
    assert [code for found, code, _ in CATALOGUE.spellings() if found == word] == []


def test_an_unknown_code_is_a_key_error() -> None:
    assert CATALOGUE.indicator("boarders").unit == "person"
    with pytest.raises(KeyError):
        CATALOGUE.indicator("boarder")


# --- vaccines ----------------------------------------------------------------------------------------


def test_the_vaccines_are_those_of_the_contract() -> None:
    assert [vaccine.code for vaccine in CATALOGUE.vaccines] == [
        "BCG", "HepB", "Polio", "DTaP", "DT", "MMR", "JE", "MenA", "MenAC", "HepA", "HPV", "Varicella",
    ]  # fmt: skip
    assert [vaccine.code for vaccine in CATALOGUE.vaccines if not vaccine.immunisation_programme] == ["Varicella"]


@pytest.mark.parametrize(
    ("spelling", "code"),
    [
        ("糖丸", "Polio"), ("麻风腮", "MMR"), ("麻腮风", "MMR"), ("麻疹", "MMR"), ("麻风", "MMR"), ("含麻疹成分疫苗", "MMR"),
        ("白破", "DT"), ("百白破", "DTaP"), ("DPT", "DTaP"), ("A群流脑", "MenA"), ("A+C流脑", "MenAC"), ("A+C", "MenAC"),
        ("HepA-L", "HepA"), ("JE-I", "JE"), ("2vHPV", "HPV"), ("结核疫苗", "BCG"), ("重组乙肝", "HepB"), ("水痘", "Varicella"),
    ],
)  # fmt: skip
def test_every_way_to_write_a_vaccine(spelling: str, code: str) -> None:
    assert {found for word, found in CATALOGUE.vaccine_spellings() if word == spelling} == {code}


def test_longer_vaccine_names_come_before_those_inside_them() -> None:
    words = [word for word, _ in CATALOGUE.vaccine_spellings()]
    assert words.index("百白破") < words.index("白破")
    assert words.index("A+C流脑") < words.index("流脑")
    assert words.index("DTaP") < words.index("DT")


# --- targets -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "dims", "on", "kind", "value"),
    [
        ("retention_rate", {"level": "CE"}, date(2024, 12, 31), "county", 95),
        ("retention_rate", {"level": "CE"}, date(2025, 1, 1), "county", 96),  # valid_to is the first day without
        ("retention_rate", {}, date(2026, 11, 1), "school", 96),  # the default level is meant
        ("retention_rate", {"level": "JUN"}, date(2026, 11, 1), "county", 95),
        ("retention_rate", {"level": "JUN"}, date(2026, 11, 1), "city", None),  # a county's criterion
        ("retention_rate", {"level": "CE"}, date(2019, 12, 31), "county", None),  # not yet due
        ("gross_enrollment_rate", {"level": "KG"}, date(2026, 9, 1), "county", 85),  # county over national
        ("gross_enrollment_rate", {"level": "KG"}, date(2026, 9, 1), "city", 90),
        ("disabled_enrollment_rate", {"level": "CE"}, date(2026, 9, 1), "county", 97),
        ("dropout_rate", {"level": "JUN", "sex": "F"}, date(2026, 9, 1), "town", 0),
        ("vaccination_coverage", {"vaccine": "JE"}, date(2026, 9, 1), "town", 90),
        ("vaccination_coverage", {"vaccine": "MMR", "dose": "2"}, date(2026, 9, 1), "town", 95),
        ("vaccination_coverage", {"vaccine": "MMR", "dose": "1"}, date(2026, 9, 1), "town", 90),
        ("myopia_rate", {"level": "PRI"}, date(2026, 9, 1), "county", None),
        ("myopia_rate", {"level": "PRI"}, date(2030, 9, 1), "county", 32),
        ("vac_cert_check_rate", {"level": "KG"}, date(2026, 9, 1), "other", 100),
        ("vac_cert_check_rate", {}, date(2026, 9, 1), "province", None),
        ("no_such_indicator", {}, date(2026, 9, 1), "county", None),
    ],
)
def test_the_target_of_a_unit_on_a_day(code: str, dims: dict[str, str], on: date, kind: str, value: int | None) -> None:
    target = CATALOGUE.target(code, dims, on, kind)
    assert (target.value if target else None) == value


def test_what_is_told_of_targets_and_vaccines_is_told_in_both_languages() -> None:
    told = [(one.note_zh, one.note_en) for one in load_catalogue().targets]
    told += [(one.doses_zh, one.doses_en) for one in load_catalogue().vaccines]
    assert all(bool(zh) == bool(en) and en.isascii() for zh, en in told)


def test_targets_without_an_official_text_say_so() -> None:
    marks = {target.source for target in CATALOGUE.targets}
    assert all(re.fullmatch(r"V:S\d\d|G|P:样例", mark) for mark in marks)
    proposals = [target for target in CATALOGUE.targets if target.source.startswith("P")]
    assert proposals
    assert all("没有官方依据" in target.note_zh for target in proposals)
    assert all(target.note_zh.endswith("。") for target in CATALOGUE.targets)


# --- the page that names the values ------------------------------------------------------------------


def test_the_contract_names_every_value_that_the_code_knows() -> None:
    text = (HERE.parents[1] / "docs" / "contract.md").read_text(encoding="utf-8")
    values = {
        *DIMENSIONS, *get_args(Level), *(vaccine.code for vaccine in CATALOGUE.vaccines), *Qualifier, *ObsStatus, *Role,
    }  # fmt: skip
    assert {value for value in values if f"`{value}`" not in text} == set()


def test_every_public_source_is_listed() -> None:
    text = (HERE.parents[1] / "docs" / "sources.md").read_text(encoding="utf-8")
    marks = {
        item.source.removeprefix("V:") for item in (*CATALOGUE.indicators, *CATALOGUE.targets) if item.source[0] == "V"
    }
    assert sorted(marks - set(re.findall(r"^\| (S\d\d) \|", text, flags=re.MULTILINE))) == []
