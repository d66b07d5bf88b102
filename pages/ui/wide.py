"""What a reader of very many schools sees first: districts. Their schools are shown once a district is chosen."""

from __future__ import annotations

from collections.abc import Sequence

from pages.ui import data, units

MOST = 1500  # units of one kind that a page looks at one by one; a city has fewer schools, a province has more


def has_too_many(kind: str, root: int | None = None) -> bool:
    """Whether there are more units of a kind below a unit (the top, if none is given) than a page can go through."""
    top = data.root_id() if root is None else root
    return top is not None and data.kept("too_many", lambda: units.has_more(top, kind, MOST), top, kind)


def kinds(offered: Sequence[str], root: int) -> list[str]:
    """The kinds of units that a page can go through one by one below a unit; never empty."""
    few = [each for each in offered if not has_too_many(each, root)]
    return few or list(offered[:1])


def districts(root: int) -> tuple[int, ...]:
    """Ids of the districts below a unit, in the order of the tree."""
    return tuple(data.below(root, "county"))
