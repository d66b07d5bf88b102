"""A link to a page that carries the version of its data, and what became of the numbers since when someone opens it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit, urlunsplit

import pandas as pd
import streamlit as st

from pages.analysis import display, provenance
from pages.ui import cards, data, filters, measures, vintage
from pages.ui.text import coded, listed, moment_text, period_brief, plain, say, title_of, value_text

NAME = "known"  # of the parameter
SHOWN = 30  # changed values listed
FILES = 5
_CODE = re.compile(r"(\d{1,9})\.(\d{8}T\d{6})(\d{6})?")
_UNITS = ("unit", "units", "root", "district")


class Version(NamedTuple):
    """The state of the store that a link was made of: its revision, and the moment (UTC)."""

    revision: int
    at: datetime

    @property
    def code(self) -> str:
        return f"{self.revision}.{self.at:%Y%m%dT%H%M%S%f}"  # a correction may come in the same second


def read(code: str) -> Version | None:
    """The version of a code; None for what is none."""
    found = _CODE.fullmatch(code)
    try:
        if found is None:
            return None
        moment = f"{found[2]}{found[3] or '000000'}"  # links of earlier versions end with the second
        return Version(int(found[1]), datetime.strptime(moment, "%Y%m%dT%H%M%S%f"))  # noqa: DTZ007 - UTC
    except ValueError:
        return None


def address(url: str, params: Mapping[str, str], version: Version) -> str:
    """The link to a page as it stands, with the version of its data."""
    kept = {name: value for name, value in params.items() if name not in (NAME, "draft")}
    return urlunsplit((*urlsplit(url)[:3], urlencode({**kept, NAME: version.code}), ""))


def offer() -> None:
    """The link of this page, to be copied."""
    now = Version(data.revision(), datetime.now(UTC).replace(tzinfo=None))
    with st.popover(say("permalink.label"), icon=":material/share:", key="share"):
        st.caption(say("permalink.lead"))
        st.code(address(st.context.url or "", st.query_params.to_dict(), now), language=None, wrap_lines=True)


def told() -> None:
    """Over a page that was opened by such a link: whether its numbers still stand."""
    code = st.query_params.get(NAME)
    if code is None:
        return
    version = read(code)
    if version is None or version.revision > data.revision():
        st.warning(say(f"permalink.{'unknown' if version is None else 'future'}"), icon=":material/link_off:")
        return
    made = say("permalink.at", at=moment_text(version.at), revision=version.revision)
    frames = _frames(version)
    if frames is None:
        st.error(f"{made}{say('permalink.gone')}", icon=":material/link_off:")
        return
    shown, differing = frames
    _said(made, provenance.age(shown, differing), differing, version)


def _said(made: str, age: provenance.Age, differing: pd.DataFrame, version: Version) -> None:
    counts = {name: display.number(getattr(age, name)) for name in ("replaced", "withdrawn", "added")}
    n = display.number(age.shown)
    if age.state == "current":
        key = "nothing" if not age.shown else "current_added" if age.added else "current"
        st.info(made + say(f"permalink.{key}", n=n, added=counts["added"]), icon=":material/verified:")
        return
    words = made + say(f"permalink.{age.state}", n=n, **counts)
    (st.error if age.state == "withdrawn" else st.warning)(words, icon=":material/history:")
    cards.folded(say("permalink.what"), "permalink_what", lambda: _what(differing, version))


def _frames(version: Version) -> tuple[int, pd.DataFrame] | None:
    """How many numbers the page showed at a version, and those that are others now (see vintage.differing); None where
    what the address names is not there."""
    params = st.query_params.to_dict()
    number = params.get("obs", "")
    if number.isdigit():
        return _of_record(int(number))
    units = _units(params)
    if not units:
        return None
    arguments = (units, params.get("indicator"), params.get("dims"), params.get("period"), version.at)
    return data.kept("permalink", lambda: _compared(*arguments), *arguments)


def _units(params: Mapping[str, str]) -> tuple[int, ...]:
    """The units that an address names, of those that may be seen; the whole where it names none."""
    named = [part for name in _UNITS for part in params.get(name, "").split(",") if part.isdigit()]
    if named:
        data.meet(map(int, named))
        return tuple(dict.fromkeys(int(each) for each in named if data.is_seen(int(each))))
    root = data.root_id()
    return () if root is None else (root, *(data.children(root) if "indicator" in params else ()))


def _compared(
    units: Sequence[int], indicator: str | None, dims: str | None, period: str | None, at: datetime
) -> tuple[int, pd.DataFrame]:
    codes = [indicator] if indicator else measures.headline_codes()
    wanted = None if dims is None else [dims]
    now, then = (data.cells(codes, units, None, wanted, at=moment) for moment in (None, at))
    if indicator is None:
        now, then = (_headlines(frame, units) for frame in (now, then))
    if period:
        now, then = (_inside(frame, period, exact=indicator is not None) for frame in (now, then))
    return int(then["value"].notna().sum()), vintage.differing(now, then)


def _headlines(frame: pd.DataFrame, units: Sequence[int]) -> pd.DataFrame:
    """The breakdowns of the headline indicators that pages show; all of them where a unit has no values left."""
    shown = {(int(unit), each.indicator.code, each.dims) for unit in units for each in measures.headlines(unit)}
    empty = set(units) - {unit for unit, *_ in shown}
    keys = zip(frame["org_unit_id"], frame["indicator"], frame["dims"], strict=True)
    return frame[pd.Series([key in shown or key[0] in empty for key in keys], index=frame.index, dtype=bool)]


def _inside(frame: pd.DataFrame, period: str, *, exact: bool) -> pd.DataFrame:
    """The cells of a period, and of those inside it where a page tells of all of them (`exact` False)."""
    own = frame["period"] == period
    span = measures.span_of(period)
    if exact or span is None:
        return frame[own]
    return frame[own | ((frame["start_date"] >= span[0]) & (frame["end_date"] <= span[1]))]


def _of_record(number: int) -> tuple[int, pd.DataFrame] | None:
    """A link to one record: whether it is the one that stands."""
    held = data.observation(number)
    if held is None:
        return None
    place = {"org_unit_id": held.org_unit_id, "indicator": held.indicator, "period": held.period, "dims": held.dims}
    stands = held.value
    if held.valid_to is not None:
        now = data.cells([held.indicator], [held.org_unit_id], [held.period], [held.dims])
        stands = None if now.empty else now["value"].iloc[0]
    row = pd.DataFrame([{**place, "then": held.value, "now": stands}]).astype({"then": float, "now": float})
    same = held.valid_to is None or abs(float(row["now"].iloc[0]) - float(held.value or 0)) < vintage.SAME
    return 1, row.head(0) if same else row


def _what(differing: pd.DataFrame, version: Version) -> None:
    """The values that are others now, and the files that came or went since."""
    rows = differing[differing["then"].notna()]
    names, frame = filters.unit_words(), rows.head(SHOWN)
    held = [data.indicator(str(code), str(dims)) for code, dims in zip(frame["indicator"], frame["dims"], strict=True)]
    columns = {
        say("common.column.unit"): [names(int(each)) for each in frame["org_unit_id"]],
        say("common.column.indicator"): [
            title_of(each, str(dims)) for each, dims in zip(held, frame["dims"], strict=True)
        ],
        say("common.column.period"): [period_brief(str(each)) for each in frame["period"]],
        say("permalink.then"): [value_text(value, each) for value, each in zip(frame["then"], held, strict=True)],
        say("permalink.now"): [value_text(value, each) for value, each in zip(frame["now"], held, strict=True)],
    }
    cards.table(pd.DataFrame(columns), key="permalink_changed", alt=say("permalink.what"))
    if len(rows) > SHOWN:
        st.caption(say("permalink.more", n=SHOWN, total=len(rows)))
    since = data.recent_changes()
    since = since[since["at"] > version.at]
    files = [
        say("permalink.file", name=plain(row.file_name), status=coded("import_status", row.status), user=plain(row.user), at=moment_text(row.at))
        for row in since.head(FILES).itertuples()
    ]  # fmt: skip
    if files:
        st.caption(say("permalink.files", n=len(since), names=listed(files)))
