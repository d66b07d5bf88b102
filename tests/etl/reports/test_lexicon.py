"""Spellings are found where they stand, the longest of those that begin at a place."""

from __future__ import annotations

from db.catalogue import load_catalogue
from etl.reports.lexicon import lexicon_of


def test_every_spelling_is_found_where_it_begins() -> None:
    lexicon = lexicon_of(load_catalogue())
    words = [word for word, _, sheet_only in load_catalogue().spellings() if not sheet_only and "“" not in word]
    assert len(words) > 500
    for word in words:
        plain = word.replace("（", "(").replace("）", ")").replace("＋", "+")
        assert [(n.start, n.word) for n in lexicon.names_in(f"•{plain}•")][:1] == [(1, plain)] or len(plain) < 2


def test_the_longest_spelling_counts_and_none_overlaps() -> None:
    lexicon = lexicon_of(load_catalogue())
    assert [n.word for n in lexicon.names_in("九年义务教育巩固率和小学入学率")] == ["九年义务教育巩固率", "小学入学率"]
    assert lexicon.beginning("学") is None
