"""Reads the yml files of the catalogue; a mistake is refused with its file, its path and a Chinese sentence."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import ValidationError

from db.catalogue.checks import Entry, mistakes
from db.catalogue.form_checks import form_mistakes
from db.catalogue.forms import Form, FormWords
from db.catalogue.model import Catalogue, FindingCategory, Indicator, Target, Vaccine
from db.catalogue.model_base import Domain, Strict
from db.catalogue.rule_checks import rule_mistakes
from db.catalogue.rules import Quantity, Rule
from db.catalogue.sentences import sentence
from db.catalogue.strict_yaml import YamlMistake, load_yaml

HERE = Path(__file__).parent
DOMAINS: tuple[str, ...] = get_args(Domain)
M = TypeVar("M", bound=Strict)


class CatalogueError(ValueError):
    """A mistake in a file of the catalogue. The message is Chinese: `file: path: what is wrong`."""

    def __init__(self, file: str, path: str, what: str) -> None:
        super().__init__(": ".join(part for part in (file, path, what) if part))
        self.file = file
        self.path = path
        self.what = what


@cache
def load_catalogue(folder: Path = HERE) -> Catalogue:
    """The catalogue of a folder (the one beside this file), read once. Raises CatalogueError."""
    files = sorted(path.name for path in (folder / "indicators").glob("*.yml"))
    if not files:
        raise CatalogueError("indicators", "", "这个文件夹里没有yml文件")
    indicators = [entry for name in files for entry in _indicators(folder, f"indicators/{name}")]
    indicators.sort(key=lambda entry: DOMAINS.index(entry.item.domain))
    targets = list(_entries(folder, "targets.yml", "targets", Target))
    vaccines = list(_entries(folder, "vaccines.yml", "vaccines", Vaccine))
    categories = list(_entries(folder, "findings.yml", "finding_categories", FindingCategory))
    quantities, rules = _rules(folder, "rules.yml")
    words, forms = _forms(folder, "forms.yml")
    for mistake in (
        *mistakes(indicators, targets, vaccines, categories),
        *rule_mistakes(indicators, quantities, rules),
        *form_mistakes(forms, {one.item.code: one.item for one in indicators}, {one.item.code for one in quantities}),
    ):
        raise CatalogueError(mistake.file, mistake.path, mistake.what)
    return Catalogue(
        indicators=tuple(entry.item for entry in indicators),
        targets=tuple(entry.item for entry in targets),
        vaccines=tuple(entry.item for entry in vaccines),
        quantities=tuple(entry.item for entry in quantities),
        rules=tuple(entry.item for entry in rules),
        finding_categories=tuple(entry.item for entry in categories),
        forms=tuple(entry.item for entry in forms),
        form_words=words,
    )


def _indicators(folder: Path, file: str) -> Iterator[Entry[Indicator]]:
    """The indicators of one file; its `domain` holds for all of them, `templates` only carry YAML anchors."""
    content = _mapping(folder, file, {"domain", "templates", "indicators"})
    yield from _parse(file, "indicators", content, Indicator, {"domain": content.get("domain")})


def _entries(folder: Path, file: str, section: str, model: type[M]) -> Iterator[Entry[M]]:
    yield from _parse(file, section, _mapping(folder, file, {section}), model, {})


def _rules(folder: Path, file: str) -> tuple[list[Entry[Quantity]], list[Entry[Rule]]]:
    content = _mapping(folder, file, {"quantities", "rules"})
    quantities = list(_parse(file, "quantities", content, Quantity, {}))
    return quantities, list(_parse(file, "rules", content, Rule, {}))


def _forms(folder: Path, file: str) -> tuple[FormWords, list[Entry[Form]]]:
    content = _mapping(folder, file, {"words", "forms"})
    words = content.get("words")
    if not isinstance(words, dict):
        raise CatalogueError(file, "words", "应为键值,例如 school: 学校名称")
    return _validated(file, "words", FormWords, words), list(_parse(file, "forms", content, Form, {}))


def _mapping(folder: Path, file: str, known: set[str]) -> dict[str, Any]:
    try:
        content = load_yaml((folder / file).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise CatalogueError(file, "", "缺少这个文件") from None
    except UnicodeDecodeError:
        raise CatalogueError(file, "", "不是UTF-8编码,请另存为UTF-8") from None
    except YamlMistake as mistake:
        raise CatalogueError(file, mistake.place, mistake.what) from None
    if not isinstance(content, dict):
        raise CatalogueError(file, "", f"最外层应为键值,含 {'、'.join(sorted(known))}")
    for key in content:
        if key not in known:
            raise CatalogueError(file, str(key), f"没有这一项,只能有 {'、'.join(sorted(known))}")
    return content


def _parse(
    file: str, section: str, content: dict[str, Any], model: type[M], shared: dict[str, Any]
) -> Iterator[Entry[M]]:
    rows = content.get(section)
    if not isinstance(rows, list) or not rows:
        raise CatalogueError(file, section, "应为列表,且不能为空")
    for n, row in enumerate(rows):
        path = f"{section}.{n}"
        if not isinstance(row, dict):
            raise CatalogueError(file, path, "应为键值,例如 code: dropout_rate")
        for key in shared.keys() & row.keys():
            raise CatalogueError(file, f"{path}.{key}", f"已写在文件开头的 {key},这里不要再写")
        yield Entry(file, path, _validated(file, path, model, {**shared, **row}))


def _validated(file: str, path: str, model: type[M], row: dict[str, Any]) -> M:
    try:
        return model.model_validate(row)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join([path, *(str(part) for part in first["loc"])])
        raise CatalogueError(file, where, sentence(first)) from None
