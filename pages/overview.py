"""The two-minute page: what is wrong, where, since when, and is it real."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.analysis import display, series
from pages.charts.sparkline import TILE, sparkline
from pages.ui import (
    access,
    attention_list,
    board,
    cards,
    courses,
    data,
    datasets,
    disputes,
    district_counts,
    downloads,
    filters,
    headline,
    links,
    measures,
    pictures,
    placement,
    reviewing,
    sentences,
    tables,
    whats_new,
    wide,
)
from pages.ui.text import (
    change_text,
    coded,
    definition_of,
    fraction_text,
    is_stated,
    join,
    language,
    listed,
    moment_text,
    name_of,
    period_brief,
    period_short,
    period_text,
    plain,
    say,
    title_of,
    value_text,
)

TILE_PX = 160  # six side by side on an office screen, two on a phone
GROUPS = 8


def verdict(whole: board.City, kind: str, root: int, moved: tuple[int, int]) -> None:
    """The first lines: which headline indicators miss their target, then what else to look at on this page."""
    latest = measures.of_series(whole.judged, measures.without_parts(whole.chosen), latest=True)
    missed = latest[latest["state"] == "missed"]
    counts = {state: int((latest["state"] == state).sum()) for state in ("met", "near", "missed")}
    codes = set(missed["indicator"])
    names = listed(plain(title_of(each.indicator, each.dims)) for each in whole.chosen if each.indicator.code in codes)
    st.markdown(
        say("overview.verdict.missed" if names else "overview.verdict.fine", n=len(latest), names=names, **counts)
    )
    n_sure = int(board.needing(root, kind).found["sure"].sum())
    code, n_late = most_missing(root)
    n_twice = len(open_discrepancies())
    st.markdown(
        join(
            [
                say(f"overview.verdict.{'sure' if n_sure else 'none_sure'}", n=n_sure, kind=coded("kind", kind)),
                say("overview.verdict.late", n=n_late, indicator=plain(name_of(data.indicator(code)))) if code and n_late else "",
                say("overview.verdict.twice", n=n_twice) if n_twice else "",
                *(say(f"overview.verdict.{way}", n=n) for way, n in zip(("came", "went"), moved, strict=True) if n),
            ]
        )
    )  # fmt: skip


def most_missing(root: int) -> tuple[str | None, int]:
    """The indicator whose missing schools are told first, and how many they are; nothing where schools are not looked at
    one by one."""
    if wide.has_too_many("school", root):
        return None, 0
    rows = board.progress(root)
    late = rows.loc[rows["due"] & ~rows["reported"].astype(bool)]
    code = board.default_progress(root)
    return code, int((late["indicator"] == code).sum())


def tiles(whole: board.City, root: int) -> None:
    """The headline tiles of the whole city, in the catalogue's order."""
    title = say("overview.tile.title")
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute"):
        st.header(title, anchor="indicators", help=say("overview.tile.help"), width="content")
        name = say("save.headlines", unit=data.name(root))
        chart = pictures.of_panels(lambda: headline.panels(whole), name, whole.judged)
        downloads.values(name, whole.judged, "tiles", charts=[chart])
    data.drawn("tiles", lambda: in_a_row(whole, root), root)


def in_a_row(whole: board.City, root: int) -> None:
    """Tile beside tile."""
    by_series = by_period(whole.judged)
    with st.container(horizontal=True, gap="xsmall", key="tiles"):
        for each, course in zip(whole.chosen, whole.courses, strict=True):
            with st.container(
                border=True, width=TILE_PX, height="stretch", gap="xxsmall", key=f"tile_{each.indicator.code}"
            ):
                tile(each, by_series[each.indicator.code, each.dims], course, root)


def by_period(judged: pd.DataFrame) -> dict[tuple[str, str], pd.DataFrame]:
    """The rows of each series (indicator, dims) by period."""
    return {
        (str(code), str(dims)): rows.drop_duplicates("period").set_index("period")
        for (code, dims), rows in judged.groupby(["indicator", "dims"])
    }


