"""Words: the two languages agree, no word is missing or left over, and none stands outside pages/text."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from db.catalogue.strict_yaml import load_yaml
from pages import text
from pages.text import LANGUAGES, flatten, phrase, words

PAGES = Path(__file__).parent.parent.parent / "pages"
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e]")
SAYING = {"say", "phrase", "known"}
CODED = "coded"  # coded("level", code) says common.level.<code>


def sources() -> list[Path]:
    return sorted(PAGES.rglob("*.py"))


def strings(tree: ast.AST) -> Iterator[str]:
    """Every text literal of a module that is not a docstring."""
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def pattern(node: ast.expr) -> str | None:
    """A literal or f-string as a regular expression: every {...} may stand for anything but nothing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return re.escape(node.value)
    if isinstance(node, ast.JoinedStr):
        parts = [re.escape(p.value) if isinstance(p, ast.Constant) else ".+" for p in node.values]
        return "".join(str(part) for part in parts)
    return None


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


@cache
def said() -> dict[str, set[str]]:
    """Patterns of the keys each file says, wherever a key stands in a literal with a dot in it."""
    found: dict[str, set[str]] = {}
    for path in sources():
        keys = found.setdefault(str(path.relative_to(PAGES)), set())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args:
                if name_of(node) in SAYING and (key := pattern(node.args[-1 if name_of(node) == "known" else 0])):
                    keys.add(key)
                if name_of(node) == "phrase" and len(node.args) > 1 and (key := pattern(node.args[1])):
                    keys.add(key)
                if name_of(node) == CODED and (group := pattern(node.args[0])):
                    keys.add(rf"common\.{group}\..+")
    return found


def test_the_languages_have_the_same_words() -> None:
    keys = {language: set(words(language)) for language in LANGUAGES}
    assert keys["zh"] - keys["en"] == set()
    assert keys["en"] - keys["zh"] == set()


def test_the_languages_fill_in_the_same_values() -> None:
    def fields(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    differing = {key for key in words("zh") if fields(words("zh")[key]) != fields(words("en")[key])}
    # A term's year stands in English too; only the words for a period may leave parts of it out.
    assert {key for key in differing if not key.startswith("common.period.")} == set()


@pytest.mark.parametrize("file", [str(path.relative_to(PAGES)) for path in sources()])
def test_every_word_said_exists(file: str) -> None:
    keys = set(words("zh"))
    missing = {each for each in said()[file] if not any(re.fullmatch(each, key) for key in keys)}
    assert missing - {"en", "zh"} == set()


@cache
def mentioned() -> set[str]:
    """Patterns of all literals that begin like a key, said at once or kept in a variable first."""
    sections = tuple(f"{key.split('.')[0]}\\." for key in words("zh"))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sources()]
    found = {pattern(node) for tree in trees for node in ast.walk(tree) if isinstance(node, ast.expr)}
    everything = r"common\..+\..+"  # the one place that spells a key out of its parts; its callers are read instead
    return {each for each in found if each is not None and each.startswith(sections) and each != everything}


def test_no_word_is_left_over() -> None:
    patterns = {each for keys in said().values() for each in keys} | mentioned()
    said_somewhere = re.compile("|".join(f"(?:{each})" for each in sorted(patterns)))  # one by one they take minutes
    unused = {key for key in words("zh") if not said_somewhere.fullmatch(key)}
    assert unused == set()


@pytest.mark.parametrize("path", sources(), ids=lambda path: path.relative_to(PAGES).as_posix())
def test_no_chinese_stands_outside_the_text_files(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert [each for each in strings(tree) if CHINESE.search(each)] == []


def test_no_sentence_shouts() -> None:
    assert {key for key, value in words("zh").items() if "!" in value or "！" in value} == set()


def test_english_holds_no_chinese_except_the_name_of_the_language() -> None:
    held = {key for key, value in words("en").items() if CHINESE.search(value)}
    assert held == {"frame.language", "frame.languages.zh"}


def test_a_key_that_yaml_takes_for_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match=r"common\.True"):
        list(flatten({"common": {True: "是"}}))
    with pytest.raises(ValueError, match=r"common\.n"):
        list(flatten({"common": {"n": 3}}))


def test_chinese_is_the_floor(monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = {"zh": {"a.b": "共{n}所"}, "en": {}}
    monkeypatch.setattr(text, "words", shelf.__getitem__)
    assert phrase("en", "a.b", n=3) == "共3所"
    with pytest.raises(KeyError):
        phrase("en", "a.c")


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_key_is_given_twice(language: str) -> None:
    """The second would take the place of the first without a word."""
    load_yaml((PAGES / "text" / f"{language}.yml").read_text(encoding="utf-8"))
