"""YAML without its traps: a key given twice and an unquoted number with a leading zero are refused."""

from __future__ import annotations

import re
from typing import Any

import yaml

_LEADING_ZERO = re.compile(r"[-+]?0[0-9_]+")


class YamlMistake(ValueError):
    """What is wrong with the text (Chinese) and where it stands (line and column, counted from 1)."""

    def __init__(self, mark: yaml.Mark | None, what: str) -> None:
        super().__init__(what)
        self.place = f"第{mark.line + 1}行第{mark.column + 1}列" if mark is not None else ""
        self.what = what


class _Loader(yaml.SafeLoader):
    """yaml.safe_load's loader; it only refuses more."""


class _FastLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The same over libyaml where it is there: a seventh of the time."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[Any, Any]:
    seen: set[str] = set()
    for key_node, _ in node.value:
        if key_node.value in seen:
            raise YamlMistake(key_node.start_mark, f"键 {key_node.value} 重复出现")
        seen.add(key_node.value)
    loader.flatten_mapping(node)
    made: dict[Any, Any] = loader.construct_mapping(node, deep=True)
    return made


def _integer(loader: Any, node: yaml.ScalarNode) -> int:
    if _LEADING_ZERO.fullmatch(node.value):
        raise YamlMistake(node.start_mark, f'以0开头的编码 {node.value} 要加引号,写成 "{node.value}"')
    number: int = loader.construct_yaml_int(node)
    return number


for _loader in (_Loader, _FastLoader):
    _loader.add_constructor("tag:yaml.org,2002:map", _mapping)
    _loader.add_constructor("tag:yaml.org,2002:int", _integer)


def load_yaml(text: str) -> Any:
    """What yaml.safe_load gives. Raises YamlMistake with line and column."""
    try:
        return yaml.load(text, Loader=_FastLoader)
    except (yaml.YAMLError, YamlMistake):
        return _slowly(text)  # whose places and words are the same on every machine


def _slowly(text: str) -> Any:
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        raise YamlMistake(error.problem_mark, f"不是合法的YAML:{error.problem}") from None