def tile(shown: measures.Series, rows: pd.DataFrame, course: str, root: int) -> None:
    """One tile: value, change in a year, course, state against the target; what it rests on in its help."""
    indicator, code = shown.indicator, shown.latest
    row = rows.loc[code]
    title = title_of(indicator, shown.dims)
    note = "\n\n".join([definition_of(indicator), _basis(row, shown)])
    with st.container(key=f"name_{indicator.code}"):  # as high in every tile, so that the values stand in a line
        st.markdown(f":small[{plain(title)}]", help=f"**{coded('domain', indicator.domain)}**\n\n{note}")
    change = series.change(rows["value"], code)
    if change is not None and display.rounded(change, indicator.decimals) == 0:
        change = 0.0  # what rounds to nothing gets neither arrow nor colour
    before = rows["value"].get(series.year_before(code) or "")
    st.metric(
        title,
        value_text(row["value"], indicator, status=row["obs_status"]),
        delta=None if change is None else change_text(change, indicator, before),
        delta_color=_colour(indicator.direction, change, course),
        delta_arrow="off" if not change else "auto",
        label_visibility="collapsed",  # the line above holds it whole; a metric's own label is cut off
    )
    _course(shown, rows["value"].reindex(shown.periods))
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center"):
        if row["benchmark"]:
            cards.state_badge(row["state"], say(f"common.state_help.{row['state']}"))
            st.caption(headline.bound(row, indicator), width="content")
        if is_stated(indicator, row["method"]):
            cards.reported_badge()
    gap = sentences.gap_in_people(row, indicator)
    if gap:
        st.caption(gap)
    courses.badge(course, indicator.direction)
    with st.container(horizontal=True, gap="xxsmall", vertical_alignment="center", horizontal_alignment="distribute"):
        st.caption(period_short(code), width="content")
        links.to("trends", say("overview.tile.trend"), units=root, indicator=indicator.code, dims=shown.dims)


def _course(shown: measures.Series, values: pd.Series) -> None:
    """The values of a tile as a line: an image, since the library behind the chart of a metric weighs as much as all the rest
    of the page."""
    numbers = [None if pd.isna(each) else float(each) for each in values]
    held = values.dropna()
    told = [f"{period_brief(str(at))} {value_text(each, shown.indicator)}" for at, each in held.items()]
    ends = say("overview.tile.course", first=told[0], last=told[-1]) if len(told) > 1 else ""
    drawn = sparkline(numbers, " ".join(told), style=TILE, title=ends)
    if drawn:
        st.html(drawn)


def _colour(direction: str, change: float | None, course: str) -> str:
    if not courses.tested(course, direction, change):
        return "off"  # red for what chance explains would be a false alarm
    return {"higher": "normal", "lower": "inverse"}.get(direction, "off")


def _basis(row: pd.Series, shown: measures.Series) -> str:
    target = ""
    if row["benchmark"] == "target":
        level = say(f"common.target_level.{row['target_level']}")
        target = say("overview.tile.target", level=level, bound=headline.bound(row, shown.indicator))
    return join(
        [
            period_text(shown.latest),
            plain(target),
            fraction_text(row["numerator"], row["denominator"]),
            say("overview.tile.reported", n=display.number(row["n_units"])),
        ]
    )


def not_reported(root: int) -> None:
    """Which schools have not reported an indicator in its youngest period, by name and by district."""
    st.header(say("overview.reporting.title"), anchor="reporting", help=say("overview.reporting.help"))
    words = data.kept("progress_words", lambda: offered_progress(board.progress(root)), root, language())
    first = board.default_progress(root)
    code = filters.choose("missing", say("common.pick.indicator"), list(words), first, words.__getitem__)
    if code is None:
        return
    late = data.kept("late", lambda: late_of(board.progress(root), code), root, code)
    data.drawn("progress", lambda: reported(board.progress(root), late, code), root, code)
    if len(late):
        with st.expander(say("overview.reporting.table")):
            late_table(late, code, root)
    never = data.kept("never", lambda: never_of(board.progress(root), code), root, code)
    if never:
        st.caption(say("overview.reporting.never_any", n=display.number(never)))


def offered_progress(rows: pd.DataFrame) -> dict[str, str]:
    """The indicators of the reporting progress in words, by code."""
    n_late = rows.loc[rows["due"] & ~rows["reported"].astype(bool), "indicator"].value_counts().to_dict()
    return {each: progress_words(each, n_late.get(each, 0)) for each in dict.fromkeys(rows["indicator"])}


def late_of(rows: pd.DataFrame, code: str) -> pd.DataFrame:
    """The schools that have not reported an indicator."""
    return rows[(rows["indicator"] == code) & rows["due"] & ~rows["reported"].astype(bool)]


def never_of(rows: pd.DataFrame, code: str) -> int:
    """How many schools never reported an indicator that others do report."""
    due = rows.loc[rows["indicator"] == code, "due"]
    return int((~due).sum()) if due.any() else 0


def reported(rows: pd.DataFrame, late: pd.DataFrame, code: str) -> None:
    """How many schools have reported an indicator, and who has not."""
    own = rows[rows["indicator"] == code]
    period = period_text(own["period"].iloc[0]) if len(own) else ""
    due = int(own["due"].sum())
    if not due:
        st.info(say("overview.reporting.nobody", period=period), icon=":material/info:")
        return
    summed = {"due": display.number(due), "done": display.number(due - len(late)), "missing": display.number(len(late))}
    st.markdown(say("overview.reporting.sum", period=period, **summed))
    if late.empty:
        st.success(say("overview.reporting.all_in"), icon=":material/check_circle:")
    else:
        late_names(late)


def progress_words(code: str, missing: int) -> str:
    """An indicator in the list of the reporting progress, with how many schools are missing."""
    indicator = data.indicator(code)
    late = say("overview.reporting.late", n=missing) if missing else say("overview.reporting.complete")
    return join([coded("domain", indicator.domain), name_of(indicator), late])


def late_names(late: pd.DataFrame) -> None:
    """The missing schools as text to copy, one line per district."""
    lines = [
        say("overview.reporting.county", county=_named(county), n=len(rows), names=listed(rows["name"]))
        for county, rows in late.groupby("county_id", sort=True)
    ]
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    with st.popover(say("overview.reporting.copy"), icon=":material/content_copy:"):
        st.code("\n".join(lines), language=None, wrap_lines=True)


def _named(unit_id: object) -> str:
    """The name of a county or town; empty where there is none."""
    held = None if pd.isna(unit_id) else data.find(int(str(unit_id)))
    return "" if held is None else held.name


def late_table(late: pd.DataFrame, code: str, root: int) -> None:
    """The schools that have not reported, with their last report and a link."""

    def drawn() -> None:
        link = st.column_config.LinkColumn(display_text=say("common.link.school"))
        columns = {say("common.link.school"): link}
        cards.table(late_frame(late), key="late", alt=say("overview.reporting.title"), columns=columns)

    data.drawn("late", drawn, root, code)
    title = say("overview.reporting.title")

    def made() -> datasets.Dataset:
        return datasets.plain(title, late_frame(late).drop(columns=say("common.link.school")))

    downloads.control(title, made, "late", coded=False)


def late_frame(late: pd.DataFrame) -> pd.DataFrame:
    """The missing schools in printed words."""
    return pd.DataFrame(
        {
            say("common.kind.county"): [_named(each) for each in late["county_id"]],
            say("common.column.town"): [_named(each) for each in late["town_id"]],
            say("common.column.unit"): late["name"].tolist(),
            say("common.column.last"): [period_text(each) for each in late["last_period"]],
            say("common.link.school"): [links.url("school", unit=int(each)) for each in late["org_unit_id"]],
        }
    )


def open_discrepancies() -> pd.DataFrame:
    """The discrepancies on which nobody has ruled yet."""
    rows = data.discrepancies()
    return rows[rows["is_open"].astype(bool)]


def two_versions() -> None:
    """Where two sources say different things, with both values and both proofs, and the way to a ruling."""
    rows = open_discrepancies()
    if rows.empty:
        return
    st.header(say("overview.twice.title", n=len(rows)), anchor="conflicts", help=say("overview.twice.help"))
    links.to("quality", say("overview.twice.rule"), icon=":material/fact_check:")
    with st.expander(say("overview.twice.show")):
        found = [row for _, row in rows.iterrows()]
        indicators = [data.indicator(row["indicator"], row["dims"]) for row in found]
        pairs = list(zip(found, indicators, strict=True))
        sheet, report = say("overview.twice.sheet_proof"), say("overview.twice.report_proof")
        frame = pd.DataFrame(
            {
                say("common.column.unit"): [row["org_unit_name"] for row in found],
                say("common.column.indicator"): [title_of(each, row["dims"]) for row, each in pairs],
                say("common.column.period"): [period_brief(row["period"]) for row in found],
                say("quality.standing"): [value_text(row["standing_value"], each) for row, each in pairs],
                say("quality.told"): [value_text(row["told_value"], each) for row, each in pairs],
                sheet: [disputes.standing_url(row) for row in found],
                report: [disputes.told_url(row) for row in found],
            }
        )
        link = st.column_config.LinkColumn(display_text=say("common.link.evidence"))
        cards.table(frame, key="twice", alt=say("overview.twice.help"), columns={sheet: link, report: link})


def imports() -> None:
    """The latest imports by day and person; file by file beneath."""
    st.header(say("overview.imports.title"))
    frame, files = import_frames(by_file(data.recent_changes()))
    rows = [
        [tables.Cell(display.number(each) if display.is_number(each) else str(each)) for each in row]
        for row in frame.itertuples(index=False)
    ]
    tables.draw(list(frame.columns), [tables.Row(first, tuple(rest)) for first, *rest in rows])
    with st.expander(say("overview.imports.each", n=len(files))):
        cards.table(files, key="import_files", alt=say("overview.imports.title"))


def by_file(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the decisions of the review: they are changes of a file that is listed already."""
    return rows[rows["kind"] == "file"]


def import_frames(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The imports in printed words: by day and person, and file by file."""
    at, file, user, new, changed, status = (
        say(f"common.column.{each}") for each in ("at", "file", "user", "new", "changed", "status")
    )
    files = pd.DataFrame(
        {
            at: [moment_text(each) for each in rows["at"]],
            file: rows["file_name"].tolist(),
            user: rows["user"].tolist(),
            new: rows["n_new"].tolist(),
            changed: rows["n_changed"].tolist(),
            status: [coded("import_status", each) for each in rows["status"]],
        }
    )
    day = files[at].str[:10].rename("day")
    groups = files.groupby([day, user, status], sort=False).agg(
        **{at: (at, "max"), file: (file, "size"), new: (new, "sum"), changed: (changed, "sum")}
    )
    grouped = groups.reset_index().rename(columns={file: say("overview.imports.files")})
    return grouped[[at, user, say("overview.imports.files"), new, changed, status]].head(GROUPS), files


def page() -> None:
    """The whole page, or what to do when there is nothing to show."""
    root = data.root_id()
    whole = None if root is None else board.city(root)
    cards.heading("overview")
    if root is None or whole is None or not whole.chosen:
        cards.empty_store()
        return
    first = st.container(gap="xxsmall")
    kind = attention_list.draw(root)
    tiles(whole, root)
    cards.folded(say("grid.title"), "grid_fold", lambda: placement.draw(root, whole, kind))
    moved = whats_new.draw(root, whole.chosen)
    with first:
        data.drawn("verdict", lambda: verdict(whole, kind, root, moved), root, kind, moved)
        reviewing.waiting_line()
    left, right = st.columns(2, gap="medium")
    with left:
        if wide.has_too_many("school", root):
            district_counts.draw(root, measures.without_parts(whole.chosen))
        else:
            not_reported(root)
    with right:
        data.drawn("two_versions", two_versions)
        data.drawn("imports", imports)


access.require("look")
page()
